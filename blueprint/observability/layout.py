"""Holds a dashboard to CloudWatch's limits and to what a reader can take in."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from blueprint.observability.dashboards import Dashboard, Widget

COLUMNS = 24
FREE_METRICS = 50
_WIDGETS = 500
_METRICS_OF_A_GRAPH = 500
_HEIGHT = 1000
_ALARMS_OF_A_WIDGET = 100
_TYPES = frozenset({"alarm", "chart", "custom", "explorer", "log", "metric", "text"})
_METRIC_VIEWS = frozenset({"bar", "gauge", "pie", "singleValue", "table", "timeSeries"})
_LOG_VIEWS = frozenset({"bar", "pie", "table", "timeSeries"})
# What CloudWatch offers besides whole minutes, in seconds.
_SHORT_PERIODS = frozenset({1, 5, 10, 20, 30})
_MINUTE = 60


class Level(StrEnum):
    """What a finding means: an error is refused, a warning costs money or attention."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """What is wrong with a dashboard, where, and what to do; `widget` is its title or its place in the list."""

    level: Level
    dashboard: str
    widget: str | None
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.dashboard}: {self.widget}" if self.widget else self.dashboard
        return f"{where}: {self.message} ({self.remedy})"


def check(dashboard: Dashboard) -> list[Finding]:
    """Everything that is wrong with the layout of `dashboard`, in the order of its widgets."""
    if dashboard.unknown:
        return [
            Finding(
                Level.WARNING,
                dashboard.name,
                None,
                f"not judged: {dashboard.unknown}",
                "plan with the values it is made of",
            )
        ]
    return [
        Finding(level, dashboard.name, title, message, remedy)
        for level, title, message, remedy in _findings(dashboard)
    ]


_Found = tuple[Level, str | None, str, str]


def _findings(dashboard: Dashboard) -> Iterator[_Found]:
    if len(dashboard.widgets) > _WIDGETS:
        yield (
            Level.ERROR,
            None,
            f"{len(dashboard.widgets)} widgets, and CloudWatch takes {_WIDGETS}",
            "split it by reader",
        )
    for index, widget in enumerate(dashboard.widgets):
        title = widget.title or f"widgets[{index}] ({widget.type})"
        for level, message, remedy in (*_place(widget), *_content(widget)):
            yield level, title, message, remedy
    yield from _overlaps(dashboard)
    count = len(dashboard.metrics)
    if count > FREE_METRICS:
        yield (
            Level.WARNING,
            None,
            f"{count} metrics: above {FREE_METRICS} a dashboard is none of the three free ones",
            "drop a panel, or accept 3 USD a month",
        )


def _place(widget: Widget) -> Iterator[tuple[Level, str, str]]:
    inside = "keep it within 24 columns"
    if not 1 <= widget.width <= COLUMNS:
        yield Level.ERROR, f"width {widget.width} is not from 1 to {COLUMNS}", inside
    elif widget.x is not None and not 0 <= widget.x <= COLUMNS - widget.width:
        yield (
            Level.ERROR,
            f"columns {widget.x} to {widget.x + widget.width} leave the grid of {COLUMNS}",
            inside,
        )
    if not 1 <= widget.height <= _HEIGHT:
        yield (
            Level.ERROR,
            f"height {widget.height} is not from 1 to {_HEIGHT}",
            "3 shows a number, 6 a graph",
        )
    if widget.y is not None and widget.y < 0:
        yield Level.ERROR, f"row {widget.y} is above the grid", "start at 0"
    if (widget.x is None) != (widget.y is None):
        yield (
            Level.ERROR,
            "it has x or y and not both",
            "give both, or leave the place to CloudWatch",
        )


def _overlaps(dashboard: Dashboard) -> Iterator[_Found]:
    placed = [
        (widget.x, widget.y, widget.title or f"widgets[{index}] ({widget.type})", widget)
        for index, widget in enumerate(dashboard.widgets)
        if widget.x is not None and widget.y is not None
    ]
    for (x, y, title, widget), (other_x, other_y, other_title, other) in combinations(placed, 2):
        beside = x + widget.width <= other_x or other_x + other.width <= x
        above = y + widget.height <= other_y or other_y + other.height <= y
        if not beside and not above:
            yield Level.ERROR, other_title, f"it lies on {title!r}", "move one of the two"


def _content(widget: Widget) -> Iterator[tuple[Level, str, str]]:
    match widget.type:
        case "metric":
            yield from _metric(widget)
        case "log":
            yield from _log(widget)
        case "alarm":
            yield from _alarm(widget)
        case "text":
            if not str(widget.properties.get("markdown", "")).strip():
                yield Level.ERROR, "it has no text", "give it markdown, or remove it"
        case _ if widget.type not in _TYPES:
            yield (
                Level.ERROR,
                f"CloudWatch has no widget of type {widget.type!r}",
                f"take {', '.join(sorted(_TYPES))}",
            )
    if widget.type in ("metric", "log") and not widget.title:
        yield Level.WARNING, "it has no title", "say what it shows"


def _metric(widget: Widget) -> Iterator[tuple[Level, str, str]]:
    view = widget.properties.get("view", "timeSeries")
    if view not in _METRIC_VIEWS:
        yield (
            Level.ERROR,
            f"a metric widget has no view {view!r}",
            f"take {', '.join(sorted(_METRIC_VIEWS))}",
        )
    if not widget.series and not widget.alarms:
        yield Level.ERROR, "it shows no metric", "give it one, or remove it"
    if len(widget.series) > _METRICS_OF_A_GRAPH:
        yield (
            Level.ERROR,
            f"{len(widget.series)} metrics, and a graph takes {_METRICS_OF_A_GRAPH}",
            "split it, or take an expression over them",
        )
    if widget.series and not any(series.visible for series in widget.series):
        yield Level.ERROR, "every line of it is hidden", "show one"
    yield from _periods(widget)
    yield from _ids(widget)
    if view == "timeSeries" and widget.series:
        left = widget.properties.get("yAxis", {})
        left = left.get("left", {}) if isinstance(left, dict) else {}
        if left.get("showUnits") is False and not left.get("label"):
            yield (
                Level.WARNING,
                "its axis says no unit",
                "label the left axis with the unit, or leave showUnits out",
            )
    labels = [series.label for series in widget.series if series.visible and series.label]
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        yield Level.WARNING, f"two lines are called {label!r}", "label them apart"


def _periods(widget: Widget) -> Iterator[tuple[Level, str, str]]:
    for period in sorted({series.period for series in widget.series if series.period is not None}):
        if period not in _SHORT_PERIODS and (period <= 0 or period % _MINUTE):
            yield (
                Level.ERROR,
                f"period {period} s is none of CloudWatch's",
                "take whole minutes, or 1, 5, 10, 20 or 30 seconds",
            )


def _ids(widget: Widget) -> Iterator[tuple[Level, str, str]]:
    ids = [series.id for series in widget.series if series.id]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Level.ERROR, f"two of its lines have the id {name!r}", "an id stands for one line"


def _log(widget: Widget) -> Iterator[tuple[Level, str, str]]:
    view = widget.properties.get("view", "table")
    if view not in _LOG_VIEWS:
        yield (
            Level.ERROR,
            f"a log widget has no view {view!r}",
            f"take {', '.join(sorted(_LOG_VIEWS))}",
        )
    if not widget.log_groups:
        yield Level.ERROR, "its query reads no log group", "start it with SOURCE '<log group>'"


def _alarm(widget: Widget) -> Iterator[tuple[Level, str, str]]:
    if not widget.alarms:
        yield Level.ERROR, "it shows no alarm", "give it one, or remove it"
    if len(widget.alarms) > _ALARMS_OF_A_WIDGET:
        yield (
            Level.ERROR,
            f"{len(widget.alarms)} alarms, and a widget takes {_ALARMS_OF_A_WIDGET}",
            "split it by severity",
        )
