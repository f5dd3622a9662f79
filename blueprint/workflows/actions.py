"""Holds `uses:` to what is pinned, keeps no credential behind, and passes artifacts under known names."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from blueprint.workflows.document import Document
from blueprint.workflows.findings import Finding
from blueprint.workflows.graph import ancestors
from blueprint.workflows.model import Job, Step, Workflow

_PINNED = re.compile(r"[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40}")
_VERSION = re.compile(r"\s#\sv\d+\.\d+\.\d+\s*$")
_MATRIX = re.compile(r"\$\{\{\s*matrix\.[^}]*\}\}")
_LONGEST_DAYS = 30


def pins(
    file: str, read: Document, uses: Sequence[tuple[str, int]], root: Path
) -> Iterator[Finding]:
    """Outside actions stand at a commit with their version beside it; local ones exist."""
    for name, line in uses:
        if name.startswith("./"):
            if not (root / name).exists():
                yield Finding(file, line, "local", f"there is no {name}", "name what is there")
        elif not _PINNED.fullmatch(name):
            yield Finding(
                file,
                line,
                "pin",
                f"{name} can become something else",
                "name the commit by its 40 hex digits",
            )
        elif not _VERSION.search(read.text[line - 1]):
            yield Finding(
                file,
                line,
                "pin-version",
                f"which version {name} is stands nowhere",
                "add `# vX.Y.Z`",
            )


def one_version(uses: Sequence[tuple[str, str, int]]) -> Iterator[Finding]:
    """Every file uses an action at the same commit; `uses` are (file, action@ref, line)."""
    first: dict[str, tuple[str, str]] = {}
    for file, name, line in uses:
        action, _, ref = name.partition("@")
        known, where = first.setdefault(action, (ref, file))
        if ref != known:
            yield Finding(
                file,
                line,
                "pin-twice",
                f"{action} is at another commit in {where}",
                "use one commit everywhere",
            )


def credentials(file: str, job: Job) -> Iterator[Finding]:
    """A checkout keeps no token where a later step could read it."""
    for step in job.steps:
        if (
            step.action == "actions/checkout"
            and step.inputs.get("persist-credentials") is not False
        ):
            yield Finding(
                file,
                step.line,
                "checkout-token",
                "the token stays in .git/config",
                "set `persist-credentials: false`",
            )


def artifacts(file: str, workflow: Workflow) -> Iterator[Finding]:
    """An upload is named, short-lived and unique; a download is of something uploaded before it."""
    uploads: dict[str, str] = {}
    for job in workflow.jobs.values():
        for step in _steps(job, "actions/upload-artifact"):
            name = str(step.inputs.get("name", ""))
            yield from _upload(file, job, step, name)
            if name in uploads:
                yield Finding(
                    file,
                    step.line,
                    "artifact-twice",
                    f"job {uploads[name]} uploads {name!r}, too",
                    "give it another name",
                )
            uploads[name] = job.name
    for job in workflow.jobs.values():
        before = set(ancestors(workflow, job.name))
        there = [_MATRIX.sub("*", name) for name, by in uploads.items() if by in before]
        for step in _steps(job, "actions/download-artifact"):
            wanted = str(step.inputs.get("name") or step.inputs.get("pattern") or "")
            if not any(_meet(_MATRIX.sub("*", wanted), name) for name in there):
                yield Finding(
                    file,
                    step.line,
                    "artifact-missing",
                    f"no job that {job.name} waits for uploads {wanted!r}",
                    f"one of: {', '.join(sorted(there)) or 'none'}",
                )


def _upload(file: str, job: Job, step: Step, name: str) -> Iterator[Finding]:
    if not name or ("strategy" in job.content and not _MATRIX.search(name)):
        yield Finding(
            file,
            step.line,
            "artifact-name",
            "two uploads may have one name",
            "set `name`, with the matrix's value where there is a matrix",
        )
    days = step.inputs.get("retention-days")
    if not isinstance(days, int) or not 1 <= days <= _LONGEST_DAYS:
        yield Finding(
            file,
            step.line,
            "artifact-days",
            f"{name!r} is kept for {days} days",
            f"set `retention-days` from 1 to {_LONGEST_DAYS}",
        )
    if "if-no-files-found" not in step.inputs:
        yield Finding(
            file,
            step.line,
            "artifact-empty",
            f"what happens when there is nothing to upload as {name!r} is left open",
            "set `if-no-files-found`",
        )


def _steps(job: Job, action: str) -> list[Step]:
    return [step for step in job.steps if step.action == action]


def _meet(wanted: str, name: str) -> bool:
    return fnmatchcase(name, wanted) or fnmatchcase(wanted, name)
