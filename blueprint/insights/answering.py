"""Answers a query from log events."""

from collections.abc import Iterable, Sequence
from functools import cmp_to_key
from typing import TypeAlias

from blueprint.insights import checking, syntax
from blueprint.insights.discovery import LogEvent, fields
from blueprint.insights.evaluation import of_event, of_group
from blueprint.insights.functions import TIMESTAMP
from blueprint.insights.tree import (
    Dedup,
    Display,
    Fields,
    Filter,
    Item,
    Limit,
    Order,
    Parse,
    Query,
    Sort,
    Stats,
)
from blueprint.insights.values import Value, sort_key, text

Row: TypeAlias = dict[str, Value]

DEFAULT_LIMIT = 10_000  # rows, of a query that sets none
_SHOWN_BY_DEFAULT = (TIMESTAMP, "@message")


def parse(query: str) -> Query:
    """The query that the text is; QueryError with line and column where CloudWatch, or this subset, refuses it."""
    tree = syntax.read(query)
    checking.check(tree)
    return tree


def answer(query: Query, events: Iterable[LogEvent]) -> list[Row]:
    """The rows that CloudWatch would show, each with its columns in order; a column without a value is left out.

    Numbers stay numbers, @timestamp and bin(...) are moments in UTC. Without `sort`, events come newest first; in
    which order groups come is then not documented, here it is that of their first event.
    """
    rows: list[Row] = [fields(event) for event in events]
    if not any(isinstance(command.action, Sort) for command in query.commands):
        rows.sort(key=lambda row: sort_key(row[TIMESTAMP]), reverse=True)
    columns: list[str] = []
    limit = DEFAULT_LIMIT
    for command in query.commands:
        match command.action:
            case Fields(items=items):
                for row in rows:
                    row.update({item.name: of_event(item.expression, row) for item in items})
                columns += [item.name for item in items]
            case Display(fields=shown):
                columns = [field.name for field in shown]
            case Filter(condition=condition):
                rows = [row for row in rows if of_event(condition, row) is True]
            case Parse() as parsing:
                for row in rows:
                    row.update(_extracted(parsing, row))
            case Stats(items=items, groups=groups):
                rows = _grouped(rows, items, groups)
                columns = [item.name for item in (*groups, *items)]
            case Sort(orders=orders):
                rows = _sorted(rows, orders)
            case Dedup(fields=keys):
                rows = _distinct(rows, [key.name for key in keys])
            case Limit(count=count):
                limit = count
    return [_shown(row, columns or _SHOWN_BY_DEFAULT) for row in rows[:limit]]


def _extracted(parsing: Parse, row: Row) -> Row:
    found = parsing.pattern.search(text(row.get(parsing.source.name)) or "")
    if not found:
        return {}
    return dict(zip(parsing.names, found.groups(), strict=True))


def _grouped(rows: Sequence[Row], items: Sequence[Item], groups: Sequence[Item]) -> list[Row]:
    members: dict[tuple[Value, ...], list[Row]] = {} if groups else {(): []}
    for row in rows:
        key = tuple(of_event(group.expression, row) for group in groups)
        members.setdefault(key, []).append(row)
    return [
        dict(zip((group.name for group in groups), key, strict=True))
        | {item.name: of_group(item.expression, own) for item in items}
        for key, own in members.items()
    ]


def _sorted(rows: Sequence[Row], orders: Sequence[Order]) -> list[Row]:
    def compare(one: Row, other: Row) -> int:
        for order in orders:
            a, b = sort_key(one.get(order.field.name)), sort_key(other.get(order.field.name))
            if a != b:
                return -1 if (a < b) != order.descending else 1
        return 0

    return sorted(rows, key=cmp_to_key(compare))


def _distinct(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """The first row of each combination; a row that lacks one of the keys is no duplicate of anything."""
    seen: set[tuple[Value, ...]] = set()
    kept: list[Row] = []
    for row in rows:
        key = tuple(row.get(name) for name in keys)
        if None in key or key not in seen:
            kept.append(row)
        seen.add(key)
    return kept


def _shown(row: Row, columns: Iterable[str]) -> Row:
    return {name: row[name] for name in columns if row.get(name) is not None}
