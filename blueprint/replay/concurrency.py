"""Says how many copies of the functions run at a time, and reports it for the account."""

import math

from blueprint.replay import series
from blueprint.replay.recording import Recording
from blueprint.replay.system import System


class Concurrency:
    """Collects the running copies of one minute over all functions."""

    def __init__(self, system: System, recording: Recording) -> None:
        self._quota = float(system.account_concurrency)
        self._running = 0.0
        self._account = recording.reporter(
            *(
                series.of_account(name)
                for name in (
                    "ConcurrentExecutions",
                    "UnreservedConcurrentExecutions",
                    "ClaimedAccountConcurrency",
                )
            )
        )

    def function(self, busy_ms: float) -> float:
        """A function was busy for `busy_ms` in all within this minute; returns how many copies that takes."""
        running = float(math.ceil(busy_ms / 60_000))
        self._running += running
        return running

    def close(self, minute: int, *, exhausted: bool) -> None:
        """End of `minute`. `exhausted`: something else in the account runs as many copies as the quota allows."""
        running = self._quota if exhausted else self._running
        self._running = 0.0
        if running:
            self._account.one(minute, running)
