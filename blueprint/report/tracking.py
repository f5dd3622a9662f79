"""Keeps one issue per subject in step with what is the case: opened, updated, closed, and reopened when it is back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from blueprint.github.issues import Issue

_DIGEST = re.compile(r"<!-- digest: ([0-9a-f]{64}) -->")


@dataclass(frozen=True)
class Problem:
    """What an issue is to say. `digest` is the SHA-256 of the facts: a new one is news, the same one is not."""

    title: str
    text: str
    digest: str
    news: str


@dataclass(frozen=True)
class Subject:
    """What an issue is about: found by its hidden marker and the first of its labels."""

    marker: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of the issue; no issue at all for `none`."""

    action: Literal["opened", "updated", "unchanged", "closed", "reopened", "none"]
    issue: Issue | None = None


class Tracker(Protocol):
    """Where issues are kept."""

    def find(self, *, marker: str, label: str) -> Issue | None:
        """Our issue with `marker` and `label`: an open one if there is any."""

    def open(self, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue."""

    def update(self, number: int, *, title: str, body: str) -> Issue:
        """Replace title and body."""

    def comment(self, number: int, body: str) -> None:
        """Add a comment."""

    def close(self, number: int) -> Issue:
        """Close."""

    def reopen(self, number: int) -> Issue:
        """Open again."""


def track(tracker: Tracker, subject: Subject, problem: Problem | None, *, healed: str) -> Outcome:
    """Bring the issue about `subject` in step with `problem`, None once there is none any more.

    The comment `healed` goes with closing. Each step can be said again after one that failed: the body, whose digest
    decides what is news, is written last.
    """
    issue = tracker.find(marker=subject.marker, label=subject.labels[0])
    if problem is None:
        if issue is None or issue.state == "closed":
            return Outcome("none", issue)
        tracker.comment(issue.number, healed)
        return Outcome("closed", tracker.close(issue.number))
    body = f"{subject.marker}\n<!-- digest: {problem.digest} -->\n{problem.text}"
    if issue is None:
        return Outcome(
            "opened", tracker.open(title=problem.title, body=body, labels=subject.labels)
        )
    if issue.state == "closed":
        tracker.reopen(issue.number)
        tracker.comment(issue.number, f"It is back. {problem.news}")
        return Outcome("reopened", tracker.update(issue.number, title=problem.title, body=body))
    if _digest(issue) == problem.digest:
        return Outcome("unchanged", issue)
    tracker.comment(issue.number, problem.news)
    return Outcome("updated", tracker.update(issue.number, title=problem.title, body=body))


def _digest(issue: Issue) -> str | None:
    found = _DIGEST.search(issue.body)
    return found[1] if found else None
