"""Ranges of numbers and how arithmetic moves their bounds; a range is never narrower than the truth."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """Every number from `low` to `high`; infinite bounds are no bounds."""

    low: float
    high: float

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __sub__(self, other: "Interval") -> "Interval":
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval":
        return _hull_of(
            _product(left, right)
            for left in (self.low, self.high)
            for right in (other.low, other.high)
        )

    def reciprocal(self) -> "Interval | None":
        """1 / x for every x but 0, which has none; None if there is no other."""
        if self.low == self.high == 0:
            return None
        if self.low < 0 < self.high:
            return EVERYTHING
        if self.low == 0:
            return Interval(0 if math.isinf(self.high) else 1 / self.high, math.inf)
        if self.high == 0:
            return Interval(-math.inf, 0 if math.isinf(self.low) else 1 / self.low)
        return _hull_of(0 if math.isinf(bound) else 1 / bound for bound in (self.low, self.high))

    def hull(self, other: "Interval") -> "Interval":
        """The smallest range with both in it."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:.12g}"
        if math.isinf(self.low) and math.isinf(self.high):
            return "any number"
        if math.isinf(self.high):
            return f"{self.low:.12g} and more"
        if math.isinf(self.low):
            return f"{self.high:.12g} and less"
        return f"{self.low:.12g} to {self.high:.12g}"


EVERYTHING = Interval(-math.inf, math.inf)
TRUTH = Interval(0, 1)


def point(value: float) -> Interval:
    """The range of one number."""
    return Interval(value, value)


def _hull_of(values: Iterable[float]) -> Interval:
    found = list(values)
    return Interval(min(found), max(found))


def _product(left: float, right: float) -> float:
    # An unbounded range holds no infinite number, so nothing times zero is anything but zero.
    return 0.0 if left == 0 or right == 0 else left * right
