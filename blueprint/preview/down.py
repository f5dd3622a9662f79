"""Takes a preview away, with the configuration that made it."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint import aws, paths
from blueprint.console import done
from blueprint.delivery import driver, terraform
from blueprint.delivery.commands import open_stack
from blueprint.delivery.state import ensure_bucket
from blueprint.errors import BlueprintError
from blueprint.preview import stack_file, states, tree
from blueprint.preview.records import Record, Records
from blueprint.stacks import atmos, environment, stages
from blueprint.stacks.model import Component, Stack


def down(pull_request: int) -> None:
    """Destroy the preview of `pull_request` and forget it; nothing happens where there is none.

    Raises BlueprintError where something is left that no configuration here knows; the record stays then.
    """
    host, env = open_stack(stages.PREVIEW_HOST)
    s3 = aws.client("s3", env, region=host.value("region"))
    ensure_bucket(host, s3)
    name = stages.preview_stage(pull_request)
    kept = Records(s3, host.state_bucket)
    keys = states.find(s3, host.state_bucket).get(name, {})
    record = kept.find(name)
    applied = [key for key in keys.values() if states.holds_resources(s3, host.state_bucket, key)]
    if applied:
        commit = record.commit if isinstance(record, Record) else None
        with tree.files_of(commit) as root:
            _destroy(_stack(pull_request, kept, root), s3, keys, root)
    states.remove(s3, host.state_bucket, name, keys)
    kept.forget(name)
    stack_file.remove(pull_request, root=paths.ROOT)
    done(f"{name}: gone" if keys or record else f"{name}: there was none")


def _stack(pull_request: int, kept: Records, root: Path) -> Stack:
    """The preview as the tree at `root` describes it, with the packages its functions run."""
    stack_file.write(pull_request, root=root)
    name = stages.preview_stage(pull_request)
    if manifest := kept.manifest(name):
        file = root / paths.MANIFEST.relative_to(paths.ROOT)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(manifest, encoding="utf-8")
    return atmos.stack(name, environment.base(), root=root)


def _destroy(stack: Stack, s3: Any, keys: Mapping[str, str], root: Path) -> None:
    env = environment.for_stack(stack.name, emulated=stack.emulated)

    def remaining() -> list[str]:
        return sorted(
            component
            for component, key in keys.items()
            if states.holds_resources(s3, stack.state_bucket, key)
        )

    def remove(component: Component) -> None:
        started = time.monotonic()
        terraform.destroy(component, env, root=root)
        done(f"{stack.name}/{component.name}: destroyed", seconds=time.monotonic() - started)

    # A component that was never applied has nothing to destroy, and its inputs may not exist.
    if known := [name for name in remaining() if name in stack.components]:
        driver.walk(stack, remove, only=known, reverse=True)
    if left := remaining():
        raise BlueprintError(
            f"{stack.name}: {', '.join(left)} cannot be destroyed: the configuration at hand does not have it",
            remedy="check the pull request's last commit out and run"
            f" `.venv/bin/blueprint preview down {stages.pull_request(stack.name)}` there",
        )
