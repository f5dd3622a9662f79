"""What GitHub does with the jobs of a workflow: which one starts, given how those before it ended.

The rules, as GitHub documents and act implements them:

- A job without a status function in its `if` starts only when every job it depends on, directly or through others,
  has succeeded: a job that was skipped skips everything behind it.
- `success()` looks at all of those; `failure()` holds when one of them failed, `cancelled()` when the run was
  cancelled.
- `needs` has the direct needs only. A matrix job has one result, that of its worst member.
- A called workflow is a graph of its own; the job that calls it fails when one of its jobs does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

from blueprint.errors import UsageError
from blueprint.workflows import expressions
from blueprint.workflows.expressions import Scope
from blueprint.workflows.model import Job, Workflow

RESULTS = ("success", "failure", "cancelled", "skipped")
_ENDINGS = ("success", "failure", "cancelled")  # of a job that started

Outputs = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Situation:
    """What is known when GitHub looks at a job.

    contexts   `github`, `vars` and `inputs`
    results    how each job before it ended
    outputs    job -> output -> value
    cancelled  the run was cancelled; a single job may have been all the same, by its timeout or a concurrency group
    """

    contexts: Mapping[str, Any]
    results: Mapping[str, str]
    outputs: Outputs = field(default_factory=dict)
    cancelled: bool = False


@cache
def ancestors(workflow: Workflow, name: str) -> tuple[str, ...]:
    """The jobs that `name` depends on, directly or through others, each after those it depends on itself.

    Raises UsageError for a need that is no job and for a circle.
    """
    found: list[str] = []
    _collect(workflow, name, found, ())
    return tuple(found[:-1])


@cache
def order(workflow: Workflow) -> tuple[str, ...]:
    """Every job of the workflow, each after those it depends on."""
    found: list[str] = []
    for name in workflow.jobs:
        _collect(workflow, name, found, ())
    return tuple(found)


def scope(workflow: Workflow, name: str, situation: Situation) -> Scope:
    """What the expressions of job `name` refer to."""
    job = _supported(workflow, workflow.jobs[name])
    ended = [situation.results[ancestor] for ancestor in ancestors(workflow, name)]
    return Scope(
        {
            **situation.contexts,
            "needs": {
                need: {
                    "result": situation.results[need],
                    "outputs": situation.outputs.get(need, {}),
                }
                for need in job.needs
            },
        },
        {
            "always": True,
            "cancelled": situation.cancelled,
            "failure": "failure" in ended,
            "success": not situation.cancelled and all(result == "success" for result in ended),
        },
    )


def starts(workflow: Workflow, name: str, situation: Situation) -> bool:
    """Whether job `name` starts; otherwise GitHub skips it."""
    seen = scope(workflow, name, situation)
    condition = workflow.jobs[name].condition
    if condition is None:
        return seen.status["success"]
    expression = expressions.parse(condition)
    if not expression.tests_status and not seen.status["success"]:
        return False
    return expression.holds(seen)


def situations(
    workflow: Workflow, name: str, contexts: Mapping[str, Any], outputs: Outputs
) -> Iterator[Situation]:
    """Every situation job `name` could be looked at in, reachable or not: each job before it ended in each way."""
    before = ancestors(workflow, name)
    for cancelled in (False, True):
        for ended in product(RESULTS, repeat=len(before)):
            results = dict(zip(before, ended, strict=True))
            yield Situation(contexts, results, outputs, cancelled)


def executions(
    workflows: Mapping[str, Workflow], file: str, contexts: Mapping[str, Any], outputs: Outputs
) -> Iterator[dict[str, str]]:
    """Every way a run of workflow `file` can go, as job -> result.

    Each job that starts ends in each way, and the run is cancelled before any of them or not at all. The jobs of a
    called workflow are named `caller/job`, in the results and in `outputs`.
    """
    for results, _ in _executions(workflows, workflows[file], contexts, outputs, "", False):
        yield results


def _executions(
    workflows: Mapping[str, Workflow],
    workflow: Workflow,
    contexts: Mapping[str, Any],
    outputs: Outputs,
    prefix: str,
    cancelled: bool,
) -> Iterator[tuple[dict[str, str], bool]]:
    names = order(workflow)
    own = {name: outputs.get(prefix + name, {}) for name in names}

    def go_on(
        number: int, results: dict[str, str], inner: dict[str, str], cancelled: bool
    ) -> Iterator[tuple[dict[str, str], bool]]:
        if number == len(names):
            yield {prefix + name: result for name, result in results.items()} | inner, cancelled
            return
        name = names[number]
        for now in (True,) if cancelled else (False, True):
            situation = Situation(contexts, results, own, now)
            for ended, nested, after in outcomes(name, situation):
                yield from go_on(number + 1, {**results, name: ended}, inner | nested, after)

    def outcomes(name: str, situation: Situation) -> Iterator[tuple[str, dict[str, str], bool]]:
        job = workflow.jobs[name]
        if not starts(workflow, name, situation):
            yield "skipped", {}, situation.cancelled
        elif job.calls is None:
            yield from ((ending, {}, situation.cancelled) for ending in _ENDINGS)
        else:
            called = _called(workflows, workflow, job)
            given = {**contexts, "inputs": _inputs(called, job, scope(workflow, name, situation))}
            below = f"{prefix}{name}/"
            for nested, after in _executions(
                workflows, called, given, outputs, below, situation.cancelled
            ):
                direct = [nested[below + inner] for inner in called.jobs]
                yield from ((ended, nested, after) for ended in _worst(direct))

    yield from go_on(0, {}, {}, cancelled)


def _worst(results: list[str]) -> tuple[str, ...]:
    """How a call ends; where everything in it was skipped GitHub does not say, so both are considered."""
    for result in ("failure", "cancelled", "success"):
        if result in results:
            return (result,)
    return ("success", "skipped")


def _called(workflows: Mapping[str, Workflow], caller: Workflow, job: Job) -> Workflow:
    if job.calls is None or job.calls not in workflows:
        raise UsageError(
            f"{caller.file}: job {job.name} calls {job.content.get('uses')}, which is not there",
            remedy="name a file of .github/workflows",
        )
    return workflows[job.calls]


def _inputs(called: Workflow, job: Job, seen: Scope) -> dict[str, Any]:
    """The inputs of a called workflow: what the caller gives, else the defaults."""
    declared = (called.events.get("workflow_call") or {}).get("inputs") or {}
    given = {
        name: expressions.render(value, seen) if isinstance(value, str) else value
        for name, value in (job.content.get("with") or {}).items()
    }
    return {
        name: given.get(name, declaration.get("default")) for name, declaration in declared.items()
    }


def _collect(workflow: Workflow, name: str, found: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        raise UsageError(
            f"{workflow.file}: {' needs '.join((*path[path.index(name) :], name))}",
            remedy="take one of the needs away",
        )
    if name not in workflow.jobs:
        raise UsageError(
            f"{workflow.file}: job {path[-1]} needs {name!r}, which is no job",
            remedy=f"one of: {', '.join(workflow.jobs)}",
        )
    if name not in found:
        for need in workflow.jobs[name].needs:
            _collect(workflow, need, found, (*path, name))
        found.append(name)


def _supported(workflow: Workflow, job: Job) -> Job:
    """The job, unless it asks for something that changes results in a way not modelled here."""
    if job.content.get("continue-on-error"):
        raise UsageError(
            f"{workflow.file}: job {job.name} has continue-on-error, which hides a failure",
            remedy="let it fail, and let those who may go on say so in their `if`",
        )
    return job
