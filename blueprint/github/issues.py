"""Issues that this program opens, updates, closes and reopens; found by hidden marker and label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from blueprint.github.authorship import Authorship
from blueprint.github.client import Client


@dataclass(frozen=True)
class Issue:
    """One issue as it stands on GitHub."""

    number: int
    title: str
    body: str
    state: Literal["open", "closed"]
    url: str


class Issues:
    """The issues of the client's repository."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._authorship = Authorship(client)

    def find(self, *, marker: str, label: str) -> Issue | None:
        """Our issue with `marker` and `label`: the oldest open one, else the newest closed one."""
        found = sorted(
            (
                _issue(entry)
                for entry in self._client.each("/issues", labels=label, state="all")
                # GitHub lists pull requests among the issues.
                if "pull_request" not in entry and self._authorship.owns(entry, marker)
            ),
            key=lambda issue: issue.number,
        )
        if still_open := [issue for issue in found if issue.state == "open"]:
            return still_open[0]
        return found[-1] if found else None

    def open(self, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue; labels that do not exist yet are made by GitHub."""
        content = {"title": title, "body": body, "labels": list(labels)}
        return _issue(self._client.post("/issues", content))

    def update(self, number: int, *, title: str, body: str) -> Issue:
        """Replace title and body."""
        return _issue(self._client.patch(f"/issues/{number}", {"title": title, "body": body}))

    def comment(self, number: int, body: str) -> None:
        """Add a comment, which those who follow the issue are told of."""
        self._client.post(f"/issues/{number}/comments", {"body": body})

    def close(self, number: int) -> Issue:
        """Close as completed."""
        state = {"state": "closed", "state_reason": "completed"}
        return _issue(self._client.patch(f"/issues/{number}", state))

    def reopen(self, number: int) -> Issue:
        """Open again what was closed."""
        state = {"state": "open", "state_reason": "reopened"}
        return _issue(self._client.patch(f"/issues/{number}", state))


def _issue(entry: dict[str, Any]) -> Issue:
    return Issue(
        number=int(entry["number"]),
        title=str(entry["title"]),
        body=str(entry.get("body") or ""),
        state="open" if entry["state"] == "open" else "closed",
        url=str(entry["html_url"]),
    )
