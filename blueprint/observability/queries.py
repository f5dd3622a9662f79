"""Reads dashboards/queries.yaml, the saved queries of CloudWatch Logs Insights."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.errors import UsageError
from blueprint.insights.answering import parse
from blueprint.insights.errors import QueryError
from blueprint.insights.tree import Query

FILE = paths.ROOT / "dashboards" / "queries.yaml"
FUNCTIONS, ACCESS = "functions", "access"

_SCHEMA = paths.ROOT / "dashboards" / "schemas" / "queries.json"


@dataclass(frozen=True)
class SavedQuery:
    """One saved query. `placeholder` is the text in it that whoever runs it replaces by `replaced_by`."""

    name: str
    title: str
    purpose: str
    log_groups: tuple[str, ...]
    text: str
    placeholder: str | None
    replaced_by: str | None

    def query(self, value: str | None = None) -> Query:
        """The query, with `value` for its placeholder."""
        if self.placeholder and value is not None:
            return parse(self.text.replace(self.placeholder, value))
        return parse(self.text)

    def reads(self, group: str) -> bool:
        """Whether it reads the log of `group`: a function's role, or `access` for the API's access log."""
        return group in self.log_groups or (FUNCTIONS in self.log_groups and group != ACCESS)


def read(file: Path = FILE) -> dict[str, SavedQuery]:
    """The saved queries by name.

    UsageError names each query that is wrong, with the line and column within its text.
    """
    schema: Mapping[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    document = data_files.read(file, schema)
    found = {name: _saved(name, row) for name, row in document["queries"].items()}
    shown = data_files.shown(file)
    if faults := [fault for query in found.values() for fault in _faults(query)]:
        raise UsageError(
            "\n".join(f"{shown}: {fault}" for fault in faults), remedy=f"correct {shown}"
        )
    return found


def check(roles: Collection[str], file: Path = FILE) -> list[str]:
    """What is wrong with the saved queries for functions of these `roles`: a log group that nobody writes."""
    shown = data_files.shown(file)
    known = {FUNCTIONS, ACCESS, *roles}
    return [
        f"{shown}: queries.{query.name}.log_groups: there is no {group!r}; use {', '.join(sorted(known))}"
        for query in read(file).values()
        for group in query.log_groups
        if group not in known
    ]


def _saved(name: str, row: Mapping[str, Any]) -> SavedQuery:
    replace = row.get("replace", {})
    return SavedQuery(
        name,
        row["title"],
        row["purpose"],
        tuple(row["log_groups"]),
        row["query"],
        replace.get("text"),
        replace.get("by"),
    )


def _faults(query: SavedQuery) -> Iterator[str]:
    place = f"queries.{query.name}"
    if query.placeholder and query.placeholder not in query.text:
        yield f"{place}.replace.text: {query.placeholder} does not stand in the query"
    try:
        query.query()
    except QueryError as error:
        yield f"{place}.query: {error.message}; {error.remedy}"
