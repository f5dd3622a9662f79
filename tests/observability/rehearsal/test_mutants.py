"""Which slips are made of an alarm."""

from collections import defaultdict

import pytest

from blueprint.cloudwatch import metric_math
from blueprint.cloudwatch.evaluation import evaluate
from blueprint.cloudwatch.model import (
    Comparison,
    CompositeAlarm,
    Metric,
    MetricAlarm,
    MissingData,
    Query,
)
from blueprint.cloudwatch.samples import Samples
from blueprint.rehearsal import composite_mutants, mutants
from tests.observability.rehearsal import pack

API = {"ApiId": "abc123", "Stage": "live"}
RATE = pack.alarm_of(
    "IF(requests > 0, errors / requests, 0)",
    {
        "errors": Query("", Metric.of("AWS/ApiGateway", "5xx", API), "Sum", 300),
        "requests": Query("", Metric.of("AWS/ApiGateway", "Count", API), "SampleCount", 300),
    },
    threshold=0.05,
)


def _changes(alarm: MetricAlarm) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for mutant in mutants.of(alarm):
        found[mutant.operator].append(mutant.change)
    return found


def test_every_field_of_a_plain_alarm_is_mutated() -> None:
    found = _changes(pack.NOT_EMPTY)
    assert found["threshold"] == ["1 to 10", "1 to 0.1"]
    assert found["operator"] == ["GreaterThanOrEqualToThreshold to LessThanOrEqualToThreshold"]
    assert found["boundary"] == ["GreaterThanOrEqualToThreshold to GreaterThanThreshold"]
    assert [change.rpartition(" ")[2] for change in found["statistic"]] == ["Minimum", "Sum"]
    assert found["period"] == ["60 s x 5"]  # 12 s is no period
    assert found["datapoints"] == ["2 of 3 to 1 of 3", "2 of 3 to 2 of 2", "2 of 3 to 3 of 3"]
    assert found["missing data"] == [
        "ignore to missing",
        "ignore to breaching",
        "ignore to notBreaching",
    ]
    for operator in (
        "metric",
        "namespace",
        "dimension value",
        "dimension name",
        "dimension dropped",
    ):
        assert len(found[operator]) == 1, operator


def test_a_threshold_of_zero_is_moved_to_either_side() -> None:
    alarm = pack.alarm_on(pack.VISIBLE)
    assert _changes(alarm)["threshold"] == ["0 to 10", "0 to -1"]


def test_every_operator_and_number_of_an_expression_is_mutated() -> None:
    found = _changes(RATE)
    assert [change.rpartition(" to ")[2] for change in found["math operator"]] == [
        "IF(requests < 0, errors / requests, 0)",
        "IF(requests > 0, errors * requests, 0)",
    ]
    assert [change.rpartition(" to ")[2] for change in found["math constant"]] == [
        "IF(requests > 1, errors / requests, 0)",
        "IF(requests > 0, errors / requests, 1)",
    ]
    assert found["operands"] == ["errors and requests swapped"]
    assert len(found["dimension dropped"]) == 4


def test_a_fill_is_left_out() -> None:
    alarm = pack.alarm_of("FILL(a, 0) + 1", {"a": Query("", pack.VISIBLE, "Sum", 60)})
    assert _changes(alarm)["math FILL"] == ["FILL(a, 0) + 1 to a + 1"]


def test_the_limit_of_a_percentile_rank_is_moved() -> None:
    alarm = pack.alarm_on(pack.VISIBLE, statistic="PR(:1000)")
    assert [change.rpartition(" ")[2] for change in _changes(alarm)["statistic"]] == [
        "PR(:10000)",
        "PR(:100)",
    ]


@pytest.mark.parametrize("alarm", [pack.NOT_EMPTY, RATE])
def test_each_mutant_is_another_alarm_that_cloudwatch_would_take(alarm: MetricAlarm) -> None:
    made = [mutant.alarm for mutant in mutants.of(alarm)]
    assert alarm not in made
    assert len({repr(each) for each in made}) == len(made)
    for each in made:
        assert isinstance(each, MetricAlarm)
        metric_math.compile_queries(each.queries)
        evaluate([each], Samples(), start=0, end=3600)


def test_a_window_is_not_stretched_beyond_what_cloudwatch_looks_back() -> None:
    week = pack.alarm_on(pack.VISIBLE, period=604_800)
    assert _changes(week)["period"] == ["604800 s / 5"]
    day = pack.alarm_on(pack.VISIBLE, period=60, evaluation_periods=1440, datapoints=44)
    assert _changes(day)["period"] == []


def test_every_child_operator_and_suppression_of_a_combined_alarm_is_mutated() -> None:
    alarm = pack.composite(
        'NOT ALARM("no AND or") AND (ALARM(b) OR OK("c"))',
        suppressor="page",
        wait=120,
        extension=300,
    )
    found = [
        (mutant.operator, mutant.alarm)
        for mutant in composite_mutants.of(alarm)
        if isinstance(mutant.alarm, CompositeAlarm)
    ]
    rules = [each.rule for operator, each in found if operator in {"rule operator", "child"}]
    assert rules == [
        ' ALARM("no AND or") AND (ALARM(b) OR OK("c"))',
        'NOT ALARM("no AND or") OR (ALARM(b) OR OK("c"))',
        'NOT ALARM("no AND or") AND (ALARM(b) AND OK("c"))',
        'NOT TRUE AND (ALARM(b) OR OK("c"))',
        'NOT FALSE AND (ALARM(b) OR OK("c"))',
        'NOT ALARM("no AND or") AND (TRUE OR OK("c"))',
        'NOT ALARM("no AND or") AND (FALSE OR OK("c"))',
        'NOT ALARM("no AND or") AND (ALARM(b) OR TRUE)',
        'NOT ALARM("no AND or") AND (ALARM(b) OR FALSE)',
    ]
    rest = {
        operator: each for operator, each in found if operator not in {"rule operator", "child"}
    }
    assert rest["suppressor"].suppressor is None
    assert (rest["wait"].wait, rest["wait"].extension) == (0, 300)
    assert (rest["extension"].wait, rest["extension"].extension) == (120, 0)


def test_comparison_and_missing_data_cover_every_value_there_is() -> None:
    for comparison in Comparison:
        alarm = pack.alarm_on(pack.VISIBLE, comparison=comparison)
        assert len(_changes(alarm)["operator"]) == len(_changes(alarm)["boundary"]) == 1
    for missing in MissingData:
        assert len(_changes(pack.alarm_on(pack.VISIBLE, missing_data=missing))["missing data"]) == 3
