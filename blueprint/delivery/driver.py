"""Walks a stack's components in dependency order, as many side by side as do not need each other.

Atmos's own `--all` evaluates what one component reads from another before the first apply, so a
consumer would be applied with its dependency's old output. Here each component's values are read
when its turn comes.
"""

from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from blueprint import processes
from blueprint.console import note
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Component, Stack

T = TypeVar("T")

# Terraform and the provider need one core each while they plan; the waits inside the provider (S3, SQS) need none.
_SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What the walk produced for one component."""

    component: Component
    result: T


def walk(
    stack: Stack,
    action: Callable[[Component], T],
    *,
    only: Collection[str] = (),
    reverse: bool = False,
) -> list[Outcome[T]]:
    """Call `action` for each component once all it depends on are done (or, in `reverse`, all that depend on it).

    The first failure stops the walk: what runs already is finished, nothing new is started, and the failure is raised.
    """
    sorter = stack.sorter(only=only, reverse=reverse)
    outcomes: list[Outcome[T]] = []
    failures: list[BaseException] = []
    running: dict[Future[T], Component] = {}
    with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
        try:
            while sorter.is_active() and not (failures and not running):
                if not failures:
                    for name in sorted(sorter.get_ready()):
                        component = stack.components[name]
                        running[pool.submit(action, component)] = component
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    component = running.pop(future)
                    if error := future.exception():
                        failures.append(error)
                        continue
                    outcomes.append(Outcome(component, future.result()))
                    sorter.done(component.name)
        except KeyboardInterrupt:
            processes.interrupt()
            names = ", ".join(sorted(component.name for component in running.values()))
            note(
                f"stopping: waiting for Terraform to finish its current call and release the lock ({names})"
            )
            raise
    if failures:
        raise _combined(failures)
    return outcomes


def _combined(failures: list[BaseException]) -> BaseException:
    known = [failure for failure in failures if isinstance(failure, BlueprintError)]
    if len(known) < len(failures):
        return next(failure for failure in failures if not isinstance(failure, BlueprintError))
    if len(known) == 1:
        return known[0]
    return BlueprintError(
        "\n".join(failure.message for failure in known),
        remedy="\n".join(failure.remedy for failure in known),
    )
