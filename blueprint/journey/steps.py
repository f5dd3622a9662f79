"""Runs the steps of a journey in order, and says which one stopped it and how to go on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blueprint.console import err
from blueprint.errors import BlueprintError


@dataclass(frozen=True)
class Step:
    """One named step; running it again after it has succeeded must be harmless."""

    name: str
    action: Callable[[], object]


def run(steps: Sequence[Step], *, resume: str) -> dict[str, float]:
    """Run `steps` in order and return the seconds each took, by name.

    A failing step ends the journey with its name, the cause and `resume`, the command that continues.
    """
    seconds: dict[str, float] = {}
    for number, step in enumerate(steps, start=1):
        err.print(f"[bold]{number}/{len(steps)} {step.name}[/bold]")
        started = time.monotonic()
        try:
            step.action()
        except BlueprintError as error:
            error.message = f"step `{step.name}` failed: {error.message}"
            error.remedy = (
                f"{error.remedy}\nthen continue with `{resume}`"
                if error.remedy
                else f"continue with `{resume}`"
            )
            raise
        seconds[step.name] = time.monotonic() - started
    return seconds
