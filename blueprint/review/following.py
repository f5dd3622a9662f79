"""Finds the components that a change reaches through what they read from others, their own files being as before."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from blueprint.delivery.fingerprint import Records, fingerprint
from blueprint.delivery.state import has_state
from blueprint.review.running import Runner
from blueprint.stacks.model import Component, Stack


def dependents(stack: Stack, names: Collection[str]) -> set[str]:
    """What depends on `names`, directly or not, without `names`."""
    found = set(names)
    while True:
        more = {
            component.name
            for component in stack.components.values()
            if component.name not in found and found & set(component.depends_on)
        }
        if not more:
            return found - set(names)
        found |= more


def unsettled(
    stack: Stack, names: Collection[str], *, runner: Runner, s3: Any, root: Path
) -> list[str]:
    """The dependents of `names` that are applied, and would get other values now than they were applied with.

    A run that stopped after it had applied a dependency leaves them so. Terraform is not started.
    """
    records = Records(s3, stack.state_bucket)
    return [
        name
        for name in sorted(dependents(stack, names))
        if has_state(component := stack.component(name), s3, stack.state_bucket)
        and not is_settled(component, records, runner=runner, root=root)
    ]


def is_settled(component: Component, records: Records, *, runner: Runner, root: Path) -> bool:
    """Whether `component` was applied last with the files and values it has now."""
    return records.applied(component) == fingerprint(component, runner.values(component), root=root)
