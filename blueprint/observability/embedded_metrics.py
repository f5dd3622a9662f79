"""Reads which metrics a log line publishes by CloudWatch's embedded metric format."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.cloudwatch.model import Metric
from blueprint.errors import BlueprintError

MOST_METRICS = 100  # in one line
MOST_DIMENSIONS = 30  # in one set


@dataclass(frozen=True)
class Published:
    """One series that a line adds to, with its unit and the values it adds."""

    metric: Metric
    unit: str
    values: tuple[float, ...]


def published(line: str) -> tuple[Published, ...]:
    """The series that `line` adds to; none for a line that is no embedded metric.

    BlueprintError where it claims to be one and CloudWatch would drop it: silently, or into a log group of errors.
    """
    if '"_aws"' not in line:
        return ()
    try:
        document = json.loads(line)
    except ValueError:
        return ()
    directives = (
        document.get("_aws", {}).get("CloudWatchMetrics") if isinstance(document, dict) else None
    )
    if not isinstance(directives, list):
        return ()
    return tuple(entry for directive in directives for entry in _of_directive(directive, document))


def _of_directive(directive: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Published]:
    declared = directive["Metrics"]
    if len(declared) > MOST_METRICS:
        raise _dropped(f"it has {len(declared)} metrics, {MOST_METRICS} is the most")
    for dimensions in directive["Dimensions"]:
        if len(dimensions) > MOST_DIMENSIONS:
            raise _dropped(f"it has {len(dimensions)} dimensions, {MOST_DIMENSIONS} is the most")
        if absent := [name for name in dimensions if not isinstance(document.get(name), str)]:
            raise _dropped(f"the dimension {absent[0]} has no text as its value")
        series = {name: document[name] for name in dimensions}
        for metric in declared:
            yield Published(
                Metric.of(directive["Namespace"], metric["Name"], series),
                metric.get("Unit", "None"),
                _values(metric["Name"], document),
            )


def _values(name: str, document: Mapping[str, Any]) -> tuple[float, ...]:
    value = document.get(name)
    values: list[Any] = value if isinstance(value, list) else [value]
    if not values or not all(type(one) in {int, float} for one in values):
        raise _dropped(f"the metric {name} has the value {value!r}, which is no number")
    return tuple(float(one) for one in values)


def _dropped(reason: str) -> BlueprintError:
    return BlueprintError(
        f"CloudWatch makes no metrics of a line: {reason}",
        remedy="see the embedded metric format's specification",
    )
