"""What alarms did over a span of the virtual clock: their changes of state, and whom they told."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from blueprint.cloudwatch.model import State
from blueprint.errors import BlueprintError


class Suppression(StrEnum):
    """Why an action was held back; the value is CloudWatch's ActionsSuppressedBy."""

    ALARM = "Alarm"
    WAIT_PERIOD = "WaitPeriod"
    EXTENSION_PERIOD = "ExtensionPeriod"


@dataclass(frozen=True)
class Transition:
    """An alarm that went from one state to another at second `at`, and why in words."""

    at: int
    alarm: str
    before: State
    after: State
    reason: str


@dataclass(frozen=True)
class Notification:
    """What the `actions` (ARNs) of a state were told at second `at`, or not told because of `suppressed_by`.

    An action that is held back is noted twice when it goes out in the end: suppressed when the state changed, and
    delivered when the wait or extension period ran out.
    """

    at: int
    alarm: str
    state: State
    actions: tuple[str, ...]
    suppressed_by: Suppression | None = None

    @property
    def delivered(self) -> bool:
        """Whether somebody was told."""
        return self.suppressed_by is None


class Timeline:
    """The run of alarms from second `start` to `end`, both included; sorted by time, then as the alarms were given."""

    def __init__(
        self,
        *,
        start: int,
        end: int,
        initial: Mapping[str, State],
        transitions: Iterable[Transition],
        notifications: Iterable[Notification],
    ) -> None:
        place = {name: index for index, name in enumerate(initial)}
        self.start = start
        self.end = end
        self.transitions = tuple(sorted(transitions, key=lambda each: (each.at, place[each.alarm])))
        self.notifications = tuple(
            sorted(notifications, key=lambda each: (each.at, place[each.alarm]))
        )
        self._times: dict[str, list[int]] = {name: [] for name in initial}
        self._states: dict[str, list[State]] = {name: [state] for name, state in initial.items()}
        for transition in self.transitions:
            self._times[transition.alarm].append(transition.at)
            self._states[transition.alarm].append(transition.after)

    def state(self, name: str, at: int) -> State:
        """The state of alarm `name` at second `at`, changes in that very second made.

        BlueprintError for an alarm that was not evaluated and for a second outside the run.
        """
        times = self._of(name)
        if not self.start <= at <= self.end:
            raise BlueprintError(
                f"second {at} is outside the run from {self.start} to {self.end}",
                remedy="evaluate a longer span",
            )
        return self._states[name][bisect_right(times, at)]

    def first(self, name: str, state: State, after: int) -> int | None:
        """The first second, from `after` on, in which alarm `name` is in `state`; None where it never is.

        BlueprintError as for `state`.
        """
        if self.state(name, after) is state:
            return after
        times, states = self._times[name], self._states[name]
        later = range(bisect_right(times, after), len(times))
        return next((times[index] for index in later if states[index + 1] is state), None)

    def of(self, name: str) -> tuple[Transition, ...]:
        """The changes of alarm `name` alone; BlueprintError for an alarm that was not evaluated."""
        self._of(name)
        return tuple(each for each in self.transitions if each.alarm == name)

    def _of(self, name: str) -> list[int]:
        if name not in self._times:
            raise BlueprintError(
                f"no alarm called {name!r} was evaluated", remedy="name one of the alarms given"
            )
        return self._times[name]
