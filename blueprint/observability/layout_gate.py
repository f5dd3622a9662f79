"""Holds the stacks' dashboards to the layout, and their sampling rules to having an effect."""

from collections.abc import Iterator
from pathlib import Path

from blueprint.documents import reading
from blueprint.observability import inventory, layout, panels, planned, tracing
from blueprint.observability.dashboards import of
from blueprint.stacks import atmos, environment
from blueprint.stacks.model import Stack

# prod has every dashboard; staging's groups and rules are others.
STACKS = ("staging", "prod")


def check() -> list[str]:
    """What is wrong in dashboards/ and in the plans of the stacks that watch something, each fault with its stack."""
    for name in panels.NAMES:
        panels.read(name)
    env = environment.base()
    return [
        f"{name}: {fault}"
        for name in STACKS
        for fault in faults(atmos.stack(name, env), planned.plan(name))
    ]


def faults(stack: Stack, plan: Path) -> Iterator[str]:
    """What is wrong in `plan`, Terraform's plan of the component observability of `stack` as JSON.

    A warning of the layout is a fault here: our dashboards are free, and each of their axes says its unit.
    """
    document = reading.read(plan)
    for dashboard in of(document):
        for finding in layout.check(dashboard):
            yield str(finding)
    where = tracing.roots(inventory.of(stack), {})
    yield from map(str, tracing.check(tracing.of(document), where))
