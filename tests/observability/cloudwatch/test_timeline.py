"""What can be asked of a run of alarms."""

import pytest

from blueprint.cloudwatch.model import State
from blueprint.cloudwatch.timeline import Timeline, Transition
from blueprint.errors import BlueprintError


@pytest.fixture
def timeline() -> Timeline:
    """Alarm a goes off at second 60 and clears at 120; alarm b never moves."""
    return Timeline(
        start=0,
        end=180,
        initial={"a": State.OK, "b": State.INSUFFICIENT_DATA},
        transitions=[
            Transition(120, "a", State.ALARM, State.OK, ""),
            Transition(60, "a", State.OK, State.ALARM, ""),
        ],
        notifications=[],
    )


def test_a_state_holds_from_the_second_of_its_change(timeline: Timeline) -> None:
    states = [timeline.state("a", at) for at in (0, 59, 60, 119, 120, 180)]

    assert states == [State.OK, State.OK, State.ALARM, State.ALARM, State.OK, State.OK]


def test_the_first_second_in_a_state_is_the_one_asked_from_if_it_is_in_it(
    timeline: Timeline,
) -> None:
    assert timeline.first("a", State.ALARM, 0) == 60
    assert timeline.first("a", State.ALARM, 90) == 90
    assert timeline.first("a", State.ALARM, 120) is None
    assert timeline.first("a", State.OK, 60) == 120
    assert timeline.first("b", State.OK, 0) is None


def test_transitions_come_in_the_order_of_time(timeline: Timeline) -> None:
    assert [each.at for each in timeline.transitions] == [60, 120]
    assert timeline.of("a") == timeline.transitions
    assert timeline.of("b") == ()


def test_an_alarm_that_was_not_run_is_refused_by_name(timeline: Timeline) -> None:
    for ask in (
        lambda: timeline.state("c", 0),
        lambda: timeline.first("c", State.OK, 0),
        lambda: timeline.of("c"),
    ):
        with pytest.raises(BlueprintError, match="no alarm called 'c' was evaluated"):
            ask()


@pytest.mark.parametrize("at", [-1, 181])
def test_a_second_outside_the_run_is_refused(timeline: Timeline, at: int) -> None:
    with pytest.raises(BlueprintError, match=f"second {at} is outside the run from 0 to 180"):
        timeline.state("a", at)
