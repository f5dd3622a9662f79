"""What Lambda reports of one function in one minute."""

from collections.abc import Mapping

from blueprint.replay import series
from blueprint.replay.concurrency import Concurrency
from blueprint.replay.recording import Recording, Reporter
from blueprint.replay.system import Function, System


class FunctionMetrics:
    """The series of one function."""

    def __init__(
        self, function: Function, system: System, recording: Recording, concurrency: Concurrency
    ) -> None:
        def reporter(name: str) -> Reporter:
            return recording.reporter(series.of_function(function.name, name))

        self._concurrency = concurrency
        self._invocations = reporter("Invocations")
        self._errors = reporter("Errors")
        self._throttles = reporter("Throttles")
        self._durations = reporter("Duration")
        self._copies = reporter("ConcurrentExecutions")
        self._error_lines = recording.reporter(*series.error_lines(system, function.role))

    def note(
        self,
        minute: int,
        *,
        durations: Mapping[float, int],
        raised: int = 0,
        throttled: int = 0,
        error_lines: int = 0,
    ) -> None:
        """One minute: `durations` in milliseconds, one for each invocation, of which `raised` ended with an error."""
        invocations = sum(durations.values())
        if invocations:
            self._invocations.one(minute, 1.0, invocations)
            self._errors.ones(minute, raised, invocations)
            self._durations.note(minute, durations)
            busy = sum(value * count for value, count in durations.items())
            self._copies.one(minute, self._concurrency.function(busy))
        self._throttles.ones(minute, throttled, invocations + throttled)
        # The metric filter says 0 where lines come in of which none matches.
        if invocations or error_lines:
            self._error_lines.one(minute, float(error_lines > 0), max(error_lines, 1))
