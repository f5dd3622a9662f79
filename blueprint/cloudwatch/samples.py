"""Keeps what services reported about their metrics on the virtual clock: seconds, values and how often each was seen.

A sample is there from the second it is put at; the minutes that real metrics take to arrive are not modelled.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple

from blueprint.cloudwatch.model import Metric
from blueprint.errors import BlueprintError

_LARGEST = 2.0**360
_TOLERANCE = 1e-9


class StatisticSet(NamedTuple):
    """Samples of which only the extremes and the sum are known, reported at second `at`."""

    at: int
    minimum: float
    maximum: float
    total: float
    size: int


@dataclass
class Reported:
    """What was reported of one metric in one unit, in the order in which it was put.

    Values stand in three columns of equal length, 24 bytes a value, so that 30 days of minutes are cheap.
    """

    seconds: "array[int]" = field(default_factory=lambda: array("q"))
    values: "array[float]" = field(default_factory=lambda: array("d"))
    sizes: "array[int]" = field(default_factory=lambda: array("q"))
    sets: list[StatisticSet] = field(default_factory=list)

    def add(self, other: "Reported") -> None:
        """Takes over everything of `other`."""
        self.seconds.extend(other.seconds)
        self.values.extend(other.values)
        self.sizes.extend(other.sizes)
        self.sets.extend(other.sets)


class Samples:
    """Everything that was reported. Times are whole seconds of the virtual clock, in any order."""

    def __init__(self) -> None:
        self._reported: dict[Metric, dict[str, Reported]] = {}

    def put(
        self, metric: Metric, at: int, value: float, count: int = 1, unit: str | None = None
    ) -> None:
        """One value that was seen `count` times at second `at`; without `unit` it is CloudWatch's unit "None".

        BlueprintError for what PutMetricData refuses: a value that is no number or beyond 2^360, a count below one.
        """
        if count < 1 or not -_LARGEST <= value <= _LARGEST:
            _refuse(metric, value, count)
        reported = self._of(metric, unit)
        reported.seconds.append(at)
        reported.values.append(value)
        reported.sizes.append(count)

    def put_set(
        self,
        metric: Metric,
        at: int,
        minimum: float,
        maximum: float,
        total: float,
        count: int,
        unit: str | None = None,
    ) -> None:
        """A statistic set: `count` samples at second `at` of which only the extremes and the sum are known.

        BlueprintError as for `put`, and where no samples can have these extremes and this sum.
        """
        for value in (minimum, maximum, total):
            if count < 1 or not -_LARGEST <= value <= _LARGEST:
                _refuse(metric, value, count)
        slack = _TOLERANCE * count * max(abs(minimum), abs(maximum))
        if minimum > maximum or not minimum * count - slack <= total <= maximum * count + slack:
            raise BlueprintError(
                f"{metric.name}: {count} samples between {minimum} and {maximum} cannot add up to {total}",
                remedy="correct minimum, maximum, total or count of the statistic set",
            )
        if minimum == maximum:  # then each sample's own value is known, and CloudWatch ranks them
            self.put(metric, at, minimum, count, unit)
        else:
            reported = self._of(metric, unit)
            reported.sets.append(StatisticSet(at, minimum, maximum, total, count))

    def put_histogram(
        self, metric: Metric, histogram: Mapping[int, Mapping[float, int]], unit: str | None = None
    ) -> None:
        """Many values at once: second -> value -> how often it was seen. BlueprintError as for `put`."""
        if not any(histogram.values()):
            return
        reported = self._of(metric, unit)
        for at, values in histogram.items():
            for value, count in values.items():
                if count < 1 or not -_LARGEST <= value <= _LARGEST:
                    _refuse(metric, value, count)
            reported.seconds.extend(repeat(at, len(values)))
            reported.values.extend(values)
            reported.sizes.extend(values.values())

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every series that has samples, in the order of their first ones."""
        return tuple(self._reported)

    def reported(self, metric: Metric, unit: str | None = None) -> Reported:
        """What was reported of `metric` in `unit` (None: in any unit); nothing for an unknown series."""
        units = self._reported.get(metric, {})
        if unit is not None:
            return units.get(unit, Reported())
        if len(units) == 1:
            return next(iter(units.values()))
        together = Reported()
        for each in units.values():
            together.add(each)
        return together

    def _of(self, metric: Metric, unit: str | None) -> Reported:
        units = self._reported.get(metric)
        if units is None:
            units = self._reported[metric] = {}
        reported = units.get(unit or "None")
        if reported is None:
            reported = units[unit or "None"] = Reported()
        return reported


def _refuse(metric: Metric, value: float, count: int) -> None:
    if count < 1:
        raise BlueprintError(
            f"{metric.name}: a value cannot be seen {count} times",
            remedy="leave the sample out where nothing happened",
        )
    raise BlueprintError(
        f"{metric.name}: {value} cannot be reported", remedy="report finite numbers up to 2^360"
    )
