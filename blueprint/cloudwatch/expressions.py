"""Reads the text of a metric math expression into a tree.

How tightly operators bind is not documented. Our choice is arithmetic's: ^ (from the right), then unary -, * /, + -,
comparisons, AND, OR.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from blueprint.errors import BlueprintError


@dataclass(frozen=True)
class Number:
    """A number as it is written."""

    value: float


@dataclass(frozen=True)
class Reference:
    """The series of another query."""

    id: str


@dataclass(frozen=True)
class Listing:
    """An array of series: [m1, m2]."""

    items: tuple["Node", ...]


@dataclass(frozen=True)
class Negation:
    """A unary minus."""

    operand: "Node"


@dataclass(frozen=True)
class Operation:
    """Two operands and the operator between them; `&&` and `||` are read as AND and OR."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Call:
    """A function and its arguments."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Text:
    """A string, which only METRICS("...") takes."""

    value: str


@dataclass(frozen=True)
class Word:
    """A word in capitals that is no function: REPEAT or LINEAR."""

    name: str


Node = Number | Reference | Listing | Negation | Operation | Call | Text | Word

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z][A-Za-z0-9_]*)
      | "(?P<text>[^"]*)"
      | '(?P<quoted>[^']*)'
      | (?P<operator>==|!=|<=|>=|&&|\|\||[-+*/^<>(),\[\]])
    )""",
    re.VERBOSE,
)
_ALIASES = {"&&": "AND", "||": "OR"}
_LEVELS = (("OR",), ("AND",), ("==", "!=", "<=", ">=", "<", ">"), ("+", "-"), ("*", "/"))


def parse(text: str) -> Node:
    """The tree of `text`; BlueprintError names the place where it stops making sense."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._next = 0

    def parse(self) -> Node:
        node = self._level(0)
        if self._peek() != ("end", ""):
            self._refuse("an operator")
        return node

    def _split(self) -> list[tuple[str, str, int]]:
        tokens, at, end = [], 0, len(self._text.rstrip())
        while at < end:
            match = _TOKEN.match(self._text, at)
            if not match or match.lastgroup is None:
                at += len(self._text[at:]) - len(self._text[at:].lstrip())
                _fail(self._text, at, "a number, an id, a function or an operator")
            kind = "text" if match.lastgroup == "quoted" else match.lastgroup
            value = match[match.lastgroup]
            if kind == "name" and value in {"AND", "OR"}:
                kind = "operator"
            tokens.append((kind, _ALIASES.get(value, value), match.start(match.lastgroup)))
            at = match.end()
        return [*tokens, ("end", "", end)]

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._level(level + 1)
        while self._peek()[0] == "operator" and self._peek()[1] in _LEVELS[level]:
            node = Operation(self._take(), node, self._level(level + 1))
        return node

    def _unary(self) -> Node:
        if self._accept("-"):
            return Negation(self._unary())
        base = self._primary()
        return Operation("^", base, self._unary()) if self._accept("^") else base

    def _primary(self) -> Node:
        kind, value = self._peek()
        if kind == "number":
            return Number(float(self._take()))
        if kind == "text":
            return Text(self._take())
        if kind == "name":
            self._take()
            if self._accept("("):
                return Call(value, self._items(")"))
            return Reference(value) if value[0].islower() else Word(value)
        if self._accept("("):
            node = self._level(0)
            self._expect(")")
            return node
        if self._accept("["):
            return Listing(self._items("]"))
        return self._refuse("a value")

    def _items(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if self._accept(closing):
            return ()
        items.append(self._level(0))
        while self._accept(","):
            items.append(self._level(0))
        self._expect(closing)
        return tuple(items)

    def _peek(self) -> tuple[str, str]:
        kind, value, _ = self._tokens[self._next]
        return kind, value

    def _take(self) -> str:
        self._next += 1
        return self._tokens[self._next - 1][1]

    def _accept(self, operator: str) -> bool:
        if self._peek() == ("operator", operator):
            self._next += 1
            return True
        return False

    def _expect(self, operator: str) -> None:
        if not self._accept(operator):
            self._refuse(repr(operator))

    def _refuse(self, wanted: str) -> NoReturn:
        _fail(self._text, self._tokens[self._next][2], wanted)


def _fail(text: str, at: int, wanted: str) -> NoReturn:
    found = repr(text[at : at + 12]) if at < len(text.rstrip()) else "the end"
    raise BlueprintError(
        f"the expression {text!r} has {found} at character {at + 1}, where {wanted} is expected",
        remedy="correct the expression",
    )
