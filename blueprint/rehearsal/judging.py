"""Holds what an alarm did against what a case promises."""

from collections.abc import Callable, Mapping

from blueprint.cloudwatch.model import Alarm, State
from blueprint.cloudwatch.timeline import Timeline
from blueprint.rehearsal.model import Case, Kind
from blueprint.rehearsal.scripts import MINUTE, Script


def verdict(alarm: Alarm, case: Case, script: Script, timeline: Timeline) -> str | None:
    """Why `alarm` breaks the promise of `case`; None where it keeps it."""
    early = timeline.first(alarm.name, State.ALARM, timeline.start)
    if early is not None and early <= script.begins and script.start < script.begins:
        return f"is in ALARM {_minutes(script.begins - early)} minutes before anything happens"
    return _JUDGES[case.kind](alarm, case, script, timeline)


def _fire(alarm: Alarm, case: Case, script: Script, timeline: Timeline) -> str | None:
    fired = timeline.first(alarm.name, State.ALARM, script.begins)
    if fired is None:
        return f"does not fire: {timeline.state(alarm.name, timeline.end)} at the end"
    took = _minutes(fired - script.begins)
    if took > case.within:
        return f"fires after {took} minutes, promised are {case.within}"
    if not alarm.actions.alarm:
        return None
    told = [
        note.at
        for note in timeline.notifications
        if note.alarm == alarm.name and note.state is State.ALARM and note.delivered
    ]
    if case.told and (not told or told[0] - script.begins > case.within * MINUTE):
        return "fires and tells nobody in time"
    if not case.told and told:
        return f"tells somebody after {_minutes(told[0] - script.begins)} minutes, and should be suppressed"
    return None


def _clear(alarm: Alarm, case: Case, script: Script, timeline: Timeline) -> str | None:
    if missed := _not_fired(alarm, script, timeline):
        return missed
    last = timeline.state(alarm.name, timeline.end)
    if last is not State.OK:
        return (
            f"does not clear: {last} {_minutes(timeline.end - script.ends)} minutes after the end"
        )
    since = max(
        (change.at for change in timeline.of(alarm.name) if change.at > script.ends),
        default=script.ends,
    )
    took = _minutes(since - script.ends)
    return (
        f"clears after {took} minutes, promised are {case.within}" if took > case.within else None
    )


def _hold(alarm: Alarm, _: Case, script: Script, timeline: Timeline) -> str | None:
    if missed := _not_fired(alarm, script, timeline):
        return missed
    left = next(
        (
            change
            for change in timeline.of(alarm.name)
            if change.at > script.ends and change.after is not State.ALARM
        ),
        None,
    )
    if timeline.state(alarm.name, script.ends) is not State.ALARM:
        return f"is {timeline.state(alarm.name, script.ends)} while what it fired for goes on"
    if left is not None:
        return f"goes to {left.after} after {_minutes(left.at - script.ends)} minutes, with nothing repaired"
    return None


def _near_miss(alarm: Alarm, _: Case, script: Script, timeline: Timeline) -> str | None:
    fired = timeline.first(alarm.name, State.ALARM, script.begins)
    if fired is None:
        return None
    return f"fires after {_minutes(fired - script.begins)} minutes, and should not"


def _not_fired(alarm: Alarm, script: Script, timeline: Timeline) -> str | None:
    fired = timeline.first(alarm.name, State.ALARM, script.begins)
    return (
        None if fired is not None and fired <= script.ends else "does not fire in the first place"
    )


def _minutes(seconds: int) -> int:
    """Whole minutes, begun ones counted."""
    return -(-seconds // MINUTE)


_JUDGES: Mapping[Kind, Callable[[Alarm, Case, Script, Timeline], str | None]] = {
    Kind.FIRE: _fire,
    Kind.CLEAR: _clear,
    Kind.NEAR_MISS: _near_miss,
    Kind.HOLD: _hold,
}
