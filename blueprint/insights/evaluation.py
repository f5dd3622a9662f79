"""Computes an expression for one event, or for a group of events."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from blueprint.insights import periods
from blueprint.insights.aggregates import AGGREGATES, Sample
from blueprint.insights.functions import FUNCTIONS, TIMESTAMP
from blueprint.insights.tree import (
    Arithmetic,
    Call,
    Comparison,
    Everything,
    Expression,
    Field,
    In,
    Junction,
    Like,
    Literal,
    Not,
    Period,
)
from blueprint.insights.values import Value, compare, number, text

Row: TypeAlias = Mapping[str, Value]

_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": math.fmod,
    "^": math.pow,
}


def of_event(expression: Expression, row: Row) -> Value:
    """The value of `expression` in `row`; None where a field it needs is missing or no number where one is due.

    The value of a condition is True, False, or None where it cannot be said.
    """
    match expression:
        case Field(name=name):
            return row.get(name)
        case Literal(value=value):
            return value
        case Period(text=written):
            return periods.length(written)
        case Call(name=name, arguments=arguments):
            given = [of_event(argument, row) for argument in arguments]
            return FUNCTIONS[name].compute(row, given)
        case Arithmetic(sign=sign, left=left, right=right):
            return _operation(sign, of_event(left, row), of_event(right, row))
        case Comparison(sign=sign, left=left, right=right):
            return compare(sign, of_event(left, row), of_event(right, row))
        case Like(value=value, pattern=pattern):
            return _found(pattern, of_event(value, row))
        case In(value=value, options=options):
            return _any(compare("=", of_event(value, row), option.value) for option in options)
        case Not(condition=condition):
            held = of_event(condition, row)
            return None if held is None else not held
        case Junction(word="or", conditions=conditions):
            return _any(of_event(condition, row) for condition in conditions)
        case Junction(conditions=conditions):
            return _all(of_event(condition, row) for condition in conditions)
        case Everything():
            return True


def of_group(expression: Expression, rows: Sequence[Row]) -> Value:
    """The value of `expression`, which holds aggregate functions, over `rows`."""
    match expression:
        case Call(name=name, arguments=(subject, *others)) if name in AGGREGATES:
            samples: list[Sample] = [(of_event(subject, row), row.get(TIMESTAMP)) for row in rows]
            second = of_event(others[0], {}) if others else None
            return AGGREGATES[name].compute(samples, second)
        case Call(name="count"):
            return len(rows)
        case Call(name=name, arguments=arguments):
            return FUNCTIONS[name].compute({}, [of_group(part, rows) for part in arguments])
        case Arithmetic(sign=sign, left=left, right=right):
            return _operation(sign, of_group(left, rows), of_group(right, rows))
        case _:
            return of_event(expression, {})


def _operation(sign: str, left: Value, right: Value) -> Value:
    a, b = number(left), number(right)
    if a is None or b is None:
        return None
    try:
        return _OPERATIONS[sign](a, b)
    except (ArithmeticError, ValueError):  # division by zero, a power out of range
        return None


def _found(pattern: str | re.Pattern[str], value: Value) -> bool | None:
    shown = text(value)
    if shown is None:
        return None
    return pattern in shown if isinstance(pattern, str) else pattern.search(shown) is not None


def _any(held: Iterable[Value]) -> bool | None:
    known = list(held)
    return True if True in known else None if None in known else False


def _all(held: Iterable[Value]) -> bool | None:
    known = list(held)
    return False if False in known else None if None in known else True
