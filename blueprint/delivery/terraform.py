"""Runs Terraform on one component through Atmos, and reads what it said."""

import json
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import paths, processes
from blueprint.delivery import credentials
from blueprint.errors import BlueprintError
from blueprint.processes import Completed
from blueprint.stacks.model import Component

_PLAN = re.compile(r"Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy")
_APPLIED = re.compile(
    r"Apply complete! Resources: (?:(\d+) imported, )?(\d+) added, (\d+) changed, (\d+) destroyed"
)
_BOX = re.compile(r"╷\n(.*?)\n╵", re.DOTALL)
# What `plan -detailed-exitcode` answers when there is something to apply.
_CHANGES = 2
# How long a held state is waited for: most applies of one component are shorter.
_PATIENCE = "60s"
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
    with _directory(component, paths.ROOT):
        return _counts(_run(component, "deploy", env, []))


def plan(
    component: Component, env: Mapping[str, str], *, file: Path, root: Path = paths.ROOT
) -> dict[str, Any] | None:
    """Plan `component` into `file`; Terraform's JSON plan, or None when nothing would change.

    A component that has no state gets an empty one by this: Terraform makes the workspace. `root` is the tree to plan.
    """
    with _directory(component, root):
        result = _atmos(component, "plan", env, [f"-out={file}", "-detailed-exitcode"], root=root)
        return _planned(component, env, result, file=file, root=root)


def plan_anew(
    component: Component, env: Mapping[str, str], *, file: Path, root: Path = paths.ROOT
) -> dict[str, Any] | None:
    """Plan a component that has no state, and write nothing to the account; the answer is that of `plan`.

    Terraform's S3 backend makes the state of a new workspace before it plans, which a role that
    may only read cannot. Without a state there is nothing to read either: an empty local one says
    the same. The plan file shows what would be made and cannot be applied.
    """
    directory = root / "components" / "terraform" / component.directory
    variables = file.with_suffix(".tfvars.json")
    log = log_file(component, "plan")
    backend = {"terraform": {"backend": {"local": {"path": str(file.with_suffix(".tfstate"))}}}}
    with _directory(component, root):
        _generate_variables(component, env, variables, root=root)
        # Atmos writes this file at each of its runs; until the next one Terraform works apart from the bucket.
        settings = directory / "backend.tf.json"
        settings.unlink(missing_ok=True)
        settings.write_text(json.dumps(backend))
        local = {**env, "TF_WORKSPACE": "default"}
        try:
            initialised = processes.run(
                ["terraform", "init", "-reconfigure", "-input=false"],
                cwd=directory,
                env=local,
                log=log,
            )
            if not initialised.ok:
                raise failure(component, "init", initialised.output, log)
            result = processes.run(
                [
                    "terraform",
                    "plan",
                    f"-var-file={variables}",
                    f"-out={file}",
                    "-detailed-exitcode",
                    "-lock=false",
                    "-input=false",
                ],
                cwd=directory,
                env=local,
                log=log,
            )
            return _planned(component, local, result, file=file, root=root)
        finally:
            settings.unlink(missing_ok=True)
            # Values may hold secrets, and only the plan is asked for.
            variables.unlink(missing_ok=True)


def _generate_variables(
    component: Component, env: Mapping[str, str], file: Path, *, root: Path
) -> None:
    result = processes.run(
        [
            "atmos",
            "terraform",
            "generate",
            "varfile",
            component.name,
            "-s",
            component.stack,
            "-f",
            str(file),
        ],
        cwd=root,
        env=env,
    )
    if not result.ok:
        raise failure(component, "plan", result.output, log_file(component, "plan"))


def _planned(
    component: Component, env: Mapping[str, str], result: Completed, *, file: Path, root: Path
) -> dict[str, Any] | None:
    """What `plan -detailed-exitcode` found: its words are no sign, a changed text may hold the same ones."""
    if result.ok:
        return None
    if result.returncode != _CHANGES or not file.is_file():
        raise failure(component, "plan", result.output, log_file(component, "plan"))
    shown = processes.run(
        ["terraform", "show", "-json", str(file)],
        cwd=root / "components" / "terraform" / component.directory,
        env=env,
        apart=True,
    )
    if not shown.ok:
        raise BlueprintError(
            f"{component.name}: the plan cannot be read:\n{shown.errors}",
            remedy="run the same command again; if it stays, initialise the component with `atmos terraform init`",
        )
    document: dict[str, Any] = json.loads(shown.output)
    return document


def apply_plan(
    component: Component, env: Mapping[str, str], *, file: Path, root: Path = paths.ROOT
) -> Counts:
    """Apply the very plan in `file`; what happened, in counts.

    Terraform refuses a plan whose state has moved since.
    """
    flags = ["--from-plan", "--planfile", str(file)]
    with _directory(component, root):
        output = _run(component, "apply", env, flags, root=root)
    return _counts(output)


def destroy(component: Component, env: Mapping[str, str], *, root: Path = paths.ROOT) -> None:
    """Destroy every resource of `component`."""
    with _directory(component, root):
        _run(component, "destroy", env, ["-auto-approve"], root=root)


def _counts(output: str) -> Counts:
    match = _APPLIED.search(output)
    return Counts(*(int(number) for number in match.groups()[1:])) if match else Counts()


# Atmos and Terraform keep variables, backend and workspace beside the component: two instances of one
# component take turns.
_turns: dict[Path, threading.Lock] = defaultdict(threading.Lock)
_turns_guard = threading.Lock()


def _directory(component: Component, root: Path) -> AbstractContextManager[object]:
    with _turns_guard:
        return _turns[root / component.directory]


def _run(
    component: Component,
    verb: str,
    env: Mapping[str, str],
    flags: list[str],
    *,
    root: Path = paths.ROOT,
) -> str:
    result = _atmos(component, verb, env, flags, root=root)
    if not result.ok:
        raise failure(component, verb, result.output, log_file(component, verb))
    return result.output


def _atmos(
    component: Component, verb: str, env: Mapping[str, str], flags: list[str], *, root: Path
) -> Completed:
    # Two pull requests may be planned at once, or one while its environment is deployed: a moment's wait is no failure.
    patience = f"-lock-timeout={env.get('BLUEPRINT_LOCK_TIMEOUT', _PATIENCE)}"
    return processes.run(
        [
            "atmos",
            "terraform",
            verb,
            component.name,
            "-s",
            component.stack,
            *flags,
            patience,
            "-input=false",
        ],
        cwd=root,
        env=env,
        log=log_file(component, verb),
    )


def failure(component: Component, verb: str, output: str, log: Path) -> BlueprintError:
    """The error a person needs from a failed run: Terraform's own message, and how to go on."""
    if "Error acquiring the state lock" in output:
        return _locked(component, output)
    if rejected := credentials.rejected(f"{verb} of {component.name} in {component.stack}", output):
        return rejected
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
