"""What a stack and a repository mean to components/cloudformation/bootstrap.yaml: its parameters."""

import re

from blueprint.accounts.repository import Repository
from blueprint.errors import UsageError
from blueprint.stacks import stages
from blueprint.stacks.model import Stack

_TAG = "refs/tags/"
_BRANCH = re.compile(r"[A-Za-z0-9._/-]+")
_PLACEHOLDERS = re.compile(r"[XYZN]")
_TAG_PATTERN = re.compile(r"v[A-Za-z0-9.*-]+")


def parameters(
    stack: Stack,
    repository: Repository,
    *,
    ref: str,
    branch: str = "main",
    tls_only: bool = True,
    lock_boundary: bool = False,
) -> dict[str, str]:
    """The template's parameters for `stack`, but OidcProvider, which depends on what the account holds.

    `ref` is the environment's in policies/promotion.yaml: a branch, or `refs/tags/` and a tag in which
    X, Y, Z and N stand for numbers. `branch` is the repository's default branch. `tls_only` is
    false where the endpoint speaks HTTP. Raises UsageError.
    """
    stage = stack.value("stage")
    if stages.pull_request(stage) is not None:
        raise UsageError(
            f"stack {stack.name} is a preview: it has no account of its own",
            remedy=f"bootstrap {stages.PREVIEW_HOST}, whose account previews live in",
        )
    if not _BRANCH.fullmatch(branch):
        raise UsageError(
            f"branch {branch!r} is not a branch's name", remedy="pass it without refs/heads/"
        )
    pattern, exclusion = tags(ref)
    return {
        "NamePrefix": stack.prefix.removesuffix(f"-{stage}"),
        "Stage": stage,
        "GitHubOwner": repository.owner,
        "GitHubRepository": repository.name,
        "GitHubOwnerId": repository.owner_id,
        "GitHubRepositoryId": repository.id,
        "DefaultBranch": branch,
        "TagPattern": pattern,
        "TagExclusion": exclusion,
        "ServesPreviews": _truth(stage == stages.PREVIEW_HOST),
        "DisposableData": _truth(_empties_buckets(stack)),
        "BoundaryChanges": "locked" if lock_boundary else "allowed",
        "TlsOnly": _truth(tls_only),
    }


def tags(ref: str) -> tuple[str, str]:
    """The pattern of tags that `ref` stands for, and of those among them that it does not; empty for a branch.

    `refs/tags/vX.Y.Z-rc.N` is v*.*.*-rc.*; `refs/tags/vX.Y.Z` is v*.*.*, but nothing with a dash,
    because * stands for dashes as well.
    """
    if not ref.startswith(_TAG):
        return "", ""
    pattern = _PLACEHOLDERS.sub("*", ref.removeprefix(_TAG))
    if not _TAG_PATTERN.fullmatch(pattern):
        raise UsageError(
            f"the tags {ref!r} do not start with v, or hold more than letters, digits, dots and dashes",
            remedy="correct `ref` in policies/promotion.yaml",
        )
    return pattern, "" if "-" in pattern else "v*-*"


def _empties_buckets(stack: Stack) -> bool:
    return any(
        bool(component.values.get("force_destroy")) for component in stack.components.values()
    )


def _truth(value: bool) -> str:
    return "true" if value else "false"
