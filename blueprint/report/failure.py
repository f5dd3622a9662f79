"""The issue about a deployment that failed, from what the apply left behind."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from blueprint.errors import UsageError
from blueprint.github.markers import marker
from blueprint.report import files, markdown, size
from blueprint.report.tracking import Outcome, Problem, Subject, Tracker, track
from blueprint.review import results
from blueprint.review.results import Result, Run

LABEL = "deploy-failed"

_WHAT_NOW = (
    "What was applied stays applied, and the deployed pointer has not moved: after a passing error run the workflow"
    " again, and it goes on from where it stopped. This issue closes with the next deployment that succeeds."
)
_ERROR_BYTES = 8_000
_ROWS = 100


def read(file: Path) -> Run | None:
    """The result in `file`; None where there is none, as after a run that ended before it applied anything.

    Raises BlueprintError naming what is wrong with a file that is there.
    """
    if not file.exists():
        return None
    remedy = "name the file that `blueprint delivery apply --result FILE` wrote"
    return results.from_json(files.decoded(file, remedy=remedy), name=str(file))


def update(
    tracker: Tracker,
    stack: str,
    run: Run | None,
    *,
    commit: str,
    run_url: str | None,
    resolved: bool = False,
) -> Outcome:
    """Open, update or reopen the issue about the failed deployment of `commit` to `stack`.

    Closes it when `resolved`. Raises UsageError for the result of another stack.
    """
    if run is not None and run.stack != stack:
        raise UsageError(
            f"the result is of the stack {run.stack}, and not of {stack}",
            remedy=f"name the file that `blueprint delivery apply -s {stack} --result FILE` wrote",
        )
    found = None if resolved else problem(stack, run, commit=commit, run_url=run_url)
    healed = f"Deployed: commit {markdown.code(commit)}{markdown.run(run_url)}."
    return track(tracker, subject(stack), found, healed=healed)


def subject(stack: str) -> Subject:
    """The issue about deployments to `stack`."""
    return Subject(marker(LABEL, stack), (LABEL, f"environment: {stack}"))


def problem(stack: str, run: Run | None, *, commit: str, run_url: str | None) -> Problem:
    """What the issue says of `run`; without one the deployment failed before it applied anything."""
    every = run.results if run else ()
    failed = [item for item in every if item.outcome == "failed"]
    statement = (
        f"The deployment of commit {markdown.code(commit)} to {markdown.code(stack)} failed"
        f" {_where(failed)}{markdown.run(run_url)}."
    )
    # Without the errors of components: they name requests and times, and every failure would be news.
    facts = [commit, _error(run, failed), [[item.component, item.outcome] for item in every]]
    return Problem(
        title=f"deploy failed: {stack}",
        text=size.joined(
            [statement, _error_block(run, failed), _table(every), *_blocks(failed), _WHAT_NOW]
        ),
        digest=hashlib.sha256(json.dumps(facts).encode()).hexdigest(),
        news=statement,
    )


def _where(failed: Sequence[Result]) -> str:
    if not failed:
        return "before or after its components were applied"
    names = ", ".join(markdown.code(item.component) for item in failed[:_ROWS])
    more = len(failed) - _ROWS
    rest = f" and {markdown.number(more, 'more component')}" if more > 0 else ""
    return f"at {names}{rest}"


def _error(run: Run | None, failed: Sequence[Result]) -> str | None:
    """Why the run as a whole ended, where that is not that a component failed."""
    return run.error if run is not None and not failed else None


def _error_block(run: Run | None, failed: Sequence[Result]) -> str | None:
    error = _error(run, failed)
    return markdown.fenced(_end(error)) if error else None


def _table(every: Sequence[Result]) -> str | None:
    if not every:
        return None
    # What failed must not be among the rows that are left out.
    ordered = sorted(every, key=lambda item: item.outcome != "failed")
    rows = [[markdown.code(item.component), item.outcome] for item in ordered[:_ROWS]]
    more = len(ordered) - len(rows)
    rest = f"… and {markdown.number(more, 'more component')}." if more else None
    return size.joined([markdown.table(["Component", "Outcome"], rows), rest])


def _blocks(failed: Sequence[Result]) -> list[str]:
    blocks = {
        item.component: markdown.details(["", item.component], markdown.fenced(_end(item.error)))
        for item in failed
        if item.error
    }
    # Half of what GitHub takes: names of components are short, but there may be many.
    kept = size.fitting(blocks, size.COMMENT // 2)
    return [block for name, block in blocks.items() if name in kept]


def _end(error: str) -> list[str]:
    """The last lines of `error`: Terraform says at the end what went wrong."""
    lines = error.strip().splitlines()
    kept: list[str] = []
    room = _ERROR_BYTES
    while lines and (room := room - size.of(markdown.visible(lines[-1])) - 1) >= 0:
        kept.append(lines.pop())
    if lines:
        kept.append(f"… ({markdown.number(len(lines), 'line')} before this)")
    return kept[::-1]
