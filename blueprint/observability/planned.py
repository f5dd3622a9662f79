"""Plans component observability of any stack without a state and without an account: what would be made, as JSON.

The plan is Terraform's own, of the component as it is and the values as Atmos merges them. Only what the component
reads of other components is filled in (blueprint/observability/inventory.py), and its provider is told to ask nobody.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint import paths, processes
from blueprint.delivery import terraform
from blueprint.errors import BlueprintError, UsageError
from blueprint.observability import inventory
from blueprint.stacks import atmos, environment
from blueprint.stacks.model import Component, Stack

COMPONENT = "observability"
PLANS = paths.BUILD / "observability"
# Neither what Terraform and Atmos leave beside a component nor its tests decide what is planned.
_LEFT_OUT = shutil.ignore_patterns(
    ".terraform", "tests", "README.md", "backend.tf.json", "*.tfvars.json", "*.tfstate*"
)
_FUNCTION = "!terraform.state"
# Nothing is sent anywhere: no key is needed, and no account is asked who it is.
_PROVIDER = {
    "provider": {
        "aws": {
            "access_key": "offline",
            "secret_key": "offline",
            "allowed_account_ids": None,
            "skip_credentials_validation": True,
            "skip_requesting_account_id": True,
            "skip_metadata_api_check": True,
            "skip_region_validation": True,
        }
    }
}


def plan(
    stack: str,
    *,
    values: Mapping[str, Any] | None = None,
    root: Path = paths.ROOT,
    directory: Path = PLANS,
) -> Path:
    """The file with Terraform's JSON plan of component observability for `stack`, as if nothing existed yet.

    `values` take the place of the stack's own. A plan is kept and made again only when what it is made of has changed.
    Raises UsageError for an unknown stack or a value that cannot be known without a state, BlueprintError with
    Terraform's words where it refuses.
    """
    env = environment.base()
    opened = atmos.stack(stack, env, root=root)
    component = opened.component(COMPONENT)
    variables = {**variables_of(opened), **(values or {})}
    source = root / "components" / "terraform" / component.directory
    digest = _digest(source, variables)
    suffix = "" if values is None else f".{digest[:12]}"
    file = directory / f"{stack}{suffix}.plan.json"
    record = file.with_suffix(".sha256")
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{file.stem}.lock").open("a") as lock:
        # Tests ask for one plan from several processes at once: one makes it, the others find it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if file.is_file() and record.is_file() and record.read_text() == digest:
            return file
        document = _plan(component, source, variables, env, directory)
        # Whoever reads meanwhile sees the old plan or the new one; no record speaks for a plan that is not there yet.
        record.unlink(missing_ok=True)
        _write(file, document)
        _write(record, digest)
    return file


def variables_of(stack: Stack) -> dict[str, Any]:
    """The variables of component observability in `stack`, with what it reads of other components filled in."""
    read = inventory.outputs(stack)
    values = stack.component(COMPONENT).values
    return {name: _resolve(stack, name, value, read) for name, value in values.items()}


def _resolve(stack: Stack, name: str, value: Any, read: Mapping[tuple[str, str], Any]) -> Any:
    if not (isinstance(value, str) and value.startswith("!")):
        return value
    function, _, rest = value.partition(" ")
    component, _, output = rest.partition(" ")
    if function != _FUNCTION or (component, output.removeprefix(".")) not in read:
        raise UsageError(
            f"stack {stack.name}, component {COMPONENT}: vars.{name}: {value!r} is not known without a state",
            remedy="add the output to blueprint/observability/inventory.py, computed from the stack's values",
        )
    return read[component, output.removeprefix(".")]


def _digest(source: Path, variables: Mapping[str, Any]) -> str:
    found = hashlib.sha256(json.dumps(variables, sort_keys=True).encode())
    for tree in (source, *sorted(source.parent.glob("*/modules"))):
        for directory, folders, names in os.walk(tree):
            left_out = _LEFT_OUT(directory, [*folders, *names])
            folders[:] = sorted(name for name in folders if name not in left_out)
            for name in sorted(set(names) - left_out):
                file = Path(directory) / name
                inside = file.relative_to(source.parent).as_posix().encode()
                found.update(inside + b"\0" + file.read_bytes())
    return found.hexdigest()


def _plan(
    component: Component,
    source: Path,
    variables: Mapping[str, Any],
    env: Mapping[str, str],
    directory: Path,
) -> str:
    with tempfile.TemporaryDirectory(dir=directory, prefix=".planning-") as scratch:
        # The directory's name is a tag of every resource; beside it lie the components whose modules it uses.
        work = Path(scratch) / component.directory
        shutil.copytree(source, work, ignore=_LEFT_OUT)
        for sibling in source.parent.iterdir():
            if sibling.is_dir() and sibling != source:
                (work.parent / sibling.name).symlink_to(sibling.resolve())
        (work / "offline_override.tf.json").write_text(json.dumps(_PROVIDER))
        (work / "offline.tfvars.json").write_text(json.dumps(variables))
        alone = {name: value for name, value in env.items() if not name.startswith("AWS_")}
        planned = str(Path(scratch) / "plan")
        for verb, *flags in (
            ["init", "-backend=false"],
            ["plan", "-var-file=offline.tfvars.json", f"-out={planned}", "-refresh=false"],
        ):
            log = terraform.log_file(component, f"offline-{verb}")
            command = ["terraform", verb, "-input=false", *flags]
            result = processes.run(command, cwd=work, env=alone, log=log)
            if not result.ok:
                raise terraform.failure(component, verb, result.output, log)
        shown = processes.run(
            ["terraform", "show", "-json", planned], cwd=work, env=alone, apart=True
        )
        if not shown.ok:
            raise BlueprintError(
                f"{component.name}: the plan cannot be read:\n{shown.errors}",
                remedy="run the same command again",
            )
        return shown.output


def _write(file: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as new:
        new.write(text)
    Path(new.name).replace(file)
