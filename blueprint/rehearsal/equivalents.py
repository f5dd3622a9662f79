"""Proves of a mutant that no data AWS can report tells it from the alarm it was made of: each rule has its reason.

A rule looks at what differs and at what the catalogue knows of the metric. What no rule covers has to be noticed by a
case; what a rule covers and a case notices nevertheless is a mistake in the rule, and ends the rehearsal.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from blueprint.catalogue.model import Fact
from blueprint.cloudwatch import expressions
from blueprint.cloudwatch.expressions import Call, Node, Number, Operation, Reference
from blueprint.cloudwatch.model import Alarm, Comparison, Metric, MetricAlarm, Query

Facts = Callable[[Metric], Fact | None]
"""What is known of a series; None where nothing is."""

# Statistics of samples that are not negative, each above 0 just when one sample is.
_ABOVE_ZERO = {"Sum", "Average", "Maximum"}
_COMMUTATIVE = {"+", "*", "AND", "OR", "==", "!="}
# How far beyond a threshold whole numbers are compared; further out both alarms say what they say there.
_MARGIN = 2


Rule = Callable[[MetricAlarm, MetricAlarm, Facts], str | None]
"""Says why the second alarm, a mutant, is the same as the first; None where the rule does not cover it."""


def reason(alarm: Alarm, mutant: Alarm, facts: Facts) -> str | None:
    """Why nothing can tell `mutant` from `alarm`; None where something may."""
    if not isinstance(alarm, MetricAlarm) or not isinstance(mutant, MetricAlarm):
        return None
    return next(
        (found for rule in RULES if (found := rule(alarm, mutant, facts)) is not None), None
    )


def _whole_numbers(alarm: MetricAlarm, mutant: MetricAlarm, facts: Facts) -> str | None:
    """Another threshold or bound, and no value that is compared with it lies between."""
    if alarm != replace(mutant, threshold=alarm.threshold, comparison=alarm.comparison):
        return None
    compared = _compared(alarm)
    span = None if compared is None else _span(compared[0], facts)
    if compared is None or span is None or not _is_whole(compared[0], facts):
        return None
    query, fillers = compared
    last = min(span[1], max(alarm.threshold, mutant.threshold) + _MARGIN)
    values = (*fillers, *range(math.ceil(span[0]), math.floor(last) + 1))
    if any(_breaches(alarm, value) is not _breaches(mutant, value) for value in values):
        return None
    return f"{query.statistic} is a whole number from {span[0]:g}, and none lies between the two"


def _any_sample(alarm: MetricAlarm, mutant: MetricAlarm, facts: Facts) -> str | None:
    """Another statistic, and every value that either takes is on the same side of the threshold."""
    pair = _other_statistic(alarm, mutant)
    if pair is None or _compared(alarm) is None:
        return None
    sides = set()
    for query in pair:
        span = _span(query, facts)
        if span is None:
            return None
        sides |= {_breaches(alarm, span[0]), _breaches(alarm, span[1])}
    if len(sides) != 1:
        return None
    return "whatever is reported is on the same side of the threshold by either statistic"


def _never_missing(alarm: MetricAlarm, mutant: MetricAlarm, _: Facts) -> str | None:
    """Another way to treat missing data, and none is missing."""
    tree = _tree(alarm)
    if tree is None or replace(mutant, missing_data=alarm.missing_data) != alarm:
        return None
    return "the expression is filled, and has a value in every period" if _has_value(tree) else None


def _missing_counts_nothing(alarm: MetricAlarm, mutant: MetricAlarm, _: Facts) -> str | None:
    """FILL(x, 0) left out of a sum that has a value without x: there a missing x counts 0 as well."""
    before, after = _tree(alarm), _tree(mutant)
    if before is None or after is None or replace(mutant, queries=alarm.queries) != alarm:
        return None
    if _read(alarm) != _read(mutant) or not (_adds_up(before) and _has_value(after)):
        return None
    if _terms(before) != _terms(after):
        return None
    return "in a sum that has a value anyway, what is missing counts 0 without FILL, too"


def _one_above_zero(alarm: MetricAlarm, mutant: MetricAlarm, facts: Facts) -> str | None:
    """Another statistic in a comparison that only asks whether any sample is above 0 (or, of counts, at least 1)."""
    pair = _other_statistic(alarm, mutant)
    if pair is None:
        return None
    fact = _fact(pair[0], facts)
    if fact is None or fact.minimum is None or fact.minimum < 0:
        return None
    if not alarm.result.expression:
        least = alarm.comparison is Comparison.GREATER_OR_EQUAL and alarm.threshold == 1
        if least and fact.whole and {query.statistic for query in pair} <= {"Sum", "Maximum"}:
            return "of counts, Sum and Maximum are at least 1 just when one sample is"
    if alarm.comparison is not Comparison.GREATER or alarm.threshold:
        return None
    if not _adds_up(_tree(alarm)):
        return None
    # Where a zero is never reported, there is a sample just when something is above 0.
    alike = _ABOVE_ZERO | ({"SampleCount", "Minimum"} if fact.minimum > 0 else set())
    if {query.statistic for query in pair} <= alike:
        return "either statistic is above 0 just when one sample is"
    return None


def _samples_of_one(alarm: MetricAlarm, mutant: MetricAlarm, facts: Facts) -> str | None:
    """Sum for SampleCount of a metric whose every sample is 1."""
    pair = _other_statistic(alarm, mutant)
    if pair is None or {query.statistic for query in pair} != {"Sum", "SampleCount"}:
        return None
    fact = _fact(pair[0], facts)
    if fact is None or fact.minimum != 1 or fact.maximum != 1:
        return None
    return "every sample is 1, so that they add up to their number"


def _indicator(alarm: MetricAlarm, mutant: MetricAlarm, _: Facts) -> str | None:
    """`IF(condition, a, b)` of two numbers: only the sides of a and b matter, not how far they are."""
    before, after = _branches(_tree(alarm)), _branches(_tree(mutant))
    if before is None or after is None or before[0] != after[0]:
        return None
    values, others = _numbers(*before[1:]), _numbers(*after[1:])
    if values is None or others is None:
        return None
    same_rest = replace(
        mutant, threshold=alarm.threshold, comparison=alarm.comparison, queries=alarm.queries
    )
    if same_rest != alarm or _read(alarm) != _read(mutant):
        return None
    sides = [_breaches(alarm, value) for value in values]
    if sides != [_breaches(mutant, value) for value in others]:
        return None
    return "the expression has two values, and each is on the same side as before"


def _commuted(alarm: MetricAlarm, mutant: MetricAlarm, _: Facts) -> str | None:
    """Operands swapped where their order does not matter."""
    tree = _tree(alarm)
    if tree is None or replace(mutant, queries=alarm.queries) != alarm:
        return None
    if {query.id for query in alarm.queries} != {query.id for query in mutant.queries}:
        return None
    if _tree(mutant) != tree or _read(alarm) == _read(mutant):
        return None
    if _resolved(tree, alarm) != _resolved(tree, mutant):
        return None
    return "the order of these operands does not matter"


def _never_otherwise(alarm: MetricAlarm, mutant: MetricAlarm, facts: Facts) -> str | None:
    """Another value for the case that `IF(x > 0, ...)` is about, where x is above 0 whenever there is an x."""
    before, after = _branches(_tree(alarm)), _branches(_tree(mutant))
    if before is None or after is None or before[:2] != after[:2]:
        return None
    if _read(alarm) != _read(mutant):
        return None
    if replace(mutant, queries=alarm.queries) != alarm:
        return None
    match before[0]:
        case Operation(">", Reference(name), Number(0)):
            query = next(query for query in alarm.queries if query.id == name)
            span = _span(query, facts)
            if span is not None and span[0] > 0:
                return f"{name} is above 0 whenever it is reported, so that the other branch is never taken"
    return None


RULES: tuple[Rule, ...] = (
    _whole_numbers,
    _any_sample,
    _never_missing,
    _missing_counts_nothing,
    _one_above_zero,
    _samples_of_one,
    _indicator,
    _commuted,
    _never_otherwise,
)


def _breaches(alarm: MetricAlarm, value: float) -> bool:
    return alarm.comparison.breaches(value, alarm.threshold)


def _fact(query: Query, facts: Facts) -> Fact | None:
    return None if query.metric is None else facts(query.metric)


def _span(query: Query, facts: Facts) -> tuple[float, float] | None:
    """The least and the greatest value of the statistic where there is a sample; None where that is not known."""
    fact = _fact(query, facts)
    if fact is None or fact.minimum is None:
        return None
    high = math.inf if fact.maximum is None else fact.maximum
    match query.statistic:
        case "SampleCount":
            return 1, math.inf
        case "Sum" if fact.minimum >= 0:
            return fact.minimum, math.inf
        case "Average" | "Maximum" | "Minimum":
            return fact.minimum, high
    return None


def _is_whole(query: Query, facts: Facts) -> bool:
    fact = _fact(query, facts)
    return query.statistic == "SampleCount" or (
        fact is not None and fact.whole and query.statistic in {"Sum", "Maximum", "Minimum"}
    )


def _other_statistic(alarm: MetricAlarm, mutant: MetricAlarm) -> tuple[Query, Query] | None:
    """The query before and after, where the statistic of one is all that differs."""
    if replace(mutant, queries=alarm.queries) != alarm:
        return None
    changed = [
        pair for pair in zip(alarm.queries, mutant.queries, strict=True) if pair[0] != pair[1]
    ]
    if len(changed) != 1:
        return None
    before, after = changed[0]
    return (before, after) if replace(after, statistic=before.statistic) == before else None


def _tree(alarm: MetricAlarm) -> Node | None:
    expression = alarm.result.expression
    return None if expression is None else expressions.parse(expression)


def _read(alarm: MetricAlarm) -> tuple[Query, ...]:
    """What the alarm reads, without its expressions."""
    return tuple(query for query in alarm.queries if query.metric is not None)


def _compared(alarm: MetricAlarm) -> tuple[Query, tuple[float, ...]] | None:
    """The one query that the alarm compares, and what a missing value of it is filled with."""
    match _tree(alarm):
        case None:
            return alarm.result, ()
        case Call("FILL", (Reference(name), Number(filler))):
            return next(query for query in alarm.queries if query.id == name), (filler,)
    return None


def _has_value(tree: Node) -> bool:
    """Whether the expression has a value in every period, whatever is missing below it."""
    match tree:
        case Call("FILL", (_, Number())):
            return True
        case Call("IF", (condition, _, other)):
            return _has_value(condition) and (isinstance(other, Number) or _has_value(other))
        # Beside a number what is missing stays missing; beside another series it counts 0.
        case Operation(_, left, Number()):
            return _has_value(left)
        case Operation(_, Number(), right):
            return _has_value(right)
        case Operation(_, left, right):
            return _has_value(left) or _has_value(right)
    return False


def _terms(tree: Node) -> list[str]:
    """The series of a sum by id, filled or not."""
    match tree:
        case Reference(name) | Call("FILL", (Reference(name), Number(0))):
            return [name]
        case Operation("+", left, right):
            return [*_terms(left), *_terms(right)]
    return [repr(tree)]


def _adds_up(tree: Node | None) -> bool:
    """Whether the value is a sum of series, each filled with 0 where it is missing; a single series is."""
    match tree:
        case None | Reference() | Call("FILL", (Reference(), Number(0))):
            return True
        case Operation("+", left, right):
            return _adds_up(left) and _adds_up(right)
    return False


def _branches(tree: Node | None) -> tuple[Node, Node, Node] | None:
    """Condition, value where it holds and value where it does not."""
    match tree:
        case Call("IF", (condition, first, second)):
            return condition, first, second
    return None


def _numbers(*nodes: Node) -> list[float] | None:
    """The values of `nodes` where each is a number."""
    values = [node.value for node in nodes if isinstance(node, Number)]
    return values if len(values) == len(nodes) else None


def _resolved(tree: Node, alarm: MetricAlarm) -> str:
    """The tree with series for ids, and the operands of what commutes in one order."""
    read = {query.id: repr(replace(query, id="")) for query in alarm.queries}
    match tree:
        case Reference(name):
            return read.get(name, name)
        case Operation(operator, left, right):
            operands = [_resolved(left, alarm), _resolved(right, alarm)]
            if operator in _COMMUTATIVE:
                operands.sort()
            return f"({operands[0]} {operator} {operands[1]})"
        case Call(function, arguments):
            return f"{function}({', '.join(_resolved(item, alarm) for item in arguments)})"
    return repr(tree)
