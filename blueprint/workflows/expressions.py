"""Evaluates the part of GitHub's expression language that the workflows use; anything else is an error.

Values are None, bool, int or float, str, list and dict. Comparing is loose, as GitHub's is: text ignores case, and
values of two kinds are compared as numbers.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from blueprint.errors import UsageError

STATUS = frozenset({"success", "failure", "cancelled", "always"})
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<mark>==|!=|&&|\|\||[!().,\[\]*]))"
)
_TEMPLATE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Scope:
    """What an expression may refer to: contexts by name, and what the status functions answer."""

    contexts: Mapping[str, Any]
    status: Mapping[str, bool]


@dataclass(frozen=True)
class Expression:
    """A parsed expression; `calls` are the functions it calls."""

    text: str
    calls: frozenset[str]
    _evaluate: "_Evaluate"

    @property
    def tests_status(self) -> bool:
        """Whether it calls success(), failure(), cancelled() or always(): GitHub then adds no success() of its own."""
        return bool(self.calls & STATUS)

    def value(self, scope: Scope) -> Any:
        """Its value; UsageError where it names a context that `scope` does not have."""
        return self._evaluate(scope)

    def holds(self, scope: Scope) -> bool:
        """Whether its value counts as true."""
        return truthy(self.value(scope))


_Evaluate = Callable[[Scope], Any]


@cache
def parse(text: str) -> Expression:
    """The expression in `text`, which may be wrapped in `${{ }}`.

    Raises UsageError for syntax or a function that is not known here: guessing at a guard's meaning would be worse.
    """
    inner = text.strip()
    if inner.startswith("${{") and inner.endswith("}}"):
        inner = inner[3:-2]
    parser = _Parser(inner)
    return Expression(text, frozenset(parser.calls), parser.evaluate)


def render(text: str, scope: Scope) -> Any:
    """`text` with each `${{ }}` in it replaced; the value itself where it is one expression and nothing else."""
    if (whole := _TEMPLATE.fullmatch(text.strip())) and "${{" not in whole[1]:
        return parse(text).value(scope)
    return _TEMPLATE.sub(lambda found: as_text(parse(found[1]).value(scope)), text)


def embedded(text: str) -> Iterator[str]:
    """The inside of each `${{ }}` in `text`."""
    return (found[1].strip() for found in _TEMPLATE.finditer(text))


def truthy(value: Any) -> bool:
    """What counts as true: anything but null, false, 0, NaN and the empty text."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return value is not None and value is not False and value != 0 and value != ""


def as_text(value: Any) -> str:
    """A value as GitHub writes it into a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, indent=2)
    return str(value)


def equal(left: Any, right: Any) -> bool:
    """GitHub's `==`."""
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        return left is right
    return _number(left) == _number(right)


def _number(value: Any) -> float:
    if value is None or value == "":
        return 0.0
    try:
        return float(value)
    except ValueError:
        return math.nan


class _Parser:
    """Turns the text into a function of a scope; || binds loosest, then &&, == and !=, !."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._next = 0
        self.calls: set[str] = set()
        self.evaluate = self._or()
        if self._next != len(self._tokens):
            raise self._error(f"{self._tokens[self._next][1]!r} is not expected here")

    def _split(self) -> Iterator[tuple[str, str]]:
        position, text = 0, self._text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._error(f"{text[position:].strip()[:20]!r} is not known here")
            yield str(found.lastgroup), found[str(found.lastgroup)]
            position = found.end()

    def _error(self, message: str) -> UsageError:
        return UsageError(
            f"the expression `{' '.join(self._text.split())}`: {message}",
            remedy="write it with contexts, texts, ==, !=, !, &&, ||, () and the functions known in "
            "blueprint/workflows/expressions.py",
        )

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next] if self._next < len(self._tokens) else ("end", "the end")

    def _take(self, mark: str) -> bool:
        if self._peek() == ("mark", mark):
            self._next += 1
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise self._error(f"{mark!r} is missing before {self._peek()[1]!r}")

    def _or(self) -> _Evaluate:
        left = self._and()
        while self._take("||"):
            left = _either(left, self._and())
        return left

    def _and(self) -> _Evaluate:
        left = self._comparison()
        while self._take("&&"):
            left = _both(left, self._comparison())
        return left

    def _comparison(self) -> _Evaluate:
        left = self._not()
        while True:
            if self._take("=="):
                left = _same(left, self._not(), wanted=True)
            elif self._take("!="):
                left = _same(left, self._not(), wanted=False)
            else:
                return left

    def _not(self) -> _Evaluate:
        if self._take("!"):
            inner = self._not()
            return lambda scope: not truthy(inner(scope))
        return self._trail(self._operand())

    def _operand(self) -> _Evaluate:
        if self._take("("):
            inner = self._or()
            self._need(")")
            return inner
        kind, word = self._peek()
        self._next += 1
        if kind == "text":
            return _constant(word[1:-1].replace("''", "'"))
        if kind == "number":
            return _constant(float(word) if "." in word else int(word))
        if kind != "name":
            raise self._error(f"{word!r} is not expected here")
        if word in _CONSTANTS:
            return _constant(_CONSTANTS[word])
        return self._call(word) if self._take("(") else self._context(word)

    def _context(self, name: str) -> _Evaluate:
        def look_up(scope: Scope) -> Any:
            if name not in scope.contexts:
                raise self._error(f"there is no context {name!r}")
            return scope.contexts[name]

        return look_up

    def _call(self, name: str) -> _Evaluate:
        known = next((one for one in (*STATUS, *_FUNCTIONS) if one.lower() == name.lower()), None)
        if known is None:
            raise self._error(f"the function {name!r} is not known here")
        self.calls.add(known)
        arguments: list[_Evaluate] = []
        while not self._take(")"):
            if arguments:
                self._need(",")
            arguments.append(self._or())
        if known in STATUS:
            if arguments:
                raise self._error(f"{known}() takes nothing")
            return lambda scope: scope.status[known]
        function, least = _FUNCTIONS[known]
        if len(arguments) < least:
            raise self._error(f"{known}() takes {least} arguments")
        return lambda scope: function(*(argument(scope) for argument in arguments))

    def _trail(self, start: _Evaluate) -> _Evaluate:
        while True:
            if self._take("."):
                if self._take("*"):
                    start = _each(start)
                    continue
                kind, word = self._peek()
                if kind != "name":
                    raise self._error(f"a name is missing before {word!r}")
                self._next += 1
                start = _member(start, _constant(word))
            elif self._take("["):
                key = self._or()
                self._need("]")
                start = _member(start, key)
            else:
                return start


class _Each(list[Any]):
    """What `.*` leaves: a following member is taken of every one."""


def _constant(value: Any) -> _Evaluate:
    return lambda _: value


def _either(left: _Evaluate, right: _Evaluate) -> _Evaluate:
    return lambda scope: value if truthy(value := left(scope)) else right(scope)


def _both(left: _Evaluate, right: _Evaluate) -> _Evaluate:
    return lambda scope: right(scope) if truthy(value := left(scope)) else value


def _same(left: _Evaluate, right: _Evaluate, *, wanted: bool) -> _Evaluate:
    return lambda scope: equal(left(scope), right(scope)) is wanted


def _each(start: _Evaluate) -> _Evaluate:
    def all_of(scope: Scope) -> Any:
        value = start(scope)
        return _Each(value.values() if isinstance(value, Mapping) else value or ())

    return all_of


def _member(start: _Evaluate, key: _Evaluate) -> _Evaluate:
    def take(scope: Scope) -> Any:
        value, name = start(scope), key(scope)
        if isinstance(value, _Each):
            return _Each(_of(item, name) for item in value)
        return _of(value, name)

    return take


def _of(value: Any, name: Any) -> Any:
    """A member by its name, whatever its case; null where there is none, as GitHub has it."""
    if isinstance(value, Mapping) and isinstance(name, str):
        return next((item for key, item in value.items() if key.lower() == name.lower()), None)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(name, int):
        return value[name] if 0 <= name < len(value) else None
    return None


def _contains(where: Any, what: Any) -> bool:
    if isinstance(where, list):
        return any(equal(item, what) for item in where)
    return as_text(what).casefold() in as_text(where).casefold()


def _starts_with(where: Any, what: Any) -> bool:
    return as_text(where).casefold().startswith(as_text(what).casefold())


def _format(pattern: Any, *values: Any) -> str:
    if "{{" in as_text(pattern) or "}}" in as_text(pattern):
        raise UsageError(
            f"format({as_text(pattern)!r}) has doubled braces", remedy="write a text without them"
        )
    return re.sub(r"\{(\d+)\}", lambda found: as_text(values[int(found[1])]), as_text(pattern))


# Name -> the function and how many arguments it needs.
_FUNCTIONS: Mapping[str, tuple[Callable[..., Any], int]] = {
    "contains": (_contains, 2),
    "startsWith": (_starts_with, 2),
    "format": (_format, 1),
    "fromJSON": (lambda text: json.loads(as_text(text)), 1),
}
