"""Finds out, before anything runs, what each part of an alarm's expressions comes to, and refuses what cannot be.

Which function takes and gives what is read from "Use metric math" of the CloudWatch user guide.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NoReturn

from blueprint.cloudwatch import expressions
from blueprint.cloudwatch.expressions import (
    Call,
    Listing,
    Negation,
    Node,
    Number,
    Operation,
    Reference,
    Text,
    Word,
)
from blueprint.cloudwatch.model import Query
from blueprint.errors import BlueprintError


class Kind(StrEnum):
    """What a part of an expression comes to."""

    NUMBER = "a scalar"
    SERIES = "a series"
    ARRAY = "an array of series"


_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "AND", "OR")
_EACH = ("ABS", "CEIL", "FLOOR")
_REDUCING = ("SUM", "AVG", "MIN", "MAX")
_ARGUMENTS = {
    **dict.fromkeys((*_EACH, *_REDUCING, "RATE", "DIFF", "PERIOD"), (1, 1)),
    "METRICS": (0, 1),
    "FILL": (2, 2),
    "IF": (2, 3),
}
_NOT_HERE = {
    *("ANOMALY_DETECTION_BAND", "DATAPOINT_COUNT", "DATE", "DAY", "DB_PERF_INSIGHTS", "DIFF_TIME"),
    *("EPOCH", "FIRST", "HOUR", "INSIGHT_RULE_METRIC", "LAMBDA", "LAST", "LOG", "LOG10", "MINUTE"),
    *("METRIC_COUNT", "MONTH", "REMOVE_EMPTY", "RUNNING_SUM", "SEARCH", "SERVICE_QUOTA", "SLICE"),
    *("SORT", "STDDEV", "TIME_SERIES", "YEAR"),
}


class NotEvaluatedError(BlueprintError):
    """A function that CloudWatch has and this evaluator does not: nothing is said about the alarm."""


class Checker:
    """Finds out what each expression comes to, and refuses what CloudWatch or this evaluator cannot make of it."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self._queries = {query.id: query for query in queries}
        self._kinds: dict[str, Kind] = {}
        self._open: list[str] = []
        self.trees: dict[str, Node] = {}
        self.pointwise = True

    def kind_of(self, name: str, reader: str) -> Kind:
        """What the query `name`, which `reader` reads, comes to; its expressions are in `trees` from then on."""
        query = self._queries.get(name)
        if query is None:
            _refuse(reader, f"there is no query {name!r}", "name " + ", ".join(self._queries))
        if query.metric:
            return Kind.SERIES
        if name in self._open:
            circle = " -> ".join([*self._open, name])
            _refuse(name, f"the expressions read each other: {circle}", "break the circle")
        if name not in self._kinds:
            self._open.append(name)
            tree = _parsed(name, query.expression or "")
            self._kinds[name] = self._kind(name, tree)
            self.trees[name] = tree
            self._open.pop()
        return self._kinds[name]

    def _kind(self, name: str, node: Node) -> Kind:
        match node:
            case Number():
                return Kind.NUMBER
            case Reference(other):
                return self.kind_of(other, name)
            case Listing(items):
                if not items:
                    _refuse(name, "[] has no series", "list at least one")
                for item in items:
                    self._demand(name, item, "[]", Kind.SERIES, Kind.ARRAY)
                return Kind.ARRAY
            case Negation(operand):
                return self._kind(name, operand)
            case Operation(symbol, left, right):
                return self._kind_of_operation(name, symbol, left, right)
            case Call(function, arguments):
                return self._kind_of_call(name, function, arguments)
            case Text(value) | Word(value):
                fault = f"{value!r} is no value"
        return _refuse(name, fault, "give a number, an id or a function")

    def _kind_of_operation(self, name: str, symbol: str, left: Node, right: Node) -> Kind:
        kinds = {self._kind(name, left), self._kind(name, right)}
        if Kind.ARRAY in kinds and (symbol in _COMPARISONS or kinds == {Kind.ARRAY}):
            _refuse(
                name, f"{symbol} does not take these arrays", "reduce an array by SUM or AVG first"
            )
        return next(kind for kind in (Kind.ARRAY, Kind.SERIES, Kind.NUMBER) if kind in kinds)

    def _kind_of_call(self, name: str, function: str, arguments: tuple[Node, ...]) -> Kind:
        if function not in _ARGUMENTS:
            known = ", ".join(sorted(_ARGUMENTS))
            if function in _NOT_HERE:
                raise NotEvaluatedError(
                    f"{name}: {function} is not evaluated here", remedy=f"use {known}"
                )
            _refuse(name, f"there is no function {function}", f"use {known}, in capitals")
        least, most = _ARGUMENTS[function]
        if not least <= len(arguments) <= most:
            _refuse(name, f"{function} does not take {len(arguments)} arguments", "see metric math")
        match function:
            case "METRICS":
                if arguments and not isinstance(arguments[0], Text):
                    _refuse(name, "METRICS takes a string", 'write METRICS("errors")')
                if not self._members(arguments):
                    _refuse(name, "METRICS finds no metric", "name a part of the ids of metrics")
                return Kind.ARRAY
            case "PERIOD":
                chosen = arguments[0]
                if not (isinstance(chosen, Reference) and chosen.id in self._members(())):
                    _refuse(name, "PERIOD takes the id of a metric", "write PERIOD(m1)")
                return Kind.NUMBER
            case "IF":
                return self._kind_of_if(name, arguments)
            case "FILL":
                return self._kind_of_fill(name, arguments)
        kind = self._demand(name, arguments[0], function, Kind.SERIES, Kind.ARRAY)
        if function in _REDUCING:
            self.pointwise &= kind is Kind.ARRAY
            return Kind.SERIES if kind is Kind.ARRAY else Kind.NUMBER
        self.pointwise &= function in _EACH
        return kind

    def _kind_of_if(self, name: str, arguments: tuple[Node, ...]) -> Kind:
        condition, *branches = arguments
        chosen = self._demand(name, condition, "IF", Kind.NUMBER, Kind.SERIES)
        kinds = {self._demand(name, each, "IF", Kind.NUMBER, Kind.SERIES) for each in branches}
        if chosen is Kind.NUMBER and kinds != {Kind.SERIES}:
            _refuse(
                name, "IF(scalar, ...) chooses between series", "give a series as the condition"
            )
        return Kind.SERIES

    def _kind_of_fill(self, name: str, arguments: tuple[Node, ...]) -> Kind:
        filled, filler = arguments
        kind = self._demand(name, filled, "FILL", Kind.SERIES, Kind.ARRAY)
        if isinstance(filler, Word) and filler.name in {"REPEAT", "LINEAR"}:
            self.pointwise = False
        else:
            self._demand(name, filler, "FILL", Kind.NUMBER, Kind.SERIES)
        return kind

    def _demand(self, name: str, node: Node, taker: str, *kinds: Kind) -> Kind:
        kind = self._kind(name, node)
        if kind not in kinds:
            _refuse(name, f"{taker} does not take {kind}", f"give it {' or '.join(kinds)}")
        return kind

    def _members(self, arguments: tuple[Node, ...]) -> list[str]:
        part = arguments[0].value if arguments and isinstance(arguments[0], Text) else ""
        return [query.id for query in self._queries.values() if query.metric and part in query.id]


def _parsed(name: str, text: str) -> Node:
    try:
        return expressions.parse(text)
    except BlueprintError as error:
        raise BlueprintError(f"{name}: {error.message}", remedy=error.remedy) from error


def _refuse(name: str, fault: str, remedy: str) -> NoReturn:
    raise BlueprintError(f"{name}: {fault}", remedy=remedy)
