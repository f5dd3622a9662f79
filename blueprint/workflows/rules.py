"""Holds every workflow of the repository to the rules of this package."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from blueprint.workflows import actions, commands, document, duties, jobs, model
from blueprint.workflows.commands import Verbs
from blueprint.workflows.document import Document
from blueprint.workflows.duties import Duties
from blueprint.workflows.findings import Finding
from blueprint.workflows.model import Step, Workflow

ACTIONS = Path(".github", "actions")


def check(root: Path, *, targets: frozenset[str], verbs: Verbs) -> list[Finding]:
    """All that is wrong with the workflows and composite actions of the repository at `root`, by file and line.

    `targets` are the Makefile's, `verbs` the command line's. Raises UsageError where a file cannot be read as what
    it is, or a condition cannot be understood.
    """
    workflows = model.load_all(root)
    declared = duties.read(root)
    composites = {
        file: document.read(file) for file in sorted((root / ACTIONS).glob("*/action.yml"))
    }
    found = [
        *_uses(root, workflows, composites),
        *_commands(root, workflows, composites, targets, verbs),
    ]
    for workflow in workflows.values():
        found.extend(_workflow(_shown(root, workflow.document.file), workflow, workflows, declared))
    return sorted(found)


def _workflow(
    file: str, workflow: Workflow, workflows: Mapping[str, Workflow], declared: Duties
) -> Iterator[Finding]:
    yield from jobs.workflow(file, workflow)
    yield from jobs.secrets(file, workflow, declared)
    yield from jobs.previews(file, workflow, declared)
    yield from actions.artifacts(file, workflow)
    for job in workflow.jobs.values():
        yield from jobs.shape(file, job)
        yield from jobs.duty(file, workflow, job, declared)
        yield from jobs.conditions(file, workflow, job)
        yield from jobs.calls(file, workflow, job, workflows, declared)
        yield from actions.credentials(file, job)


def _uses(
    root: Path, workflows: Mapping[str, Workflow], composites: Mapping[Path, Document]
) -> Iterator[Finding]:
    everywhere: list[tuple[str, str, int]] = []
    reads = [workflow.document for workflow in workflows.values()] + list(composites.values())
    for read in reads:
        file = _shown(root, read.file)
        uses = _used(read)
        yield from actions.pins(file, read, uses, root)
        everywhere += [(file, name, line) for name, line in uses if not name.startswith("./")]
    yield from actions.one_version(everywhere)


def _used(read: Document) -> list[tuple[str, int]]:
    """Every `uses` of a file, of jobs and of steps, with its line."""
    found: list[tuple[str, int]] = []
    for place, line in read.lines.items():
        if place and place[-1] == "uses":
            content = read.content
            for key in place:
                content = content[key]  # type: ignore[index]
            found.append((str(content), line))
    return found


def _commands(
    root: Path,
    workflows: Mapping[str, Workflow],
    composites: Mapping[Path, Document],
    targets: frozenset[str],
    verbs: Verbs,
) -> Iterator[Finding]:
    steps: list[tuple[str, Step, frozenset[str]]] = []
    for workflow in workflows.values():
        file = _shown(root, workflow.document.file)
        for job in workflow.jobs.values():
            shared = _names(workflow.document.content) | _names(job.content)
            steps += [(file, step, shared | _names(step.content)) for step in job.steps]
    for path, read in composites.items():
        for step in model.steps_of(read, "runs", "steps"):
            steps.append((_shown(root, path), step, _names(step.content)))
    for file, step, defined in steps:
        yield from commands.check(file, step, defined=defined, targets=targets, verbs=verbs)


def _names(content: Mapping[str, object]) -> frozenset[str]:
    env = content.get("env")
    return frozenset(env) if isinstance(env, Mapping) else frozenset()


def _shown(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()
