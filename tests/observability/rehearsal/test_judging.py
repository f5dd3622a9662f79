"""When an alarm keeps the promise of a case, and what is said where it does not."""

from pathlib import Path

import pytest

from blueprint.cloudwatch.model import Actions, CompositeAlarm, State
from blueprint.cloudwatch.timeline import Notification, Suppression, Timeline, Transition
from blueprint.rehearsal import judging
from blueprint.rehearsal.model import Case, Kind, Spot
from blueprint.rehearsal.scripts import Script
from blueprint.rehearsal.watched import Watched

ALARM = CompositeAlarm("a", "TRUE", actions=Actions(alarm=("page",)))
SPOT = Spot(Path("cases.yaml"), 1)
# Minutes: watched from 0, trouble from 10 to 20, watched until 60.
SCRIPT = Script(Watched("stack", "stack", {}), SPOT, (), 0, 600, 1200, 3600)


def _verdict(
    kind: Kind,
    *changes: tuple[int, State],
    within: int = 5,
    told: bool = True,
    notified: tuple[int, ...] = (),
    suppressed: tuple[int, ...] = (),
) -> str | None:
    transitions, state = [], State.OK
    for minute, after in changes:
        transitions.append(Transition(minute * 60, "a", state, after, ""))
        state = after
    notes = [
        *(Notification(minute * 60, "a", State.ALARM, ("page",)) for minute in notified),
        *(
            Notification(minute * 60, "a", State.ALARM, ("page",), Suppression.ALARM)
            for minute in suppressed
        ),
    ]
    timeline = Timeline(
        start=0, end=3600, initial={"a": State.OK}, transitions=transitions, notifications=notes
    )
    case = Case(kind, "a story", SPOT, (), within=within, told=told)
    return judging.verdict(ALARM, case, SCRIPT, timeline)


UP, DOWN, DARK = State.ALARM, State.OK, State.INSUFFICIENT_DATA


def test_an_alarm_that_fires_and_tells_in_time_keeps_its_promise() -> None:
    assert _verdict(Kind.FIRE, (15, UP), notified=(15,)) is None


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (_verdict(Kind.FIRE), "does not fire: OK at the end"),
        (_verdict(Kind.FIRE, (16, UP), notified=(16,)), "fires after 6 minutes, promised are 5"),
        (
            _verdict(Kind.FIRE, (9, UP), notified=(9,)),
            "is in ALARM 1 minutes before anything happens",
        ),
        (_verdict(Kind.FIRE, (12, UP)), "fires and tells nobody in time"),
        (_verdict(Kind.FIRE, (12, UP), suppressed=(12,)), "fires and tells nobody in time"),
        (_verdict(Kind.FIRE, (12, UP), notified=(16,)), "fires and tells nobody in time"),
        (
            _verdict(Kind.FIRE, (12, UP), told=False, notified=(13,)),
            "tells somebody after 3 minutes, and should be suppressed",
        ),
        (_verdict(Kind.CLEAR), "does not fire in the first place"),
        (_verdict(Kind.CLEAR, (21, UP)), "does not fire in the first place"),
        (_verdict(Kind.CLEAR, (12, UP)), "does not clear: ALARM 40 minutes after the end"),
        (_verdict(Kind.CLEAR, (12, UP), (21, DARK)), "does not clear: INSUFFICIENT_DATA"),
        (_verdict(Kind.CLEAR, (12, UP), (26, DOWN)), "clears after 6 minutes, promised are 5"),
        (
            _verdict(Kind.CLEAR, (12, UP), (21, DOWN), (40, UP), (41, DOWN)),
            "clears after 21 minutes, promised are 5",
        ),
        (_verdict(Kind.HOLD, (12, UP), (15, DOWN)), "is OK while what it fired for goes on"),
        (
            _verdict(Kind.HOLD, (12, UP), (30, DARK), (31, UP)),
            "goes to INSUFFICIENT_DATA after 10 minutes, with nothing repaired",
        ),
        (_verdict(Kind.NEAR_MISS, (40, UP)), "fires after 30 minutes, and should not"),
        (_verdict(Kind.NEAR_MISS, (5, UP), (6, DOWN)), "is in ALARM 5 minutes before anything"),
    ],
)
def test_a_broken_promise_is_told(verdict: str | None, words: str) -> None:
    assert verdict is not None
    assert verdict.startswith(words)


def test_an_alarm_that_clears_in_time_keeps_its_promise() -> None:
    assert _verdict(Kind.CLEAR, (12, UP), (25, DOWN)) is None
    assert _verdict(Kind.CLEAR, (12, UP), (18, DOWN)) is None


def test_an_alarm_that_stays_keeps_its_promise() -> None:
    assert _verdict(Kind.HOLD, (12, UP)) is None


def test_an_alarm_that_does_not_fire_keeps_the_promise_of_a_near_miss() -> None:
    assert _verdict(Kind.NEAR_MISS, (15, DARK), (16, DOWN)) is None


def test_a_suppressed_alarm_may_fire_as_long_as_nobody_is_told() -> None:
    assert _verdict(Kind.FIRE, (12, UP), told=False, suppressed=(12,)) is None
