"""Composite alarms follow their children in the very second, and a suppressor holds back what they tell."""

from collections.abc import Sequence

import pytest

from blueprint.cloudwatch.evaluation import evaluate
from blueprint.cloudwatch.model import Alarm, Metric, MissingData, State
from blueprint.cloudwatch.samples import Samples
from blueprint.cloudwatch.timeline import Suppression
from blueprint.errors import BlueprintError
from tests.observability.cloudwatch import building

A, B, S = (Metric.of("Shop", name, {}) for name in "abs")
CHILDREN: list[Alarm] = [
    building.alarm("a", metric=A),
    building.alarm("b", metric=B),
    building.alarm("s", metric=S),
]


def ok(alarms: Sequence[Alarm]) -> dict[str, State]:
    """All of `alarms` in OK, so that only what happens later is seen."""
    return {alarm.name: State.OK for alarm in alarms}


def on(**minutes: tuple[int, ...]) -> Samples:
    """Samples that put alarm a, b or s into ALARM at the ends of these minutes."""
    samples = Samples()
    for name, metric in (("a", A), ("b", B), ("s", S)):
        for minute in range(30):
            samples.put(metric, (minute - 1) * 60, float(minute in minutes.get(name, ())))
    return samples


def test_a_composite_alarm_changes_in_the_second_of_its_children() -> None:
    page = building.composite("ALARM(a) AND ALARM(b)")

    timeline = evaluate([*CHILDREN, page], on(a=(2, 3, 4), b=(3, 4, 5)), start=0, end=600)

    assert [(each.at, each.after) for each in timeline.of("page")] == [
        (0, State.OK),
        (180, State.ALARM),
        (300, State.OK),
    ]
    assert timeline.of("page")[1].reason == "a is ALARM, b is ALARM"


def test_composites_of_composites_are_evaluated_children_first_however_they_are_given() -> None:
    team = building.composite("ALARM(page)", "team")
    page = building.composite("ALARM(a)")

    alarms = [team, page, *CHILDREN]

    timeline = evaluate(alarms, on(a=(2,)), start=0, end=600, initial=ok(alarms))

    assert [(each.at, each.alarm) for each in timeline.transitions] == [
        (120, "team"),
        (120, "page"),
        (120, "a"),
        (180, "team"),
        (180, "page"),
        (180, "a"),
    ]


def test_a_constant_rule_is_evaluated_once() -> None:
    timeline = evaluate([building.composite("TRUE")], Samples(), start=30, end=600)

    assert [(each.at, each.after, each.reason) for each in timeline.transitions] == [
        (30, State.ALARM, "the rule is constant")
    ]


def test_composite_alarms_in_a_circle_are_refused_with_the_circle() -> None:
    page, team = building.composite("ALARM(team)"), building.composite("ALARM(page)", "team")

    with pytest.raises(
        BlueprintError, match=r"depend on each other: (page -> team -> page|team -> page -> team)"
    ):
        evaluate([page, team], Samples(), start=0, end=60)


@pytest.mark.parametrize(
    "page", [building.composite("ALARM(gone)"), building.composite("TRUE", suppressor="gone")]
)
def test_a_rule_or_suppressor_that_names_no_alarm_is_refused(page: Alarm) -> None:
    with pytest.raises(BlueprintError, match="alarm page depends on 'gone', which is none of"):
        evaluate([page], Samples(), start=0, end=60)


def test_a_slip_in_a_rule_names_its_alarm() -> None:
    with pytest.raises(BlueprintError, match="alarm page: the rule 'ALARM' has the end"):
        evaluate([building.composite("ALARM")], Samples(), start=0, end=60)


def told(samples: Samples, *, wait: int, extension: int, end: int = 1200) -> list[object]:
    """When composite alarm `page` on a, suppressed by s, tells what, in minutes; or why it does not."""
    page = building.composite("ALARM(a)", suppressor="s", wait=wait * 60, extension=extension * 60)
    alarms = [*CHILDREN, page]
    timeline = evaluate(alarms, samples, start=0, end=end, initial=ok(alarms))
    return [
        (each.at // 60, each.suppressed_by or each.state)
        for each in timeline.notifications
        if each.alarm == "page"
    ]


def test_without_a_wait_period_an_action_goes_out_at_once() -> None:
    assert told(on(a=(2, 3)), wait=0, extension=0) == [(2, State.ALARM), (4, State.OK)]


def test_a_suppressor_that_goes_off_as_the_wait_period_ends_still_counts() -> None:
    assert told(
        on(a=tuple(range(2, 20)), s=tuple(range(4, 20))), wait=2, extension=3, end=1100
    ) == [(2, Suppression.WAIT_PERIOD)]


def test_a_suppressor_that_clears_without_anything_held_back_tells_nothing() -> None:
    assert told(on(s=(2, 3, 4)), wait=2, extension=3) == []


def test_what_was_held_back_is_told_as_the_state_is_by_then() -> None:
    suppressed = on(a=(3, 4), s=tuple(range(2, 8)))

    assert told(suppressed, wait=2, extension=3) == [
        (3, Suppression.ALARM),
        (5, Suppression.ALARM),
        (11, State.OK),
    ]


def test_a_suppressor_that_returns_within_the_extension_period_holds_on() -> None:
    suppressed = on(a=tuple(range(3, 21)), s=(2, 3, 4, 6, 7))

    assert told(suppressed, wait=2, extension=3) == [
        (3, Suppression.ALARM),
        (11, State.ALARM),
    ]


def test_a_period_that_runs_out_at_the_end_of_the_run_is_within_it() -> None:
    assert told(on(a=(2, 3, 4, 5)), wait=2, extension=3, end=240)[-1] == (4, State.ALARM)
    assert told(on(a=(2, 3, 4, 5)), wait=2, extension=3, end=239)[-1] == (
        2,
        Suppression.WAIT_PERIOD,
    )


def test_a_suppressor_may_be_named_by_its_arn() -> None:
    arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:s"
    alarms = [*CHILDREN, building.composite("ALARM(a)", suppressor=arn, wait=60)]

    timeline = evaluate(alarms, on(a=(2,), s=(2,)), start=0, end=120, initial=ok(alarms))

    assert [each.suppressed_by for each in timeline.notifications if each.alarm == "page"] == [
        Suppression.ALARM
    ]


def test_a_suppressor_without_data_holds_nothing_back() -> None:
    silent = building.alarm("s", metric=S, missing_data=MissingData.MISSING)
    page = building.composite("ALARM(a)", suppressor="s")
    alarms = [CHILDREN[0], silent, page]
    samples = building.reported([0, 1, 1], metric=A)

    timeline = evaluate(alarms, samples, start=60, end=120, initial=ok(alarms))

    assert timeline.state("s", 120) is State.INSUFFICIENT_DATA
    assert [each.delivered for each in timeline.notifications if each.alarm == "page"] == [True]


def test_a_suppressor_that_gets_its_first_data_in_a_wait_period_does_not_prolong_it() -> None:
    starting = building.alarm("s", metric=S, missing_data=MissingData.MISSING)
    page = building.composite("ALARM(a)", suppressor="s", wait=180, extension=600)
    alarms = [CHILDREN[0], starting, page]
    samples = building.reported([0, 1, 1, 1, 1, 1, 1], metric=A)
    samples.put(S, 120, 0)
    before = ok(alarms) | {"s": State.INSUFFICIENT_DATA}

    timeline = evaluate(alarms, samples, start=60, end=400, initial=before)

    assert timeline.first("s", State.OK, 60) == 180
    told = [each for each in timeline.notifications if each.alarm == "page" and each.delivered]
    assert [(each.at, each.state) for each in told] == [(300, State.ALARM)]
