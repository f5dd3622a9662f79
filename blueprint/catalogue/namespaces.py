"""Reads a file that lists the metrics of one namespace, ours or a user's, and holds it to its format."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import data_files
from blueprint.catalogue.model import Fact, Reports
from blueprint.errors import UsageError

FORMAT: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("namespace.json").read_text(encoding="utf-8")
)
_PREFIX = "{prefix}"


@dataclass(frozen=True)
class Namespace:
    """The metrics of one namespace; where it is `complete`, a metric that is not listed does not exist."""

    name: str
    complete: bool
    facts: tuple[Fact, ...]


def read(file: Path, *, prefix: str | None = None) -> Namespace:
    """The namespace that `file` describes; UsageError names the file and each field that is wrong.

    `prefix` takes the place of {prefix} in the namespace, which a stack's own metrics have in their name.
    """
    document = data_files.read(file, FORMAT)
    shown = data_files.shown(file)
    if faults := list(_faults(document)):
        raise UsageError(
            "\n".join(f"{shown}: {fault}" for fault in faults), remedy=f"correct {shown}"
        )
    name: str = document["namespace"]
    if _PREFIX in name:
        if prefix is None:
            raise UsageError(
                f"{shown}: namespace: {name} needs the prefix of a stack's names",
                remedy="name the stack with -s, or write the namespace out",
            )
        name = name.replace(_PREFIX, prefix)
    return Namespace(
        name,
        document["complete"],
        tuple(
            _fact(name, metric_name, document, metric)
            for metric in document["metrics"]
            for metric_name in _listed(metric["name"])
        ),
    )


def _faults(document: Mapping[str, Any]) -> Iterator[str]:
    sources, sets = document["sources"], document["dimension_sets"]
    used_sources: set[str] = set()
    used_sets: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    for index, metric in enumerate(document["metrics"]):
        field = f"metrics[{index}] ({', '.join(_listed(metric['name']))})"
        used_sources.update(_listed(metric["source"]))
        used_sets.update(metric["dimensions"])
        for name in _listed(metric["source"]):
            if name not in sources:
                yield f"{field}: source {name!r} is not among {', '.join(sources)}"
        for name in metric["dimensions"]:
            if name not in sets:
                yield f"{field}: dimension set {name!r} is not among {', '.join(sets)}"
                continue
            for metric_name in _listed(metric["name"]):
                series = (metric_name, frozenset(sets[name]))
                if series in seen:
                    yield f"{field}: {metric_name} by {name} is listed twice"
                seen.add(series)
        yield from (f"{field}: {fault}" for fault in _range_faults(metric))
    for name in sources:
        if name not in used_sources:
            yield f"sources.{name}: no metric refers to it"
    for name in sets:
        if name not in used_sets:
            yield f"dimension_sets.{name}: no metric is reported by it"


def _range_faults(metric: Mapping[str, Any]) -> Iterator[str]:
    minimum, maximum = metric.get("minimum", 0), metric.get("maximum")
    if minimum is not None and maximum is not None and minimum > maximum:
        yield f"its minimum {minimum} is greater than its maximum {maximum}"
    if metric["reports"] == Reports.WHEN_NONZERO and minimum == 0:
        yield "a metric that is never sent as zero has another minimum than 0"
    if metric["unit"] == "Percent" and maximum is not None and maximum > 100:
        yield f"its maximum {maximum} is above 100 percent"
    if metric.get("whole") and any(bound is not None and bound % 1 for bound in (minimum, maximum)):
        yield "a whole number has whole bounds"


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _fact(
    namespace: str, name: str, document: Mapping[str, Any], metric: Mapping[str, Any]
) -> Fact:
    sources = [document["sources"][key] for key in _listed(metric["source"])]
    return Fact(
        namespace=namespace,
        name=name,
        dimension_sets=tuple(
            frozenset(document["dimension_sets"][key]) for key in metric["dimensions"]
        ),
        unit=metric["unit"],
        reports=Reports(metric["reports"]),
        source="; ".join(f"{source['page']} ({source['url']})" for source in sources),
        read_on=min(source["read_on"] for source in sources),
        minimum=metric.get("minimum", 0),
        maximum=metric.get("maximum"),
        whole=metric.get("whole", False),
        resolution=metric.get("resolution", 60),
        note=metric.get("note", ""),
    )
