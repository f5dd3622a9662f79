"""Reads dashboards/<name>.yaml: what the schema cannot know is checked against the other files of dashboards/."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.data_files import Source
from blueprint.errors import UsageError
from blueprint.observability import queries, slo

DIRECTORY = paths.ROOT / "dashboards"
NAMES = ("service", "on-call")
_SCHEMA = DIRECTORY / "schemas" / "dashboard.json"
_COLUMNS = 24


def read(name: str, directory: Path = DIRECTORY) -> Mapping[str, Any]:
    """The dashboard `name` as plain values; UsageError with file, line and field of everything that is wrong."""
    source = data_files.read_source(
        directory / f"{name}.yaml", json.loads(_SCHEMA.read_text(encoding="utf-8"))
    )
    saved = queries.read(directory / "queries.yaml")
    objectives = [one.name for one in slo.read(directory / "slo.yaml").indicators]
    if faults := list(_faults(source, saved, objectives)):
        raise UsageError(
            "\n".join(fault.message for fault in faults),
            remedy="\n".join(dict.fromkeys(fault.remedy for fault in faults)),
        )
    document: Mapping[str, Any] = source.document
    return document


def _faults(
    source: Source, saved: Mapping[str, Any], objectives: list[str]
) -> Iterator[UsageError]:
    for row_index, row in enumerate(source.document["rows"]):
        at_row = ("rows", row_index)
        if sum(panel.get("width", 1) for panel in row["panels"]) > _COLUMNS:
            yield source.refuse(
                (*at_row, "panels"), f"the widths come to more than {_COLUMNS} columns"
            )
        for index, panel in enumerate(row["panels"]):
            at = (*at_row, "panels", index)
            query, objective = panel.get("query"), panel.get("slo")
            if query is not None and query not in saved:
                yield source.refuse(
                    (*at, "query"),
                    f"there is no query {query!r} in dashboards/queries.yaml; it has {', '.join(saved)}",
                )
            if objective is not None and objective not in objectives:
                yield source.refuse(
                    (*at, "slo"),
                    f"there is no objective {objective!r} in dashboards/slo.yaml; it has {', '.join(objectives)}",
                )
            yield from _of_ids(source, at, panel)


def _of_ids(
    source: Source, at: tuple[str | int, ...], panel: Mapping[str, Any]
) -> Iterator[UsageError]:
    seen: set[str] = set()
    for index, line in enumerate(panel.get("lines", [])):
        name = line.get("id")
        if name in seen:
            yield source.refuse((*at, "lines", index, "id"), f"another line has the id {name!r}")
        if name is not None:
            seen.add(name)
