"""Metric filter patterns for JSON logs: reads one, and says which lines it matches."""

import json
import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from blueprint.errors import UsageError

Matcher: TypeAlias = Callable[[str], bool]

# As much of the language as AWS documents for properties of JSON; patterns for plain text and %regular expressions%
# are not in it, and refused.
_GRAMMAR = r"""
start: "{" either "}"
?either: both ("||" both)*
?both: condition ("&&" condition)*
?condition: "(" either ")"
          | SELECTOR COMPARISON value        -> compared
          | SELECTOR "IS" STATE              -> is
          | SELECTOR "NOT" "EXISTS"          -> missing
value: NUMBER | QUOTED | WORD

SELECTOR: /\$(?:\.[A-Za-z0-9_-]+|\[[0-9]+\])+/
COMPARISON: "!=" | "<=" | ">=" | "=" | "<" | ">"
STATE: "NULL" | "TRUE" | "FALSE"
NUMBER.1: /[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?=[\s})|&])/
QUOTED: /"(?:[^"\\]|\\.)*"/
WORD: /[A-Za-z0-9_.*:\/-]+/
%ignore /\s+/
"""
_STATES = {"NULL": None, "TRUE": True, "FALSE": False}
_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ABSENT = object()


def matcher(pattern: str) -> Matcher:
    """Says of a log line whether `pattern` matches it; UsageError with the column where it is not understood."""
    try:
        (tree,) = _reader().parse(pattern).children
    except UnexpectedInput as error:
        ends = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        column = len(pattern.rstrip()) + 1 if ends else error.column
        raise UsageError(
            f"filter pattern {pattern}: column {column}: not understood",
            remedy='write a pattern for JSON, such as { $.level = "ERROR" }',
        ) from error

    def matches(line: str) -> bool:
        try:
            document = json.loads(line)
        except ValueError:
            return False
        return isinstance(document, dict) and _holds(tree, document)

    return matches


@cache
def _reader() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")


def _holds(node: "Tree[Token] | Token", document: Mapping[str, Any]) -> bool:
    if not isinstance(node, Tree):
        return False
    match str(node.data):
        case "either":
            return any(_holds(part, document) for part in node.children)
        case "both":
            return all(_holds(part, document) for part in node.children)
        case "missing":
            return _selected(str(node.children[0]), document) is _ABSENT
        case "is":
            of, state = (str(child) for child in node.children)
            return _selected(of, document) is _STATES[state]
    selector, sign, value = node.children
    (token,) = value.children if isinstance(value, Tree) else (value,)
    return isinstance(token, Token) and _compared(
        _selected(str(selector), document), str(sign), token
    )


def _selected(selector: str, document: Any) -> Any:
    found = document
    for key, index in re.findall(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]", selector):
        if key and isinstance(found, dict) and key in found:
            found = found[key]
        elif index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        else:
            return _ABSENT
    return found


def _compared(found: Any, sign: str, wanted: Token) -> bool:
    """A property that is missing, an object or a list is compared with nothing, not even by !=."""
    if not isinstance(found, str | int | float) or isinstance(found, bool):
        return False
    if wanted.type == "NUMBER" and not isinstance(found, str):
        return _ORDERS[sign](found, float(wanted))
    if sign not in {"=", "!="}:
        return False
    return _equal(str(found), wanted) == (sign == "=")


def _equal(found: str, wanted: Token) -> bool:
    text = json.loads(wanted) if wanted.type == "QUOTED" else str(wanted)
    if text == "*":
        return True
    if text.startswith("*") and text.endswith("*"):
        return text[1:-1] in found
    if text.startswith("*"):
        return found.endswith(text[1:])
    if text.endswith("*"):
        return found.startswith(text[:-1])
    return found == str(text)
