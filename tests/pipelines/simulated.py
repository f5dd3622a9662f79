"""Writes the workflow files act runs: the shipped ones, and what GitHub gives a job that act does not.

act hands every job the same token and no identity. Here each job gets, as variables of its own, the
address under which GitHub's API knows it (and so its permissions), and, where it may ask for one, the
address of its identity token with the environment it enters. Nothing else is touched, except that names
for people are dropped from jobs so that act's log names them by their IDs.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.pipelines import workflow_files
from tests.pipelines.workflow_files import FOLDER, Job

JobEnvironment = Callable[[Job], Mapping[str, str]]


def write(
    source: Path, target: Path, file: str, jobs: Mapping[str, Job], environment: JobEnvironment
) -> None:
    """Write workflow `file` of the checkout `source`, and what it calls, below `target`.

    A workflow called by several jobs of the run gets the environment of the last of them: their
    permissions must not differ.
    """
    documents = {name: workflow_files.read(source / FOLDER / name) for name in _files(file, jobs)}
    for job in jobs.values():
        body: dict[str, Any] = documents[job.file]["jobs"][job.id]
        body.pop("name", None)
        if job.calls is None:
            body["env"] = {**body.get("env", {}), **environment(job)}
    for name, document in documents.items():
        workflow_files.write(document, target / FOLDER / name)


def _files(file: str, jobs: Mapping[str, Job]) -> set[str]:
    return {file} | {job.file for job in jobs.values()}
