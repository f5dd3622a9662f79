"""What a stage's name says about it: whether it is a preview, whose account it lives in, whether it may be lost."""

import re

# Previews of pull requests are stacks of their own in this environment's account and state bucket.
PREVIEW_HOST = "dev"
_PREVIEW = re.compile(r"pr([1-9][0-9]{0,6})")


def preview_stage(pull_request: int) -> str:
    """The stage, and so the stack, of a pull request's preview."""
    return f"pr{pull_request}"


def pull_request(stage: str) -> int | None:
    """The number of the pull request that `stage` previews; None for every other stage."""
    match = _PREVIEW.fullmatch(stage)
    return int(match[1]) if match else None


def environment(stage: str) -> str:
    """The environment in whose account and state bucket `stage` lives: itself, or the previews' host."""
    return stage if pull_request(stage) is None else PREVIEW_HOST


def is_disposable(stage: str) -> bool:
    """Whether everything in a real stage may be lost. A stage nobody has named so is protected."""
    return environment(stage) == PREVIEW_HOST
