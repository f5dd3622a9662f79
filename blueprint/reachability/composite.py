"""Decides whether the rule of a composite alarm can become true and false with the states its children can take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from blueprint.cloudwatch.model import State
from blueprint.cloudwatch.rules import Rule
from blueprint.reachability import codes, limits
from blueprint.reachability.verdict import Proof, Step, Verdict, holds, refused, unknown

# Combinations that are tried before the answer is "unknown". A rule of AND and OR over 100 alarms takes a few hundred.
_MOST = 20_000
_ALL = tuple(State)


class _UndecidedError(Exception):
    """The rule asked for the state of an alarm that has none yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _States(dict[str, State]):
    def __missing__(self, name: str) -> State:
        raise _UndecidedError(name)


@dataclass
class _Search:
    """Tries states only for the children that the rule asks for, in the order in which it does."""

    rule: Rule
    possible: Mapping[str, Sequence[State]]
    tried: int = field(default=0)

    def find(self, wanted: bool, known: Mapping[str, State]) -> dict[str, State] | None:
        """States that make the rule what is `wanted`; None if there are none, or too many were tried."""
        self.tried += 1
        if self.tried > _MOST:
            return None
        try:
            return dict(known) if self.rule.holds(_States(known)) is wanted else None
        except _UndecidedError as undecided:
            name = undecided.name
        for state in self.possible[name]:
            found = self.find(wanted, {**known, name: state})
            if found is not None:
                return found
        return None


def steps(rule: Rule, proofs: Mapping[str, Proof], names: Sequence[str]) -> Iterator[Step]:
    """What is to be said of `rule`; `proofs` are those of the alarms that are declared, `names` all that are."""
    yield from limits.of_children(len(rule.children))
    possible = {child: _possible(proofs.get(child)) for child in rule.children}
    true = _Search(rule, possible)
    states = true.find(True, {})
    if states is None:
        yield _exhausted(
            true, codes.COMPOSITE_NEVER, "no states of its children make the rule true", proofs
        )
    else:
        yield holds(codes.COMPOSITE_NEVER, f"the rule is true while {_told(states)}")
    false = _Search(rule, possible)
    states = false.find(False, {})
    if states is None:
        yield _exhausted(
            false, codes.COMPOSITE_ALWAYS, "no states of its children make the rule false", proofs
        )
    else:
        yield holds(codes.COMPOSITE_ALWAYS, f"the rule is false while {_told(states)}")
    for child in rule.children:
        yield from _child(child, proofs.get(child), names)


def cycle(name: str, reads: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The way on which the composite alarm `name` reads itself; empty if it does not."""
    todo: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    while todo:
        way = todo.pop()
        for child in reads.get(way[-1], ()):
            if child == name:
                return (*way, child)
            if child not in seen:
                seen.add(child)
                todo.append((*way, child))
    return ()


def _possible(proof: Proof | None) -> tuple[State, ...]:
    reasons = {step.code for step in proof.reasons} if proof else set()
    if proof is None or proof.verdict is not Verdict.REFUSED:
        return _ALL
    if reasons & {codes.NEVER_FIRES, codes.COMPOSITE_NEVER}:
        return (State.OK, State.INSUFFICIENT_DATA)
    if reasons & {codes.METRIC_UNKNOWN, codes.DIMENSIONS, codes.UNIT}:
        return (State.OK, State.INSUFFICIENT_DATA)
    if reasons & {codes.COMPOSITE_ALWAYS}:
        return (State.ALARM,)
    return _ALL


def _child(child: str, proof: Proof | None, names: Sequence[str]) -> Iterator[Step]:
    if proof is None:
        close = _close(child, names)
        remedy = f"did you mean {close}?" if close else "give the document that declares it, too"
        yield unknown(
            codes.COMPOSITE_CHILD,
            f"the rule names {child}, which no document here declares",
            remedy,
            "alarm_rule",
        )
    elif proof.verdict is not Verdict.PROVED:
        yield unknown(
            codes.COMPOSITE_CHILD,
            f"the rule reads {child}, which is {proof.verdict}",
            f"see {child}",
            "alarm_rule",
        )


def _close(name: str, names: Sequence[str]) -> str | None:
    found = get_close_matches(name, names, n=1, cutoff=0.8)
    return found[0] if found else None


def _exhausted(search: _Search, code: codes.Code, text: str, proofs: Mapping[str, Proof]) -> Step:
    if search.tried > _MOST:
        return unknown(
            code,
            f"after {_MOST:,} combinations of its children's states nothing is decided",
            "make composite alarms of parts of the rule",
            "alarm_rule",
        )
    dead = [
        child
        for child in search.rule.children
        if child in proofs and proofs[child].verdict is Verdict.REFUSED
    ]
    remedy = f"correct {', '.join(dead)} first" if dead else "correct the rule"
    return refused(code, text, remedy, "alarm_rule")


def _told(states: Mapping[str, State]) -> str:
    by_state: dict[State, list[str]] = {}
    for name, state in states.items():
        by_state.setdefault(state, []).append(name)
    parts = []
    for state, names in by_state.items():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} others" if len(names) > 3 else "")
        parts.append(f"{shown} {'is' if len(names) == 1 else 'are'} {state}")
    return "; ".join(parts) or "anything is the case"
