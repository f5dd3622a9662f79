"""Says whom alarms tell of their changes, and what a suppressor holds back.

Read from "Alarm suppression" of the CloudWatch user guide and its six examples: a change of a composite alarm waits
for its suppressor (wait period), is held back while that is in ALARM, and waits once more after it (extension
period); then the alarm acts on the state it is in by now.

What is not documented, and our choice:

- A change of the suppressor in the very second in which a period runs out still counts.
- After the extension period an alarm acts only if a change was held back; on its state by then, be it the one before.
- A suppressor in INSUFFICIENT_DATA holds nothing back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blueprint.cloudwatch import rules
from blueprint.cloudwatch.model import Actions, Alarm, CompositeAlarm, State
from blueprint.cloudwatch.timeline import Notification, Suppression, Transition


def of(
    alarm: Alarm,
    changes: Mapping[str, Sequence[Transition]],
    before: Mapping[str, State],
    *,
    end: int,
) -> Iterator[Notification]:
    """What `alarm` tells, or would tell but for its suppressor, up to second `end`; nothing where nobody is to be told.

    `changes` are those of all alarms and `before` the states of all at the start, by name.
    """
    if isinstance(alarm, CompositeAlarm) and alarm.suppressor is not None:
        suppressor = rules.name_of(alarm.suppressor)
        told = _suppressed(alarm, changes[alarm.name], changes[suppressor], before[suppressor], end)
    else:
        told = ((change.at, change.after, None) for change in changes[alarm.name])
    for at, state, suppressed_by in told:
        if actions := _of_state(alarm.actions, state):
            yield Notification(at, alarm.name, state, actions, suppressed_by)


@dataclass(frozen=True)
class _Period:
    """A wait or extension period that runs out at second `end`."""

    kind: Suppression
    end: int


def _suppressed(
    alarm: CompositeAlarm,
    own: Sequence[Transition],
    suppressor: Sequence[Transition],
    suppressor_before: State,
    end: int,
) -> Iterator[tuple[int, State, Suppression | None]]:
    changes = {change.at: change.after for change in own}
    suppressing = {change.at: change.after is State.ALARM for change in suppressor}
    suppressed = suppressor_before is State.ALARM
    held: State | None = None
    period: _Period | None = None
    for at in sorted({*changes, *suppressing}):
        if held is not None and period is not None and period.end < at:
            yield period.end, held, None
            held = period = None
        was, suppressed = suppressed, suppressing.get(at, suppressed)
        held = changes.get(at, held)
        if suppressed:
            period = None
            if at in changes:
                yield at, changes[at], Suppression.ALARM
        elif at in changes:
            period = _Period(Suppression.WAIT_PERIOD, at + alarm.wait)
            if alarm.wait:
                yield at, changes[at], Suppression.WAIT_PERIOD
        elif was:
            period = _Period(Suppression.EXTENSION_PERIOD, at + alarm.extension)
    if held is not None and period is not None and period.end <= end:
        yield period.end, held, None


def _of_state(actions: Actions, state: State) -> tuple[str, ...]:
    if not actions.enabled:
        return ()
    match state:
        case State.ALARM:
            return actions.alarm
        case State.OK:
            return actions.ok
        case State.INSUFFICIENT_DATA:
            return actions.insufficient_data
