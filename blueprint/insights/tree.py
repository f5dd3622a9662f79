"""What a query is made of, after its text was read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Place:
    """Where something stands in the query's text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Field:
    name: str
    place: Place


@dataclass(frozen=True)
class Literal:
    value: str | int | float


@dataclass(frozen=True)
class Period:
    """A length of time as written: 5m."""

    text: str
    place: Place


@dataclass(frozen=True)
class Everything:
    """The star of count(*)."""

    place: Place


@dataclass(frozen=True)
class Call:
    """A function by its name in lower case, whether it works on one event or on a group of them."""

    name: str
    arguments: tuple["Expression", ...]
    place: Place


@dataclass(frozen=True)
class Arithmetic:
    """`sign` is one of + - * / % ^."""

    sign: str
    left: "Expression"
    right: "Expression"
    place: Place


@dataclass(frozen=True)
class Comparison:
    """`sign` is one of = != < <= > >=."""

    sign: str
    left: "Expression"
    right: "Expression"
    place: Place


@dataclass(frozen=True)
class Like:
    """Whether `pattern` is found in the value: as it stands where it is a text, else as a regular expression."""

    value: "Expression"
    pattern: str | re.Pattern[str]
    place: Place


@dataclass(frozen=True)
class In:
    value: "Expression"
    options: tuple[Literal, ...]
    place: Place


@dataclass(frozen=True)
class Not:
    condition: "Expression"
    place: Place


@dataclass(frozen=True)
class Junction:
    """`word` is and or or."""

    word: str
    conditions: tuple["Expression", ...]
    place: Place


Expression: TypeAlias = (
    Field
    | Literal
    | Period
    | Everything
    | Call
    | Arithmetic
    | Comparison
    | Like
    | In
    | Not
    | Junction
)


@dataclass(frozen=True)
class Item:
    """An expression and the column it becomes: its alias, or its own text."""

    expression: Expression
    name: str
    place: Place


@dataclass(frozen=True)
class Fields:
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Display:
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Filter:
    condition: Expression


@dataclass(frozen=True)
class Parse:
    """Each group of `pattern` is written to the field at the same position in `names`."""

    source: Field
    pattern: re.Pattern[str]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Stats:
    items: tuple[Item, ...]
    groups: tuple[Item, ...]


@dataclass(frozen=True)
class Order:
    field: Field
    descending: bool


@dataclass(frozen=True)
class Sort:
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Limit:
    count: int


@dataclass(frozen=True)
class Dedup:
    fields: tuple[Field, ...]


Action: TypeAlias = Fields | Display | Filter | Parse | Stats | Sort | Limit | Dedup


@dataclass(frozen=True)
class Command:
    """One step of a query, with its word as CloudWatch spells it and the place of that word."""

    word: str
    action: Action
    place: Place


@dataclass(frozen=True)
class Query:
    commands: tuple[Command, ...]


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly within `expression`."""
    match expression:
        case Call(arguments=parts) | Junction(conditions=parts):
            return parts
        case Arithmetic(left=left, right=right) | Comparison(left=left, right=right):
            return (left, right)
        case Like(value=value) | In(value=value):
            return (value,)
        case Not(condition=condition):
            return (condition,)
        case _:
            return ()


def fields_in(expression: Expression) -> Iterator[Field]:
    """Every field that `expression` reads, in the order of the text."""
    if isinstance(expression, Field):
        yield expression
    for part in parts_of(expression):
        yield from fields_in(part)
