"""A workflow file as typed values: its jobs, their needs, conditions, permissions and steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import UsageError
from blueprint.workflows import document
from blueprint.workflows.document import Document

WORKFLOWS = Path(".github", "workflows")
_LOCAL = "./.github/workflows/"


@dataclass(frozen=True)
class Step:
    """One step; `line` is where it starts."""

    content: Mapping[str, Any]
    line: int
    run_line: int

    @property
    def uses(self) -> str:
        """The action, `owner/name@ref` or a local path; empty where the step runs a command."""
        return str(self.content.get("uses", ""))

    @property
    def action(self) -> str:
        """The action without its ref."""
        return self.uses.partition("@")[0]

    @property
    def run(self) -> str:
        """The command; empty where the step uses an action."""
        return str(self.content.get("run", ""))

    @property
    def inputs(self) -> Mapping[str, Any]:
        """What the action is given."""
        return self.content.get("with") or {}


@dataclass(frozen=True)
class Job:
    """One job; `content` is all that the file says of it."""

    name: str
    content: Mapping[str, Any]
    line: int
    steps: tuple[Step, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The jobs it waits for."""
        needs = self.content.get("needs") or []
        return (needs,) if isinstance(needs, str) else tuple(needs)

    @property
    def condition(self) -> str | None:
        """Its `if`; None where it has none."""
        text = self.content.get("if")
        if isinstance(text, bool):
            return str(text).lower()
        return None if text is None else str(text)

    @property
    def calls(self) -> str | None:
        """The name of the workflow file of this repository that it runs; None where it has steps."""
        uses = str(self.content.get("uses", ""))
        return uses.removeprefix(_LOCAL) if uses.startswith(_LOCAL) else None

    @property
    def permissions(self) -> Mapping[str, str] | None:
        """What its token may do; None where the job does not say."""
        permissions = self.content.get("permissions")
        return permissions if isinstance(permissions, Mapping) else None

    @property
    def environment(self) -> str:
        """The GitHub environment it waits for and belongs to; empty where none."""
        environment = self.content.get("environment") or ""
        return str(environment["name"] if isinstance(environment, Mapping) else environment)


@dataclass(frozen=True, eq=False)
class Workflow:
    """A workflow file; two are the same only where they are one object."""

    document: Document
    jobs: Mapping[str, Job]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.document.file.name

    @property
    def events(self) -> Mapping[str, Any]:
        """What starts it, and the filters of each event."""
        events = self.document.content.get("on")
        if isinstance(events, str):
            return {events: None}
        if isinstance(events, list):
            return dict.fromkeys(events)
        return events or {}


def load(file: Path) -> Workflow:
    """The workflow in `file`; UsageError where it is not one."""
    read = document.read(file)
    jobs = read.content.get("jobs")
    if not isinstance(jobs, Mapping) or not jobs:
        raise UsageError(f"{file} has no jobs", remedy="a workflow has `jobs:`")
    return Workflow(read, {name: _job(read, name, content) for name, content in jobs.items()})


def load_all(root: Path) -> dict[str, Workflow]:
    """Every workflow of the repository at `root` by its file name."""
    found = sorted(
        file for file in (root / WORKFLOWS).iterdir() if file.suffix in {".yml", ".yaml"}
    )
    return {file.name: load(file) for file in found}


def steps_of(read: Document, *place: str | int) -> tuple[Step, ...]:
    """The steps at a place of a document: of a job, or of a composite action."""
    content: Any = read.content
    for key in place:
        content = content.get(key) or {} if isinstance(content, Mapping) else content[key]
    return tuple(
        Step(step, read.line(*place, number), read.line(*place, number, "run"))
        for number, step in enumerate(content or [])
    )


def _job(read: Document, name: str, content: Any) -> Job:
    if not isinstance(content, Mapping):
        raise UsageError(
            f"{read.file}: job {name} is empty", remedy="a job has `runs-on` or `uses`"
        )
    return Job(name, content, read.line("jobs", name), steps_of(read, "jobs", name, "steps"))
