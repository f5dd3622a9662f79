"""Reads the case files in dashboards/cases, and holds each to its schema and to what AWS could report."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.data_files import Source
from blueprint.errors import UsageError
from blueprint.rehearsal import amounts
from blueprint.rehearsal.model import Book, Case, Conduct, Kind, Ordinary, Phase, Signal, Spot

DIRECTORY = paths.ROOT / "dashboards" / "cases"
SCHEMA = paths.ROOT / "dashboards" / "schemas" / "cases.json"

Steps = tuple[str | int, ...]
_MINUTES = {"m": 1, "h": 60, "d": 1440}


def read(directory: Path = DIRECTORY) -> Book:
    """Every case in the *.yaml files of `directory`; UsageError with file, line and field of what is wrong."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    signals: dict[str, Signal] = {}
    ordinary: dict[str, tuple[Ordinary, ...]] = {}
    for file in sorted(directory.glob("*.yaml")):
        source = data_files.read_source(file, schema)
        document = source.document
        kind = document["watches"]
        ordinary[kind] = (
            *ordinary.get(kind, ()),
            *(
                Ordinary(item.get("where", {}), _conduct(item, ("ordinary", number), source))
                for number, item in enumerate(document["ordinary"])
            ),
        )
        for name, stated in document["signals"].items():
            spot = _spot(source, ("signals", name))
            if name in signals:
                raise UsageError(
                    f"{spot}: signal {name} has its cases in {signals[name].spot} already",
                    remedy="keep the cases of a signal in one place",
                )
            signals[name] = Signal(
                name, kind, stated.get("resource", ""), spot, tuple(_cases(name, stated, source))
            )
    if not signals:
        raise UsageError(
            f"{data_files.shown(directory)} holds no case file",
            remedy="bring the files back from git",
        )
    return Book(signals, ordinary)


def _cases(name: str, stated: Mapping[str, Any], source: Source) -> Iterator[Case]:
    for kind in Kind:
        for number, item in enumerate(stated.get(kind, ())):
            path = ("signals", name, kind.value, number)
            yield Case(
                kind=kind,
                story=item["story"],
                spot=_spot(source, path),
                phases=_phases(item, (*path, "phases"), source),
                where=item.get("where", {}),
                lead=_minutes(item.get("lead", "1h")),
                within=_minutes(item.get("within", "0m")),
                told=item.get("told", True),
                before=_phases(item, (*path, "before"), source),
                name=item.get("name", ""),
                after=item.get("after", ""),
                new=item.get("new", False),
            )


def _phases(item: Mapping[str, Any], path: Steps, source: Source) -> tuple[Phase, ...]:
    return tuple(
        _phase(phase, (*path, index), source)
        for index, phase in enumerate(item.get(str(path[-1]), ()))
    )


def _phase(item: Mapping[str, Any], path: Steps, source: Source) -> Phase:
    says = {"metrics", "every", "silent"} & item.keys()
    return Phase(
        minutes=_minutes(item["for"]),
        own=_conduct(item, path, source) if says else None,
        also={
            resource: _conduct(conduct, (*path, "also", resource), source)
            for resource, conduct in item.get("also", {}).items()
        },
    )


def _minutes(duration: str) -> int:
    return int(duration[:-1]) * _MINUTES[duration[-1]]


def _spot(source: Source, path: Steps) -> Spot:
    return Spot(Path(data_files.shown(source.file)), source.line(*path))


def _conduct(item: Mapping[str, Any], path: Steps, source: Source) -> Conduct:
    metrics = {}
    for name, text in item.get("metrics", {}).items():
        try:
            metrics[name] = amounts.read(text)
        except UsageError as error:
            raise source.refuse(
                (*path, "metrics", name), error.message, remedy=error.remedy
            ) from error
    every = item.get("every")
    return Conduct(
        metrics=metrics,
        every=_minutes(every) if every and not every.endswith("_seconds") else every,
        silent=item.get("silent", False),
    )
