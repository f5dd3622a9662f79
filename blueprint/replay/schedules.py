"""The schedule and its function: runs on time, attempts that fail, and where given-up events end."""

from blueprint.replay import series
from blueprint.replay.concurrency import Concurrency
from blueprint.replay.dead_letters import DeadLetters
from blueprint.replay.functions import FunctionMetrics
from blueprint.replay.recording import Recording, Reporter
from blueprint.replay.scenarios import Conditions
from blueprint.replay.system import System

# Minutes after a run at which it is tried again, by Lambda where the function failed and by the Scheduler where it
# could not be invoked; after the last of them it is given up.
_ATTEMPTS = (0, 1, 3)
_DURATION_MS = 220.0


class Schedule:
    """One schedule that invokes one function."""

    def __init__(
        self,
        system: System,
        recording: Recording,
        concurrency: Concurrency,
        *,
        refused: DeadLetters,
        failed: DeadLetters,
    ) -> None:
        function = system.invoked_by("schedule")

        def scheduler(name: str) -> Reporter:
            return recording.reporter(*series.of_schedules(system, name))

        self._period = system.schedule_period_minutes
        self._refused = refused
        self._failed = failed
        self._function = FunctionMetrics(function, system, recording, concurrency)
        self._events_received = recording.reporter(
            series.of_function(function.name, "AsyncEventsReceived")
        )
        self._events_dropped = recording.reporter(
            series.of_function(function.name, "AsyncEventsDropped")
        )
        self._attempted = scheduler("InvocationAttemptCount")
        self._target_errors = scheduler("TargetErrorCount")
        self._dropped = scheduler("InvocationDroppedCount")
        self._dead = scheduler("InvocationsSentToDeadLetterCount")
        # Minutes in which a run is tried that is bound to fail, and whether it is the last try.
        self._failing: dict[int, bool] = {}
        self._refusing: dict[int, bool] = {}

    def minute(self, minute: int, conditions: Conditions) -> None:
        """What is due in this minute: a run, and what is tried again of an earlier one."""
        if minute % self._period == 0:
            self._start(minute, conditions)
        if minute in self._refusing:
            self._try_to_invoke(minute, last=self._refusing.pop(minute))
        if minute in self._failing:
            self._fail(minute, last=self._failing.pop(minute))

    def _start(self, minute: int, conditions: Conditions) -> None:
        tries = {minute + wait: wait == _ATTEMPTS[-1] for wait in _ATTEMPTS}
        match conditions.schedule:
            case "refused":
                self._refusing.update(tries)
            case "failing":
                self._accept(minute)
                self._failing.update(tries)
            case "running":
                self._accept(minute)
                self._function.note(minute, durations={_DURATION_MS: 1})

    def _accept(self, minute: int) -> None:
        self._attempted.one(minute, 1.0)
        self._events_received.one(minute, 1.0)

    def _try_to_invoke(self, minute: int, *, last: bool) -> None:
        self._attempted.one(minute, 1.0)
        self._target_errors.one(minute, 1.0)
        if last:
            self._dropped.one(minute, 1.0)
            self._dead.one(minute, 1.0)
            self._refused.receive(minute, 1)

    def _fail(self, minute: int, *, last: bool) -> None:
        self._function.note(minute, durations={_DURATION_MS: 1}, raised=1, error_lines=1)
        if last:
            self._events_dropped.one(minute, 1.0)
            self._failed.receive(minute, 1)
