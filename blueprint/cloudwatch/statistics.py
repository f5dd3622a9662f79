"""The statistics of CloudWatch: how they are written, and what each makes of the samples of a period.

Read from "CloudWatch statistics definitions" of the CloudWatch user guide. What is not documented, and our choice:

- A percentile is a value that was reported: pNN is the highest of the lowest NN percent, rounded up to a whole
  sample (nearest rank). The page says of p99 that it is the maximum of the remaining 99%; CloudWatch itself estimates.
- Percent bounds of TM, TC, TS and WM cut whole samples: never more of either end than the percentage says.
- WM with percent bounds sets what is cut off to the nearest value that is kept; with fixed bounds, to the bound.
- Bounds are both percentages or both values; a mixture is refused.
- Where no value lies between fixed bounds, TC, TS and PR are 0, and there is no TM.
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from blueprint.cloudwatch.buckets import Buckets, Sums
from blueprint.errors import BlueprintError

Value = float | None
"""A data point: None where the statistic cannot be made for lack of (suitable) samples."""


class Statistic(ABC):
    """A way to make one data point of the samples of a period."""

    @abstractmethod
    def over(self, buckets: Buckets, width: int) -> list[Value]:
        """The data point of each window of `width` buckets, None for a window it cannot be made of."""

    @property
    def percentile(self) -> Fraction | None:
        """The percentile as a fraction of 1, for the statistics that EvaluateLowSampleCountPercentile is about."""
        return None


@dataclass(frozen=True)
class _Simple(Statistic):
    name: str

    def over(self, buckets: Buckets, width: int) -> list[Value]:
        match self.name:
            case "Minimum":
                return buckets.minima(width)
            case "Maximum":
                return buckets.maxima(width)
        counts = buckets.counts(width)
        if self.name == "SampleCount":
            return [float(count) if count else None for count in counts]
        totals = buckets.totals(width)
        if self.name == "Average":
            return _mean(totals, counts)
        return [total if count else None for total, count in zip(totals, counts, strict=True)]


@dataclass(frozen=True)
class _Ranked(Statistic):
    """A statistic that needs each sample's own value; there is none where a sample is negative or part of a set."""

    def over(self, buckets: Buckets, width: int) -> list[Value]:
        windows = zip(
            buckets.values(width), buckets.counts(width), buckets.unranked(width), strict=True
        )
        return [
            self.of(values, size) if size and not unranked else None
            for values, size, unranked in windows
        ]

    @abstractmethod
    def of(self, values: list[tuple[float, int]], size: int) -> float:
        """The data point of `size` samples: values, ascending, and how often each was seen."""


@dataclass(frozen=True)
class _Percentile(_Ranked):
    """The value below which `fraction` of the samples lie."""

    fraction: Fraction

    def of(self, values: list[tuple[float, int]], size: int) -> float:
        rank = max(1, _up(self.fraction, size))
        for value, count in values:
            rank -= count
            if rank <= 0:
                return value
        raise ValueError(f"the rank lies {rank} beyond the samples")

    @property
    def percentile(self) -> Fraction | None:
        return self.fraction


@dataclass(frozen=True)
class _ByPercent(_Ranked):
    """TM, TC, TS or WM of the samples between two percentiles, both fractions of 1."""

    kind: str
    low: Fraction
    high: Fraction

    def of(self, values: list[tuple[float, int]], size: int) -> float:
        cut = self.low.numerator * size // self.low.denominator
        end = _up(self.high, size)
        kept, rank = [], 0
        for value, count in values:
            share = min(rank + count, end) - max(rank, cut)
            if share > 0:
                kept.append((value, share))
            rank += count
        match self.kind:
            case "TC":
                return float(end - cut)
            case "TS":
                return _sum(kept)
            case "TM":
                return _sum(kept) / (end - cut)
        edges = [(kept[0][0], cut), (kept[-1][0], size - end)]
        return _sum([*kept, *edges]) / size


@dataclass(frozen=True)
class _ByValue(Statistic):
    """TM, TC, TS, WM or PR of the samples above `low` (not included) and up to `high` (included).

    These add up, so that no value needs ranking; but CloudWatch has them for the same samples only.
    """

    kind: str
    low: float
    high: float

    def over(self, buckets: Buckets, width: int) -> list[Value]:
        counts, unranked = buckets.counts(width), buckets.unranked(width)
        windows = zip(self._points(buckets, width, counts), counts, unranked, strict=True)
        return [point if size and not bad else None for point, size, bad in windows]

    def _points(self, buckets: Buckets, width: int, counts: list[int]) -> Iterable[Value]:
        between = (self.low, self.high)
        if self.kind == "WM":
            return _mean(buckets.sums(width, ("clipped", *between), self._clipped), counts)
        kept = buckets.sums(width, ("within", *between), lambda value: float(self._holds(value)))
        if self.kind == "TC":
            return kept
        if self.kind == "PR":
            parts = zip(kept.windows, counts, strict=True)
            return [100 * within / count if count else None for within, count in parts]
        totals = buckets.sums(
            width, ("trimmed", *between), lambda value: value if self._holds(value) else 0.0
        )
        return totals if self.kind == "TS" else _mean(totals, kept.windows)

    def _holds(self, value: float) -> bool:
        return self.low < value <= self.high

    def _clipped(self, value: float) -> float:
        return min(max(value, self.low), self.high)


SIMPLE = ("Sum", "Average", "Minimum", "Maximum", "SampleCount")

_NUMBER = r"\d+(?:\.\d{1,10})?|\.\d{1,10}"
_PERCENTILE = re.compile(rf"p({_NUMBER})")
_TOP = re.compile(rf"(tm|tc|ts|wm)({_NUMBER})")
_RANGE = re.compile(rf"(TM|TC|TS|WM|PR)\(({_NUMBER})?(%)?:({_NUMBER})?(%)?\)")
_REMEDY = (
    "write Sum, Average, Minimum, Maximum, SampleCount, p99, tm95, TM(10%:90%), TC(:300), TS(80%:), WM(5%:), IQM or "
    "PR(:300), with bounds of up to 10 decimal places"
)


def parse(text: str) -> Statistic:
    """The statistic as CloudWatch writes it; BlueprintError names what of it CloudWatch would not take."""
    if text in SIMPLE:
        return _Simple(text)
    if text == "IQM":
        return _ByPercent("TM", Fraction(1, 4), Fraction(3, 4))
    if match := _PERCENTILE.fullmatch(text):
        return _Percentile(_percent(text, match[1]))
    if match := _TOP.fullmatch(text):
        return _ByPercent(match[1].upper(), *_ordered(text, Fraction(0), _percent(text, match[2])))
    if match := _RANGE.fullmatch(text):
        return _between(text, *match.groups())
    raise BlueprintError(f"the statistic {text!r} does not exist", remedy=_REMEDY)


def _between(
    text: str,
    kind: str,
    low: str | None,
    low_unit: str | None,
    high: str | None,
    high_unit: str | None,
) -> Statistic:
    units = {unit for bound, unit in ((low, low_unit), (high, high_unit)) if bound is not None}
    if not units or (low is None and low_unit) or (high is None and high_unit):
        raise BlueprintError(f"the statistic {text!r} has no bounds", remedy=_REMEDY)
    if len(units) == 2:
        raise BlueprintError(
            f"the statistic {text!r} mixes a percentage and a value",
            remedy="give both bounds in percent, or both as values",
        )
    if units == {None}:
        bounds = (Fraction(low) if low else None, Fraction(high) if high else None)
        if None not in bounds:
            _ordered(text, *(bound for bound in bounds if bound is not None))
        return _ByValue(kind, float(low) if low else -math.inf, float(high) if high else math.inf)
    if kind == "PR":
        raise BlueprintError(
            f"the statistic {text!r} ranks percentages", remedy="give PR values, such as PR(:300)"
        )
    percents = (_percent(text, low or "0"), _percent(text, high or "100"))
    return _ByPercent(kind, *_ordered(text, *percents))


def _percent(text: str, number: str) -> Fraction:
    fraction = Fraction(number) / 100
    if fraction > 1:
        raise BlueprintError(
            f"the statistic {text!r} goes beyond 100%", remedy="give percentages from 0 to 100"
        )
    return fraction


def _ordered(text: str, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    if low >= high:
        raise BlueprintError(
            f"the statistic {text!r} has nothing between its bounds",
            remedy="give the lower one first",
        )
    return low, high


def _mean(totals: Sums, counts: Sequence[int]) -> list[Value]:
    parts = zip(totals.windows, counts, strict=True)
    return [total / (totals.one * count) if count else None for total, count in parts]


def _up(fraction: Fraction, size: int) -> int:
    """That fraction of `size` samples, rounded up; in integers, since it is wanted for every window."""
    return -(-fraction.numerator * size // fraction.denominator)


def _sum(values: list[tuple[float, int]]) -> float:
    return math.fsum(value * count for value, count in values)
