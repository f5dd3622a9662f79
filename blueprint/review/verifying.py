"""Proves that a stack is what the repository says: planned again, nothing would change."""

import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from blueprint import aws, paths
from blueprint.console import note
from blueprint.delivery import driver
from blueprint.delivery.state import has_state
from blueprint.errors import BlueprintError
from blueprint.review.document import ComponentPlan
from blueprint.review.guard import Guard
from blueprint.review.inspection import Inspector
from blueprint.review.running import Runner, Terraform
from blueprint.stacks.model import Component, Stack


def verify(
    stack: Stack,
    env: Mapping[str, str],
    *,
    only: Collection[str] = (),
    s3: Any = None,
    runner: Runner | None = None,
    root: Path = paths.ROOT,
) -> list[str]:
    """Plan every component of `stack` (or `only`) and return their names; nothing is written.

    Raises BlueprintError with each change that Terraform would still make, and each component never applied. On an
    emulated stack the declared echoes (delivery/echoes.yaml) are no changes.
    """
    s3 = s3 if s3 is not None else aws.client("s3", env, region=stack.value("region"))
    # What would be lost is reported as a change; whether it may be is the review's question.
    guard = Guard(stateful=(), allowances=())
    inspector = Inspector(stack, runner or Terraform(env, root), s3, read_only=True, guard=guard)
    with tempfile.TemporaryDirectory(prefix="blueprint-verify-") as directory:

        def plan(component: Component) -> ComponentPlan | None:
            if not has_state(component, s3, stack.state_bucket):
                return None
            note(f"{component.name}: planning")
            file = Path(directory) / f"{component.name}.tfplan"
            return inspector.inspect(component, key="", file=file)

        outcomes = driver.walk(stack, plan, only=only)
    faults = [
        fault
        for outcome in sorted(outcomes, key=lambda outcome: outcome.component.name)
        for fault in _faults(outcome.component.name, outcome.result)
    ]
    if faults:
        raise BlueprintError(
            f"stack {stack.name} is not what the repository says:\n" + "\n".join(faults),
            remedy="plan and apply again; a change that always comes back is the component's or the provider's fault",
        )
    return sorted(outcome.component.name for outcome in outcomes)


def _faults(name: str, planned: ComponentPlan | None) -> list[str]:
    if planned is None:
        return [f"{name}: never applied"]
    changes = [
        f"{name}: {'/'.join(change.actions)} {change.address}"
        + (f" ({', '.join(each.path for each in change.attributes)})" if change.attributes else "")
        for change in planned.changes
    ]
    return changes + [f"{name}: output {output}" for output in planned.outputs if not changes]
