"""Where AWS's page is silent about missing data, the choices that the module's head names."""

from dataclasses import replace

import pytest

from blueprint.cloudwatch.evaluation import evaluate
from blueprint.cloudwatch.missing_data import judge
from blueprint.cloudwatch.model import LowSamples, Metric, MissingData, State
from blueprint.cloudwatch.samples import Samples
from tests.observability.cloudwatch import building


@pytest.mark.parametrize("mode", MissingData)
def test_enough_breaching_data_points_go_off_whatever_missing_ones_mean(mode: MissingData) -> None:
    state = judge(b"-X-X-", datapoints=2, evaluation_periods=3, missing_data=mode)

    assert state is State.ALARM


@pytest.mark.parametrize("mode", [MissingData.MISSING, MissingData.IGNORE])
def test_a_young_breach_among_missing_data_keeps_the_state(mode: MissingData) -> None:
    assert judge(b"----X", datapoints=3, evaluation_periods=3, missing_data=mode) is None


def test_a_breach_at_the_far_end_of_the_range_is_as_old_as_any() -> None:
    state = judge(b"X----", datapoints=3, evaluation_periods=3, missing_data=MissingData.MISSING)

    assert state is State.ALARM


def test_one_low_percentile_among_the_evaluated_data_points_keeps_the_state() -> None:
    assert (
        judge(b"XXx", datapoints=1, evaluation_periods=1, missing_data=MissingData.MISSING) is None
    )


def test_a_low_percentile_further_back_than_what_is_evaluated_does_not_matter() -> None:
    state = judge(b"xo0", datapoints=1, evaluation_periods=1, missing_data=MissingData.MISSING)

    assert state is State.OK


def test_an_alarm_of_one_breaching_period_waits_for_three_silent_ones() -> None:
    alarm = building.alarm(period=300, threshold=100, missing_data=MissingData.BREACHING)
    samples = building.reported([1] * 10)

    timeline = evaluate([alarm], samples, start=600, end=3600)

    # the last sample, of 570 s, is in the oldest of three periods until 1,470 s
    assert timeline.first(alarm.name, State.ALARM, 600) == 1500


@pytest.mark.parametrize("mode", MissingData)
def test_an_alarm_on_dynamodb_ignores_missing_data_whatever_it_says(mode: MissingData) -> None:
    throttled = Metric.of("AWS/DynamoDB", "ReadThrottleEvents", {"TableName": "orders"})
    alarm = building.alarm(metric=throttled, missing_data=mode)
    samples = building.reported([1], metric=throttled)

    timeline = evaluate([alarm], samples, start=60, end=3600)

    assert [change.after for change in timeline.transitions] == [State.ALARM]


def test_an_expression_over_dynamodb_clears_as_its_missing_data_says() -> None:
    throttled = Metric.of("AWS/DynamoDB", "ReadThrottleEvents", {"TableName": "orders"})
    alarm = building.on_expression(building.alarm(), "FILL(m1, 0)", {"m1": throttled})
    samples = building.reported([1], metric=throttled)

    timeline = evaluate([alarm], samples, start=60, end=3600)

    assert timeline.first(alarm.name, State.OK, 60) == 120


def test_a_percentile_of_few_samples_is_ignored_only_where_the_alarm_says_so() -> None:
    samples = Samples()
    for minute, count in enumerate((50, 100)):
        samples.put(building.METRIC, 60 * minute, 900, count)
    evaluated = building.alarm("evaluated", statistic="p90", threshold=500)
    ignored = replace(evaluated, name="ignored", low_samples=LowSamples.IGNORE)

    timeline = evaluate([evaluated, ignored], samples, start=60, end=120)

    assert timeline.first("evaluated", State.ALARM, 60) == 60
    assert timeline.first("ignored", State.ALARM, 60) == 120
