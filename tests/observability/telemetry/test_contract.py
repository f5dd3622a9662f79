"""Metrics are sent for somebody, and read where they are sent: a difference is told from both ends."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from blueprint.catalogue.model import Reports
from blueprint.cloudwatch.model import Comparison, Metric, MetricAlarm, Query
from blueprint.documents.model import Declared, Document, Place, Resource
from blueprint.errors import UsageError
from blueprint.observability import telemetry

PREFIX = "acme-useast1-prod"
CONTRACT = """
namespace: "{prefix}"
complete: true
sources:
  code: { page: Our code, url: services/code.py, read_on: "2026-11-23" }
dimension_sets:
  service: [service]
  function: [function_name, service]
metrics:
  - name: Placed
    emitted_by: [api]
    dimensions: [service]
    unit: Count
    reports: when-nonzero
    minimum: 1
    source: code
    meaning: Orders that were placed.
  - name: ColdStart
    emitted_by: [api, worker]
    dimensions: [function]
    unit: Count
    reports: when-nonzero
    minimum: 1
    source: code
    meaning: Starts of an environment.
unused: []
"""
PLACED = ["Placed", "service", "api"]
COLD = [
    ["ColdStart", "function_name", f"{PREFIX}-{role}", "service", role]
    for role in ("api", "worker")
]
PLACE = Place("aws_cloudwatch_dashboard.this", "plan.json")


def contract(folder: Path, before: str = "", after: str = "") -> telemetry.Contract:
    file = folder / "metrics.yaml"
    file.write_text(CONTRACT.replace(before, after) if before else CONTRACT, encoding="utf-8")
    return telemetry.read(file)


def panel(*rows: Sequence[str], namespace: str = PREFIX) -> Resource:
    metrics = [[namespace, *row] for row in rows]
    widget = {"type": "metric", "properties": {"title": "Orders", "metrics": metrics}}
    body = json.dumps({"widgets": [widget]})
    return Resource(
        "aws_cloudwatch_dashboard",
        PLACE,
        {"dashboard_name": "service", "dashboard_body": body},
    )


def alarm(
    name: str, *, unit: str | None = None, namespace: str = PREFIX, **dimensions: str
) -> Declared:
    query = Query("m", Metric.of(namespace, name, dimensions), "Sum", 60, unit)
    found = MetricAlarm(f"{PREFIX}-{name}", (query,), Comparison.GREATER, 0, 1, 1)
    return Declared(Place("aws_cloudwatch_metric_alarm.this", "plan.json"), found)


def log_filter(name: str) -> Resource:
    made = {"namespace": f"{PREFIX}/logs", "name": name, "value": "1", "dimensions": None}
    place = Place(f'aws_cloudwatch_log_metric_filter.this["{name}"]', "plan.json")
    return Resource("aws_cloudwatch_log_metric_filter", place, {"metric_transformation": [made]})


def check(
    agreed: telemetry.Contract,
    *resources: Resource,
    alarms: Sequence[Declared] = (),
    roles: Sequence[str] = ("api", "worker"),
) -> list[str]:
    document = Document("plan.json", tuple(alarms), resources)
    return [
        *telemetry.dead(document, prefix=PREFIX, roles=roles, contract=agreed),
        *telemetry.unread(document, prefix=PREFIX, roles=roles, contract=agreed),
    ]


def test_what_is_sent_and_read_is_in_order(tmp_path: Path) -> None:
    assert check(contract(tmp_path), panel(PLACED, *COLD)) == []


def test_a_metric_that_an_alarm_alone_reads_is_used(tmp_path: Path) -> None:
    assert check(contract(tmp_path), panel(*COLD), alarms=[alarm("Placed", service="api")]) == []


def test_metrics_of_aws_are_left_alone(tmp_path: Path) -> None:
    foreign = panel(["Invocations", "FunctionName", "x"], namespace="AWS/Lambda")

    assert check(contract(tmp_path), panel(PLACED, *COLD), foreign) == []


def test_a_metric_that_nothing_reads_is_a_fault_for_each_function_that_sends_it(
    tmp_path: Path,
) -> None:
    agreed = contract(tmp_path)

    (fault,) = check(agreed, panel(PLACED, COLD[0]))

    assert fault == (
        f"{PREFIX} ColdStart [function_name={PREFIX}-worker, service=worker] is sent and paid for, and no panel and no "
        f"alarm reads it: show it, stop sending it, or say in {agreed.file} under `unused` why not"
    )


def test_a_function_that_the_stack_has_not_sends_nothing(tmp_path: Path) -> None:
    assert check(contract(tmp_path), panel(PLACED, COLD[0]), roles=["api"]) == []


def test_a_metric_that_is_unused_on_purpose_is_no_fault_until_somebody_reads_it(
    tmp_path: Path,
) -> None:
    row = '{ metric: ColdStart, decided_on: "2026-11-23", reason: read by the load tests }'
    agreed = contract(tmp_path, "unused: []", f"unused: [{row}]")

    assert check(agreed, panel(PLACED)) == []
    assert check(agreed, panel(PLACED, *COLD)) == [
        f"{agreed.file}: unused: ColdStart is read by a panel or an alarm; take the line out"
    ]


def test_an_unused_metric_that_is_not_sent_is_a_fault(tmp_path: Path) -> None:
    row = '{ metric: Sold, decided_on: "2026-11-23", reason: it was sent once }'
    agreed = contract(tmp_path, "unused: []", f"unused: [{row}]")

    assert check(agreed, panel(PLACED, *COLD)) == [
        f"{agreed.file}: unused: Sold is no metric of this file; take the line out"
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            ["Placd", "service", "api"],
            f"{PREFIX} Placd [service=api], which nothing sends; did you mean Placed?",
        ),
        (
            ["Placed", "service", "worker"],
            f"{PREFIX} Placed [service=worker], which nothing sends; it is sent as {PREFIX} Placed [service=api]",
        ),
        (
            ["Placed"],
            f"{PREFIX} Placed [no dimensions], which nothing sends; it is sent as {PREFIX} Placed [service=api]",
        ),
    ],
)
def test_a_panel_that_reads_what_nothing_sends_is_a_fault(
    tmp_path: Path, row: Sequence[str], fault: str
) -> None:
    assert check(contract(tmp_path), panel(PLACED, *COLD, row)) == [
        f"panel 'Orders' of dashboard service reads {fault}"
    ]


def test_an_alarm_in_another_unit_than_the_one_sent_is_a_fault(tmp_path: Path) -> None:
    seconds = alarm("Placed", service="api", unit="Seconds")

    assert check(contract(tmp_path), panel(PLACED, *COLD), alarms=[seconds]) == [
        f"alarm {PREFIX}-Placed reads {PREFIX} Placed [service=api] in Seconds; it is sent in Count"
    ]


def test_a_metric_that_a_filter_makes_of_log_lines_must_be_read(tmp_path: Path) -> None:
    agreed, made = contract(tmp_path), log_filter("api-application-errors")
    reading = alarm("api-application-errors", namespace=f"{PREFIX}/logs")

    assert check(agreed, panel(PLACED, *COLD), made, alarms=[reading]) == []
    (fault,) = check(agreed, panel(PLACED, *COLD), made)
    assert fault == (
        f'aws_cloudwatch_log_metric_filter.this["api-application-errors"] makes {PREFIX}/logs '
        "api-application-errors [no dimensions], and no panel and no alarm reads it"
    )


def test_an_alarm_on_a_filter_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    reading = alarm("worker-errors", namespace=f"{PREFIX}/logs")

    assert check(contract(tmp_path), panel(PLACED, *COLD), alarms=[reading]) == [
        f"alarm {PREFIX}-worker-errors reads {PREFIX}/logs worker-errors [no dimensions], which nothing sends"
    ]


def test_the_contract_tells_the_catalogue_what_it_needs_to_judge_an_alarm() -> None:
    facts = {fact.name: fact for fact in telemetry.read().facts(PREFIX)}

    placed = facts["OrdersPlaced"]
    assert (placed.namespace, placed.unit, placed.minimum) == (PREFIX, "Count", 1)
    assert placed.reports is Reports.WHEN_NONZERO
    assert placed.dimension_sets == (frozenset({"service"}),)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("unit: Count", "unit: Counts", r"metrics\[0\]\.unit: 'Counts' is not one of"),
        ("    meaning: Orders that were placed.\n", "", "'meaning' is a required property"),
        ("dimensions: [service]", "dimensions: [role]", "role"),
        ("source: code", "source: cod", "cod"),
        ("emitted_by", "sent_by", "sent_by: there is no such key"),
        ("complete: true", "complete: false", "complete: True was expected"),
    ],
)
def test_a_slip_in_the_contract_is_told_by_its_field(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    with pytest.raises(UsageError, match=fault):
        contract(tmp_path, before, after)
