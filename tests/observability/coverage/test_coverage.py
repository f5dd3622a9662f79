"""The coverage gate finds what is missing and what is too much, and has nothing to say about the shipped pack."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from blueprint.catalogue import catalogue as catalogues
from blueprint.cloudwatch.model import (
    Actions,
    Comparison,
    CompositeAlarm,
    Metric,
    MetricAlarm,
    Query,
)
from blueprint.documents.model import Declared, Document, Place, Resource
from blueprint.observability import coverage, signals, slo
from blueprint.observability.coverage import Watch

TOPIC = "arn:aws:sns:us-east-1:111111111111:acme-page"
FUNCTIONS = {
    "functions": {"worker": {"name": "acme-worker", "invoked_by": "queue", "timeout_seconds": 30}}
}
QUEUES = {
    "queues": {
        "orders": {"name": "acme-orders", "kind": "work", "consumed": True},
        "orders-dlq": {"name": "acme-orders-dlq", "kind": "dead_letter", "consumed": False},
    }
}
THROTTLES = Metric.of("AWS/Lambda", "Throttles", {"FunctionName": "acme-worker"})


def alarm(signal: str, resource: str, metric: Metric = THROTTLES, **tags: str) -> Declared:
    name = f"acme-{resource}-{signal}"
    return Declared(
        place=Place(f'alarm["{resource}-{signal}"]', "plan.json"),
        alarm=MetricAlarm(
            name=name,
            queries=(Query("m", metric, "Sum", 60),),
            comparison=Comparison.GREATER,
            threshold=0,
            evaluation_periods=1,
            datapoints=1,
            description="What, why and where to read on.",
            actions=Actions(alarm=(TOPIC,)),
        ),
        tags={
            "signal": signal,
            "resource": resource,
            "severity": "page",
            "owner": "orders",
            **tags,
        },
    )


def document(*alarms: Declared, resources: tuple[Resource, ...] = ()) -> Document:
    return Document("plan.json", alarms, resources)


def dashboard(*metrics: list[Any]) -> Resource:
    widget = {
        "type": "metric",
        "x": 0,
        "y": 0,
        "width": 6,
        "height": 6,
        "properties": {"title": "Graph", "region": "us-east-1", "metrics": list(metrics)},
    }
    return Resource(
        "aws_cloudwatch_dashboard",
        Place("dashboard", "plan.json"),
        {"dashboard_name": "acme", "dashboard_body": json.dumps({"widgets": [widget]})},
    )


def wanted(resources: coverage.Resources, tier: str = "prod") -> set[Watch]:
    return set(coverage.wanted(resources, signals.read(), slo.read(), tier=tier))


def faults(found: Iterator[str]) -> str:
    return "\n".join(found)


def test_the_shipped_stacks_are_watched_wholly() -> None:
    assert coverage.check() == []


def test_a_function_is_watched_by_what_invokes_it() -> None:
    behind_queue = {each.signal for each in wanted(FUNCTIONS)}
    scheduled = {
        each.signal
        for each in wanted({"functions": {"cron": {"name": "x", "invoked_by": "schedule"}}})
    }

    assert {"errors", "throttles", "near-timeout", "application-errors"} <= behind_queue
    assert "failed" not in behind_queue
    assert {"failed", "async-dropped", "throttles"} <= scheduled
    assert "errors" not in scheduled


def test_a_new_queue_asks_for_its_alarms_and_those_of_its_flow() -> None:
    expected = wanted(QUEUES)

    assert Watch("stalled", "orders") in expected
    assert Watch("not-empty", "orders-dlq") in expected
    assert Watch("not-empty", "orders") not in expected
    assert Watch("orders-flow-success", "orders-flow", "3d") in expected
    assert Watch("orders-flow-freshness", "orders-flow", "3d") not in expected


def test_staging_asks_for_what_a_rollout_is_judged_by_and_dev_for_nothing() -> None:
    assert Watch("orders-flow-success", "orders-flow", "5m") in wanted(QUEUES, "staging")
    assert Watch("orders-flow-success", "orders-flow", "1h") not in wanted(QUEUES, "staging")
    assert Watch("not-empty", "orders-dlq") in wanted(QUEUES, "staging")
    assert wanted({**QUEUES, **FUNCTIONS}, "dev") == set()


def test_an_exception_takes_one_alarm_of_one_resource_away() -> None:
    read = signals.read()
    exempt = signals.Exemption("worker", "throttles", date(2026, 11, 23), None, "it may wait")
    without = set(
        coverage.wanted(FUNCTIONS, replace(read, exemptions=(exempt,)), slo.read(), tier="prod")
    )

    assert wanted(FUNCTIONS) - without == {Watch("throttles", "worker")}


def test_a_missing_alarm_and_one_that_nobody_asked_for_are_named() -> None:
    asked = {each.signal for each in wanted(FUNCTIONS)} - {"throttles"}
    there = [alarm(signal, "worker") for signal in sorted(asked)]

    said = faults(
        coverage.unwatched(
            document(*there, alarm("throttles", "ghost")),
            FUNCTIONS,
            signals.read(),
            slo.read(),
            tier="prod",
        )
    )

    assert "there is no alarm throttles of worker" in said
    assert "alarm throttles of ghost is asked for by no signal" in said
    assert len(said.splitlines()) == 2


def test_a_resource_without_any_alarm_is_named() -> None:
    said = faults(
        coverage.unalarmed(document(alarm("throttles", "worker")), {**FUNCTIONS, **QUEUES})
    )

    assert "queues: orders has no alarm" in said
    assert "worker" not in said


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"description": ""}, "the description has 0 of 1 to 1024 characters"),
        ({"description": "x" * 1025}, "the description has 1025 of 1 to 1024"),
        ({"actions": Actions()}, "tells nobody and is part of no composite"),
        ({"actions": Actions(alarm=(TOPIC,), enabled=False)}, "tells nobody"),
    ],
)
def test_an_alarm_that_helps_nobody_is_named(change: dict[str, Any], fault: str) -> None:
    whole = alarm("throttles", "worker")
    assert whole.alarm is not None

    said = faults(
        coverage.incomplete(document(replace(whole, alarm=replace(whole.alarm, **change))))
    )

    assert fault in said
    assert not faults(coverage.incomplete(document(whole)))


@pytest.mark.parametrize("tag", ["severity", "owner", "resource"])
def test_an_alarm_says_who_hears_of_it_and_about_what(tag: str) -> None:
    whole = alarm("throttles", "worker")
    tags = {name: value for name, value in whole.tags.items() if name != tag}

    assert f"tag {tag} is" in faults(coverage.incomplete(document(replace(whole, tags=tags))))


def test_an_alarm_that_speaks_through_a_composite_needs_no_action() -> None:
    child = alarm("api-latency", "api")
    assert child.alarm is not None
    silent = replace(child, alarm=replace(child.alarm, actions=Actions()))
    page = Declared(
        Place("page", "plan.json"),
        CompositeAlarm(
            "acme-page",
            'ALARM("acme-api-api-latency")',
            description="d",
            actions=Actions(alarm=(TOPIC,)),
        ),
        tags={"signal": "page", "resource": "service", "severity": "page"},
    )

    assert not faults(coverage.incomplete(document(silent, page)))


def test_an_alarm_that_could_not_be_read_is_no_alarm() -> None:
    unknown = Declared(Place("this", "plan.json"), None, ("threshold: known after apply",))

    assert "this cannot be judged: threshold" in faults(coverage.incomplete(document(unknown)))


@pytest.mark.parametrize(
    ("metric", "fault"),
    [
        (["AWS/Lambda", "Error", "FunctionName", "acme-worker"], "there is no metric"),
        (["AWS/Lambda", "Errors", "Function", "acme-worker"], "is not reported by Function"),
        (["AWS/Lambda", "Errors", "FunctionName", "acme-old"], "which the stack does not have"),
    ],
)
def test_a_panel_about_nothing_is_named(metric: list[str], fault: str) -> None:
    known = catalogues.load()
    real = dashboard(["AWS/Lambda", "Errors", "FunctionName", "acme-worker"])

    said = faults(coverage.unreal(document(resources=(dashboard(metric),)), FUNCTIONS, known))

    assert "acme, panel 'Graph': " in said
    assert fault in said
    assert not faults(coverage.unreal(document(resources=(real,)), FUNCTIONS, known))


def test_a_metric_that_a_filter_makes_of_log_lines_exists() -> None:
    made = Resource(
        "aws_cloudwatch_log_metric_filter",
        Place("filter", "plan.json"),
        {"metric_transformation": [{"namespace": "acme/logs", "name": "worker-errors"}]},
    )
    reader = alarm("application-errors", "worker", Metric.of("acme/logs", "worker-errors", {}))
    known = catalogues.load()

    assert not faults(coverage.unreal(document(reader, resources=(made,)), FUNCTIONS, known))
    assert "there is no metric acme/logs worker-errors" in faults(
        coverage.unreal(document(reader), FUNCTIONS, known)
    )


def test_an_alarm_that_no_dashboard_shows_is_named() -> None:
    shown = dashboard(["AWS/Lambda", "Throttles", "FunctionName", "acme-worker"])
    other = dashboard(["AWS/Lambda", "Errors", "FunctionName", "acme-worker"])

    assert not faults(coverage.unseen(document(alarm("throttles", "worker"), resources=(shown,))))
    assert "is shown on no dashboard" in faults(
        coverage.unseen(document(alarm("throttles", "worker"), resources=(other,)))
    )
