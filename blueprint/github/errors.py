"""What GitHub's REST API refused, with what a person can do about it."""

from collections.abc import Mapping

from blueprint.errors import BlueprintError

# GitHub's words where a token lacks a permission, whoever the token belongs to.
_NOT_ACCESSIBLE = "resource not accessible"


class ApiError(BlueprintError):
    """An answer that is not a success: `status` is the HTTP status, `reason` GitHub's own words."""

    def __init__(self, message: str, *, remedy: str, status: int, reason: str) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.reason = reason


class RateLimitError(ApiError):
    """The rate limit is used up for longer than is worth waiting."""


def refused(call: str, status: int, headers: Mapping[str, str], body: object) -> ApiError:
    """The error for the answer `status` and `body` (decoded JSON or text) to `call` ("GET /repos/...")."""
    reason = reason_of(body)
    permissions = headers.get("x-accepted-github-permissions", "").strip()
    return ApiError(
        f"GitHub refused {call}: {status} {reason}".rstrip(),
        remedy=_remedy(status, reason, permissions),
        status=status,
        reason=reason,
    )


def reason_of(body: object) -> str:
    """GitHub's message in `body`, with the fields it complains about."""
    if not isinstance(body, dict):
        return ""
    parts = [str(body.get("message", ""))]
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            named = [str(error[key]) for key in ("field", "code", "message") if error.get(key)]
            parts.append(" ".join(named))
        else:
            parts.append(str(error))
    return "; ".join(part for part in parts if part)


def lacks_permission(status: int, body: object) -> bool:
    """Whether GitHub refused for want of a permission, as opposed to a rate limit or a rule."""
    return status == 403 and _NOT_ACCESSIBLE in reason_of(body).lower()


def _remedy(status: int, reason: str, permissions: str) -> str:
    if status == 401:
        return "GITHUB_TOKEN is wrong or has expired: give the job a fresh one and run again"
    if status == 403 and permissions:
        return f"give the job {_as_workflow_permissions(permissions)} and run again"
    if status == 403:
        return "check the job's `permissions:` and the rules of the branch or environment"
    if status == 404:
        return (
            "check the name; GitHub answers 404 also when the token may not see the repository"
            + (f", which takes {_as_workflow_permissions(permissions)}" if permissions else "")
        )
    if status == 422 and "fast forward" in reason:
        return "somebody moved the branch meanwhile: run again, or move it backwards deliberately"
    if status == 422:
        return "the request is not valid for the repository's present state: read the reason above"
    if status in range(300, 400):
        return "the repository was renamed or moved: use its present name in GITHUB_REPOSITORY"
    return "GitHub fails at the moment (see githubstatus.com): run again later"


def _as_workflow_permissions(header: str) -> str:
    """`issues=write; pull_requests=write` as a workflow spells it: `issues: write` or `pull-requests: write`."""
    choices = []
    for choice in header.split(";"):
        names = [entry.strip().partition("=") for entry in choice.split(",") if entry.strip()]
        spelled = [f"`{name.replace('_', '-')}: {level}`" for name, _, level in names]
        if spelled:
            choices.append(" and ".join(spelled))
    return "the permission " + " or ".join(choices)
