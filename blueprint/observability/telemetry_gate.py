"""Holds the stacks to the telemetry contract: metrics, saved queries and log levels."""

from collections.abc import Iterator
from pathlib import Path

from blueprint.documents import reading
from blueprint.observability import log_levels, planned, queries, telemetry
from blueprint.observability.telemetry import Contract
from blueprint.stacks import atmos, environment
from blueprint.stacks.model import Stack

# Every stage that alarms. What is sent must be read in the last of them, which has all panels and all alarms.
STACKS = ("staging", "prod")


def check() -> list[str]:
    """What is wrong in the stacks that alarm, each fault with its stack."""
    env, contract = environment.base(), telemetry.read()
    return [
        f"{name}: {fault}"
        for name in STACKS
        for fault in faults(
            atmos.stack(name, env), planned.plan(name), contract, has_all_readers=name == STACKS[-1]
        )
    ]


def faults(stack: Stack, plan: Path, contract: Contract, *, has_all_readers: bool) -> Iterator[str]:
    """What is wrong in `stack`, of whose component observability `plan` is Terraform's plan as JSON.

    `has_all_readers`: a metric that no panel and no alarm of this stack reads is read nowhere.
    """
    document = reading.read(plan)
    roles = tuple(stack.components["lambda"].values["functions"])
    yield from telemetry.dead(document, prefix=stack.prefix, roles=roles, contract=contract)
    if has_all_readers:
        yield from telemetry.unread(document, prefix=stack.prefix, roles=roles, contract=contract)
    yield from queries.check(roles)
    yield from log_levels.faults(log_levels.of(stack))
