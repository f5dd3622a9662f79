"""The issue about drift: where an environment is no longer what is deployed there."""

from collections.abc import Mapping
from pathlib import Path

from blueprint.github.markers import marker
from blueprint.report import diff, files, markdown, size
from blueprint.report.tracking import Outcome, Problem, Subject, Tracker, track
from blueprint.review import drift as finding
from blueprint.review.drift import ComponentDrift, Drift
from blueprint.review.guard import action_of

LABEL = "drift"

_ROWS = 50
_KINDS = {
    "changed-in-aws": "changed in AWS since it was applied",
    "not-applied": "deployed and never (wholly) applied",
}
_WHAT_NOW = (
    "What somebody changed in AWS is either wanted, and then belongs into the code, or undone by applying the deployed"
    " commit again; what was never applied takes a run of the deployment. This issue follows the environment: it"
    " closes when the drift is gone."
)


def read(file: Path) -> Drift:
    """The drift in `file`. Raises BlueprintError naming what is wrong with it."""
    remedy = "name files that `blueprint delivery drift --out FILE` wrote"
    return finding.from_json(files.decoded(file, remedy=remedy), name=str(file))


def update(tracker: Tracker, drift: Drift, *, run_url: str | None = None) -> Outcome:
    """Open, update, close or reopen the issue about the stack of `drift`."""
    return track(
        tracker,
        subject(drift.stack),
        problem(drift, run_url=run_url),
        healed=f"The drift is gone{markdown.run(run_url)}.",
    )


def subject(stack: str) -> Subject:
    """The issue about drift in `stack`."""
    return Subject(marker(LABEL, stack), (LABEL, f"environment: {stack}"))


def problem(drift: Drift, *, run_url: str | None = None) -> Problem | None:
    """What the issue says of `drift`; None where there is none."""
    if drift.digest is None:
        return None
    shown = drift.components[:_ROWS]
    names = ", ".join(markdown.code(item.component) for item in shown)
    more = len(drift.components) - len(shown)
    others = f" and {markdown.number(more, 'more component')}" if more else ""
    return Problem(
        title=f"Drift in {drift.stack}",
        text=_text(drift, run_url),
        digest=drift.digest,
        news=f"The drift is now in {names}{others}{markdown.run(run_url)}.",
    )


def _text(drift: Drift, run_url: str | None) -> str:
    blocks = {item.component: _block(item) for item in drift.components if _has_details(item)}
    # The marker and the digest, which are added later, need their room, too.
    room = size.COMMENT - 1_000 - size.of(_body(drift, run_url, blocks, kept={}))
    chosen = size.fitting(blocks, room)
    kept = {name: block for name, block in blocks.items() if name in chosen}
    return _body(drift, run_url, blocks, kept)


def _body(
    drift: Drift, run_url: str | None, blocks: Mapping[str, str], kept: Mapping[str, str]
) -> str:
    stack, commit = markdown.code(drift.stack), markdown.code(drift.commit)
    missing = len(blocks) - len(kept)
    return size.joined(
        [
            f"{stack} is no longer what is deployed there, commit {commit}{markdown.run(run_url)}.",
            _losses(drift),
            _table(drift),
            "What a plan of the deployed commit would change back:" if blocks else None,
            *kept.values(),
            f"The details of {markdown.number(missing, 'component')} are left out here."
            if missing
            else None,
            _WHAT_NOW,
        ]
    )


def _losses(drift: Drift) -> str | None:
    losses = [
        f"- {markdown.code(change.address)} in {markdown.code(item.component)}: {diff.verb(change)}"
        for item in drift.components
        for change in item.changes
        if action_of(change.actions) is not None
    ]
    if not losses:
        return None
    more = len(losses) - _ROWS
    rest = [f"- … and {more:,} more"] if more > 0 else []
    heading = "**Undoing the drift would cost resources:**"
    return markdown.alert("CAUTION", "\n".join([heading, "", *losses[:_ROWS], *rest]))


def _table(drift: Drift) -> str:
    rows = [
        [
            markdown.code(item.component),
            _KINDS[item.kind],
            markdown.code(item.digest[:12]) if item.digest else "",
        ]
        for item in drift.components[:_ROWS]
    ]
    more = len(drift.components) - len(rows)
    rest = f"… and {markdown.number(more, 'more component')}." if more else None
    return size.joined([markdown.table(["Component", "Drift", "Digest"], rows), rest])


def _has_details(item: ComponentDrift) -> bool:
    return bool(item.changes or item.outputs)


def _block(item: ComponentDrift) -> str:
    count = markdown.number(len(item.changes), "resource")
    return markdown.details(
        ["", item.component, f": {count}"],
        markdown.fenced(diff.of(item.changes, item.outputs), language="diff"),
    )
