"""Looks for values inside what the metrics can report that take an alarm to ALARM and back, and has it evaluated.

The proof is what the evaluator does with them, so a range that was taken too wide cannot make a false proof.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from blueprint.catalogue.model import Reports
from blueprint.cloudwatch import evaluation, expressions, metric_math, missing_data, statistics
from blueprint.cloudwatch.buckets import Buckets
from blueprint.cloudwatch.expressions import Node
from blueprint.cloudwatch.metric_math import Program
from blueprint.cloudwatch.model import (
    LowSamples,
    Metric,
    MetricAlarm,
    MissingData,
    State,
)
from blueprint.cloudwatch.samples import Samples
from blueprint.reachability.series import Series
from blueprint.reachability.verdict import Witness

# Ways to choose values for all metrics at once that are tried; beyond it fewer values are tried for each.
_MOST = 20_000
_TRIES = 3
_EVENTS = (1, 10, 1_000)
_LARGE = 1e6


@dataclass(frozen=True)
class _Sample:
    """What a metric reports in each period: `count` samples of `value`; nothing where count is 0."""

    value: float
    count: int


Phase = Mapping[Metric, _Sample]


def find(
    alarm: MetricAlarm, series: Mapping[str, Series], trees: Mapping[str, Node]
) -> Witness | None:
    """A witness that the evaluator confirms; None if none was found. `series` and `trees` are by query."""
    search = _Search(alarm, series, trees)
    # The first few of either: a pair may fail the evaluator where a value alone decides less than it seems to.
    troubles = itertools.islice(search.phases(breaching=True), _TRIES)
    for trouble in troubles:
        for calm in itertools.islice(search.phases(breaching=False), _TRIES):
            if _confirmed(alarm, trouble, calm):
                return Witness(search.told(trouble), search.told(calm))
    return None


class _Search:
    def __init__(
        self, alarm: MetricAlarm, series: Mapping[str, Series], trees: Mapping[str, Node]
    ) -> None:
        self.alarm = alarm
        self.by_metric = {each.metric: each for each in series.values()}
        self.program: Program | None = (
            metric_math.compile_queries(alarm.queries) if alarm.result.expression else None
        )
        self.landmarks = sorted(
            {abs(alarm.threshold), *(value for tree in trees.values() for value in _numbers(tree))}
        )

    def phases(self, *, breaching: bool) -> Iterator[Phase]:
        """Phases whose value (or silence) breaches, or for `breaching` False is well and stays so."""
        for phase in self._candidates():
            value = self._value(phase)
            if value is None:
                silent = MissingData.BREACHING if breaching else MissingData.NOT_BREACHING
                if self.alarm.missing_data is silent:
                    yield phase
            elif self.alarm.comparison.breaches(value, self.alarm.threshold) is breaching:
                yield phase

    def told(self, phase: Phase) -> str:
        """The phase in words."""
        value = self._value(phase)
        parts = [
            f"{metric.name} {sample.value:.12g}"
            + (f" x {sample.count}" if sample.count > 1 else "")
            if sample.count
            else f"no {metric.name}"
            for metric, sample in phase.items()
        ]
        result = "no data" if value is None else f"{value:.12g}"
        return f"{result} ({', '.join(parts)} in each {self.alarm.period} s)"

    def _value(self, phase: Phase) -> float | None:
        values = {
            query.id: _statistic(query.statistic, phase[query.metric])
            for query in self.alarm.queries
            if query.metric
        }
        if self.program is None:
            return values[self.alarm.result.id]
        return self.program.run({name: [value] for name, value in values.items()})[0]

    def _candidates(self) -> Iterator[Phase]:
        """What all metrics may report at once: events of one resource are counted alike by all of its metrics."""
        metrics = list(self.by_metric)
        most = max(2, int(_MOST ** (1 / max(1, len(metrics)))))
        by_events = [
            [
                list(itertools.islice(self._samples(self.by_metric[metric], events), most))
                for metric in metrics
            ]
            for events in self._events()
        ]
        # First all of them alike, which is enough for sums and quotients of many; then each with each.
        for options in by_events:
            for place in range(max(map(len, options))):
                yield {
                    metric: samples[min(place, len(samples) - 1)]
                    for metric, samples in zip(metrics, options, strict=True)
                }
        for options in by_events:
            for chosen in itertools.islice(itertools.product(*options), _MOST):
                yield dict(zip(metrics, chosen, strict=True))
        if all(series.may_be_absent for series in self.by_metric.values()):
            yield dict.fromkeys(metrics, _Sample(0, 0))

    def _events(self) -> Iterable[int]:
        many = {math.ceil(each) + 1 for each in self.landmarks if each < _LARGE}
        if self.alarm.low_samples is LowSamples.IGNORE:
            many |= {100_000}
        return sorted({*_EVENTS, *many})

    def _samples(self, series: Series, events: int) -> Iterator[_Sample]:
        if series.silent_when_well:
            yield _Sample(0, 0)
        reports = series.fact.reports
        steady = reports in (Reports.ALWAYS, Reports.WHILE_ACTIVE)
        count = max(1, self.alarm.period // series.fact.resolution) if steady else events
        for value in self._values(series):
            yield _Sample(value, count)
        if reports is Reports.WHILE_ACTIVE:
            yield _Sample(0, 0)

    def _values(self, series: Series) -> Iterator[float]:
        low, high = series.sample.low, series.sample.high
        inside = [low, high, 0.0, 1.0]
        for mark in self.landmarks:
            inside += [mark * 1.5 + 1, mark / 2, mark, -mark * 1.5 - 1, mark + 1, mark - 1]
        inside += [_LARGE, -_LARGE]
        found = (
            float(round(value)) if series.fact.whole and math.isfinite(value) else value
            for value in inside
        )
        seen: set[float] = set()
        for value in found:
            if math.isfinite(value) and low <= value <= high and value not in seen:
                seen.add(value)
                yield value


@lru_cache(maxsize=100_000)
def _statistic(text: str, sample: _Sample) -> float | None:
    """The data point that the evaluator makes of one period with nothing but `sample`."""
    if not sample.count:
        return None
    any_metric = Metric("", "")
    samples = Samples()
    samples.put(any_metric, 0, sample.value, sample.count)
    buckets = Buckets(samples.reported(any_metric), first=0, end=1, step=1)
    return statistics.parse(text).over(buckets, 1)[0]


def _numbers(node: Node) -> Iterator[float]:
    match node:
        case expressions.Number(value):
            yield value
        case expressions.Negation(operand):
            yield from _numbers(operand)
        case expressions.Operation(_, left, right):
            yield from _numbers(left)
            yield from _numbers(right)
        case expressions.Call(_, parts) | expressions.Listing(parts):
            for part in parts:
                yield from _numbers(part)


def _confirmed(alarm: MetricAlarm, trouble: Phase, calm: Phase) -> bool:
    """Whether the evaluator takes the alarm from OK to ALARM in the trouble, and to OK in the calm after it."""
    step = min(query.period for query in alarm.queries if query.period)
    ratio = max(1, alarm.period // step)
    before = alarm.evaluation_periods * ratio
    # Where silence is the trouble it takes a whole evaluation range without data.
    during = (alarm.evaluation_periods + missing_data.EXTRA + 1) * ratio
    after = (alarm.evaluation_periods + missing_data.EXTRA + 2) * ratio
    plan = [calm] * before + [trouble] * during + [calm] * after
    samples = Samples()
    for index, phase in enumerate(plan):
        for metric, sample in phase.items():
            if sample.count:
                unit = _unit(alarm, metric)
                samples.put(metric, index * step, sample.value, sample.count, unit)
    start, middle, end = (
        len(plan[:before]) * step,
        len(plan[: before + during]) * step,
        len(plan) * step,
    )
    run = evaluation.evaluate(
        [alarm], samples, start=start, end=end, initial={alarm.name: State.OK}
    )
    fired = run.first(alarm.name, State.ALARM, start)
    return fired is not None and fired <= middle and run.state(alarm.name, end) is State.OK


def _unit(alarm: MetricAlarm, metric: Metric) -> str | None:
    return next((query.unit for query in alarm.queries if query.metric == metric), None)
