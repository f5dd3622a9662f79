"""The resources of a stack as AWS reports on them: each with the exact series it reports."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from blueprint.catalogue.catalogue import Catalogue
from blueprint.catalogue.model import Fact
from blueprint.cloudwatch.model import Metric
from blueprint.documents.model import Document
from blueprint.rehearsal.amounts import Attributes

# Namespace, and the attribute with each dimension's value: a kind reports every metric that has just these dimensions.
_SERIES: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = {
    "functions": (("AWS/Lambda", {"FunctionName": "name"}),),
    "queues": (("AWS/SQS", {"QueueName": "name"}),),
    "tables": (("AWS/DynamoDB", {"TableName": "name"}),),
    "indexes": (("AWS/DynamoDB", {"TableName": "table", "GlobalSecondaryIndexName": "name"}),),
    "schedules": (("AWS/Scheduler", {"ScheduleGroup": "group"}),),
    "user_pool_clients": (("AWS/Cognito", {"UserPool": "user_pool_id", "UserPoolClient": "id"}),),
    # Everything of the account and region together, other stacks' included.
    "account": (("AWS/Lambda", {}), ("AWS/Scheduler", {})),
}
_API: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "http": ("AWS/ApiGateway", {"ApiId": "id", "Stage": "stage"}),
    "rest": ("AWS/ApiGateway", {"ApiName": "name", "Stage": "stage"}),
}

# Cases call the metrics of an API as HTTP APIs do; of a REST API two are called differently.
_SAID = {"4XXError": "4xx", "5XXError": "5xx"}

LOG = "log:"
"""What a case calls lines of a function's log, with their level behind it: `log:ERROR`."""

Inventory = Mapping[str, Mapping[str, Attributes]]
"""Attributes of each resource, by kind and key."""


@dataclass(frozen=True)
class LogFilter:
    """A metric filter of the plan: it counts lines of a log group that match, and tells `default` where none does."""

    group: str
    matches: Callable[[str], bool]
    metric: Metric
    unit: str
    default: float | None


@dataclass(frozen=True)
class Watched:
    """A resource that alarms watch: what it is, each series it reports, and those made of its log.

    A fact is called as cases call the metric, which for an API of type rest is not what CloudWatch does.
    """

    kind: str
    key: str
    attributes: Attributes
    series: Mapping[Metric, Fact] = field(default_factory=dict)
    filters: Mapping[Metric, LogFilter] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.key}"

    def has(self, where: Mapping[str, object]) -> bool:
        """Whether each attribute in `where` has its value, or one of its values where that is a list."""
        return all(
            self.attributes.get(key) in (value if isinstance(value, list) else [value])
            for key, value in where.items()
        )


def inventory(variables: Mapping[str, Any]) -> Inventory:
    """The resources that the component observability is given as `variables`, by kind and key.

    An index, a client of a user pool and the account are resources of their own; a scheduled function has the
    `interval_seconds` between two runs by schedule.
    """
    functions = variables.get("functions") or {}
    schedules = variables.get("schedules") or {}
    tables = variables.get("tables") or {}
    found: dict[str, dict[str, Attributes]] = {
        "functions": {
            role: {**function, "interval_seconds": _interval(role, schedules)}
            for role, function in functions.items()
        },
        "queues": {
            key: {**queue, "consumed": queue.get("consumer") is not None}
            for key, queue in (variables.get("queues") or {}).items()
        },
        "tables": tables,
        "indexes": {
            f"{key}-{index.lower()}": {"table": table["name"], "name": index}
            for key, table in tables.items()
            for index in table.get("indexes") or ()
        },
        "schedules": schedules,
        "user_pool_clients": {
            f"{key}-{client}": {"user_pool_id": pool["id"], "id": client_id}
            for key, pool in (variables.get("user_pools") or {}).items()
            for client, client_id in pool["clients"].items()
        },
    }
    if variables.get("api"):
        found["api"] = {"api": variables["api"]}
    quota = variables.get("account_concurrency_quota")
    found["account"] = {"account": {"concurrency_quota": quota}}
    return found


def _interval(role: str, schedules: Mapping[str, Mapping[str, Any]]) -> float | None:
    """Seconds between two runs of the function by schedule; None where it has none, or one of no fixed period."""
    periods = [
        schedule["period_seconds"]
        for schedule in schedules.values()
        if schedule["function"] == role and schedule.get("period_seconds")
    ]
    return min(periods, default=None)


def resources(
    inventory: Inventory, catalogue: Catalogue, filters: Iterable[LogFilter] = ()
) -> tuple[Watched, ...]:
    """Each resource of the inventory with its series, and the stack as a whole, which reports nothing itself."""
    filters = tuple(filters)
    found = [
        Watched(
            kind,
            key,
            attributes,
            dict(_series(kind, attributes, catalogue)),
            {
                item.metric: item
                for item in filters
                if item.group == attributes.get("log_group_name")
            },
        )
        for kind, members in inventory.items()
        for key, attributes in members.items()
    ]
    return (*found, Watched("stack", "stack", {}))


def _series(
    kind: str, attributes: Attributes, catalogue: Catalogue
) -> Iterator[tuple[Metric, Fact]]:
    series = (_API[str(attributes["type"])],) if kind == "api" else _SERIES.get(kind, ())
    for namespace, dimensions in series:
        for name in catalogue.names(namespace):
            for fact in catalogue.facts(namespace, name):
                if frozenset(dimensions) in fact.dimension_sets:
                    values = {
                        dimension: str(attributes[attribute])
                        for dimension, attribute in dimensions.items()
                    }
                    said = replace(fact, name=_SAID.get(name, name))
                    yield Metric.of(namespace, name, values), said


def log_filters(document: Document) -> tuple[LogFilter, ...]:
    """The metric filters that `document` declares; UsageError for a pattern that is not understood."""
    return tuple(
        _filter(resource.values)
        for resource in document.resources
        if resource.type == "aws_cloudwatch_log_metric_filter"
    )


def _filter(values: Mapping[str, Any]) -> LogFilter:
    # Its parser takes a third of a second to import, which no other command should pay.
    from blueprint.observability import filter_pattern

    (transformation,) = values["metric_transformation"]
    default = transformation.get("default_value")
    return LogFilter(
        group=str(values["log_group_name"]),
        matches=filter_pattern.matcher(str(values["pattern"])),
        metric=Metric.of(transformation["namespace"], transformation["name"], {}),
        unit=str(transformation.get("unit") or "None"),
        default=None if default is None else float(default),
    )
