"""Applies a stack: each component once its dependencies are done, and only what can have changed."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from blueprint import aws
from blueprint.console import done, note
from blueprint.delivery import driver, terraform
from blueprint.delivery.fingerprint import Records, fingerprint
from blueprint.delivery.state import ensure_bucket
from blueprint.delivery.terraform import Counts
from blueprint.stacks import atmos
from blueprint.stacks.model import Component, Stack

# Called before a component is applied, once its dependencies are.
Prepare = Callable[[Component], None]


@dataclass(frozen=True)
class Applied:
    """What became of one component; `counts` is None when it was skipped as unchanged."""

    component: str
    counts: Counts | None
    seconds: float


def apply(
    stack: Stack,
    env: Mapping[str, str],
    *,
    prepare: Prepare,
    only: Collection[str] = (),
    force: bool = False,
) -> list[Applied]:
    """Bring `stack` (or the components `only`) to what the repository says, and report component by component.

    A component whose configuration and state are as the last apply left them is not planned, unless `force`.
    """
    s3 = aws.client("s3", env, region=stack.value("region"))
    ensure_bucket(stack, s3)
    records = Records(s3, stack.state_bucket)

    def bring(component: Component) -> Applied:
        started = time.monotonic()
        digest = fingerprint(component, atmos.values(component, env))
        if not force and records.is_current(component, digest):
            done(f"{component.name}: unchanged")
            return Applied(component.name, None, time.monotonic() - started)
        note(f"{component.name}: planning and applying")
        prepare(component)
        counts = terraform.deploy(component, env)
        records.write(component, digest)
        seconds = time.monotonic() - started
        done(f"{component.name}: applied {counts}", seconds=seconds)
        return Applied(component.name, counts, seconds)

    return [outcome.result for outcome in driver.walk(stack, bring, only=only)]


def destroy(stack: Stack, env: Mapping[str, str], *, only: Collection[str] = ()) -> None:
    """Destroy the stack's resources, dependents first."""

    def remove(component: Component) -> None:
        started = time.monotonic()
        terraform.destroy(component, env)
        done(f"{component.name}: destroyed", seconds=time.monotonic() - started)

    driver.walk(stack, remove, only=only, reverse=True)
