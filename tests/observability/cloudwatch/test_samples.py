"""What may be reported, and what PutMetricData would refuse."""

import math
import re

import pytest

from blueprint.cloudwatch.evaluation import datapoints
from blueprint.cloudwatch.model import Metric
from blueprint.cloudwatch.samples import Samples
from blueprint.errors import BlueprintError
from tests.observability.cloudwatch import building


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2.0**361])
def test_a_value_that_is_no_reportable_number_is_refused(value: float) -> None:
    with pytest.raises(BlueprintError, match=re.escape(f"Errors: {value} cannot be reported")):
        Samples().put(building.METRIC, 0, value)
    with pytest.raises(BlueprintError, match="cannot be reported"):
        Samples().put_set(building.METRIC, 0, value, value, value, 1)


@pytest.mark.parametrize("count", [0, -1])
def test_a_value_that_nobody_saw_is_refused(count: int) -> None:
    with pytest.raises(BlueprintError, match=f"Errors: a value cannot be seen {count} times"):
        Samples().put(building.METRIC, 0, 1, count)
    with pytest.raises(BlueprintError, match=f"Errors: a value cannot be seen {count} times"):
        Samples().put_set(building.METRIC, 0, 1, 1, 1, count)


@pytest.mark.parametrize(("low", "high", "total"), [(2, 1, 3), (1, 2, 5), (1, 2, 1.5)])
def test_a_statistic_set_that_no_samples_can_have_is_refused(
    low: float, high: float, total: float
) -> None:
    with pytest.raises(BlueprintError, match=r"2 samples between .* cannot add up to"):
        Samples().put_set(building.METRIC, 0, low, high, total, 2)


def test_a_sum_that_was_rounded_on_the_way_is_taken() -> None:
    samples = Samples()
    samples.put_set(building.METRIC, 0, 0.1, 0.1, 0.1 * 3, 3)

    [(_, point)] = datapoints(building.alarm(statistic="p50"), samples, start=60, end=60)

    assert point == 0.1


def test_a_histogram_is_the_same_as_its_values_one_by_one() -> None:
    at_once, singly = Samples(), Samples()
    at_once.put_histogram(building.METRIC, {0: {1.0: 2, 5.0: 1}, 60: {7.0: 3}}, unit="Count")
    for at, value, count in ((0, 1, 2), (0, 5, 1), (60, 7, 3)):
        singly.put(building.METRIC, at, value, count, "Count")

    for statistic in ("Sum", "SampleCount", "p50", "PR(:5)"):
        alarm = building.alarm(statistic=statistic, period=120, unit="Count")
        assert datapoints(alarm, at_once, start=60, end=180) == datapoints(
            alarm, singly, start=60, end=180
        )


@pytest.mark.parametrize("values", [{math.nan: 1}, {1.0: 0}])
def test_a_histogram_is_held_to_the_same_as_a_value(values: dict[float, int]) -> None:
    with pytest.raises(BlueprintError, match="Errors: "):
        Samples().put_histogram(building.METRIC, {0: values})


def test_an_empty_histogram_reports_nothing() -> None:
    samples = Samples()
    samples.put_histogram(building.METRIC, {0: {}, 60: {}})

    assert samples.metrics == ()


def test_the_metrics_with_samples_are_listed_once_each() -> None:
    other = Metric.of("Shop", "Calls", {})
    samples = building.reported([1, 1])
    samples.put(other, 0, 1)

    assert samples.metrics == (building.METRIC, other)
