"""Reads workflow files as GitHub does: who calls whom, what each job may do, which environment it enters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(".github", "workflows")
_LOCAL = re.compile(r"\./\.github/workflows/([\w.-]+\.ya?ml)")
_ORDER = ("none", "read", "write")

Document = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML 1.2, in which `on` is a word and not a truth."""


_Loader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class StartupError(Exception):
    """GitHub would not start the run: the message says what is wrong with the workflow."""


@dataclass(frozen=True)
class Job:
    """A job as it stands in a run: `path` is its ID, after the ID of the job that calls its workflow.

    `environment` and the job's own `if` are expressions yet to be evaluated.
    """

    path: str
    file: str
    id: str
    permissions: Mapping[str, str]
    environment: str | None
    calls: str | None

    def may(self, scope: str, access: str) -> bool:
        """Whether the job's token has at least `access` (read or write) to `scope`."""
        return _ORDER.index(self.permissions.get(scope, "none")) >= _ORDER.index(access)


def read(file: Path) -> Document:
    """The workflow (or action) in `file`."""
    document = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
    if not isinstance(document, dict):
        raise StartupError(f"{file.name} is not a mapping")
    return document


def write(document: Document, file: Path) -> None:
    """Put `document` into `file`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(document, sort_keys=False, width=1000), encoding="utf-8")


def jobs(root: Path, file: str, *, fork: bool = False) -> dict[str, Job]:
    """Every job of a run of workflow `file`, those of called workflows included, by path.

    The token of a pull request from a `fork` can read and nothing else. Raises StartupError where a
    called workflow asks for more than its caller has, as GitHub does.
    """
    return {job.path: job for job in _jobs(root, file, caller=None, fork=fork)}


def _jobs(root: Path, file: str, *, caller: Job | None, fork: bool) -> Iterator[Job]:
    document = read(root / FOLDER / file)
    ceiling = caller.permissions if caller else None
    for name, body in document["jobs"].items():
        asked = _permissions(body, document, ceiling)
        if ceiling is not None:
            _refuse_more(asked, ceiling, where=f"{file}: job {name}")
        granted = (
            {scope: _of_fork(scope, access) for scope, access in asked.items()} if fork else asked
        )
        job = Job(
            path=f"{caller.id}/{name}" if caller else name,
            file=file,
            id=name,
            permissions=granted,
            environment=_environment(body),
            calls=_called(body),
        )
        yield job
        if job.calls:
            # The ceiling of what is called is what was asked for here, also in a fork's run.
            yield from _jobs(root, job.calls, caller=job, fork=fork)


def _permissions(
    body: Document, document: Document, ceiling: Mapping[str, str] | None
) -> Mapping[str, str]:
    """What the job asks for: its own word, its workflow's, its caller's, or GitHub's restricted default."""
    for holder in (body, document):
        if "permissions" in holder:
            asked = holder["permissions"]
            if not isinstance(asked, dict):
                raise StartupError(f"permissions: {asked} grants by the dozen; name the scopes")
            return dict(asked)
    return ceiling if ceiling is not None else {"contents": "read", "packages": "read"}


def _refuse_more(asked: Mapping[str, str], ceiling: Mapping[str, str], *, where: str) -> None:
    for scope, access in asked.items():
        allowed = ceiling.get(scope, "none")
        if _ORDER.index(access) > _ORDER.index(allowed):
            raise StartupError(
                f"{where} requests {scope}: {access}, but is only allowed {scope}: {allowed}"
            )


def _of_fork(scope: str, access: str) -> str:
    if scope == "id-token":
        return "none"
    return "read" if access == "write" else access


def _environment(body: Document) -> str | None:
    environment = body.get("environment")
    return environment["name"] if isinstance(environment, dict) else environment


def _called(body: Document) -> str | None:
    if "uses" not in body:
        return None
    match = _LOCAL.fullmatch(body["uses"])
    if match is None:
        raise StartupError(f"uses: {body['uses']} is not a workflow of this repository")
    return match[1]


def actions(root: Path) -> set[str]:
    """Every third-party action (`owner/name[/path]@ref`) that a workflow or an action of this repository uses."""
    found: set[str] = set()
    for file in sorted((root / ".github").rglob("*.y*ml")):
        document = read(file) if file.parent.name == FOLDER.name or file.stem == "action" else {}
        steps = [step for job in document.get("jobs", {}).values() for step in job.get("steps", ())]
        steps += document.get("runs", {}).get("steps", [])
        found |= {step["uses"] for step in steps if "uses" in step}
    return {used for used in found if not used.startswith("./")}
