"""Evaluates the metric math that alarms use, over the data points that an alarm retrieves.

Read from "Use metric math" of the CloudWatch user guide: between two series a value that only one has stands against
a 0, a division by zero drops the data point, IF takes 0 for a missing value of the chosen second argument and drops
what is missing of its condition or its third, AVG counts missing values as 0.

What is not documented, and our choice:

- A series that reported nothing at all is filled by FILL with a number as any other; REPEAT has nothing to repeat
  before the first value, LINEAR nothing to draw a line to at either end, so there the data points stay missing.
- SUM, MIN and MAX pass over missing values. Beside a missing value in one series only, a scalar makes none.
- A result that is no finite number is dropped, as a division by zero is.
- An expression must come to one series: CloudWatch takes no scalar and an alarm takes no array.
- RATE and DIFF look back to the value before within the evaluation range, over a gap if there is one.
"""

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blueprint.cloudwatch import gaps
from blueprint.cloudwatch.expression_kinds import Checker, Kind, NotEvaluatedError
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
from blueprint.cloudwatch.statistics import Value
from blueprint.errors import BlueprintError

__all__ = ["NotEvaluatedError", "Program", "compile_queries"]

Series = list[Value]
Binary = Callable[[float, float], float]


@dataclass(frozen=True)
class _Array:
    members: tuple[Series, ...]


Result = float | Series | _Array


_ARITHMETIC: dict[str, Binary] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": math.pow,
}
_COMPARISONS: dict[str, Binary] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "AND": lambda left, right: left != 0 and right != 0,
    "OR": lambda left, right: left != 0 or right != 0,
}
_OPERATORS = _ARITHMETIC | _COMPARISONS
_EACH: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
_REDUCING: dict[str, Callable[[Sequence[float], int], float]] = {
    "SUM": lambda values, _: math.fsum(values),
    "AVG": lambda values, places: math.fsum(values) / places,
    "MIN": lambda values, _: float(min(values)),
    "MAX": lambda values, _: float(max(values)),
}


@dataclass(frozen=True)
class Program:
    """The expressions of an alarm, checked, each after those it reads; the last is the one that is compared.

    `pointwise` says that no data point of the result depends on its neighbours, so that any stretch of time can be run
    at once. Otherwise the result is that of one evaluation range, and each range has to be run by itself.
    """

    metrics: tuple[str, ...]
    period: int
    trees: tuple[tuple[str, Node], ...]
    pointwise: bool

    def run(self, series: Mapping[str, Series]) -> list[Value]:
        """The series that comes of those of the metrics: by id, all of one length, oldest first."""
        evaluation = _Evaluation(self, series)
        for name, tree in self.trees:
            evaluation.known[name] = evaluation.of(tree)
        return _series(evaluation.known[self.trees[-1][0]])


def compile_queries(queries: Sequence[Query]) -> Program:
    """The program of an alarm's `queries`, one of whose expressions returns data.

    BlueprintError names the query and what is wrong with it: syntax, an id that does not exist, expressions that read
    each other in a circle, a function that is unknown, an argument or a result of the wrong kind. Its subclass
    NotEvaluatedError is for a function that CloudWatch has but that is not evaluated here.
    """
    checker = Checker(queries)
    result = next(query for query in queries if query.returns_data)
    kind = checker.kind_of(result.id, result.id)
    if kind is not Kind.SERIES:
        raise BlueprintError(
            f"{result.id}: {result.expression!r} comes to {kind}, and an alarm watches one series",
            remedy="reduce an array by SUM, AVG, MIN or MAX; put a scalar beside a series",
        )
    metrics = tuple(query.id for query in queries if query.metric)
    period = max(query.period for query in queries)
    return Program(metrics, period, tuple(checker.trees.items()), checker.pointwise)


class _Evaluation:
    """One run of a program: what each id stands for, and the value of trees over it."""

    def __init__(self, program: Program, series: Mapping[str, Series]) -> None:
        self._program = program
        self._places = len(next(iter(series.values()), ()))
        self.known: dict[str, Result] = {name: series[name] for name in program.metrics}

    def of(self, node: Node) -> Result:
        match node:
            case Number(value):
                return value
            case Reference(name):
                return self.known[name]
            case Negation(operand):
                return _both(operator.sub, 0.0, self.of(operand))
            case Operation(symbol, left, right):
                return _both(_OPERATORS[symbol], self.of(left), self.of(right))
            case Listing() | Call("METRICS"):
                return _Array(tuple(self._members(node)))
            case Call("PERIOD"):
                return float(self._program.period)
            case Call("IF", arguments):
                return self._if(*arguments)
            case Call("FILL", (filled, filler)):
                return self._each_series(filled, lambda series: self._fill(series, filler))
            case Call("RATE" | "DIFF" as function, (changing,)):
                per = self._program.period if function == "RATE" else 0
                return self._each_series(changing, lambda series: gaps.changes(series, per))
            case Call(function, (operand,)) if function in _EACH:
                return _both(lambda value, _: _EACH[function](value), self.of(operand), 0.0)
            case Call(function, (operand,)):
                return self._reduce(_REDUCING[function], operand)
        raise TypeError(f"{node} was to be refused")

    def _members(self, node: Node) -> Iterator[Series]:
        """The series of an array, those of arrays within it one by one."""
        match node:
            case Listing(items):
                for item in items:
                    yield from self._members(item)
                return
            case Call("METRICS", arguments):
                part = arguments[0].value if arguments and isinstance(arguments[0], Text) else ""
                for name in self._program.metrics:
                    if part in name:
                        yield _series(self.known[name])
                return
        value = self.of(node)
        yield from value.members if isinstance(value, _Array) else [_series(value)]

    def _each_series(self, node: Node, change: Callable[[Series], Series]) -> Result:
        value = self.of(node)
        if isinstance(value, _Array):
            return _Array(tuple(change(each) for each in value.members))
        return change(_series(value))

    def _if(self, condition: Node, chosen: Node, other: Node | None = None) -> Series:
        test = self.of(condition)
        then = self._spread(chosen)
        otherwise: Series = [None] * self._places if other is None else self._spread(other)
        if isinstance(test, float):
            return then if test != 0 and not math.isnan(test) else otherwise
        return [
            None if each is None else (0.0 if yes is None else yes) if each != 0 else no
            for each, yes, no in zip(_series(test), then, otherwise, strict=True)
        ]

    def _fill(self, series: Series, filler: Node) -> Series:
        match filler:
            case Word("REPEAT"):
                return gaps.repeated(series)
            case Word("LINEAR"):
                return gaps.interpolated(series)
        fill = self._spread(filler)
        return [new if old is None else old for old, new in zip(series, fill, strict=True)]

    def _spread(self, node: Node) -> Series:
        """A series as it is, a scalar at every place; a scalar that is not a number is missing everywhere."""
        value = self.of(node)
        if isinstance(value, float):
            return [None if math.isnan(value) else value] * self._places
        return _series(value)

    def _reduce(self, reduce: Callable[[Sequence[float], int], float], operand: Node) -> Result:
        value = self.of(operand)
        if isinstance(value, _Array):
            columns = zip(*value.members, strict=True)
            there = [[each for each in column if each is not None] for column in columns]
            return [reduce(each, len(value.members)) if each else None for each in there]
        found = [each for each in _series(value) if each is not None]
        return reduce(found, self._places) if found else math.nan


def _series(value: Result) -> Series:
    if isinstance(value, list):
        return value
    raise TypeError(f"{value} was to be refused: it is no series")


def _both(combine: Binary, left: Result, right: Result) -> Result:
    """`combine` of every data point of one side with its counterpart on the other."""
    match left, right:
        case _Array(members), _:
            return _Array(tuple(_line(combine, each, right) for each in members))
        case _, _Array(members):
            return _Array(tuple(_line(combine, left, each) for each in members))
        case float(), float():
            value = math.nan if math.isnan(left + right) else _combined(combine, left, right)
            return math.nan if value is None else value
    return _line(combine, left, right)


def _line(combine: Binary, left: Result, right: Result) -> Series:
    """The same where at least one side is a series and none an array."""
    match left, right:
        case (float() as scalar, list(series)) | (list(series), float() as scalar) if math.isnan(
            scalar
        ):
            return [None] * len(series)
        case float(), list():
            return [None if each is None else _combined(combine, left, each) for each in right]
        case list(), float():
            return [None if each is None else _combined(combine, each, right) for each in left]
        case list(), list():
            return [
                None if one is None and two is None else _combined(combine, one or 0.0, two or 0.0)
                for one, two in zip(left, right, strict=True)
            ]
    raise TypeError("operands without a series were to be combined before")


def _combined(combine: Binary, left: float, right: float) -> Value:
    try:
        value = float(combine(left, right))
    except (ArithmeticError, ValueError):
        return None
    return value if math.isfinite(value) else None
