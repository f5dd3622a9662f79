"""What the replayed system is made of: names, limits and timings of what the alarms watch, from the inventory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from blueprint.errors import BlueprintError
from blueprint.observability.inventory import Inventory

T = TypeVar("T")


@dataclass(frozen=True)
class Function:
    """One Lambda function; `invoked_by` as in the inventory, times in seconds."""

    role: str
    name: str
    timeout_seconds: int
    invoked_by: str


@dataclass(frozen=True)
class Queue:
    """One SQS queue; times in seconds."""

    key: str
    name: str
    retention_seconds: int
    visibility_timeout_seconds: int


@dataclass(frozen=True)
class System:
    """One stack as the traffic model needs it.

    `api_name` is the name the same API has in CloudWatch's series of REST APIs, `api_id` in those of HTTP APIs.
    `error_lines` are the series that count the ERROR lines of a function, by role (namespace and name of a metric
    filter). `account_concurrency` is the account's quota.
    """

    prefix: str
    api_id: str
    api_name: str
    stage: str
    integration_timeout_ms: int
    functions: tuple[Function, ...]
    queues: tuple[Queue, ...]
    table: str
    index: str
    schedule_group: str
    schedule_period_minutes: int
    user_pool: str
    client: str
    error_lines: Mapping[str, tuple[str, str]]
    max_receive_count: int = 5
    account_concurrency: int = 1000

    def invoked_by(self, what: str) -> Function:
        """The function invoked by `what`."""
        return next(function for function in self.functions if function.invoked_by == what)

    def queue(self, key: str) -> Queue:
        """The queue with this key of the inventory."""
        return next(queue for queue in self.queues if queue.key == key)


def of_inventory(
    inventory: Inventory,
    *,
    prefix: str,
    error_lines: Mapping[str, tuple[str, str]],
    max_receive_count: int = 5,
) -> System:
    """The system an inventory describes; BlueprintError where it lacks something the traffic passes through."""
    if inventory.api is None:
        raise _lacking(prefix, "API")
    table = _first("table", inventory.tables, prefix)
    schedule = _first("schedule", inventory.schedules, prefix)
    pool = _first("user pool", inventory.user_pools, prefix)
    if not schedule.period_seconds:
        raise _lacking(prefix, "schedule that runs")
    system = System(
        prefix=prefix,
        api_id=inventory.api.id,
        api_name=inventory.api.name,
        stage=inventory.api.stage,
        integration_timeout_ms=int(inventory.api.integration_timeout_ms),
        functions=tuple(
            Function(role, function.name, int(function.timeout_seconds), function.invoked_by)
            for role, function in inventory.functions.items()
        ),
        queues=tuple(
            Queue(
                key, queue.name, int(queue.retention_seconds), int(queue.visibility_timeout_seconds)
            )
            for key, queue in inventory.queues.items()
        ),
        table=table.name,
        index=_first("index", dict(enumerate(table.indexes)), prefix),
        schedule_group=schedule.group,
        schedule_period_minutes=max(1, int(schedule.period_seconds) // 60),
        user_pool=pool.id,
        client=_first("user pool client", pool.clients, prefix),
        error_lines=error_lines,
        max_receive_count=max_receive_count,
    )
    for queue in ("orders", "orders-dlq", "schedule-dlq", "failures"):
        if queue not in inventory.queues:
            raise _lacking(prefix, f"queue {queue}")
    for what in ("api", "queue", "schedule"):
        if what not in {function.invoked_by for function in system.functions}:
            raise _lacking(prefix, f"function invoked by {what}")
    return system


def _first(what: str, resources: Mapping[Any, T], prefix: str) -> T:
    for resource in resources.values():
        return resource
    raise _lacking(prefix, what)


def _lacking(prefix: str, what: str) -> BlueprintError:
    return BlueprintError(
        f"{prefix} has no {what}, through which the replay's traffic passes",
        remedy="replay a stack that has an API, its functions and queues, a table, a schedule and a user pool",
    )
