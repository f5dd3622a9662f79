"""The pack's bill is counted in the plan and priced by the table; hand-worked figures stand beside it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from blueprint.cloudwatch.model import Comparison, CompositeAlarm, Metric, MetricAlarm, Query
from blueprint.documents.model import Declared, Document, Place, Resource
from blueprint.errors import UsageError
from blueprint.observability import cost
from blueprint.prices.costs import bill

PLACE = Place("this", "plan.json")


def alarm(*metrics: str, period: int = 60) -> Declared:
    reads = tuple(
        Query(f"m{n}", Metric.of("AWS/SQS", name, {}), "Sum", period, returns_data=False)
        for n, name in enumerate(metrics)
    )
    result = Query("r", expression="SUM(METRICS())")
    return Declared(PLACE, MetricAlarm("a", (*reads, result), Comparison.GREATER, 0, 1, 1))


def dashboard(metrics: int) -> Resource:
    lines = [["AWS/SQS", f"M{n}", "QueueName", "q"] for n in range(metrics)]
    properties = {"title": "t", "region": "us-east-1", "metrics": lines}
    widget = {"type": "metric", "width": 6, "height": 6, "x": 0, "y": 0, "properties": properties}
    body = json.dumps({"widgets": [widget]})
    return Resource(
        "aws_cloudwatch_dashboard", PLACE, {"dashboard_name": "d", "dashboard_body": body}
    )


def canary(expression: str) -> Resource:
    return Resource("aws_synthetics_canary", PLACE, {"schedule": [{"expression": expression}]})


def count(*alarms: Declared, resources: tuple[Resource, ...] = (), sent: int = 0) -> dict[str, int]:
    return cost.quantities(Document("plan.json", alarms, resources), sent=sent)


def test_an_alarm_is_billed_by_the_metrics_it_reads() -> None:
    assert count(alarm("A"), alarm("A", "B")) == {"alarm-metric": 3}


def test_a_period_below_a_minute_is_high_resolution() -> None:
    assert count(alarm("A", period=10)) == {"alarm-metric-high-resolution": 1}


def test_composites_filters_and_what_functions_send_are_counted() -> None:
    composite = Declared(PLACE, CompositeAlarm("c", "ALARM(a)"))
    made = Resource("aws_cloudwatch_log_metric_filter", PLACE, {})

    assert count(composite, resources=(made,), sent=4) == {"custom-metric": 5, "composite-alarm": 1}


@pytest.mark.parametrize(
    ("metrics", "item"), [(50, "dashboard"), (51, "dashboard-over-50-metrics")]
)
def test_a_dashboard_above_fifty_metrics_is_another_item(metrics: int, item: str) -> None:
    assert count(resources=(dashboard(metrics),)) == {item: 1}


@pytest.mark.parametrize(
    ("expression", "runs"),
    [("rate(5 minutes)", 8640), ("rate(1 hour)", 720), ("cron(0/5 * * * ? *)", 43200)],
)
def test_a_canary_is_billed_by_the_run(expression: str, runs: int) -> None:
    assert count(resources=(canary(expression),)) == {"canary-run": runs}


def test_an_alarm_that_cannot_be_read_cannot_be_billed() -> None:
    unknown = Declared(Place('alarm["x"]', "plan.json"), None, ("period: known after apply",))

    with pytest.raises(UsageError, match=r'alarm\["x"\] cannot be counted: period'):
        count(unknown)


def test_a_bill_worked_by_hand() -> None:
    """82 alarm metrics at 0.10, 3 composites at 0.50, 15 custom metrics at 0.30, 2 dashboards at 3.00."""
    quantities = {"alarm-metric": 82, "composite-alarm": 3, "custom-metric": 15, "dashboard": 2}

    assert sum(bill(quantities, free=False).values()) == Decimal("20.20")
    # 10 alarm metrics, 10 custom metrics and 3 dashboards are free.
    assert sum(bill(quantities).values()) == Decimal("10.20")


def test_every_shipped_stack_stays_below_its_ceiling() -> None:
    assert cost.check() == []


def test_a_stack_above_its_ceiling_is_told_what_costs_how_much(tmp_path: Path) -> None:
    file = tmp_path / "cost.yaml"
    file.write_text("ceilings_usd_a_month: {dev: 6, staging: 8, prod: 5}\n")

    [fault] = cost.check(file=file)

    assert fault.startswith("prod: the pack costs ")
    assert "allows 5.00" in fault
    assert "alarm-metric" in fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ceilings_usd_a_month: {dev: 6, staging: 8}", "'prod' is a required property"),
        (
            "ceilings_usd_a_month: {dev: -1, staging: 8, prod: 5}",
            "-1 is less than the minimum of 0",
        ),
        ("ceilings: {}", "there is no such key"),
    ],
)
def test_a_wrong_ceiling_is_told_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "cost.yaml"
    file.write_text(f"# comment\n{text}\n")

    with pytest.raises(UsageError, match=r"cost\.yaml:2: ") as refused:
        cost.of("prod", file=file)
    assert fault in refused.value.message


def test_a_stack_without_a_ceiling_is_told_so() -> None:
    with pytest.raises(UsageError, match="there is no ceiling for stack local"):
        cost.of("local")
