"""Pull requests: which are open, where they come from and how they are labelled."""

from dataclasses import dataclass
from typing import Any

from blueprint.github.client import Client


@dataclass(frozen=True)
class PullRequest:
    """One pull request; `fork` is also true where the fork is gone."""

    number: int
    is_open: bool
    head_sha: str
    fork: bool
    labels: tuple[str, ...]


def get(client: Client, number: int) -> PullRequest:
    """The pull request. Raises ApiError (404) where there is none."""
    return _pull(client, client.get(f"/pulls/{number}"))


def open_pulls(client: Client) -> list[PullRequest]:
    """Every open pull request, by number."""
    found = [_pull(client, entry) for entry in client.each("/pulls", state="open")]
    return sorted(found, key=lambda pull: pull.number)


def open_numbers(client: Client) -> list[int]:
    """Numbers of the open pull requests, in order."""
    return [pull.number for pull in open_pulls(client)]


def labels(client: Client, number: int) -> tuple[str, ...]:
    """Names of the labels of the pull request, in alphabetical order."""
    return get(client, number).labels


def _pull(client: Client, entry: dict[str, Any]) -> PullRequest:
    repository = entry["head"].get("repo") or {}  # null once the fork is deleted
    origin = str(repository.get("full_name", ""))
    return PullRequest(
        number=int(entry["number"]),
        is_open=entry["state"] == "open",
        head_sha=str(entry["head"]["sha"]),
        fork=origin.lower() != client.repository.lower(),
        labels=tuple(sorted(str(label["name"]) for label in entry.get("labels", []))),
    )
