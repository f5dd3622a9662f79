"""Recognises that AWS stopped accepting the caller while Terraform ran, and says how to go on."""

import re

from blueprint.errors import BlueprintError

_EXPIRED = re.compile(
    r"\b(ExpiredToken|ExpiredTokenException|TokenRefreshRequired|RequestExpired)\b"
)
_INVALID = re.compile(r"\b(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId)\b")
_SKEWED = re.compile(r"\bRequestTimeTooSkewed\b|Signature (?:expired|not yet current)")
_RESUMES = "run the same command again: what is applied stays, and it continues where it stopped"


def rejected(what: str, output: str) -> BlueprintError | None:
    """The error for `what` (such as "apply of sqs in dev") when `output` says that AWS refused the caller, else None.

    A wrong clock is looked for first: AWS calls a signature from the future or the past expired, too.
    """
    if found := _SKEWED.search(output):
        return BlueprintError(
            f"{what} stopped: AWS refuses the time of this machine ({found[0]}).",
            remedy=f"correct the clock (`timedatectl set-ntp true`), then {_RESUMES}",
        )
    if found := _EXPIRED.search(output):
        return BlueprintError(
            f"{what} stopped: the credentials expired while it ran ({found[0]}).",
            remedy=f"sign in again (on a laptop `aws sso login`; a workflow's next run gets new ones), then {_RESUMES}",
        )
    if found := _INVALID.search(output):
        return BlueprintError(
            f"{what} stopped: AWS does not know these credentials ({found[0]}).",
            remedy=f"check `aws sts get-caller-identity` and sign in to the stack's account, then {_RESUMES}",
        )
    return None
