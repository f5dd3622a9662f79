"""Checks that alarms can be evaluated at all, so that a slip is told by alarm and field before anything runs."""

import math
from collections.abc import Sequence
from typing import NoReturn

from blueprint.cloudwatch import metric_math, statistics
from blueprint.cloudwatch.model import Alarm, MetricAlarm, Query
from blueprint.errors import BlueprintError

_HIGH_RESOLUTION = (10, 20, 30)


def check(alarms: Sequence[Alarm]) -> None:
    """BlueprintError for the first alarm that cannot be evaluated: it names the alarm, what is wrong and the remedy."""
    names: set[str] = set()
    for alarm in alarms:
        if alarm.name in names:
            _refuse(alarm, "is there twice", "give each alarm a name of its own")
        names.add(alarm.name)
        if isinstance(alarm, MetricAlarm):
            _check_numbers(alarm)
            _check_queries(alarm)


def _check_numbers(alarm: MetricAlarm) -> None:
    if not 1 <= alarm.datapoints <= alarm.evaluation_periods:
        _refuse(
            alarm,
            f"wants {alarm.datapoints} of {alarm.evaluation_periods} data points to breach",
            "let the data points lie between 1 and the evaluation periods",
        )
    if not math.isfinite(alarm.threshold):
        _refuse(alarm, f"has the threshold {alarm.threshold}", "give a finite number")


def _check_queries(alarm: MetricAlarm) -> None:
    compared = [query for query in alarm.queries if query.returns_data]
    if len(compared) != 1:
        _refuse(alarm, f"compares {len(compared)} queries", "let exactly one query return data")
    if len({query.id for query in alarm.queries}) < len(alarm.queries):
        _refuse(alarm, "has two queries with one id", "give each query an id of its own")
    try:
        for query in alarm.queries:
            _check_query(alarm, query)
        if compared[0].metric is None:
            metric_math.compile_queries(alarm.queries)
    except BlueprintError as error:
        raise BlueprintError(f"alarm {alarm.name}: {error.message}", remedy=error.remedy) from error


def _check_query(alarm: MetricAlarm, query: Query) -> None:
    if (query.metric is None) == (query.expression is None):
        raise BlueprintError(
            f"{query.id} needs a metric or an expression, and not both", remedy="give one of them"
        )
    if query.metric is None:
        return
    if query.period not in _HIGH_RESOLUTION and (query.period < 60 or query.period % 60):
        raise BlueprintError(
            f"{query.id} has a period of {query.period} s",
            remedy="take 10, 20, 30 or a multiple of 60 seconds",
        )
    if query.period != alarm.period:
        raise BlueprintError(
            f"{query.id} has a period of {query.period} s, the alarm one of {alarm.period} s",
            remedy="give all metrics of an alarm the same period",
        )
    statistics.parse(query.statistic)


def _refuse(alarm: Alarm, fault: str, remedy: str) -> NoReturn:
    raise BlueprintError(f"alarm {alarm.name} {fault}", remedy=remedy)
