"""Runs composite alarms: their states follow their children's in the very second.

Read from "Composite alarms" of the CloudWatch user guide and from PutCompositeAlarm: a composite alarm is in
INSUFFICIENT_DATA only between being made and being evaluated first. A circle of composite alarms, in which CloudWatch
would stop to evaluate, is an error here.
"""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from blueprint.cloudwatch import rules
from blueprint.cloudwatch.model import CompositeAlarm, State
from blueprint.cloudwatch.rules import Rule
from blueprint.cloudwatch.timeline import Transition
from blueprint.errors import BlueprintError


def transitions(
    alarms: Sequence[CompositeAlarm],
    changes: Mapping[str, Sequence[Transition]],
    before: Mapping[str, State],
    *,
    start: int,
) -> dict[str, list[Transition]]:
    """The changes of each composite alarm, by name.

    `changes` are those of the metric alarms and `before` the states of all alarms at second `start`, by name.
    BlueprintError for a rule that does not parse, names an alarm that is not there, or depends on itself.
    """
    parsed = {alarm.name: _rule(alarm, before) for alarm in alarms}
    known = dict(changes)
    found = {}
    for name in _order(parsed):
        found[name] = known[name] = list(_run(name, parsed[name], known, before, start))
    return found


def _rule(alarm: CompositeAlarm, names: Mapping[str, State]) -> Rule:
    try:
        rule = rules.parse(alarm.rule)
    except BlueprintError as error:
        raise BlueprintError(f"alarm {alarm.name}: {error.message}", remedy=error.remedy) from error
    suppressor = [] if alarm.suppressor is None else [rules.name_of(alarm.suppressor)]
    for name in (*rule.children, *suppressor):
        if name not in names:
            raise BlueprintError(
                f"alarm {alarm.name} depends on {name!r}, which is none of the alarms",
                remedy="correct the name, or evaluate that alarm too",
            )
    return rule


def _order(parsed: Mapping[str, Rule]) -> list[str]:
    """Children first."""
    graph = {
        name: [child for child in rule.children if child in parsed] for name, rule in parsed.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise BlueprintError(
            f"composite alarms depend on each other: {circle}",
            remedy="take one of these alarms out of another's rule",
        ) from error


def _run(
    name: str,
    rule: Rule,
    known: Mapping[str, Sequence[Transition]],
    before: Mapping[str, State],
    start: int,
) -> Iterator[Transition]:
    state = before[name]
    states = {child: before[child] for child in rule.children}
    events: dict[int, list[Transition]] = {start: []}
    for child in rule.children:
        for change in known[child]:
            events.setdefault(change.at, []).append(change)
    for at in sorted(events):
        for change in events[at]:
            states[change.alarm] = change.after
        after = State.ALARM if rule.holds(states) else State.OK
        if after is not state:
            reason = ", ".join(f"{child} is {states[child]}" for child in rule.children)
            yield Transition(at, name, state, after, reason or "the rule is constant")
            state = after
