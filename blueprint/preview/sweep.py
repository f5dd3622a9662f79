"""Decides which previews have to go, and takes them away."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from blueprint import failures
from blueprint.console import note
from blueprint.errors import BlueprintError
from blueprint.github.pulls import PullRequest
from blueprint.preview.records import Record, Unreadable
from blueprint.stacks import stages

LABEL = "preview"


@dataclass(frozen=True)
class Doomed:
    """A preview that has to go, and why."""

    stack: str
    reason: str


@dataclass(frozen=True)
class Swept:
    """What became of a preview that had to go; `error` is empty when it is gone."""

    stack: str
    reason: str
    error: str = ""


def doomed(
    records: Mapping[str, Record | Unreadable],
    with_states: Collection[str],
    open_pulls: Collection[PullRequest],
    now: datetime,
) -> list[Doomed]:
    """The previews that have to go, by name: of what is remembered, and of what is merely there.

    `with_states` are the stacks of previews that have a Terraform state.
    """
    pulls = {pull.number: pull for pull in open_pulls}
    found = []
    for stack in sorted({*records, *with_states}, key=lambda name: stages.pull_request(name) or 0):
        if reason := _reason(stack, records.get(stack), pulls, now):
            found.append(Doomed(stack, reason))
    return found


def _reason(
    stack: str, record: Record | Unreadable | None, pulls: Mapping[int, PullRequest], now: datetime
) -> str | None:
    number = stages.pull_request(stack)
    pull = pulls.get(number) if number else None
    if pull is None or not pull.is_open:
        return f"pull request {number} is not open"
    if pull.fork:
        return f"pull request {number} comes from another repository"
    if LABEL not in pull.labels:
        return f"pull request {number} is not labelled {LABEL}"
    if record is None:
        return "it has a state and no record"
    if isinstance(record, Unreadable):
        return f"its record cannot be read ({record.reason})"
    if record.expires <= now:
        return f"its time was up at {record.expires:%Y-%m-%d %H:%M} UTC"
    return None


def sweep(previews: Collection[Doomed], *, down: Callable[[int], None]) -> list[Swept]:
    """Take each of `previews` away; one that resists does not keep the others."""
    swept = []
    for preview in previews:
        note(f"{preview.stack} has to go: {preview.reason}")
        try:
            down(stages.pull_request(preview.stack) or 0)
        except failures.EXPECTED as error:
            swept.append(Swept(preview.stack, preview.reason, failures.explain(error).message))
        else:
            swept.append(Swept(preview.stack, preview.reason))
    return swept


def require(swept: Collection[Swept]) -> None:
    """Raise BlueprintError with every preview that had to go and did not."""
    if failed := [item for item in swept if item.error]:
        raise BlueprintError(
            "\n".join(f"{item.stack}: {item.error}" for item in failed),
            remedy="correct the cause and run `.venv/bin/blueprint preview sweep` again",
        )
