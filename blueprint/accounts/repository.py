"""Which GitHub repository may deliver, by its name and by the numbers that outlive the name."""

import re
from dataclasses import dataclass

from blueprint.errors import UsageError

_OWNER = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_ID = re.compile(r"[1-9][0-9]{0,19}")


@dataclass(frozen=True)
class Repository:
    """A repository as GitHub's tokens name it; `id` and `owner_id` are never given to another."""

    owner: str
    name: str
    owner_id: str
    id: str

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


def parse(full_name: str, *, repository_id: str | int, owner_id: str | int) -> Repository:
    """The repository OWNER/NAME; UsageError naming the field that is wrong and where its value is found."""
    owner, slash, name = full_name.partition("/")
    if not slash or not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name):
        raise UsageError(
            f"repository {full_name!r} is not OWNER/NAME as GitHub writes it",
            remedy="pass the two words of the repository's address, for example octo-org/octo-repo",
        )
    return Repository(
        owner,
        name,
        owner_id=_number("owner-id", owner_id, full_name, ".owner.id"),
        id=_number("repository-id", repository_id, full_name, ".id"),
    )


def _number(field: str, value: str | int, full_name: str, path: str) -> str:
    text = str(value)
    if not _ID.fullmatch(text):
        raise UsageError(
            f"{field} {text!r} is not a number of GitHub's",
            remedy=f"pass what `gh api repos/{full_name} --jq {path}` prints",
        )
    return text
