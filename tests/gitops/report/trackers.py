"""Issues in memory, as the tests of what is tracked need them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from blueprint.github.issues import Issue


@dataclass
class FakeTracker:
    """Keeps issues, their comments, and what was done in which order; `failing` fails that step once."""

    issues: dict[int, Issue] = field(default_factory=dict)
    labels: dict[int, tuple[str, ...]] = field(default_factory=dict)
    comments: list[tuple[int, str]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    failing: str | None = None

    def find(self, *, marker: str, label: str) -> Issue | None:
        own = [
            issue
            for issue in self.issues.values()
            if issue.body.startswith(marker) and label in self.labels[issue.number]
        ]
        return own[0] if own else None

    def open(self, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        self._step("open")
        number = len(self.issues) + 1
        self.labels[number] = tuple(labels)
        self.issues[number] = Issue(number, title, body, "open", f"https://github/{number}")
        return self.issues[number]

    def update(self, number: int, *, title: str, body: str) -> Issue:
        self._step("update")
        self.issues[number] = replace(self.issues[number], title=title, body=body)
        return self.issues[number]

    def comment(self, number: int, body: str) -> None:
        self._step("comment")
        self.comments.append((number, body))

    def close(self, number: int) -> Issue:
        self._step("close")
        self.issues[number] = replace(self.issues[number], state="closed")
        return self.issues[number]

    def reopen(self, number: int) -> Issue:
        self._step("reopen")
        self.issues[number] = replace(self.issues[number], state="open")
        return self.issues[number]

    def _step(self, name: str) -> None:
        if self.failing == name:
            self.failing = None
            raise ConnectionError(f"{name} failed")
        self.steps.append(name)
