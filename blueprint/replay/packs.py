"""An alarm pack: its alarms, and whom each of them tells. Reads other people's packs from packs/*.yaml."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from blueprint import data_files
from blueprint.cloudwatch.model import (
    Alarm,
    Comparison,
    Metric,
    MetricAlarm,
    MissingData,
    Query,
)
from blueprint.errors import UsageError
from blueprint.replay.system import System

DIRECTORY = Path(__file__).parent / "packs"
SCHEMA = Path(__file__).parent / "pack.json"

Severity = Literal["page", "ticket"]

_COMPARISONS = {
    ">": Comparison.GREATER,
    ">=": Comparison.GREATER_OR_EQUAL,
    "<": Comparison.LESS,
    "<=": Comparison.LESS_OR_EQUAL,
}


@dataclass(frozen=True)
class Pack:
    """`told` says of each alarm, by name, how loudly it tells a person; an alarm that is not in it tells nobody.

    `variant` is true of a pack in which a doubtful choice is decided the other way.
    """

    name: str
    title: str
    alarms: tuple[Alarm, ...]
    told: Mapping[str, Severity]
    variant: bool = False

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every series the pack looks at, each once."""
        alarms = (alarm for alarm in self.alarms if isinstance(alarm, MetricAlarm))
        return tuple(dict.fromkeys(metric for alarm in alarms for metric in alarm.metrics))


def read(file: Path, system: System) -> tuple[Pack, ...]:
    """The pack in `file`, made for `system`, and then each of its variants.

    UsageError where the file does not hold, or a variant names an alarm that is not there.
    """
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document = data_files.read(file, schema)
    declared = {
        alarm["id"]: {**group["common"], **alarm}
        for group in document["groups"]
        for alarm in group["alarms"]
    }
    _check_alarms(declared, schema, file)
    packs = []
    for variant in ({"name": "", "title": ""}, *document.get("variants", [])):
        _check_variant(variant, declared, file)
        alarms: list[MetricAlarm] = []
        told: dict[str, Severity] = {}
        for name, alarm in declared.items():
            if alarm.get("optional", False) and name not in variant.get("with", []):
                continue
            made = list(_alarms({**alarm, **variant.get("values", {}).get(name, {})}, system))
            severity: Severity = "ticket" if name in variant.get("tickets", []) else "page"
            told.update({alarm.name: severity for alarm in made})
            alarms += made
        packs.append(
            Pack(
                name=" ".join(filter(None, (document["name"], variant["name"]))),
                title=", ".join(filter(None, (document["title"], variant["title"]))),
                alarms=tuple(alarms),
                told=told,
                variant=bool(variant["name"]),
            )
        )
    return tuple(packs)


def others(system: System, directory: Path = DIRECTORY) -> tuple[Pack, ...]:
    """Every pack of `directory`, its variants after it."""
    return tuple(pack for file in sorted(directory.glob("*.yaml")) for pack in read(file, system))


def _check_alarms(
    declared: Mapping[str, Mapping[str, Any]], schema: Mapping[str, Any], file: Path
) -> None:
    """An alarm is whole only together with what is common to its group."""
    whole = {"$defs": schema["$defs"], "$ref": "#/$defs/alarm"}
    for name, alarm in declared.items():
        for fault in data_files.faults_of(alarm, whole):
            raise UsageError(
                f"{data_files.shown(file)}: alarm {name}: {fault}",
                remedy="correct the alarm or its group",
            )


def _check_variant(variant: Mapping[str, Any], declared: Mapping[str, Any], file: Path) -> None:
    for key in ("tickets", "with", "values"):
        for name in variant.get(key, []):
            if name not in declared:
                raise UsageError(
                    f"{data_files.shown(file)}: variants: {variant['name']}: {key}: there is no alarm {name!r}",
                    remedy=f"name one of {', '.join(declared)}",
                )


def _alarms(declared: Mapping[str, Any], system: System) -> Iterator[MetricAlarm]:
    """One alarm for each resource it watches."""
    for resource in _resources(declared["watches"], system):
        threshold = declared.get("threshold")
        if threshold is None:
            of = declared["threshold_of"]
            threshold = float(resource[of["attribute"]]) * of["times"]
        yield MetricAlarm(
            name="-".join(filter(None, (resource["key"], declared["id"]))),
            queries=tuple(_queries(declared, resource)),
            comparison=_COMPARISONS[declared["comparison"]],
            threshold=threshold,
            evaluation_periods=declared["evaluation_periods"],
            datapoints=declared["datapoints"],
            missing_data=MissingData(declared["missing_data"]),
        )


def _queries(declared: Mapping[str, Any], resource: Mapping[str, str]) -> Iterator[Query]:
    dimensions = {
        name: value.format_map(resource) for name, value in declared.get("dimensions", {}).items()
    }

    def metric(name: str) -> Metric:
        return Metric.of(declared["namespace"], name, dimensions)

    period = declared["period_seconds"]
    expression = declared.get("expression")
    if expression is not None:
        yield Query(id="result", expression=expression)
        for name, query in declared["queries"].items():
            yield Query(
                id=name,
                metric=metric(query["metric"]),
                statistic=query["statistic"],
                period=period,
                returns_data=False,
            )
        return
    only = Query(
        id="m1", metric=metric(declared["metric"]), statistic=declared["statistic"], period=period
    )
    if declared["namespace"] != "AWS/DynamoDB":
        yield only
        return
    # By PutMetricAlarm, alarms on DynamoDB's metrics ignore missing data and would never clear; by the user guide the
    # declared treatment holds. Others get the reading that favours them: metric math has no such rule.
    yield Query(id="result", expression="m1")
    yield replace(only, returns_data=False)


def _resources(kind: str, system: System) -> Iterator[dict[str, str]]:
    """The resources of a kind with what an alarm may take from them; `key` starts the alarm's name."""
    match kind:
        case "functions":
            for function in system.functions:
                yield {
                    "key": function.role,
                    "name": function.name,
                    "timeout_ms": str(function.timeout_seconds * 1000),
                }
        case "queue_consumers":
            function = system.invoked_by("queue")
            yield {"key": function.role, "name": function.name}
        case "queues":
            for queue in system.queues:
                yield {"key": queue.key, "name": queue.name}
        case "api":
            yield {
                "key": "api",
                "id": system.api_id,
                "name": system.api_name,
                "stage": system.stage,
            }
        case "tables":
            yield {"key": "orders", "name": system.table}
        case "indexes":
            yield {"key": "orders-index", "table": system.table, "index": system.index}
        case "user_pools":
            yield {"key": "users", "pool": system.user_pool, "client": system.client}
        case _:
            yield {"key": ""}
