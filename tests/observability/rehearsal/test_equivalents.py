"""Which mutants no data can tell from their alarm: what a rule says is tried on every small minute there can be."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from blueprint.catalogue import catalogue
from blueprint.catalogue.model import Fact, Reports
from blueprint.cloudwatch.evaluation import datapoints
from blueprint.cloudwatch.model import Comparison, Metric, MetricAlarm, MissingData, Query
from blueprint.cloudwatch.samples import Samples
from blueprint.rehearsal import equivalents, mutants
from tests.observability.rehearsal import pack

TABLE = {"TableName": "shop-carts"}
WORKER = {"FunctionName": "shop-worker"}
API = {"ApiId": "abc123", "Stage": "live"}
READS = Metric.of("AWS/DynamoDB", "ReadThrottleEvents", TABLE)  # 1, when it happens
WRITES = Metric.of("AWS/DynamoDB", "WriteThrottleEvents", TABLE)
ERRORS = Metric.of("AWS/Lambda", "Errors", WORKER)  # 0 or 1
DURATION = Metric.of("AWS/Lambda", "Duration", WORKER)  # any number
COUNT = Metric.of("AWS/ApiGateway", "Count", API)  # 1
FAILED = Metric.of("AWS/ApiGateway", "5xx", API)  # 0 or 1


def _facts(metric: Metric) -> Fact | None:
    found = catalogue.load().facts(metric.namespace, metric.name)
    dimensions = frozenset(name for name, _ in metric.dimensions)
    return next((fact for fact in found if dimensions in fact.dimension_sets), None)


def _reading(**metrics: tuple[Metric, str]) -> dict[str, Query]:
    return {name: Query("", metric, statistic, 60) for name, (metric, statistic) in metrics.items()}


TWO = _reading(reads=(READS, "Sum"), writes=(WRITES, "Sum"))
ALARMS = {
    "one throttle": pack.alarm_on(READS),
    "one error": pack.alarm_on(ERRORS, comparison=Comparison.GREATER_OR_EQUAL, threshold=1),
    "three errors": pack.alarm_on(ERRORS, comparison=Comparison.GREATER, threshold=2),
    "slow": pack.alarm_on(DURATION, statistic="Maximum", threshold=2.5),
    "any error": pack.alarm_on(ERRORS),
    "one message": pack.NOT_EMPTY,
    "reads and writes": pack.alarm_of("FILL(reads, 0) + FILL(writes, 0)", TWO),
    "reads without writes": pack.alarm_of("FILL(reads, 0) - FILL(writes, 0)", TWO),
    "unfilled": pack.alarm_of("reads + writes", TWO),
    "rate": pack.alarm_of(
        "IF(requests > 0, errors / requests, 0)",
        _reading(errors=(FAILED, "Sum"), requests=(COUNT, "SampleCount")),
        threshold=0.5,
    ),
    "indicator": pack.alarm_of(
        "IF(slow > 2 AND FILL(errors, 0) < 1, 1, 0)",
        _reading(slow=(DURATION, "Maximum"), errors=(ERRORS, "Sum")),
        comparison=Comparison.GREATER_OR_EQUAL,
        threshold=1,
    ),
    "no runs": pack.alarm_of(
        "FILL(runs, 0)",
        _reading(runs=(COUNT, "Sum")),
        comparison=Comparison.LESS,
        threshold=1,
        missing_data=MissingData.BREACHING,
    ),
    "no requests": pack.alarm_on(
        COUNT, comparison=Comparison.LESS, threshold=1, missing_data=MissingData.BREACHING
    ),
}


def _minutes(metric: Metric) -> Iterator[tuple[float, ...]]:
    """Up to three samples of every value worth trying that AWS could report, and no sample at all."""
    fact = _facts(metric)
    assert fact is not None
    values = [
        value
        for value in (0.0, 0.05, 0.5, 1.0, 2.0, 3.0, 12.0)
        if (fact.minimum is None or value >= fact.minimum)
        and (fact.maximum is None or value <= fact.maximum)
        and (value.is_integer() or not fact.whole)
        and (value or fact.reports is not Reports.WHEN_NONZERO)
    ]
    for number in range(4):
        yield from itertools.combinations_with_replacement(values, number)


def _verdicts(alarm: MetricAlarm, other: MetricAlarm) -> Iterator[tuple[bool | None, bool | None]]:
    """What each of two alarms says of every minute: breaching, not breaching, or (None) what missing data says."""
    metrics = alarm.metrics
    samples = Samples()
    number = 0
    for number, minute in enumerate(itertools.product(*map(_minutes, metrics)), start=1):
        for metric, values in zip(metrics, minute, strict=True):
            for value in values:
                samples.put(metric, number * 60 - 60, value)
    return zip(_said(alarm, samples, number), _said(other, samples, number), strict=True)


def _said(alarm: MetricAlarm, samples: Samples, minutes: int) -> list[bool | None]:
    single = replace(alarm, datapoints=1, evaluation_periods=1)
    return [
        None if value is None else alarm.comparison.breaches(value, alarm.threshold)
        for _, value in datapoints(single, samples, start=60, end=minutes * 60)
    ]


def _proved() -> list[tuple[str, str, MetricAlarm, str]]:
    return [
        (name, f"{mutant.operator}: {mutant.change}", mutant.alarm, reason)
        for name, alarm in ALARMS.items()
        for mutant in mutants.of(alarm)
        if isinstance(mutant.alarm, MetricAlarm)
        and (reason := equivalents.reason(alarm, mutant.alarm, _facts)) is not None
    ]


PROVED = _proved()


@pytest.mark.parametrize(
    ("name", "change", "mutant", "reason"), PROVED, ids=lambda each: str(each)[:40]
)
def test_no_minute_tells_an_equivalent_mutant_from_its_alarm(
    name: str, change: str, mutant: MetricAlarm, reason: str
) -> None:
    for said, other in _verdicts(ALARMS[name], mutant):
        assert said == other, (change, reason)
        if mutant.missing_data is not ALARMS[name].missing_data:
            assert said is not None, (
                "nothing is missing, so that it does not matter how it is taken"
            )


def test_every_rule_has_an_alarm_here_that_it_is_about() -> None:
    about = {
        rule
        for alarm in ALARMS.values()
        for mutant in mutants.of(alarm)
        for rule in equivalents.RULES
        if isinstance(mutant.alarm, MetricAlarm) and rule(alarm, mutant.alarm, _facts) is not None
    }
    assert about == set(equivalents.RULES)


def test_what_some_minute_tells_apart_is_not_called_equivalent() -> None:
    operators = {
        "threshold",
        "operator",
        "boundary",
        "statistic",
        "operands",
        "math operator",
        "math constant",
    }
    proved = {(name, change) for name, change, _, _ in PROVED}
    apart = 0
    for name, alarm in ALARMS.items():
        for mutant in mutants.of(alarm):
            if mutant.operator not in operators or not isinstance(mutant.alarm, MetricAlarm):
                continue
            if any(said != other for said, other in _verdicts(alarm, mutant.alarm)):
                apart += 1
                assert (name, f"{mutant.operator}: {mutant.change}") not in proved
    assert apart > 50


def test_nothing_is_proved_of_a_metric_that_the_catalogue_does_not_know() -> None:
    alarm = ALARMS["one throttle"]
    assert equivalents.reason(alarm, replace(alarm, threshold=-1), _facts) is not None
    assert equivalents.reason(alarm, replace(alarm, threshold=-1), lambda _: None) is None


def test_a_combined_alarm_has_no_equivalent_by_rule() -> None:
    assert (
        equivalents.reason(pack.composite("ALARM(a)"), pack.composite("ALARM(a)"), _facts) is None
    )
