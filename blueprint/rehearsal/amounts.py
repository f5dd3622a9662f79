"""Reads what a case says of one metric in one minute: `3 x 1, 37 x 0`, `95% of timeout`, `none`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from blueprint.errors import UsageError

# Seconds of each unit of time that an amount, an attribute's name or CloudWatch may use.
_SECONDS = {"ms": 0.001, "s": 1.0, "seconds": 1.0, "Milliseconds": 0.001, "Seconds": 1.0}
_TERM = re.compile(
    r"(?:(?P<count>\d+)\s*x\s+)?(?P<number>\d+(?:\.\d+)?)\s*"
    r"(?:(?P<unit>ms|s)|(?P<percent>%)\s+of\s+(?P<attribute>[a-z_]+))?"
)

Attributes = Mapping[str, object]
Sample = tuple[float, int]
"""A value and how often it was reported."""


@dataclass(frozen=True)
class Term:
    """`count` samples of a value: `number`, in `unit` where it is a time, or that share of an attribute's value."""

    count: int
    number: float
    unit: str = ""
    attribute: str = ""


@dataclass(frozen=True)
class Amount:
    """Everything that one metric reports in one minute; no terms is nothing at all."""

    text: str
    terms: tuple[Term, ...]

    def samples(self, *, unit: str, attributes: Attributes) -> tuple[Sample, ...]:
        """The samples in `unit` (CloudWatch's name of it); shares are taken of the resource's `attributes`.

        Raises UsageError where the resource lacks the attribute, or a time is told of what is not a time.
        """
        return tuple((self._value(term, unit, attributes), term.count) for term in self.terms)

    def _value(self, term: Term, unit: str, attributes: Attributes) -> float:
        if term.attribute:
            value, own = _attribute(term.attribute, attributes)
            return _converted(value * term.number / 100, own, unit, self.text)
        return _converted(term.number, term.unit, unit, self.text)


NOTHING = Amount("none", ())


def read(text: str | int | float) -> Amount:
    """The amount that `text` says; UsageError where it says none."""
    written = str(text).strip()
    if written == NOTHING.text:
        return NOTHING
    terms = []
    for part in written.split(","):
        found = _TERM.fullmatch(part.strip())
        if found is None:
            raise UsageError(
                f"{written!r} is no amount",
                remedy="write samples of one minute, such as `12`, `3 x 1, 37 x 0`, `40 x 120 ms`,"
                " `1 x 95% of timeout`, or `none`",
            )
        count = 1 if found["count"] is None else int(found["count"])
        terms.append(
            Term(count, float(found["number"]), found["unit"] or "", found["attribute"] or "")
        )
    return Amount(written, tuple(term for term in terms if term.count))


def _attribute(name: str, attributes: Attributes) -> tuple[float, str]:
    """The number called `name`, or `name` with a unit of time behind it, and that unit."""
    for suffix in ("", "ms", "seconds"):
        value = attributes.get(f"{name}_{suffix}" if suffix else name)
        if _is_number(value):
            return float(value), suffix
    known = sorted(key for key, value in attributes.items() if _is_number(value))
    raise UsageError(
        f"the resource has no number called {name!r}",
        remedy=f"take a share of one of: {', '.join(known) or 'nothing, it has none'}",
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _converted(value: float, own: str, unit: str, text: str) -> float:
    if not own:
        return value
    if unit not in _SECONDS:
        raise UsageError(
            f"`{text}` is a time, and the metric's unit is {unit}",
            remedy="write a number without a unit, or correct the metric's name",
        )
    # Rounded, because 0.95 of 30 s in milliseconds is 28500 and not 28499.999999999996.
    return round(value * _SECONDS[own] / _SECONDS[unit], 9)
