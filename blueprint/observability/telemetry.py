"""The telemetry contract: the metrics our functions send are those that panels and alarms read, and no others."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.catalogue import namespaces
from blueprint.catalogue.model import Fact
from blueprint.cloudwatch.model import Metric, MetricAlarm
from blueprint.documents.model import Document
from blueprint.observability import dashboards

FILE = paths.ROOT / "dashboards" / "metrics.yaml"

_SCHEMA = paths.ROOT / "dashboards" / "schemas" / "metrics.json"
_FILTER = "aws_cloudwatch_log_metric_filter"
_PREFIX = "{prefix}"


@dataclass(frozen=True)
class Sent:
    """A metric as metrics.yaml declares it: the roles that send it, by which sets of dimension names."""

    name: str
    emitted_by: tuple[str, ...]
    dimension_sets: tuple[tuple[str, ...], ...]
    unit: str


@dataclass(frozen=True)
class Contract:
    """What metrics.yaml says. `unused` are metrics that nothing reads, each with the reason why it is sent."""

    file: Path
    namespace: str
    metrics: tuple[Sent, ...]
    unused: Mapping[str, str]

    def facts(self, prefix: str) -> tuple[Fact, ...]:
        """The metrics as the catalogue knows metrics, for the stack whose names begin with `prefix`."""
        return namespaces.read(self.file, prefix=prefix).facts

    def series(self, prefix: str, roles: Collection[str]) -> dict[Metric, str]:
        """Every series that the functions of these roles send, with its unit: what CloudWatch bills one by one."""
        return {
            Metric.of(
                self.namespace.replace(_PREFIX, prefix),
                sent.name,
                {name: _value(name, prefix, role) for name in names},
            ): sent.unit
            for sent in self.metrics
            for names in sent.dimension_sets
            for role in sent.emitted_by
            if role in roles
        }


def read(file: Path = FILE) -> Contract:
    """The contract in `file`; UsageError names the field that is wrong and what would be right."""
    schema: Mapping[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    document = data_files.read(file, schema)
    namespaces.read(file, prefix="")  # holds names, sources and dimension sets to each other
    return Contract(
        file,
        document["namespace"],
        tuple(
            Sent(
                row["name"],
                tuple(row["emitted_by"]),
                tuple(tuple(document["dimension_sets"][name]) for name in row["dimensions"]),
                row["unit"],
            )
            for row in document["metrics"]
        ),
        {row["metric"]: row["reason"] for row in document["unused"]},
    )


def dead(
    document: Document, *, prefix: str, roles: Collection[str], contract: Contract
) -> list[str]:
    """Panels and alarms of `document` that will never see data: nothing sends what they read, or in another unit.

    `document` is a plan of component observability for the stack whose names begin with `prefix` and whose functions
    have these `roles`. Metrics of AWS services are none of its business.
    """
    sent, made = contract.series(prefix, roles), _made_of_lines(document)
    own = contract.namespace.replace(_PREFIX, prefix)
    faults = [
        f"{places[0]} reads {_shown(metric)}, which nothing sends{_near(metric, sent)}"
        for metric, places in _readers(document).items()
        if metric.namespace == own or metric.namespace.startswith(f"{own}/")
        if metric not in sent and metric not in made
    ]
    return [*faults, *_units(document, sent)]


def unread(
    document: Document, *, prefix: str, roles: Collection[str], contract: Contract
) -> list[str]:
    """Metrics that are paid for and that no panel and no alarm of `document` reads, and exceptions that are none."""
    sent, readers = contract.series(prefix, roles), _readers(document)
    file = data_files.shown(contract.file)
    return [
        *(
            f"{_shown(metric)} is sent and paid for, and no panel and no alarm reads it: show it, stop sending it, or "
            f"say in {file} under `unused` why not"
            for metric in sent
            if metric not in readers and metric.name not in contract.unused
        ),
        *(
            f"{address} makes {_shown(metric)}, and no panel and no alarm reads it"
            for metric, address in _made_of_lines(document).items()
            if metric not in readers
        ),
        *_stale(contract, {metric.name for metric in readers if metric in sent}, file),
    ]


def _value(dimension: str, prefix: str, role: str) -> str:
    return f"{prefix}-{role}" if dimension == "function_name" else role


def _readers(document: Document) -> dict[Metric, list[str]]:
    """Every metric that is read, and by what."""
    found: dict[Metric, list[str]] = {}
    for declared in document.alarms:
        if isinstance(declared.alarm, MetricAlarm):
            for metric in declared.alarm.metrics:
                found.setdefault(metric, []).append(f"alarm {declared.alarm.name}")
    for dashboard in dashboards.of(document):
        for widget in dashboard.widgets:
            for metric in (series.metric for series in widget.series if series.metric):
                place = f"panel {widget.title!r} of dashboard {dashboard.name}"
                found.setdefault(metric, []).append(place)
    return found


def _made_of_lines(document: Document) -> dict[Metric, str]:
    """The metrics that metric filters make of log lines, and the address of each filter."""
    return {
        Metric.of(
            made["namespace"], made["name"], made.get("dimensions") or {}
        ): resource.place.address
        for resource in document.resources
        if resource.type == _FILTER
        for made in _blocks(resource.values.get("metric_transformation"))
    }


def _blocks(value: object) -> list[dict[str, Any]]:
    return [block for block in value if isinstance(block, dict)] if isinstance(value, list) else []


def _units(document: Document, sent: Mapping[Metric, str]) -> Iterator[str]:
    """An alarm that asks for another unit than the one that is sent sees no data."""
    for declared in document.alarms:
        if not isinstance(declared.alarm, MetricAlarm):
            continue
        for query in declared.alarm.queries:
            unit = sent.get(query.metric) if query.metric else None
            if query.metric and unit and query.unit not in {None, unit}:
                yield (
                    f"alarm {declared.alarm.name} reads {_shown(query.metric)} in {query.unit}; "
                    f"it is sent in {unit}"
                )


def _stale(contract: Contract, read_names: Collection[str], file: str) -> Iterator[str]:
    names = {sent.name for sent in contract.metrics}
    for name in contract.unused:
        if name not in names:
            yield f"{file}: unused: {name} is no metric of this file; take the line out"
        elif name in read_names:
            yield f"{file}: unused: {name} is read by a panel or an alarm; take the line out"


def _near(metric: Metric, sent: Collection[Metric]) -> str:
    same = next((other for other in sent if other.name == metric.name), None)
    if same:
        return f"; it is sent as {_shown(same)}"
    near = get_close_matches(metric.name, {other.name for other in sent}, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _shown(metric: Metric) -> str:
    dimensions = ", ".join(f"{name}={value}" for name, value in metric.dimensions)
    return f"{metric.namespace} {metric.name} [{dimensions or 'no dimensions'}]"
