"""Reads the rule of a composite alarm, and says whether it holds for given states of its children.

Read from "Composite alarms" of the CloudWatch user guide. What is not documented, and our choice: NOT binds tighter
than AND, AND tighter than OR; a percentage of AT_LEAST is not rounded (2 of 3 are at least 60%, not 67%).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from blueprint.cloudwatch.model import State
from blueprint.errors import BlueprintError

Holds = Callable[[Mapping[str, State]], bool]

_TOKEN = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<mark>[(),])|(?P<word>[^\s(),"]+))')
_STATES = {state.value: state for state in State}
_REMEDY = (
    "combine ALARM(name), OK(name), INSUFFICIENT_DATA(name), AT_LEAST(2, ALARM, (a, b, c)), TRUE and FALSE with "
    "AND, OR, NOT and parentheses; quote a name with spaces, commas or parentheses"
)


@dataclass(frozen=True)
class Rule:
    """A rule: the names of the alarms it refers to, each once, in order; and whether it holds for their states."""

    children: tuple[str, ...]
    holds: Holds


def parse(text: str) -> Rule:
    """The rule as CloudWatch's AlarmRule writes it; BlueprintError names the place where it stops making sense."""
    parser = _Parser(text)
    holds = parser.rule()
    return Rule(tuple(dict.fromkeys(parser.children)), holds)


def name_of(reference: str) -> str:
    """The alarm's name: of an ARN what stands after `:alarm:`, of anything else all of it."""
    before, found, name = reference.partition(":alarm:")
    return name if found and before.startswith("arn:") else reference


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._next = 0
        self.children: list[str] = []

    def rule(self) -> Holds:
        holds = self._either()
        if self._kind() != "end":
            self._refuse("AND, OR or the end")
        return holds

    def _split(self) -> list[tuple[str, str, int]]:
        tokens, at, end = [], 0, len(self._text.rstrip())
        while at < end:
            match = _TOKEN.match(self._text, at)
            if not match or match.lastgroup is None:
                at += len(self._text[at:]) - len(self._text[at:].lstrip())
                _fail(self._text, at, "a closing quote")
            tokens.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            at = match.end()
        return [*tokens, ("end", "", end)]

    def _either(self) -> Holds:
        holds = self._both()
        while self._accept("word", "OR"):
            holds = _any_of(holds, self._both())
        return holds

    def _both(self) -> Holds:
        holds = self._negated()
        while self._accept("word", "AND"):
            holds = _all_of(holds, self._negated())
        return holds

    def _negated(self) -> Holds:
        if self._accept("word", "NOT"):
            return _none_of(self._negated())
        return self._condition()

    def _condition(self) -> Holds:
        if self._accept("mark", "("):
            holds = self._either()
            self._expect(")")
            return holds
        kind, word, _ = self._tokens[self._next]
        if kind == "word" and word.upper() in {"TRUE", "FALSE"}:
            self._next += 1
            return _constant(word.upper() == "TRUE")
        if kind == "word" and word in _STATES:
            self._next += 1
            self._expect("(")
            name = self._reference()
            self._expect(")")
            return _is_in(name, _STATES[word])
        if self._accept("word", "AT_LEAST"):
            return self._at_least()
        return self._refuse(
            "ALARM(...), OK(...), INSUFFICIENT_DATA(...), AT_LEAST(...), TRUE, FALSE, NOT or ("
        )

    def _at_least(self) -> Holds:
        self._expect("(")
        number = self._number()
        self._expect(",")
        negated = self._accept("word", "NOT")
        kind, word, _ = self._tokens[self._next]
        if kind != "word" or word not in _STATES:
            self._refuse("ALARM, OK or INSUFFICIENT_DATA, or one of them after NOT")
        self._next += 1
        self._expect(",")
        self._expect("(")
        names = [self._reference()]
        while self._accept("mark", ","):
            names.append(self._reference())
        self._expect(")")
        self._expect(")")
        least = number if isinstance(number, int) else number[0] * len(names) / 100
        return _at_least(least, names, _STATES[word], negated=negated)

    def _number(self) -> int | tuple[int]:
        """A count, or the one number of a percentage."""
        kind, word, _ = self._tokens[self._next]
        match = re.fullmatch(r"(\d+)(%?)", word)
        if kind not in {"word", "quoted"} or not match or (match[2] and int(match[1]) > 100):
            self._refuse("a number of alarms, or a percentage")
        self._next += 1
        return (int(match[1]),) if match[2] else int(match[1])

    def _reference(self) -> str:
        kind, word, _ = self._tokens[self._next]
        if kind not in {"word", "quoted"}:
            self._refuse("the name or ARN of an alarm")
        self._next += 1
        name = name_of(re.sub(r"\\(.)", r"\1", word) if kind == "quoted" else word)
        self.children.append(name)
        return name

    def _kind(self) -> str:
        return self._tokens[self._next][0]

    def _accept(self, kind: str, value: str) -> bool:
        if self._tokens[self._next][:2] == (kind, value):
            self._next += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._accept("mark", mark):
            self._refuse(repr(mark))

    def _refuse(self, wanted: str) -> NoReturn:
        _fail(self._text, self._tokens[self._next][2], wanted)


def _fail(text: str, at: int, wanted: str) -> NoReturn:
    found = repr(text[at : at + 20]) if at < len(text.rstrip()) else "the end"
    raise BlueprintError(
        f"the rule {text!r} has {found} at character {at + 1}, where {wanted} is expected",
        remedy=_REMEDY,
    )


def _any_of(left: Holds, right: Holds) -> Holds:
    return lambda states: left(states) or right(states)


def _all_of(left: Holds, right: Holds) -> Holds:
    return lambda states: left(states) and right(states)


def _none_of(operand: Holds) -> Holds:
    return lambda states: not operand(states)


def _constant(value: bool) -> Holds:
    return lambda _: value


def _is_in(name: str, state: State) -> Holds:
    return lambda states: states[name] is state


def _at_least(least: float, names: list[str], state: State, *, negated: bool) -> Holds:
    return lambda states: sum((states[name] is state) != negated for name in names) >= least
