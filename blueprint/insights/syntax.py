"""Reads the text of a query into a tree."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from blueprint.insights import patterns
from blueprint.insights.errors import QueryError
from blueprint.insights.tree import (
    Action,
    Arithmetic,
    Call,
    Command,
    Comparison,
    Dedup,
    Display,
    Everything,
    Expression,
    Field,
    Fields,
    Filter,
    In,
    Item,
    Junction,
    Like,
    Limit,
    Literal,
    Not,
    Order,
    Parse,
    Period,
    Place,
    Query,
    Sort,
    Stats,
)

COMMANDS = ("fields", "display", "filter", "parse", "stats", "sort", "limit", "dedup")

# What the reader's terminals are called in front of people.
_TERMINALS = {
    "$END": "the end of the query",
    "VBAR": "|",
    "COMMA": ",",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "FINDS": "=~",
    "COMPARISON": "a comparison",
    "SUM_SIGN": "+ or -",
    "MINUS": "-",
    "PRODUCT_SIGN": "*, / or %",
    "CIRCUMFLEX": "^",
    "STAR": "*",
    "STRING": "a text in quotes",
    "REGEX": "a /regular expression/",
    "INTEGER": "a whole number",
    "NUMBER": "a number",
    "PERIOD": "a period such as 5m",
    "NAME": "a field",
    "QUOTED_NAME": "a field in backticks",
}
_SHOWN = 6  # expected things that are still worth reading
_WORD = re.compile(r"[@\w.]+|\S|$")


def read(text: str) -> Query:
    """The query that `text` is; QueryError where the language, as far as it is known here, does not allow it."""
    try:
        tree = _reader().parse(text)
    except UnexpectedInput as error:
        _refuse(error, text)
    return Query(tuple(_command(node, text) for node in tree.children if isinstance(node, Tree)))


@cache
def _reader() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _refuse(error: UnexpectedInput, text: str) -> NoReturn:
    expected = _expected(error)
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    place = _end_of(text) if ended else Place(error.line, error.column)
    found = "" if ended else _word_at(text, error.pos_in_stream or 0)
    if {word.upper() for word in COMMANDS} <= expected:
        unknown = f"{found!r} is no command that is understood here"
        raise QueryError(
            place,
            unknown if found else "a command is missing",
            remedy=f"use one of: {', '.join(COMMANDS)}",
        )
    if found in {'"', "'"}:
        raise QueryError(place, "the text has no end", remedy=f"close it with {found}")
    where = f"{found!r} is not expected here" if found else "the query ends too early"
    named = sorted(_TERMINALS.get(name, name.lower()) for name in expected)
    hint = f"; expected {' or '.join(named)}" if 0 < len(named) <= _SHOWN else ""
    raise QueryError(place, where + hint)


def _expected(error: UnexpectedInput) -> set[str]:
    """The terminals that could have stood there."""
    if isinstance(error, UnexpectedToken):
        return set(error.accepts or error.expected)
    return set(error.allowed or ()) if isinstance(error, UnexpectedCharacters) else set()


def _end_of(text: str) -> Place:
    lines = text.rstrip().split("\n")
    return Place(len(lines), len(lines[-1]) + 1)


def _word_at(text: str, position: int) -> str:
    found = _WORD.match(text, position)
    return found.group() if found else ""


def _command(node: Tree[Token], text: str) -> Command:
    word = str(node.data).partition("_")[0]
    return Command(word, _action(node, text), _place(node))


def _action(node: Tree[Token], text: str) -> Action:
    match str(node.data):
        case "fields":
            return Fields(_items(node, text))
        case "display":
            return Display(_fields(node))
        case "filter":
            return Filter(_expression(_only(node)))
        case "parse_glob":
            return _parse_glob(node)
        case "parse_regex":
            return _parse_regex(node)
        case "stats":
            groups = next(node.find_data("groups"), None)
            own = [child for child in _trees(node) if child.data == "item"]
            return Stats(
                tuple(_item(child, text) for child in own),
                _items(groups, text) if groups else (),
            )
        case "sort":
            return Sort(tuple(_order(child) for child in _trees(node)))
        case "limit":
            return Limit(int(_token(node)))
        case _:
            return Dedup(_fields(node))


def _parse_glob(node: Tree[Token]) -> Parse:
    source, *names = _fields(node)
    written = _written(node)
    pattern = patterns.glob(_unquoted(written))
    if pattern.groups != len(names):
        raise QueryError(
            _place(written),
            f"the pattern has {pattern.groups} stars for {len(names)} fields",
            remedy="give each star its field after `as`",
        )
    return Parse(source, pattern, tuple(name.name for name in names))


def _parse_regex(node: Tree[Token]) -> Parse:
    (source,) = _fields(node)
    written = _written(node)
    pattern = _regular(written)
    if not pattern.groups or pattern.groups != len(pattern.groupindex):
        raise QueryError(
            _place(written),
            "the groups of the expression must have names",
            remedy="write (?<name>...) for what is to be extracted, (?:...) for the rest",
        )
    return Parse(source, pattern, tuple(pattern.groupindex))


def _order(node: Tree[Token]) -> Order:
    (field,) = _fields(node)
    return Order(field, any(_token(child).lower() == "desc" for child in _trees(node)[1:]))


def _items(node: Tree[Token], text: str) -> tuple[Item, ...]:
    return tuple(_item(child, text) for child in _trees(node))


def _item(node: Tree[Token], text: str) -> Item:
    shown, *alias = _trees(node)
    name = _field(alias[0]).name if alias else _text_of(shown, text)
    return Item(_expression(shown), name, _place(node))


def _text_of(node: Tree[Token], text: str) -> str:
    if node.data == "field":
        return _field(node).name
    return " ".join(text[node.meta.start_pos : node.meta.end_pos].split())


def _expression(node: Tree[Token]) -> Expression:
    place = _place(node)
    match str(node.data):
        case "field":
            return _field(node)
        case "string" | "number":
            return _literal(node)
        case "period":
            return Period(_token(node), place)
        case "call":
            return Call(_token(node).lower(), tuple(_arguments(node)), place)
        case "negative":
            return Arithmetic("-", Literal(0), _expression(_only(node)), place)
        case "power":
            left, right = _trees(node)
            return Arithmetic("^", _expression(left), _expression(right), place)
        case "sum" | "product":
            return _folded(node)
        case "compared":
            left, right = _trees(node)
            return Comparison(_token(node), _expression(left), _expression(right), place)
        case "like" | "not_like":
            value, pattern = _trees(node)
            found = Like(_expression(value), _pattern(pattern), place)
            return Not(found, place) if node.data == "not_like" else found
        case "within" | "not_within":
            value, *options = _trees(node)
            member = In(_expression(value), tuple(_literal(option) for option in options), place)
            return Not(member, place) if node.data == "not_within" else member
        case "negation":
            return Not(_expression(_only(node)), place)
        case _:
            word = "or" if node.data == "disjunction" else "and"
            return Junction(word, tuple(_expression(part) for part in _trees(node)), place)


def _folded(node: Tree[Token]) -> Expression:
    """a - b + c as (a - b) + c."""
    first, *others = _trees(node)
    signs = [child for child in node.children if isinstance(child, Token)]
    result = _expression(first)
    for sign, operand in zip(signs, others, strict=True):
        result = Arithmetic(str(sign), result, _expression(operand), _place(node))
    return result


def _arguments(node: Tree[Token]) -> Iterator[Expression]:
    for child in _trees(node):
        if child.data == "everything":
            yield Everything(_place(node))
        else:
            yield from (_expression(argument) for argument in _trees(child))


def _pattern(node: Tree[Token]) -> str | re.Pattern[str]:
    token = _written(node)
    return _regular(token) if token.type == "REGEX" else _unquoted(token)


def _regular(token: Token) -> re.Pattern[str]:
    try:
        return patterns.regular(token[1:-1])
    except re.error as error:
        raise QueryError(_place(token), f"{token} is no regular expression: {error}") from error


def _literal(node: Tree[Token]) -> Literal:
    token = _token(node)
    if node.data == "string":
        return Literal(_unquoted(token))
    return Literal(float(token) if "." in token else int(token))


def _field(node: Tree[Token]) -> Field:
    return Field(_token(node).strip("`"), _place(node))


def _fields(node: Tree[Token]) -> tuple[Field, ...]:
    return tuple(_field(child) for child in _trees(node) if child.data == "field")


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _only(node: Tree[Token]) -> Tree[Token]:
    (child,) = _trees(node)
    return child


def _trees(node: Tree[Token]) -> Sequence[Tree[Token]]:
    return [child for child in node.children if isinstance(child, Tree)]


def _written(node: Tree[Token]) -> Token:
    return next(child for child in node.children if isinstance(child, Token))


def _token(node: Tree[Token]) -> str:
    return str(_written(node))


def _place(part: Tree[Token] | Token) -> Place:
    where = part if isinstance(part, Token) else part.meta
    return Place(where.line or 1, where.column or 1)
