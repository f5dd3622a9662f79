"""Works out the range of what an alarm compares: of statistics over a period, and of metric math over them.

A range may be wider than the truth, never narrower: what lies outside of it cannot happen.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

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
from blueprint.cloudwatch.model import Metric, MetricAlarm, Query
from blueprint.reachability.interval import EVERYTHING, TRUTH, Interval, point
from blueprint.reachability.series import Series

# Metrics of which a part of the samples of another is non-zero: at most one for each of the other's.
_PARTS = {
    ("AWS/Lambda", "Errors"): "Invocations",
    ("AWS/ApiGateway", "4XXError"): "Count",
    ("AWS/ApiGateway", "5XXError"): "Count",
    ("AWS/ApiGateway", "4xx"): "Count",
    ("AWS/ApiGateway", "5xx"): "Count",
}
_COUNTING = ("Sum", "SampleCount")
_BOUNDS = re.compile(r"\(([0-9.]*)%?:([0-9.]*)%?\)")


@dataclass(frozen=True)
class Outcome:
    """What an expression can be in a period: a value in `values` (None: it never has one), or nothing if `absent`."""

    values: Interval | None
    absent: bool

    @property
    def always_absent(self) -> bool:
        return self.values is None


@dataclass(frozen=True)
class World:
    """What may be reported: `silent` are the metrics that report nothing, `present` those that surely report."""

    silent: frozenset[Metric] = frozenset()
    present: frozenset[Metric] = frozenset()


Many = list[Outcome]


def of(
    alarm: MetricAlarm,
    series: Mapping[str, Series],
    trees: Mapping[str, Node],
    world: World,
) -> Outcome:
    """What the alarm compares in a period of `world`.

    `series` are those of its metrics and `trees` its parsed expressions, both by query.
    """
    ranges = _Ranges({query.id: query for query in alarm.queries}, series, trees, world)
    return ranges.one(Reference(alarm.result.id))


def statistic(text: str, sample: Interval) -> Interval:
    """The range of a statistic of at least one sample, each in `sample`."""
    low, high = sample.low, sample.high
    kind = text[:2].upper()
    bounds = _BOUNDS.search(text)
    if text == "SampleCount":
        return Interval(1, math.inf)
    if text == "Sum":
        return Interval(low if low >= 0 else -math.inf, high if high <= 0 else math.inf)
    if kind == "PR" and bounds:
        above = float(bounds[1]) if bounds[1] else -math.inf
        upto = float(bounds[2]) if bounds[2] else math.inf
        if low > above and high <= upto:
            return point(100)
        return point(0) if high <= above or low > upto else Interval(0, 100)
    if kind == "TC":
        return Interval(0, math.inf)
    if kind == "TS":
        return Interval(0 if low >= 0 else -math.inf, 0 if high <= 0 else math.inf)
    return sample


def counts(alarm: MetricAlarm, series: Mapping[str, Series]) -> bool:
    """Whether the alarm compares a count that is above 0 wherever there is one, so that silence means 0."""
    query = alarm.result
    return query.metric is not None and (
        query.statistic == "SampleCount"
        or (query.statistic == "Sum" and series[query.id].sample.low > 0)
    )


class _Ranges:
    def __init__(
        self,
        queries: Mapping[str, Query],
        series: Mapping[str, Series],
        trees: Mapping[str, Node],
        world: World,
    ) -> None:
        self.queries = queries
        self.series = series
        self.trees = trees
        self.world = world

    def one(self, node: Node) -> Outcome:
        """The outcome of a node that is one series or a number."""
        match node:
            case Number(value):
                return Outcome(point(value), False)
            case Reference(name):
                return self.one(self.trees[name]) if name in self.trees else self._metric(name)
            case Negation(operand):
                inner = self.one(operand)
                return Outcome(-inner.values if inner.values else None, inner.absent)
            case Operation():
                return self._operation(node)
            case Call():
                return self._call(node)
            case Listing() | Text() | Word():
                return Outcome(EVERYTHING, True)

    def _metric(self, name: str) -> Outcome:
        series = self.series[name]
        if series.metric in self.world.silent:
            return Outcome(None, True)
        values = statistic(self.queries[name].statistic, series.sample)
        return Outcome(values, series.may_be_absent and series.metric not in self.world.present)

    def _many(self, node: Node) -> Many:
        match node:
            case Listing(items):
                return [outcome for item in items for outcome in self._many(item)]
            case Call("METRICS", arguments):
                part = arguments[0].value if arguments and isinstance(arguments[0], Text) else ""
                return [self._metric(name) for name in self.series if part in name]
            case Reference(name) if name in self.trees:
                return self._many(self.trees[name])
        return [self.one(node)]

    def _is_array(self, node: Node) -> bool:
        match node:
            case Listing() | Call("METRICS"):
                return True
            case Reference(name) if name in self.trees:
                return self._is_array(self.trees[name])
            case Operation(_, left, right):
                return self._is_array(left) or self._is_array(right)
            case Negation(operand):
                return self._is_array(operand)
            case Call(function, (first, *_)) if function in ("FILL", "ABS", "CEIL", "FLOOR"):
                return self._is_array(first)
        return False

    def _operation(self, node: Operation) -> Outcome:
        if self._is_array(node):
            return Outcome(EVERYTHING, True)
        left, right = self.one(node.left), self.one(node.right)
        if left.values is None and right.values is None:
            return Outcome(None, True)
        scalar = self._is_scalar(node.left) or self._is_scalar(node.right)
        if scalar and (left.values is None or right.values is None):
            return Outcome(None, True)
        absent = (left.absent or right.absent) if scalar else (left.absent and right.absent)
        # Of two series a value that only one has stands against a 0.
        one, other = (_beside(each, alone=not scalar) for each in (left, right))
        values, undefined = _combine(node.operator, one, other)
        narrowed = self._ratio(node)
        if narrowed is not None and values is not None:
            values = Interval(max(values.low, narrowed.low), min(values.high, narrowed.high))
        return Outcome(values, absent or undefined)

    def _ratio(self, node: Operation) -> Interval | None:
        """A narrower range of a quotient or difference whose sides depend on each other; None where none is known."""
        left, right = self._whole(node.left), self._whole(node.right)
        if node.operator == "-" and left == right:
            return point(0)
        if node.operator != "/":
            return None
        if left == right:
            return point(1)
        if self._is_part(left, right):
            return Interval(0, 1)
        match left:
            case Operation("-", whole, part) if whole == right and self._not_negative(whole, part):
                return Interval(-math.inf, 1)
        terms = _terms(right)
        if left in terms and self._not_negative(*terms):
            return Interval(0, 1)
        return None

    def _whole(self, node: Node) -> Node:
        """The tree without references to other expressions, and with one name for every query of the same series."""
        match node:
            case Reference(name) if name in self.trees:
                return self._whole(self.trees[name])
            case Reference(name):
                same = _identity(self.queries[name])
                return Reference(
                    next(each for each in self.series if _identity(self.queries[each]) == same)
                )
            case Negation(operand):
                return Negation(self._whole(operand))
            case Operation(symbol, left, right):
                return Operation(symbol, self._whole(left), self._whole(right))
            case Call(function, arguments):
                return Call(function, tuple(self._whole(each) for each in arguments))
            case Listing(items):
                return Listing(tuple(self._whole(each) for each in items))
        return node

    def _is_part(self, left: Node, right: Node) -> bool:
        """Whether `left` adds up samples of at most 1, of which `right` counts all."""
        if not (isinstance(left, Reference) and isinstance(right, Reference)):
            return False
        part, whole = self.queries[left.id], self.queries[right.id]
        if part.metric is None or whole.metric is None or part.period != whole.period:
            return False
        sample = self.series[left.id].sample
        if part.statistic != "Sum" or sample.low < 0 or sample.high > 1:
            return False
        if whole.statistic == "SampleCount" and whole.metric == part.metric:
            return True
        named = _PARTS.get((part.metric.namespace, part.metric.name))
        return whole.statistic in _COUNTING and whole.metric == Metric(
            part.metric.namespace, named or "", part.metric.dimensions
        )

    def _not_negative(self, *nodes: Node) -> bool:
        found = (self.one(node).values for node in nodes)
        return all(values is None or values.low >= 0 for values in found)

    def _is_scalar(self, node: Node) -> bool:
        match node:
            case Number() | Call("PERIOD"):
                return True
            case Negation(operand):
                return self._is_scalar(operand)
            case Operation(_, left, right):
                return self._is_scalar(left) and self._is_scalar(right)
            case Reference(name) if name in self.trees:
                return self._is_scalar(self.trees[name])
            case Call(function, (first,)) if function in ("SUM", "AVG", "MIN", "MAX"):
                return not self._is_array(first)
        return False

    def _call(self, node: Call) -> Outcome:
        first = node.arguments[0] if node.arguments else None
        match node.function:
            case "PERIOD" if isinstance(first, Reference):
                return Outcome(point(self.queries[first.id].period), False)
            case "FILL" if first is not None and not self._is_array(first):
                return self._fill(first, node.arguments[1])
            case "IF":
                return self._if(*node.arguments)
            case "SUM" | "AVG" | "MIN" | "MAX" if first is not None:
                return self._reduce(node.function, first)
            case "ABS" | "CEIL" | "FLOOR" | "DIFF" | "RATE" if first is not None:
                return self._changed(node.function, self.one(first))
        return Outcome(EVERYTHING, True)

    def _fill(self, filled: Node, filler: Node) -> Outcome:
        inner = self.one(filled)
        if isinstance(filler, Word):
            return inner
        fill = self.one(filler)
        if not inner.absent:
            return inner
        if inner.values is None:
            return fill
        return Outcome(inner.values.hull(fill.values) if fill.values else inner.values, fill.absent)

    def _if(self, condition: Node, chosen: Node, other: Node | None = None) -> Outcome:
        test, then = self.one(condition), self.one(chosen)
        otherwise = self.one(other) if other is not None else Outcome(None, True)
        if self._is_scalar(condition):
            # A scalar chooses one series for all of the time; what has no value chooses the other.
            if test.values is None or test.values == point(0):
                return otherwise
            if 0 not in test.values and not test.absent:
                return then
            return Outcome(_hull(then.values, otherwise.values), then.absent or otherwise.absent)
        if test.values is None:
            return Outcome(None, True)
        # A missing value of the second argument counts as 0 where a series chooses it.
        yes = _beside(then, alone=True)
        if 0 not in test.values:
            return Outcome(yes, test.absent)
        if test.values == point(0):
            return Outcome(otherwise.values, otherwise.absent or test.absent)
        return Outcome(_hull(yes, otherwise.values), otherwise.absent or test.absent)

    def _reduce(self, function: str, first: Node) -> Outcome:
        if not self._is_array(first):
            inner = self.one(first)
            if inner.values is None or function != "SUM":
                return inner
            low = inner.values.low if inner.values.low >= 0 else -math.inf
            high = inner.values.high if inner.values.high <= 0 else math.inf
            return Outcome(Interval(low, high), inner.absent)
        members = self._many(first)
        there = [member for member in members if member.values is not None]
        if not there:
            return Outcome(None, True)
        absent = all(member.absent for member in members)
        ranges = [member.values for member in there if member.values is not None]
        if function in ("MIN", "MAX"):
            return Outcome(_extreme(function, there, absent), absent)
        # What is missing adds nothing; at least one is there.
        parts = [_beside(member, alone=True) or point(0) for member in there]
        total = reduce(lambda one, other: one + other, parts)
        if len(ranges) == 1:
            total = ranges[0]
        if function == "AVG":
            total = total * point(1 / len(members))
        return Outcome(total, absent)

    def _changed(self, function: str, inner: Outcome) -> Outcome:
        values = inner.values
        if values is None:
            return inner
        match function:
            case "ABS":
                low = 0 if 0 in values else min(abs(values.low), abs(values.high))
                return Outcome(Interval(low, max(abs(values.low), abs(values.high))), inner.absent)
            case "CEIL" | "FLOOR":
                return Outcome(
                    Interval(
                        values.low if math.isinf(values.low) else math.floor(values.low),
                        values.high if math.isinf(values.high) else math.ceil(values.high),
                    ),
                    inner.absent,
                )
            case "DIFF":
                return Outcome(values - values, True)
        # Values are at least a second apart.
        return Outcome(values - values, True)


def _identity(query: Query) -> object:
    return (query.metric, query.statistic, query.period, query.unit)


def _beside(outcome: Outcome, *, alone: bool) -> Interval | None:
    """The values of one side of an operation, with the 0 that stands for a missing one."""
    if outcome.values is None:
        return point(0) if alone else None
    return outcome.values.hull(point(0)) if outcome.absent and alone else outcome.values


def _hull(one: Interval | None, other: Interval | None) -> Interval | None:
    return other if one is None else one if other is None else one.hull(other)


def _terms(node: Node) -> Sequence[Node]:
    match node:
        case Operation("+", left, right):
            return (*_terms(left), *_terms(right))
        case Call("SUM", (Listing(items),)):
            return items
    return (node,)


def _combine(
    symbol: str, left: Interval | None, right: Interval | None
) -> tuple[Interval | None, bool]:
    """The range of an operation, and whether it may have no value though both sides have one."""
    if left is None or right is None:
        return None, True
    match symbol:
        case "+":
            return left + right, False
        case "-":
            return left - right, False
        case "*":
            return left * right, False
        case "/":
            inverse = right.reciprocal()
            return (None if inverse is None else left * inverse), 0 in right
        case "^":
            return EVERYTHING, True
    return _truth(symbol, left, right), False


def _truth(symbol: str, left: Interval, right: Interval) -> Interval:
    match symbol:
        case "<" | ">=":
            sure, never = left.high < right.low, left.low >= right.high
        case ">" | "<=":
            sure, never = left.low > right.high, left.high <= right.low
        case "==" | "!=":
            sure = left.low == left.high == right.low == right.high
            never = left.high < right.low or right.high < left.low
        case "AND":
            sure, never = 0 not in left and 0 not in right, point(0) in (left, right)
        case _:
            sure, never = 0 not in left or 0 not in right, left == right == point(0)
    if symbol in (">=", "<=", "!="):
        sure, never = never, sure
    return point(1) if sure else point(0) if never else TRUTH


def _extreme(function: str, there: Sequence[Outcome], absent: bool) -> Interval:
    ranges = [outcome.values for outcome in there if outcome.values is not None]
    if absent or any(outcome.absent for outcome in there):
        return reduce(Interval.hull, ranges)
    pick = min if function == "MIN" else max
    return Interval(pick(each.low for each in ranges), pick(each.high for each in ranges))
