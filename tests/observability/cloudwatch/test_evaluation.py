"""An alarm's run from its beginning on: data from before, units, ties, odd input; what alarms tell."""

from dataclasses import replace

import pytest

from blueprint.cloudwatch.evaluation import datapoints, evaluate
from blueprint.cloudwatch.model import Actions, Metric, MetricAlarm, MissingData, Query, State
from blueprint.cloudwatch.samples import Samples
from blueprint.errors import BlueprintError
from tests.observability.cloudwatch import building


def test_an_alarm_goes_off_when_enough_breach_and_returns_to_ok() -> None:
    alarm = building.alarm(datapoints=2, evaluation_periods=3)
    samples = building.reported([0, 0, 0, 1, 1, 0, 0, 0])

    timeline = evaluate([alarm], samples, start=120, end=480)

    assert [(each.at, each.before, each.after) for each in timeline.transitions] == [
        (120, State.INSUFFICIENT_DATA, State.OK),
        (300, State.OK, State.ALARM),
        (420, State.ALARM, State.OK),
    ]
    assert timeline.transitions[1].reason == (
        "data points 0 0 0 1 1, alarm where 2 of 3 are GreaterThanThreshold 0, missing data: notBreaching"
    )


def test_a_new_alarm_acts_on_the_first_state_it_finds() -> None:
    timeline = evaluate([building.alarm()], building.reported([1]), start=60, end=60)

    [told] = timeline.notifications
    assert (told.at, told.state, told.actions, told.delivered) == (60, State.ALARM, ("page",), True)


def test_an_alarm_that_is_in_its_state_already_tells_nobody() -> None:
    alarm = building.alarm()
    samples = building.reported([1])

    timeline = evaluate([alarm], samples, start=60, end=60, initial={alarm.name: State.ALARM})

    assert timeline.notifications == ()
    assert timeline.state(alarm.name, 60) is State.ALARM


def test_nobody_is_told_of_a_state_without_actions_nor_while_actions_are_off() -> None:
    only_alarm = replace(building.alarm("only-alarm"), actions=Actions(alarm=("page",)))
    off = replace(building.alarm("off"), actions=Actions(alarm=("page",), enabled=False))
    samples = building.reported([1, 0])

    timeline = evaluate([only_alarm, off], samples, start=60, end=120)

    assert [(each.at, each.alarm) for each in timeline.notifications] == [(60, "only-alarm")]
    assert len(timeline.transitions) == 4


def test_a_sample_counts_in_the_period_that_begins_in_its_second() -> None:
    samples = Samples()
    samples.put(building.METRIC, 60, 5)

    points = datapoints(building.alarm(), samples, start=60, end=180)

    assert points == [(60, None), (120, 5), (180, None)]


def test_the_evaluation_range_begins_with_the_first_second_of_its_oldest_period() -> None:
    samples = Samples()
    samples.put(building.METRIC, 0, 1)
    alarm = building.alarm(missing_data=MissingData.MISSING)

    timeline = evaluate([alarm], samples, start=180, end=240)

    assert [(each.at, each.after) for each in timeline.transitions] == [
        (180, State.ALARM),
        (240, State.INSUFFICIENT_DATA),
    ]


def test_the_order_in_which_samples_are_put_does_not_matter() -> None:
    forth, back = Samples(), Samples()
    for minute in range(10):
        forth.put(building.METRIC, 60 * minute, minute)
        back.put(building.METRIC, 60 * (9 - minute), 9 - minute)
    alarm = building.alarm(period=300, statistic="p50")

    assert datapoints(alarm, forth, start=0, end=900) == datapoints(alarm, back, start=0, end=900)


def test_a_high_resolution_alarm_is_evaluated_every_ten_seconds() -> None:
    samples = Samples()
    samples.put(building.METRIC, 20, 1)
    alarm = building.alarm(period=30, missing_data=MissingData.MISSING)

    points = datapoints(alarm, samples, start=20, end=60)

    assert points == [(20, None), (30, 1), (40, 1), (50, 1), (60, None)]


def test_a_start_between_minutes_is_evaluated_at_the_next_one() -> None:
    timeline = evaluate([building.alarm()], building.reported([1, 1]), start=61, end=170)

    assert [each.at for each in timeline.transitions] == [120]


def test_a_span_without_any_evaluation_changes_nothing() -> None:
    timeline = evaluate([building.alarm()], building.reported([1, 1]), start=61, end=100)

    assert timeline.transitions == ()
    assert timeline.state("errors", 100) is State.INSUFFICIENT_DATA


def test_an_alarm_on_a_metric_that_nobody_reports_sees_missing_data_only() -> None:
    alarms = [building.alarm(mode, missing_data=mode) for mode in MissingData]

    timeline = evaluate(alarms, Samples(), start=0, end=3600)

    assert {mode: timeline.state(mode, 3600) for mode in MissingData} == {
        MissingData.MISSING: State.INSUFFICIENT_DATA,
        MissingData.IGNORE: State.INSUFFICIENT_DATA,
        MissingData.BREACHING: State.ALARM,
        MissingData.NOT_BREACHING: State.OK,
    }


def test_a_unit_that_is_asked_for_hides_samples_in_any_other() -> None:
    samples = Samples()
    samples.put(building.METRIC, 0, 1, unit="Count")
    samples.put(building.METRIC, 0, 2)
    seen = {
        unit: datapoints(building.alarm(unit=unit), samples, start=60, end=60)
        for unit in ("Count", "None", "Seconds", None)
    }

    assert seen == {
        "Count": [(60, 1)],
        "None": [(60, 2)],
        "Seconds": [(60, None)],
        None: [(60, 3)],
    }


def test_a_window_that_slid_past_a_value_is_exactly_as_before_it() -> None:
    samples = building.reported([0.1, 0.2, 0.3, 0.7, 1e15, *[0.0] * 10])

    points = dict(datapoints(building.alarm(period=120), samples, start=120, end=900))

    assert points[420] == 0
    assert points[180] == 0.5
    assert points[300] == 1e15 + 0.7


def test_a_metric_with_dimensions_in_another_order_is_the_same() -> None:
    one = Metric.of("Shop", "Errors", {"Service": "orders", "Stage": "prod"})
    other = Metric.of("Shop", "Errors", {"Stage": "prod", "Service": "orders"})

    points = datapoints(
        building.alarm(metric=one), building.reported([4], metric=other), start=60, end=60
    )

    assert points == [(60, 4)]


def test_an_expression_reads_other_expressions() -> None:
    errors, calls = (Metric.of("Shop", name, {}) for name in ("Errors", "Calls"))
    samples = building.reported([1, 1, None], metric=errors)
    for minute, count in enumerate((4, 2, 8)):
        samples.put(calls, 60 * minute, count)
    read = (
        Query("errors", errors, "Sum", 60, returns_data=False),
        Query("calls", calls, "Sum", 60, returns_data=False),
    )
    rate = Query("rate", expression="errors / calls", returns_data=False)
    gated = Query("gated", expression="IF(calls >= 4, rate, 0)")
    alarm = replace(building.alarm(), queries=(*read, gated, rate))

    assert datapoints(alarm, samples, start=60, end=180) == [(60, 0.25), (120, 0), (180, 0)]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (
            building.alarm(datapoints=4, evaluation_periods=3),
            "alarm errors wants 4 of 3 data points",
        ),
        (building.alarm(datapoints=0), "alarm errors wants 0 of 1 data points"),
        (building.alarm(threshold=float("nan")), "alarm errors has the threshold nan"),
        (building.alarm(period=45), "alarm errors: m1 has a period of 45 s"),
        (building.alarm(period=90), "alarm errors: m1 has a period of 90 s"),
        (building.alarm(statistic="p101"), "alarm errors: the statistic 'p101' goes beyond 100%"),
        (replace(building.alarm(), queries=()), "alarm errors compares 0 queries"),
    ],
)
def test_an_alarm_that_cannot_be_evaluated_is_refused_by_name(
    broken: MetricAlarm, message: str
) -> None:
    with pytest.raises(BlueprintError, match=message):
        evaluate([broken], Samples(), start=0, end=60)


def test_two_alarms_of_one_name_are_refused() -> None:
    with pytest.raises(BlueprintError, match="alarm errors is there twice"):
        evaluate([building.alarm(), building.alarm()], Samples(), start=0, end=60)


def test_queries_of_an_alarm_have_one_period_ids_of_their_own_and_one_result() -> None:
    of = building.alarm().queries[0]
    hourly = replace(of, id="m2", period=3600, returns_data=False)
    cases = {
        "m2 has a period of 3600 s, the alarm one of 60 s": (of, hourly),
        "two queries with one id": (of, replace(of, returns_data=False)),
        "compares 2 queries": (of, replace(of, id="m2")),
        "m2 needs a metric or an expression, and not both": (
            of,
            replace(of, id="m2", expression="m1", returns_data=False),
        ),
    }
    for message, queries in cases.items():
        with pytest.raises(BlueprintError, match=message):
            evaluate([replace(building.alarm(), queries=queries)], Samples(), start=0, end=60)


def test_a_run_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BlueprintError, match="the run ends at second 60, before it begins at 120"):
        evaluate([building.alarm()], Samples(), start=120, end=60)


def test_an_initial_state_of_an_alarm_that_is_not_there_is_refused() -> None:
    with pytest.raises(BlueprintError, match="initial state of 'gone' is given, which is none of"):
        evaluate([building.alarm()], Samples(), start=0, end=60, initial={"gone": State.OK})
