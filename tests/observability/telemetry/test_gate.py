"""A stack is held to the contract by its values and by the plan of its panels and alarms."""

import json
from pathlib import Path
from typing import Any

from blueprint.observability import telemetry, telemetry_gate
from blueprint.stacks.model import Component, Stack

ROLES = ("api", "processor", "scheduler", "authorizer")
PREFIX = "acme-useast1-prod"
CONTRACT = telemetry.read()


def stack(*roles: str, log_level: str = "INFO") -> Stack:
    context = {"namespace": "acme", "stage": "prod", "region": "us-east-1"}
    values: dict[str, Any] = {"functions": {role: {} for role in roles}, "log_level": log_level}
    component = Component("lambda", "prod", "lambda", context | values, (), (), {})
    return Stack("prod", {"lambda": component}, emulated=False)


def plan(folder: Path, *, without: str = "", also: str = "") -> Path:
    """A plan whose one panel reads every metric of the contract, but the one called `without`."""
    rows = [
        [metric.namespace, metric.name, *(part for pair in metric.dimensions for part in pair)]
        for metric in CONTRACT.series(PREFIX, ROLES)
        if metric.name != without
    ]
    if also:
        rows.append([PREFIX, also, "service", "api"])
    widget = {"type": "metric", "properties": {"title": "All", "metrics": rows}}
    resource = {
        "address": "aws_cloudwatch_dashboard.this",
        "type": "aws_cloudwatch_dashboard",
        "mode": "managed",
        "name": "this",
        "values": {"dashboard_name": "all", "dashboard_body": json.dumps({"widgets": [widget]})},
    }
    document = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [resource]}},
        "resource_changes": [],
    }
    file = folder / "plan.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def faults(stack: Stack, plan: Path, *, has_all_readers: bool = True) -> list[str]:
    return list(telemetry_gate.faults(stack, plan, CONTRACT, has_all_readers=has_all_readers))


def test_a_stack_that_reads_what_it_sends_is_in_order(tmp_path: Path) -> None:
    assert faults(stack(*ROLES), plan(tmp_path)) == []


def test_a_metric_that_nobody_reads_is_a_fault_where_all_readers_are(tmp_path: Path) -> None:
    partial = plan(tmp_path, without="OrdersPlaced")

    (fault,) = faults(stack(*ROLES), partial)
    assert fault.startswith(f"{PREFIX} OrdersPlaced [service=api] is sent and paid for")
    assert faults(stack(*ROLES), partial, has_all_readers=False) == []


def test_a_panel_that_reads_what_nothing_sends_is_a_fault_in_every_stack(tmp_path: Path) -> None:
    (fault,) = faults(stack(*ROLES), plan(tmp_path, also="OrdersLost"), has_all_readers=False)

    assert fault.startswith(f"panel 'All' of dashboard all reads {PREFIX} OrdersLost [service=api]")


def test_a_panel_for_a_function_that_the_stack_has_not_is_a_fault(tmp_path: Path) -> None:
    found = faults(stack("api", "processor", "scheduler"), plan(tmp_path))

    assert [fault.split(",")[0] for fault in found] == [
        f"panel 'All' of dashboard all reads {PREFIX} AuthorizationDenied [service=authorizer]",
        f"panel 'All' of dashboard all reads {PREFIX} ColdStart [function_name={PREFIX}-authorizer",
    ]


def test_a_saved_query_of_a_function_that_the_stack_has_not_is_a_fault(tmp_path: Path) -> None:
    found = faults(stack("api"), plan(tmp_path), has_all_readers=False)

    assert found[-1] == (
        "dashboards/queries.yaml: queries.batch-item-failures.log_groups: there is no 'processor'; use access, api, "
        "functions"
    )


def test_a_log_level_that_loses_the_metrics_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(stack(*ROLES, log_level="ERROR"), plan(tmp_path))

    assert fault.startswith("Lambda drops what is below ERROR")
