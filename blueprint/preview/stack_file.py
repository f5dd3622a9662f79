"""Writes the stack file of a pull request's preview: dev, with what a preview changes and a stage of its own."""

from pathlib import Path

from blueprint.errors import UsageError
from blueprint.stacks import stages


def path(pull_request: int, *, root: Path) -> Path:
    """Where the stack file of `pull_request` lies in the tree at `root`."""
    return root / "stacks" / "deploy" / f"{stages.preview_stage(pull_request)}.yaml"


def write(pull_request: int, *, root: Path) -> Path:
    """Write the stack file of `pull_request` and return it; UsageError where the number cannot be one."""
    stage = stages.preview_stage(pull_request)
    if stages.pull_request(stage) != pull_request:
        raise UsageError(
            f"{pull_request} is no pull request's number",
            remedy="give the number alone, from 1 to 9999999: it becomes part of every resource's name",
        )
    file = path(pull_request, root=root)
    verb = f"blueprint preview %s {pull_request}"
    file.write_text(
        f"# Not in git: `{verb % 'up'}` writes it, `{verb % 'down'}` removes it.\n"
        "import:\n"
        f"  - deploy/{stages.PREVIEW_HOST}\n"
        "  - mixins/stage/preview\n"
        "\n"
        "vars:\n"
        f"  stage: {stage}\n"
    )
    return file


def remove(pull_request: int, *, root: Path) -> None:
    """Remove the stack file of `pull_request` where there is one."""
    path(pull_request, root=root).unlink(missing_ok=True)
