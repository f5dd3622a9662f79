"""The evaluator once more, slow and plain: every window is summed anew, every rule is written out as the page has it.

Nothing is shared with the code under test but the model, the samples that went in, and the tree of an expression.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from blueprint.cloudwatch import metric_math
from blueprint.cloudwatch.model import LowSamples, MetricAlarm, MissingData, Query, State

Point = tuple[float, int]
"""A data point and the number of its samples."""


@dataclass(frozen=True)
class Sample:
    """What a test put: a value seen `count` times at a second."""

    at: int
    value: float
    count: int


def run(
    alarm: MetricAlarm, samples: Sequence[Sample], *, start: int, end: int, state: State
) -> list[tuple[int, State]]:
    """The seconds at which `alarm` changes its state, and what to."""
    if alarm.period < 60:
        every = 10
    elif alarm.period * alarm.evaluation_periods > 24 * 60 * 60:
        every = 60 * 60
    else:
        every = 60
    changes = []
    for now in range(start, end + 1):
        if now % every == 0:
            after = judge(alarm, retrieve(alarm, samples, now))
            if after is not None and after != state:
                changes.append((now, after))
                state = after
    return changes


def retrieve(alarm: MetricAlarm, samples: Sequence[Sample], now: int) -> list[Point | None]:
    """The data points of the evaluation range, oldest first."""
    found = []
    for age in reversed(range(alarm.evaluation_periods + 2)):
        until = now - age * alarm.period
        values = [
            sample.value
            for sample in samples
            if until - alarm.period <= sample.at < until
            for _ in range(sample.count)
        ]
        found.append((statistic(alarm.queries[0], sorted(values)), len(values)))
    points = [None if value is None else (value, count) for value, count in found]
    if alarm.result.expression is None:
        return points
    program = metric_math.compile_queries(alarm.queries)
    one = program.run({"m1": [None if point is None else point[0] for point in points]})
    return [None if value is None else (value, 1) for value in one]


def statistic(query: Query, values: list[float]) -> float | None:
    """The statistic of the sorted `values`, by its definition."""
    if not values:
        return None
    name = query.statistic
    match name:
        case "Sum":
            return math.fsum(values)
        case "SampleCount":
            return float(len(values))
        case "Minimum":
            return values[0]
        case "Maximum":
            return values[-1]
        case "Average":
            return float(sum(map(Fraction, values)) / len(values))
    if values[0] < 0:
        return None
    if name.startswith("p"):
        share = Fraction(name[1:]) / 100 * len(values)
        return values[max(1, math.ceil(share)) - 1]
    kind, bounds = name[:2], name[3:-1].split(":")
    if "%" in name:
        low, high = (
            Fraction(bound.rstrip("%") or default)
            for bound, default in zip(bounds, (0, 100), strict=True)
        )
        cut = math.floor(low * len(values) / 100)
        end = math.ceil(high * len(values) / 100)
        kept = values[cut:end]
        outside = [kept[0]] * cut + [kept[-1]] * (len(values) - end)
    else:
        least, most = float(bounds[0] or "-inf"), float(bounds[1] or "inf")
        kept = [value for value in values if least < value <= most]
        outside = [least for value in values if value <= least] + [
            most for value in values if value > most
        ]
    match kind:
        case "TC":
            return float(len(kept))
        case "TS":
            return math.fsum(kept)
        case "TM":
            return float(sum(map(Fraction, kept)) / len(kept)) if kept else None
        case "WM":
            return float(sum(map(Fraction, kept + outside)) / len(values))
        case "PR":
            return 100 * len(kept) / len(values)
    raise ValueError(name)


def judge(alarm: MetricAlarm, points: Sequence[Point | None]) -> State | None:
    """The state that the evaluation range calls for; None keeps what the alarm is in."""
    wanted, periods = alarm.datapoints, alarm.evaluation_periods
    newest_first = [point for point in reversed(points) if point is not None]
    evaluated = newest_first[:periods]
    if alarm.low_samples is LowSamples.IGNORE and alarm.result.statistic.startswith("p"):
        tail = 1 - Fraction(alarm.result.statistic[1:]) / 100
        tail = min(tail, 1 - tail) if tail > Fraction(1, 2) else tail
        if any(count * tail < 10 for _, count in evaluated):
            return None
    breaches = [alarm.comparison.breaches(value, alarm.threshold) for value, _ in evaluated]
    if len(evaluated) == periods or sum(breaches) >= wanted:
        return State.ALARM if sum(breaches) >= wanted else State.OK
    mode = alarm.missing_data
    watched = alarm.result.metric
    if watched is not None and watched.namespace == "AWS/DynamoDB":
        mode = MissingData.IGNORE
    if mode is MissingData.BREACHING:
        filled = periods - len(evaluated)
        return State.ALARM if sum(breaches) + filled >= wanted else State.OK
    if mode is MissingData.NOT_BREACHING or not all(breaches):
        return State.OK
    if mode is MissingData.IGNORE:
        return None
    if not evaluated:
        return State.INSUFFICIENT_DATA
    age = next(len(points) - place for place, point in enumerate(points) if point is not None)
    return State.ALARM if age >= wanted else None
