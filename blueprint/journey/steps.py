"""Runs the steps of a journey in order, and says which one stopped it and how to go on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blueprint import failures
from blueprint.console import err


@dataclass(frozen=True)
class Step:
    """One named step; running it again after it has succeeded must be harmless.

    `resume` is the command that continues after it has failed.
    """

    name: str
    action: Callable[[], object]
    resume: str


def run(steps: Sequence[Step]) -> dict[str, float]:
    """Run `steps` in order and return the seconds each took, by name.

    A failing step ends the journey with its name, the cause and the command that continues.
    """
    seconds: dict[str, float] = {}
    for number, step in enumerate(steps, start=1):
        err.print(f"[bold]{number}/{len(steps)} {step.name}[/bold]")
        started = time.monotonic()
        try:
            step.action()
        except failures.EXPECTED as cause:
            error = failures.explain(cause)
            error.message = f"step `{step.name}` failed: {error.message}"
            if step.resume not in error.remedy:
                error.remedy = "\n".join(
                    filter(None, [error.remedy, f"then continue with `{step.resume}`"])
                )
            raise error from cause
        seconds[step.name] = time.monotonic() - started
    return seconds
