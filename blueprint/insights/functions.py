"""The functions of the language that work on one event."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blueprint.insights import periods
from blueprint.insights.values import Value, milliseconds, moment, number, text

TIMESTAMP = "@timestamp"


class Takes(StrEnum):
    """What an argument must be."""

    ANYTHING = "a field or a value"
    FIELD = "a field"
    PERIOD = "a period such as 5m"


@dataclass(frozen=True)
class Function:
    """`takes` are its arguments, the last of which may be repeated where `repeats`, or left out where `optional`.

    `is_condition` functions are true or false; all others give a value.
    """

    takes: tuple[Takes, ...]
    compute: Callable[[Mapping[str, Value], Sequence[Value]], Value]
    repeats: bool = False
    optional: bool = False
    is_condition: bool = False

    def accepts(self, count: int) -> bool:
        """Whether it may be called with `count` arguments."""
        least = len(self.takes) - (1 if self.optional else 0)
        return count >= least and (self.repeats or count <= len(self.takes))

    def taken(self, position: int) -> Takes:
        """What the argument at `position` must be."""
        return self.takes[min(position, len(self.takes) - 1)]


def _numeric(compute: Callable[..., float], takes: int = 1, *, repeats: bool = False) -> Function:
    def apply(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
        found = [number(value) for value in given]
        if any(value is None for value in found):
            return None
        try:
            return compute(*found)
        except ValueError:  # the root or logarithm of what has none
            return None

    return Function((Takes.ANYTHING,) * takes, apply, repeats=repeats)


def _textual(
    compute: Callable[..., Value], takes: int, *, repeats: bool = False, optional: bool = False
) -> Function:
    def apply(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
        found = [text(value) for value in given]
        return None if any(value is None for value in found) else compute(*found)

    return Function((Takes.ANYTHING,) * takes, apply, repeats=repeats, optional=optional)


def _substring(value: str, start: str, count: str | None = None) -> str | None:
    first, length = number(start), number(count)
    if first is None or (count is not None and length is None):
        return None
    rest = value[int(first) :]
    return rest if length is None else rest[: int(length)]


def _bin(event: Mapping[str, Value], given: Sequence[Value]) -> Value:
    return _floor(event, (event.get(TIMESTAMP), *given))


def _floor(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    return _rounded(given, periods.floor)


def _ceiling(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    return _rounded(given, periods.ceiling)


def _rounded(given: Sequence[Value], rounding: Callable[[datetime, int], datetime]) -> Value:
    at, period = given
    if not isinstance(at, datetime) or not isinstance(period, int):
        return None
    return rounding(at, period)


def _from_milliseconds(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    found = number(given[0])
    return None if found is None else moment(found)


def _to_milliseconds(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    (at,) = given
    return milliseconds(at) if isinstance(at, datetime) else None


def _is_present(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    return given[0] is not None


def _is_empty(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    return not text(given[0])


def _is_blank(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    return not (text(given[0]) or "").strip()


def _first_present(_: Mapping[str, Value], given: Sequence[Value]) -> Value:
    return next((value for value in given if value is not None), None)


FUNCTIONS: dict[str, Function] = {
    "abs": _numeric(abs),
    "ceil": _numeric(math.ceil),
    "floor": _numeric(math.floor),
    "greatest": _numeric(max, repeats=True),
    "least": _numeric(min, repeats=True),
    "log": _numeric(math.log),
    "sqrt": _numeric(math.sqrt),
    "bin": Function((Takes.PERIOD,), _bin),
    "datefloor": Function((Takes.ANYTHING, Takes.PERIOD), _floor),
    "dateceil": Function((Takes.ANYTHING, Takes.PERIOD), _ceiling),
    "frommillis": Function((Takes.ANYTHING,), _from_milliseconds),
    "tomillis": Function((Takes.ANYTHING,), _to_milliseconds),
    "ispresent": Function((Takes.FIELD,), _is_present, is_condition=True),
    "isempty": Function((Takes.FIELD,), _is_empty, is_condition=True),
    "isblank": Function((Takes.FIELD,), _is_blank, is_condition=True),
    "coalesce": Function((Takes.FIELD,), _first_present, repeats=True),
    "concat": _textual(lambda *parts: "".join(parts), 2, repeats=True),
    "ltrim": _textual(lambda value, of=None: value.lstrip(of), 2, optional=True),
    "rtrim": _textual(lambda value, of=None: value.rstrip(of), 2, optional=True),
    "trim": _textual(lambda value, of=None: value.strip(of), 2, optional=True),
    "strlen": _textual(len, 1),
    "toupper": _textual(str.upper, 1),
    "tolower": _textual(str.lower, 1),
    "substr": _textual(_substring, 3, optional=True),
    "replace": _textual(str.replace, 3),
    "strcontains": _textual(lambda value, part: int(part in value), 2),
}
