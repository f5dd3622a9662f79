"""Holds an expression to the kinds of its parts: functions to their arguments, conditions to where they belong."""

from collections.abc import Iterator
from difflib import get_close_matches

from blueprint.insights import periods
from blueprint.insights.aggregates import AGGREGATES
from blueprint.insights.errors import QueryError
from blueprint.insights.functions import FUNCTIONS, Takes
from blueprint.insights.tree import (
    Arithmetic,
    Call,
    Comparison,
    Everything,
    Expression,
    Field,
    In,
    Item,
    Junction,
    Like,
    Not,
    Period,
    Place,
    parts_of,
)


def check_group(item: Item) -> None:
    """An item of stats: aggregate functions, and what is computed of them."""
    loose = next(_outside_aggregates(item.expression), None)
    if loose:
        raise QueryError(
            loose.place,
            f"the field {loose.name!r} stands outside an aggregate function",
            remedy=f"write it within one of: {', '.join(AGGREGATES)}; or after `by`",
        )
    if not any(_is_aggregate(part) for part in parts_below(item.expression)):
        raise QueryError(
            item.place,
            "there is no aggregate function in this part of stats",
            remedy=f"use one of: {', '.join(AGGREGATES)}",
        )
    _check_aggregated(item.expression)


def _check_aggregated(expression: Expression) -> None:
    if isinstance(expression, Comparison | Like | In | Not | Junction):
        raise QueryError(expression.place, "stats computes values of groups, not conditions")
    if not isinstance(expression, Call) or expression.name not in AGGREGATES:
        _check_shape(expression)
        for part in parts_of(expression):
            _check_aggregated(part)
        return
    aggregate, given = AGGREGATES[expression.name], expression.arguments
    counts_all = expression.name == "count" and not given
    if len(given) != aggregate.arguments and not counts_all:
        raise QueryError(
            expression.place,
            f"{expression.name} takes {aggregate.arguments} argument(s), not {len(given)}",
        )
    for argument in given:
        if isinstance(argument, Everything):
            if expression.name != "count":
                raise QueryError(argument.place, f"{expression.name} takes a field; * is for count")
        else:
            check_event(argument)


def check_event(expression: Expression) -> None:
    """An expression that is computed event by event."""
    if isinstance(expression, Call) and expression.name in AGGREGATES:
        raise QueryError(
            expression.place,
            f"{expression.name} works on groups; use it in stats, and not in another",
        )
    _check_shape(expression)
    for part in parts_of(expression):
        if not (isinstance(expression, Call) and isinstance(part, Period)):  # held to the function
            check_event(part)


def _check_shape(expression: Expression) -> None:
    match expression:
        case Call():
            _check_call(expression)
        case Arithmetic(left=left, right=right):
            for operand in (left, right):
                if _is_condition(operand):
                    raise QueryError(
                        expression.place, f"{expression.sign} is for numbers, not conditions"
                    )
        case Comparison(left=left, right=right):
            if _is_condition(left) or _is_condition(right):
                raise QueryError(
                    expression.place, f"{expression.sign} is for values, not conditions"
                )
        case Not(condition=condition):
            _check_condition_kind(condition, expression.place)
        case Junction(conditions=conditions):
            for condition in conditions:
                _check_condition_kind(condition, expression.place)
        case Everything():
            raise QueryError(expression.place, "* is for count")
        case Period():
            raise QueryError(
                expression.place, f"the period {expression.text} is for bin, datefloor and dateceil"
            )


def _check_call(call: Call) -> None:
    function = FUNCTIONS.get(call.name)
    if function is None:
        near = get_close_matches(call.name, [*FUNCTIONS, *AGGREGATES], n=1)
        known = ", ".join(sorted([*FUNCTIONS, *AGGREGATES]))
        raise QueryError(
            call.place,
            f"{call.name!r} is no function that is understood here",
            remedy=f"write {near[0]}" if near else f"use one of: {known}",
        )
    if not function.accepts(len(call.arguments)):
        raise QueryError(call.place, f"{call.name} does not take {len(call.arguments)} argument(s)")
    for position, argument in enumerate(call.arguments):
        match function.taken(position), argument:
            case Takes.FIELD, Field():
                continue
            case Takes.PERIOD, Period(text=written) if periods.length(written):
                continue
            case Takes.PERIOD, Period(text=written):
                raise QueryError(
                    argument.place,
                    f"{written} is no period that is understood here",
                    remedy=f"write a number and one of: {periods.SHOWN}",
                )
            case Takes.ANYTHING, found if not isinstance(found, Period | Everything):
                continue
            case wanted, _:
                raise QueryError(
                    call.place, f"argument {position + 1} of {call.name} must be {wanted}"
                )


def check_condition(expression: Expression, place: Place) -> None:
    _check_condition_kind(expression, place)
    check_event(expression)


def _check_condition_kind(expression: Expression, place: Place) -> None:
    if not _is_condition(expression):
        raise QueryError(place, "a condition is expected here, something that is true or false")


def _is_condition(expression: Expression) -> bool:
    match expression:
        case Comparison() | Like() | In() | Not() | Junction():
            return True
        case Call(name=name):
            return name in FUNCTIONS and FUNCTIONS[name].is_condition
        case _:
            return False


def _is_aggregate(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.name in AGGREGATES


def _outside_aggregates(expression: Expression) -> Iterator[Field]:
    if isinstance(expression, Field):
        yield expression
    if not _is_aggregate(expression):
        for part in parts_of(expression):
            yield from _outside_aggregates(part)


def parts_below(expression: Expression) -> Iterator[Expression]:
    yield expression
    for part in parts_of(expression):
        yield from parts_below(part)
