"""Dashboards as a document declares them: widgets on the grid, the series they show, the alarms and logs they name."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blueprint.cloudwatch.model import Metric
from blueprint.documents.model import Document, Place, Resource
from blueprint.errors import UsageError

_TYPE = "aws_cloudwatch_dashboard"
_SOURCE = re.compile(r"\bSOURCE\s+((?:(?:'[^']*'|\"[^\"]*\")\s*,?\s*)+)", re.IGNORECASE)
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


@dataclass(frozen=True)
class Series:
    """One line of a metric widget: a series of CloudWatch, or an expression over others.

    `period` is in seconds and None where the dashboard does not say it.
    """

    metric: Metric | None
    expression: str | None
    statistic: str
    period: int | None
    id: str | None
    label: str | None
    visible: bool


@dataclass(frozen=True)
class Widget:
    """One widget, placed and sized in grid units; a position that is None is CloudWatch's to choose."""

    type: str
    title: str
    width: int
    height: int
    x: int | None
    y: int | None
    series: tuple[Series, ...] = ()
    alarms: tuple[str, ...] = ()
    log_groups: tuple[str, ...] = ()
    thresholds: tuple[tuple[str, float], ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dashboard:
    """A dashboard and where it is declared; `widgets` in the order of its body.

    `unknown` says why the body cannot be read yet, for example that it is known after apply; `widgets` is empty then.
    """

    name: str
    place: Place
    widgets: tuple[Widget, ...]
    unknown: str | None = None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every metric its widgets read, each once, hidden ones included: what CloudWatch counts for the price."""
        return tuple(
            dict.fromkeys(s.metric for widget in self.widgets for s in widget.series if s.metric)
        )


def of(document: Document) -> tuple[Dashboard, ...]:
    """The dashboards of `document`; UsageError names one whose body is not a dashboard's."""
    return tuple(
        _dashboard(resource, document.file)
        for resource in document.resources
        if resource.type == _TYPE
    )


def body(text: str, *, name: str, place: Place) -> Dashboard:
    """The dashboard with this DashboardBody; UsageError where it is none."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise _not_a_body(place, f"it is not JSON ({error})") from error
    if not isinstance(content, dict) or not isinstance(content.get("widgets"), list):
        raise _not_a_body(place, "it has no list `widgets`")
    return Dashboard(
        name=name,
        place=place,
        widgets=tuple(
            _widget(widget, place, index) for index, widget in enumerate(content["widgets"])
        ),
    )


def _dashboard(resource: Resource, file: str) -> Dashboard:
    name = str(resource.values.get("dashboard_name", resource.place.address))
    text = resource.values.get("dashboard_body")
    # CloudFormation's Fn::Sub and a plan's unknown values leave text that is no JSON yet.
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        return Dashboard(name, resource.place, (), unknown=f"{file}: its body is not known")
    return body(text, name=name, place=resource.place)


def _widget(source: Any, place: Place, index: int) -> Widget:
    if not isinstance(source, dict) or not isinstance(source.get("properties", {}), dict):
        raise _not_a_body(place, f"widgets[{index}] is not a widget")
    properties: dict[str, Any] = source.get("properties", {})
    annotations = properties.get("annotations")
    annotations = annotations if isinstance(annotations, dict) else {}
    return Widget(
        type=str(source.get("type", "")),
        title=str(properties.get("title", "")),
        width=_whole(source.get("width", 6), place, f"widgets[{index}].width"),
        height=_whole(source.get("height", 6), place, f"widgets[{index}].height"),
        x=_position(source, "x", place, index),
        y=_position(source, "y", place, index),
        series=_series(properties, place, index),
        alarms=tuple(map(str, [*properties.get("alarms", []), *annotations.get("alarms", [])])),
        log_groups=_log_groups(str(properties.get("query", ""))),
        thresholds=tuple(
            (str(line.get("label", "")), float(line["value"]))
            for line in annotations.get("horizontal", [])
            if isinstance(line, dict) and isinstance(line.get("value"), int | float)
        ),
        properties=properties,
    )


def _position(source: Mapping[str, Any], axis: str, place: Place, index: int) -> int | None:
    return (
        _whole(source[axis], place, f"widgets[{index}].{axis}")
        if source.get(axis) is not None
        else None
    )


def _whole(value: Any, place: Place, field_name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _not_a_body(place, f"{field_name} is {value!r} and must be a whole number")
    return value


def _series(properties: Mapping[str, Any], place: Place, index: int) -> tuple[Series, ...]:
    rows = properties.get("metrics", [])
    if not isinstance(rows, list):
        raise _not_a_body(place, f"widgets[{index}].properties.metrics is not a list")
    found: list[Series] = []
    above: list[str] = []
    for number, row in enumerate(rows):
        field_name = f"widgets[{index}].properties.metrics[{number}]"
        if not isinstance(row, list) or not row:
            raise _not_a_body(place, f"{field_name} is not a list of names")
        options = row[-1] if isinstance(row[-1], dict) else {}
        names = [str(part) for part in row if not isinstance(part, dict)]
        if names:
            names = _written_out(names, above, place, field_name)
            above = names
        found.append(_one(names, options, properties))
    return tuple(found)


def _written_out(
    names: Sequence[str], above: Sequence[str], place: Place, field_name: str
) -> list[str]:
    """The row in full: `.` stands for the part above it, `...` for all parts above but the last ones written here."""
    if names[0] == "...":
        rest = list(names[1:])
        if len(rest) > len(above):
            raise _not_a_body(place, f"{field_name} repeats a row that is shorter")
        names = [*above[: len(above) - len(rest)], *rest]
    for number, part in enumerate(names):
        if part == "." and number >= len(above):
            raise _not_a_body(place, f"{field_name} repeats a part that no row above it has")
    full = [above[number] if part == "." else part for number, part in enumerate(names)]
    if len(full) < 2 or len(full) % 2:
        raise _not_a_body(
            place, f"{field_name} is not a namespace, a name and pairs of dimension and value"
        )
    return full


def _one(names: Sequence[str], options: Mapping[str, Any], properties: Mapping[str, Any]) -> Series:
    period = options.get("period", properties.get("period"))
    return Series(
        metric=Metric.of(names[0], names[1], dict(zip(names[2::2], names[3::2], strict=True)))
        if names
        else None,
        expression=str(options["expression"]) if "expression" in options else None,
        statistic=str(options.get("stat", properties.get("stat", "Average"))),
        period=period if isinstance(period, int) else None,
        id=str(options["id"]) if "id" in options else None,
        label=str(options["label"]) if options.get("label") else None,
        visible=options.get("visible", True) is not False,
    )


def _log_groups(query: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            single or double
            for group in _SOURCE.findall(query)
            for single, double in _QUOTED.findall(group)
        )
    )


def _not_a_body(place: Place, reason: str) -> UsageError:
    where = f"{place.file}:{place.line}" if place.line else place.file
    return UsageError(
        f"{where}: {place.address} is not a dashboard: {reason}",
        remedy="write its body as CloudWatch's dashboard body structure says",
    )
