"""Runs Terraform on one component through Atmos, and reads what it said."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import paths, processes
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Component

_PLAN = re.compile(r"Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy")
_APPLIED = re.compile(
    r"Apply complete! Resources: (?:(\d+) imported, )?(\d+) added, (\d+) changed, (\d+) destroyed"
)
_BOX = re.compile(r"╷\n(.*?)\n╵", re.DOTALL)
_LOCK = re.compile(r"^\s*(ID|Path|Operation|Who|Created):\s+(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Counts:
    """Resources added, changed and destroyed."""

    added: int = 0
    changed: int = 0
    destroyed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.destroyed)

    def __str__(self) -> str:
        return f"+{self.added} ~{self.changed} -{self.destroyed}"


def log_file(component: Component, verb: str) -> Path:
    """Where the full output of the last run is kept."""
    return paths.LOGS / component.stack / f"{component.name}.{verb}.log"


def deploy(component: Component, env: Mapping[str, str]) -> Counts:
    """Plan and apply `component` in one run of Terraform; what happened, in counts."""
    output = _run(component, "deploy", env, [])
    match = _APPLIED.search(output)
    return Counts(*(int(number) for number in match.groups()[1:])) if match else Counts()


def plan(component: Component, env: Mapping[str, str], *, file: Path) -> dict[str, Any] | None:
    """Plan `component` into `file`; Terraform's JSON plan, or None when nothing would change."""
    output = _run(component, "plan", env, [f"-out={file}"])
    if "No changes." in output:
        return None
    shown = processes.run(
        ["terraform", "show", "-json", str(file)],
        cwd=paths.COMPONENTS / component.directory,
        env=env,
        apart=True,
    )
    if not shown.ok:
        raise BlueprintError(f"{component.name}: the plan cannot be read:\n{shown.errors}")
    document: dict[str, Any] = json.loads(shown.output)
    return document


def destroy(component: Component, env: Mapping[str, str]) -> None:
    """Destroy every resource of `component`."""
    _run(component, "destroy", env, ["-auto-approve"])


def _run(component: Component, verb: str, env: Mapping[str, str], flags: list[str]) -> str:
    log = log_file(component, verb)
    result = processes.run(
        ["atmos", "terraform", verb, component.name, "-s", component.stack, *flags, "-input=false"],
        cwd=paths.ROOT,
        env=env,
        log=log,
    )
    if not result.ok:
        raise failure(component, verb, result.output, log)
    return result.output


def failure(component: Component, verb: str, output: str, log: Path) -> BlueprintError:
    """The error a person needs from a failed run: Terraform's own message, and how to go on."""
    if "Error acquiring the state lock" in output:
        return _locked(component, output)
    boxes = [
        "\n".join(line.removeprefix("│").strip() for line in box.splitlines())
        for box in _BOX.findall(output)
    ]
    errors = [box.strip() for box in boxes if box.strip().startswith("Error")]
    tail = "\n".join(line for line in output.splitlines()[-15:] if line)
    return BlueprintError(
        f"{verb} of {component.name} in {component.stack} failed:\n" + ("\n".join(errors) or tail),
        remedy=f"full output: {log.relative_to(paths.ROOT) if log.is_relative_to(paths.ROOT) else log}; "
        "correct the cause and run the same command again, it continues where it stopped",
    )


def _locked(component: Component, output: str) -> BlueprintError:
    lock = dict(_LOCK.findall(output.replace("│", " ")))
    identifier = lock.get("ID", "LOCK_ID")
    return BlueprintError(
        f"the state of {component.name} in {component.stack} is locked"
        f" by {lock.get('Who', 'somebody')} since {lock.get('Created', 'an unknown time')}"
        f" ({lock.get('Operation', 'unknown operation')}).",
        remedy="if that run still works, wait for it. If it was killed, nothing will release the lock: clear it with\n"
        f"  .venv/bin/blueprint unlock {component.name} -s {component.stack} {identifier}\n"
        "and run the same command again",
    )


def unlock(component: Component, identifier: str, env: Mapping[str, str]) -> None:
    """Remove a lock that a killed run left behind; `identifier` guards against removing another one."""
    log = log_file(component, "force-unlock")
    result = processes.run(
        [
            "atmos",
            "terraform",
            "force-unlock",
            component.name,
            "-s",
            component.stack,
            "-force",
            identifier,
        ],
        cwd=paths.ROOT,
        env=env,
        log=log,
    )
    if not result.ok:
        raise failure(component, "force-unlock", result.output, log)
