"""What of a stack is watched, as its values say it: no state and no account is needed.

The components report the same as Terraform outputs once they are applied (`functions` of lambda, `queues` of sqs, ...):
a test holds the two against each other, field by field.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from blueprint.errors import UsageError
from blueprint.stacks.model import Stack

# What AWS makes up when a resource is made: these stand for it until then.
UNKNOWN_API_ID = "a1b2c3d4e5"
UNKNOWN_POOL_ID = "Offline00"
UNKNOWN_CLIENT_ID = "1offlineclient0000000000000"

# What a component takes where a stack says nothing (tests/observability/data holds them against its variables.tf).
DEFAULTS: Mapping[tuple[str, str], Any] = {
    ("sqs", "message_retention_seconds"): 345600,
    ("scheduler", "schedule_expression"): "rate(5 minutes)",
    ("scheduler", "state"): "ENABLED",
    ("apigateway", "api_type"): "http",
}
_DEAD_LETTER_RETENTION_SECONDS = 1209600
_DEFAULT_VISIBILITY_SECONDS = 30
_INTEGRATION_TIMEOUT_MS = 30000
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True)
class Function:
    """A function; `invoked_by` is api, gateway, queue, schedule or stream."""

    name: str
    timeout_seconds: float
    memory_mb: float
    invoked_by: str
    log_group_name: str
    reserved_concurrency: float | None = None
    failure_destination: bool = False


@dataclass(frozen=True)
class Queue:
    """A queue; `kind` is work or dead_letter, `consumer` the role of the function that takes its messages."""

    name: str
    kind: str
    retention_seconds: float
    consumer: str | None
    visibility_timeout_seconds: float


@dataclass(frozen=True)
class Table:
    """A table with the names of its global secondary indexes."""

    name: str
    indexes: tuple[str, ...]
    stream_enabled: bool


@dataclass(frozen=True)
class Schedule:
    """A schedule; `function` is the role it invokes, `period_seconds` None where nobody can miss a run."""

    name: str
    group: str
    function: str
    period_seconds: float | None


@dataclass(frozen=True)
class Api:
    """The API; `type` is http or rest, `id` and `stage` or `name` and `stage` are its metrics' dimensions."""

    type: str
    id: str
    name: str
    stage: str
    integration_timeout_ms: float
    access_log_group_name: str


@dataclass(frozen=True)
class UserPool:
    """A user pool with the ids of the clients that people sign in with, by key."""

    id: str
    clients: Mapping[str, str]


@dataclass(frozen=True)
class Inventory:
    """The resources by kind and short name, which is what alarms are named after."""

    functions: Mapping[str, Function] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    user_pools: Mapping[str, UserPool] = field(default_factory=dict)
    api: Api | None = None

    def as_variables(self) -> dict[str, Any]:
        """The variables of component observability that describe these resources, as plain values."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def of(stack: Stack) -> Inventory:
    """The inventory of `stack`; UsageError where a component that it is read from is not in the stack."""
    prefix, names = stack.prefix, _Values(stack)
    functions = {
        role: _function(f"{prefix}-{role}", f"/aws/lambda/{prefix}-{role}", values)
        for role, values in names.get("lambda", "functions").items()
    }
    dead_letters = Queue(
        "", "dead_letter", _DEAD_LETTER_RETENTION_SECONDS, None, _DEFAULT_VISIBILITY_SECONDS
    )
    api_type = names.get("apigateway", "api_type")
    return Inventory(
        functions=functions,
        queues={
            "orders": Queue(
                name=f"{prefix}-orders",
                kind="work",
                retention_seconds=names.get("sqs", "message_retention_seconds"),
                consumer="processor",
                visibility_timeout_seconds=names.get("sqs", "visibility_timeout_seconds"),
            ),
            **{
                key: Queue(**{**asdict(dead_letters), "name": f"{prefix}-{key}"})
                for key in ("orders-dlq", "schedule-dlq", "failures")
            },
        },
        tables={"orders": Table(f"{prefix}-orders", ("GSI1",), stream_enabled=True)},
        schedules={
            "resend-orders": Schedule(
                name=f"{prefix}-resend-orders",
                group="default",
                function="scheduler",
                period_seconds=_period(
                    names.get("scheduler", "schedule_expression"),
                    names.get("scheduler", "state"),
                ),
            )
        },
        user_pools={
            "users": UserPool(
                f"{stack.value('region')}_{UNKNOWN_POOL_ID}", {"people": UNKNOWN_CLIENT_ID}
            )
        },
        api=Api(
            type=api_type,
            id=UNKNOWN_API_ID,
            name=f"{prefix}-api",
            stage="$default" if api_type == "http" else "live",
            integration_timeout_ms=_INTEGRATION_TIMEOUT_MS,
            access_log_group_name=f"/aws/apigateway/{prefix}",
        ),
    )


def outputs(stack: Stack) -> dict[tuple[str, str], Any]:
    """What component observability reads of the others in `stack`, by component and output, without a state."""
    watched = of(stack).as_variables()
    region, account = stack.value("region"), stack.value("account_id")
    encrypted = _Values(stack).get("iam", "kms_key_enabled")
    key = f"arn:aws:kms:{region}:{account}:key/00000000-0000-0000-0000-000000000000"
    return {
        ("iam", "kms_key_arn"): key if encrypted else None,
        (
            "iam",
            "permissions_boundary_arn",
        ): f"arn:aws:iam::{account}:policy/{stack.prefix}-boundary",
        ("lambda", "functions"): watched["functions"],
        ("sqs", "queues"): watched["queues"],
        ("dynamodb", "tables"): watched["tables"],
        ("scheduler", "schedules"): watched["schedules"],
        ("cognito", "user_pools"): watched["user_pools"],
        ("apigateway", "api"): watched["api"],
        (
            "apigateway",
            "api_endpoint",
        ): f"https://{UNKNOWN_API_ID}.execute-api.{region}.amazonaws.com",
    }


def resources(
    inventory: Inventory, *, probed: bool = False, concurrency_quota: int | None = None
) -> dict[str, dict[str, dict[str, Any]]]:
    """Every watched resource by kind and key, with the attributes that signals choose and measure by.

    Kinds and attributes are those of local.resources in the component: what it derives is derived here in the same way.
    `probed`: a canary calls the API. `concurrency_quota` is the account's where the account is watched, else None.
    """
    api = inventory.api
    intervals: dict[str, float] = {}
    for schedule in inventory.schedules.values():
        if schedule.period_seconds is not None:
            known = intervals.get(schedule.function, schedule.period_seconds)
            intervals[schedule.function] = min(known, schedule.period_seconds)
    return {
        "api": {"api": {**asdict(api), "probed": probed}} if api else {},
        "functions": {
            role: {**asdict(function), "interval_seconds": intervals.get(role)}
            for role, function in inventory.functions.items()
        },
        "queues": {
            key: {**asdict(queue), "consumed": queue.consumer is not None}
            for key, queue in inventory.queues.items()
        },
        "tables": {key: asdict(table) for key, table in inventory.tables.items()},
        "indexes": {
            f"{key}-{index.lower()}": {"name": f"{table.name}/{index}", "table": key}
            for key, table in inventory.tables.items()
            for index in table.indexes
        },
        "schedules": {
            key: {
                **asdict(schedule),
                "function_name": inventory.functions[schedule.function].name,
            }
            for key, schedule in inventory.schedules.items()
        },
        "user_pools": {
            key: {**asdict(pool), "name": pool.id} for key, pool in inventory.user_pools.items()
        },
        "user_pool_clients": {
            f"{key}-{client}": {"name": f"{pool.id}/{identifier}", "pool": key}
            for key, pool in inventory.user_pools.items()
            for client, identifier in pool.clients.items()
        },
        "account": {"account": {"concurrency_quota": concurrency_quota}}
        if concurrency_quota is not None
        else {},
    }


class _Values:
    """The values of a stack's components, with what Terraform takes where the stack says nothing."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def get(self, component: str, name: str) -> Any:
        values = self._stack.component(component).values
        if name in values:
            return values[name]
        if (component, name) in DEFAULTS:
            return DEFAULTS[component, name]
        raise UsageError(
            f"stack {self._stack.name}: component {component} has no value `{name}`",
            remedy=f"set it in stacks/catalog/{component}.yaml",
        )


def _function(name: str, log_group: str, values: Mapping[str, Any]) -> Function:
    derived = "queue" if values.get("event_source") else "api"
    return Function(
        name=name,
        timeout_seconds=values["timeout_seconds"],
        memory_mb=values["memory_mb"],
        invoked_by=values.get("invoked_by") or derived,
        log_group_name=log_group,
        reserved_concurrency=values.get("reserved_concurrency"),
        failure_destination=values.get("on_failure_arn") is not None,
    )


def _period(expression: str, state: str) -> float | None:
    match = _RATE.fullmatch(expression)
    if state != "ENABLED" or match is None:
        return None
    return int(match[1]) * _UNIT_SECONDS[match[2]]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
