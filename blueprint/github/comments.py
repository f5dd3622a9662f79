"""Keeps one comment on a pull request up to date instead of adding one per run."""

from dataclasses import dataclass
from typing import Any, Literal

from blueprint.github.authorship import Authorship
from blueprint.github.client import Client


@dataclass(frozen=True)
class Posted:
    """What became of the comment; `removed` counts the surplus ones that were deleted."""

    url: str
    action: Literal["created", "updated", "unchanged"]
    removed: int = 0


def upsert(client: Client, pull_request: int, *, marker: str, body: str) -> Posted:
    """Make `body`, which starts with `marker`, our one comment on `pull_request`.

    Two runs at once may each create one: the oldest stays, at the place where readers know it.
    Raises ApiError when GitHub refuses and ValueError for a body without its marker.
    """
    if not body.startswith(marker):
        raise ValueError(f"the comment does not start with its marker {marker}")
    authorship = Authorship(client)
    own = sorted(
        (
            comment
            for comment in client.each(f"/issues/{pull_request}/comments")
            if authorship.owns(comment, marker)
        ),
        key=_id,
    )
    if not own:
        created = client.post(f"/issues/{pull_request}/comments", {"body": body})
        return Posted(str(created["html_url"]), "created")
    oldest, *surplus = own
    for comment in surplus:
        client.delete(f"/issues/comments/{comment['id']}")
    if oldest["body"] == body:
        return Posted(str(oldest["html_url"]), "unchanged", len(surplus))
    updated = client.patch(f"/issues/comments/{oldest['id']}", {"body": body})
    return Posted(str(updated["html_url"]), "updated", len(surplus))


def _id(comment: dict[str, Any]) -> int:
    return int(comment["id"])
