"""Makes each plausible slip of a metric alarm: every one has to be noticed by a case of that alarm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from blueprint.cloudwatch.model import Alarm, Comparison, Metric, MetricAlarm, MissingData, Query

# A period below a minute needs a metric of high resolution, which AWS's own are not.
_SHORTEST_PERIOD = 60
_WEEK, _DAY, _HOUR = 604_800, 86_400, 3_600
_FLIPPED = {
    Comparison.GREATER: Comparison.LESS,
    Comparison.GREATER_OR_EQUAL: Comparison.LESS_OR_EQUAL,
    Comparison.LESS: Comparison.GREATER,
    Comparison.LESS_OR_EQUAL: Comparison.GREATER_OR_EQUAL,
}
_OTHER_BOUND = {
    Comparison.GREATER: Comparison.GREATER_OR_EQUAL,
    Comparison.GREATER_OR_EQUAL: Comparison.GREATER,
    Comparison.LESS: Comparison.LESS_OR_EQUAL,
    Comparison.LESS_OR_EQUAL: Comparison.LESS,
}
# The statistics that somebody may have meant instead.
_OTHER_STATISTICS = {
    "Sum": ("Average", "SampleCount"),
    "SampleCount": ("Sum", "Maximum"),
    "Average": ("Sum", "Maximum"),
    "Maximum": ("Minimum", "Sum"),
    "Minimum": ("Maximum", "Sum"),
}
_PERCENTILE_RANK = re.compile(r"PR\((?P<low>[\d.]*):(?P<high>[\d.]*)\)")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z_]\w*|>=|<=|==|!=|&&|\|\||\S")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OTHER_OPERATOR = {
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    ">": "<",
    "<": ">",
    ">=": "<=",
    "<=": ">=",
    "==": "!=",
    "!=": "==",
    "&&": "||",
    "||": "&&",
    "AND": "OR",
    "OR": "AND",
}


@dataclass(frozen=True)
class Mutant:
    """An alarm with one slip in it: which field, and what it was changed to."""

    operator: str
    change: str
    alarm: Alarm


def of(alarm: MetricAlarm) -> tuple[Mutant, ...]:
    """Every mutant of `alarm` that CloudWatch would accept."""
    made = (
        mutant
        for make in (
            _thresholds,
            _comparisons,
            _statistics,
            _periods,
            _datapoints,
            _missing_data,
            _series,
            _expressions,
        )
        for mutant in make(alarm)
    )
    return tuple(
        mutant
        for mutant in made
        if isinstance(mutant.alarm, MetricAlarm) and _accepted(mutant.alarm)
    )


def _accepted(alarm: MetricAlarm) -> bool:
    longest = _WEEK if alarm.period >= _HOUR else _DAY
    return (
        1 <= alarm.datapoints <= alarm.evaluation_periods
        and alarm.period * alarm.evaluation_periods <= longest
    )


def _thresholds(alarm: MetricAlarm) -> Iterator[Mutant]:
    # Ten times nothing is nothing: from 0, one step of the count to either side stands for it.
    values = (alarm.threshold * 10, alarm.threshold / 10) if alarm.threshold else (10.0, -1.0)
    for value in values:
        yield Mutant(
            "threshold", f"{alarm.threshold:g} to {value:g}", replace(alarm, threshold=value)
        )


def _comparisons(alarm: MetricAlarm) -> Iterator[Mutant]:
    for operator, other in (
        ("operator", _FLIPPED[alarm.comparison]),
        ("boundary", _OTHER_BOUND[alarm.comparison]),
    ):
        yield Mutant(operator, f"{alarm.comparison} to {other}", replace(alarm, comparison=other))


def _statistics(alarm: MetricAlarm) -> Iterator[Mutant]:
    for query in alarm.queries:
        if query.metric is not None:
            for other in _other_statistics(query.statistic):
                yield Mutant(
                    "statistic",
                    f"{query.statistic} of {query.metric.name} to {other}",
                    _with_query(alarm, query, replace(query, statistic=other)),
                )


def _other_statistics(statistic: str) -> tuple[str, ...]:
    if rank := _PERCENTILE_RANK.fullmatch(statistic):
        if rank["high"]:
            bound = float(rank["high"])
            return f"PR({rank['low']}:{bound * 10:g})", f"PR({rank['low']}:{bound / 10:g})"
        return (f"PR(:{rank['low']})",)
    return _OTHER_STATISTICS.get(statistic, ("Average", "Minimum"))


def _periods(alarm: MetricAlarm) -> Iterator[Mutant]:
    for factor, shown in ((5, "x 5"), (1 / 5, "/ 5")):
        periods = {query.period * factor for query in alarm.queries if query.metric is not None}
        if all(period >= _SHORTEST_PERIOD and not period % _SHORTEST_PERIOD for period in periods):
            queries = tuple(
                replace(query, period=round(query.period * factor)) for query in alarm.queries
            )
            yield Mutant("period", f"{alarm.period} s {shown}", replace(alarm, queries=queries))


def _datapoints(alarm: MetricAlarm) -> Iterator[Mutant]:
    needed, of_periods = alarm.datapoints, alarm.evaluation_periods
    others = {
        (needed - 1, of_periods),
        (needed + 1, of_periods),
        (needed + 1, max(of_periods, needed + 1)),
        (needed, needed),
    } - {(needed, of_periods)}
    for points, periods in sorted(others):
        yield Mutant(
            "datapoints",
            f"{needed} of {of_periods} to {points} of {periods}",
            replace(alarm, datapoints=points, evaluation_periods=periods),
        )


def _missing_data(alarm: MetricAlarm) -> Iterator[Mutant]:
    for other in MissingData:
        if other is not alarm.missing_data:
            yield Mutant(
                "missing data",
                f"{alarm.missing_data} to {other}",
                replace(alarm, missing_data=other),
            )


def _series(alarm: MetricAlarm) -> Iterator[Mutant]:
    for query in alarm.queries:
        if query.metric is None:
            continue
        for operator, change, metric in _other_series(query.metric):
            changed = _with_query(alarm, query, replace(query, metric=metric))
            yield Mutant(operator, f"{query.metric.name}: {change}", changed)


def _other_series(metric: Metric) -> Iterator[tuple[str, str, Metric]]:
    yield "metric", "another name", replace(metric, name=f"{metric.name}s")
    yield "namespace", "another namespace", replace(metric, namespace=f"{metric.namespace}2")
    for name, value in metric.dimensions:
        others = tuple(pair for pair in metric.dimensions if pair[0] != name)
        for operator, change, dimensions in (
            ("dimension value", f"{name} of another", (*others, (name, f"{value}-other"))),
            ("dimension name", f"{name} misspelt", (*others, (f"{name}s", value))),
            ("dimension dropped", f"without {name}", others),
        ):
            yield operator, change, replace(metric, dimensions=tuple(sorted(dimensions)))


def _expressions(alarm: MetricAlarm) -> Iterator[Mutant]:
    read = [query for query in alarm.queries if query.metric is not None]
    if any(query.expression for query in alarm.queries):
        for first, second in combinations(read, 2):
            swapped = {first.id: second.id, second.id: first.id}
            queries = tuple(
                replace(query, id=swapped.get(query.id, query.id)) for query in alarm.queries
            )
            yield Mutant(
                "operands", f"{first.id} and {second.id} swapped", replace(alarm, queries=queries)
            )
    for query in alarm.queries:
        if query.expression:
            for operator, change, expression in _other_expressions(query.expression):
                changed = _with_query(alarm, query, replace(query, expression=expression))
                yield Mutant(operator, change, changed)


def _other_expressions(expression: str) -> Iterator[tuple[str, str, str]]:
    for found in _TOKEN.finditer(expression):
        token = found[0]
        if token.upper() in _OTHER_OPERATOR:
            operator, other = "math operator", _OTHER_OPERATOR[token.upper()]
        elif _NUMBER.fullmatch(token):
            operator, other = "math constant", f"{float(token) * 10:g}" if float(token) else "1"
        else:
            continue
        changed = f"{expression[: found.start()]}{other}{expression[found.end() :]}"
        yield operator, f"{expression} to {changed}", changed
    for found in re.finditer(r"FILL\(\s*(\w+)\s*,[^()]*\)", expression):
        changed = f"{expression[: found.start()]}{found[1]}{expression[found.end() :]}"
        yield "math FILL", f"{expression} to {changed}", changed


def _with_query(alarm: MetricAlarm, query: Query, changed: Query) -> MetricAlarm:
    queries = tuple(changed if item is query else item for item in alarm.queries)
    return replace(alarm, queries=queries)
