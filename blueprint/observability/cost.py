"""What the observability pack of a stack costs a month: counted in its plan, priced by the one price table."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from blueprint import data_files, paths
from blueprint.cloudwatch.model import CompositeAlarm, MetricAlarm
from blueprint.documents import reading
from blueprint.documents.model import Document
from blueprint.errors import UsageError
from blueprint.observability import dashboards, planned, telemetry
from blueprint.prices.costs import bill
from blueprint.stacks import atmos, environment

FILE = paths.ROOT / "dashboards" / "cost.yaml"
STACKS = ("dev", "staging", "prod")

_SCHEMA = paths.ROOT / "dashboards" / "schemas" / "cost.json"
_FREE_DASHBOARD_METRICS = 50
_HIGH_RESOLUTION_SECONDS = 60
_RATE = re.compile(r"rate\((\d+) (minute|hour)s?\)")
_MINUTES = {"minute": 1, "hour": 60}
_MINUTES_OF_A_MONTH = 30 * 24 * 60


@dataclass(frozen=True)
class Cost:
    """The bill of one stack's pack, in US dollars a month by item of the price table.

    `free` takes the account's free allowances as unused by others, `full` as used up; `ceiling` is for `full`.
    """

    stack: str
    quantities: Mapping[str, int]
    free: Mapping[str, Decimal]
    full: Mapping[str, Decimal]
    ceiling: Decimal

    @property
    def total(self) -> Decimal:
        """Where nothing is free."""
        return sum(self.full.values(), Decimal(0))

    @property
    def total_free(self) -> Decimal:
        """In an account that has nothing else."""
        return sum(self.free.values(), Decimal(0))


def of(stack: str, *, file: Path = FILE) -> Cost:
    """The cost of component observability in `stack` as planned, with the metrics that the functions send."""
    ceiling = _ceiling(stack, file)
    opened = atmos.stack(stack, environment.base())
    roles = tuple(opened.component("lambda").values["functions"])
    sent = len(telemetry.read().series(opened.prefix, roles))
    counted = quantities(reading.read(planned.plan(stack)), sent=sent)
    return Cost(
        stack=stack,
        quantities=counted,
        free=bill(counted),
        full=bill(counted, free=False),
        ceiling=ceiling,
    )


def quantities(document: Document, *, sent: int = 0) -> dict[str, int]:
    """How many of each item of the price table `document` makes, with `sent` custom metrics beside it.

    An alarm is billed by the metrics it reads. A metric filter makes one custom metric. UsageError names an alarm
    that cannot be counted.
    """
    counted = {"custom-metric": sent}

    def add(item: str, many: int = 1) -> None:
        counted[item] = counted.get(item, 0) + many

    for declared in document.alarms:
        match declared.alarm:
            case MetricAlarm() as alarm:
                quick = any(0 < query.period < _HIGH_RESOLUTION_SECONDS for query in alarm.queries)
                add(f"alarm-metric{'-high-resolution' if quick else ''}", len(alarm.metrics))
            case CompositeAlarm():
                add("composite-alarm")
            case None:
                raise UsageError(
                    f"{declared.place.address} cannot be counted: {'; '.join(declared.unresolved)}",
                    remedy="give the field a value that is known when it is planned",
                )
    for dashboard in dashboards.of(document):
        large = len(dashboard.metrics) > _FREE_DASHBOARD_METRICS
        add("dashboard-over-50-metrics" if large else "dashboard")
    for resource in document.resources:
        match resource.type:
            case "aws_cloudwatch_log_metric_filter":
                add("custom-metric")
            case "aws_budgets_budget":
                add("budget")
            case "aws_synthetics_canary":
                add("canary-run", _runs(resource.values))
    return {item: many for item, many in counted.items() if many}


def check(*, file: Path = FILE) -> list[str]:
    """Each stack whose pack costs more than dashboards/cost.yaml allows, with the items that make it up."""
    faults = []
    for stack in STACKS:
        cost = of(stack, file=file)
        if cost.total > cost.ceiling:
            items = ", ".join(
                f"{many} {item} {cost.full[item]:.2f}" for item, many in cost.quantities.items()
            )
            faults.append(
                f"{stack}: the pack costs {cost.total:.2f} USD a month, and"
                f" {data_files.shown(file)} allows {cost.ceiling:.2f} ({items})"
            )
    return faults


def _ceiling(stack: str, file: Path) -> Decimal:
    source = data_files.read_source(file, json.loads(_SCHEMA.read_text(encoding="utf-8")))
    ceilings = source.document["ceilings_usd_a_month"]
    if stack not in ceilings:
        raise source.refuse(
            ["ceilings_usd_a_month"],
            f"there is no ceiling for stack {stack}",
            remedy=f"add one, or use one of {', '.join(ceilings)}",
        )
    return Decimal(str(ceilings[stack]))


def _runs(values: Mapping[str, object]) -> int:
    """How often a canary runs in 30 days; cron expressions are as good as one run a minute, the most there is."""
    schedule = values.get("schedule")
    expression = str(schedule[0].get("expression", "")) if isinstance(schedule, list) else ""
    if match := _RATE.fullmatch(expression):
        return _MINUTES_OF_A_MONTH // (int(match[1]) * _MINUTES[match[2]])
    return _MINUTES_OF_A_MONTH
