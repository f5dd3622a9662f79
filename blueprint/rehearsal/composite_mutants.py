"""Makes each plausible slip of a composite alarm: every one has to be noticed by a case of that alarm."""

import re
from collections.abc import Iterator
from dataclasses import replace

from blueprint.cloudwatch.model import CompositeAlarm
from blueprint.rehearsal.mutants import Mutant

_CHILD = re.compile(
    r'\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"(?P<quoted>[^"]+)"|(?P<bare>[^)]+?))\s*\)'
)
_OPERATOR = re.compile(r"\b(?P<operator>AND|OR|NOT)\b")
_OTHER = {"AND": "OR", "OR": "AND", "NOT": ""}


def of(alarm: CompositeAlarm) -> tuple[Mutant, ...]:
    """Every mutant of `alarm`: operators of its rule, each child, and what holds its actions back."""
    return (*_operators(alarm), *_children(alarm), *_suppression(alarm))


def _operators(alarm: CompositeAlarm) -> Iterator[Mutant]:
    for number, found in enumerate(_operators_in(alarm.rule), start=1):
        operator = found["operator"]
        other = _OTHER[operator]
        yield Mutant(
            "rule operator",
            f"{operator} no. {number} {'to ' + other if other else 'dropped'}",
            replace(alarm, rule=_with(alarm.rule, found, other)),
        )


def _operators_in(rule: str) -> Iterator[re.Match[str]]:
    # References are blanked first: a name may hold such a word.
    blanked = _CHILD.sub(lambda found: "_" * len(found[0]), rule)
    return _OPERATOR.finditer(blanked)


def _children(alarm: CompositeAlarm) -> Iterator[Mutant]:
    for found in _CHILD.finditer(alarm.rule):
        name = found["quoted"] or found["bare"]
        # Dropping a child from AND leaves what TRUE would, from OR what FALSE would.
        for constant, meaning in (("TRUE", "taken as always on"), ("FALSE", "never on")):
            yield Mutant(
                "child",
                f"{name} {meaning}",
                replace(alarm, rule=_with(alarm.rule, found, constant)),
            )


def _suppression(alarm: CompositeAlarm) -> Iterator[Mutant]:
    if alarm.suppressor is None:
        return
    yield Mutant("suppressor", "dropped", replace(alarm, suppressor=None, wait=0, extension=0))
    yield Mutant("wait", f"{alarm.wait} s to 0", replace(alarm, wait=0))
    yield Mutant("extension", f"{alarm.extension} s to 0", replace(alarm, extension=0))


def _with(rule: str, found: re.Match[str], text: str) -> str:
    return f"{rule[: found.start()]}{text}{rule[found.end() :]}"
