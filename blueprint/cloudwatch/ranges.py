"""Cuts the data points of a metric alarm into the evaluation ranges of its evaluations, as values and as letters."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blueprint.cloudwatch import metric_math, missing_data, statistics
from blueprint.cloudwatch.metric_math import Program
from blueprint.cloudwatch.model import LowSamples, MetricAlarm
from blueprint.cloudwatch.series import Grid, Reader
from blueprint.cloudwatch.statistics import Value

_DAY = 86_400
_LOW = {
    missing_data.WITHIN: missing_data.WITHIN_LOW,
    missing_data.BREACHING: missing_data.BREACHING_LOW,
    missing_data.MISSING: missing_data.MISSING,
}


def cadence_of(alarm: MetricAlarm) -> int:
    """Seconds from one evaluation of `alarm` to the next."""
    if alarm.period < 60:
        return 10
    return 3_600 if alarm.period * alarm.evaluation_periods > _DAY else 60


@dataclass(frozen=True)
class Schedule:
    """When an alarm is evaluated, and the data points that this takes: `span` for each evaluation, off `grid`."""

    ticks: range
    span: int
    grid: Grid

    @classmethod
    def of(cls, alarm: MetricAlarm, *, start: int, end: int) -> "Schedule":
        """The evaluations from second `start` to `end`, both included."""
        cadence = cadence_of(alarm)
        ticks = range(-(-start // cadence) * cadence, end + 1, cadence)
        span = alarm.evaluation_periods + missing_data.EXTRA
        first = ticks.start - (span - 1) * alarm.period
        last = ticks[-1] if ticks else first
        grid = Grid(first, last, math.gcd(alarm.period, cadence), alarm.period)
        return cls(ticks, span, grid)

    def range_at(self, index: int) -> slice:
        """Where on the grid the evaluation range of the evaluation `index` lies: data points a period apart."""
        oldest = index * self.ticks.step // self.grid.step
        return slice(oldest, oldest + (self.span - 1) * self.grid.width + 1, self.grid.width)


class Ranges(ABC):
    """The evaluation ranges of one alarm, by evaluation."""

    @abstractmethod
    def letters(self) -> Iterator[Sequence[int]]:
        """Each range as `missing_data` writes it, one after the other."""

    @abstractmethod
    def values(self, index: int) -> list[Value]:
        """The data points of the range of evaluation `index`, oldest first."""


def read(alarm: MetricAlarm, schedule: Schedule, reader: Reader) -> Ranges:
    """The ranges of `alarm`; BlueprintError for a statistic or an expression that cannot be evaluated."""
    grid = schedule.grid
    series = {query.id: reader.points(query, grid) for query in alarm.queries if query.metric}
    if alarm.result.metric is not None:
        compared = series[alarm.result.id]
        letters = _letters(alarm, compared)
        percentile = statistics.parse(alarm.result.statistic).percentile
        if percentile is not None and alarm.low_samples is LowSamples.IGNORE:
            enough = (
                missing_data.enough_samples(percentile, count)
                for count in reader.counts(alarm.result, grid)
            )
            letters = bytes(
                letter if known else _LOW[letter]
                for letter, known in zip(letters, enough, strict=True)
            )
        return _Sliding(schedule, compared, letters)
    program = metric_math.compile_queries(alarm.queries)
    if program.pointwise:
        compared = program.run(series)
        return _Sliding(schedule, compared, _letters(alarm, compared))
    return _Separate(alarm, schedule, program, series)


@dataclass(frozen=True)
class _Sliding(Ranges):
    """Ranges of one series that is the same for all of them."""

    schedule: Schedule
    series: list[Value]
    written: bytes

    def letters(self) -> Iterator[Sequence[int]]:
        """All first data points, all second ones, ... zipped: the ranges, without a step of Python for each."""
        if not self.schedule.ticks:
            return iter(())
        grid, ticks = self.schedule.grid, self.schedule.ticks
        stride = ticks.step // grid.step
        reach = (len(ticks) - 1) * stride + 1
        places = range(0, self.schedule.span * grid.width, grid.width)
        return zip(*(self.written[place : place + reach : stride] for place in places), strict=True)

    def values(self, index: int) -> list[Value]:
        return self.series[self.schedule.range_at(index)]


@dataclass(frozen=True)
class _Separate(Ranges):
    """Ranges of an expression that comes out differently for each of them."""

    alarm: MetricAlarm
    schedule: Schedule
    program: Program
    series: Mapping[str, list[Value]]

    def letters(self) -> Iterator[Sequence[int]]:
        return (
            _letters(self.alarm, self.values(index)) for index in range(len(self.schedule.ticks))
        )

    def values(self, index: int) -> list[Value]:
        place = self.schedule.range_at(index)
        return self.program.run({name: each[place] for name, each in self.series.items()})


def _letters(alarm: MetricAlarm, series: Sequence[Value]) -> bytes:
    """The data points in letters; each value is compared once, however often it stands there."""
    breaches, threshold = alarm.comparison.breaches, alarm.threshold
    letters: dict[Value, int] = {
        value: missing_data.BREACHING if breaches(value, threshold) else missing_data.WITHIN
        for value in set(series)
        if value is not None
    }
    letters[None] = missing_data.MISSING
    return bytes(map(letters.__getitem__, series))
