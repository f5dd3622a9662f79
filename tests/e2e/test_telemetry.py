"""What the functions leave behind: structured logs with ids and without bodies, and metrics the business alarms on."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from .conftest import ORDER, Deployment, User


def _records(deployment: Deployment, role: str) -> Iterator[dict[str, Any]]:
    group = deployment.outputs.get("lambda", "log_group_names")[role]
    pages = (
        deployment.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    )
    for page in pages:
        for event in page["events"]:
            try:
                record = json.loads(event["message"])
            except ValueError:
                continue  # the runtime's own START, END and REPORT lines
            if isinstance(record, dict):
                yield record


def test_one_correlation_id_leads_from_the_request_to_the_confirmation(
    deployment: Deployment, alice: User, eventually: Callable[..., Any]
) -> None:
    order_id = alice.place_order(ORDER).json()["order_id"]

    def of(role: str) -> list[dict[str, Any]]:
        return [
            record for record in _records(deployment, role) if record.get("order_id") == order_id
        ]

    placed = eventually(lambda: of("api"), "a log line of the api with the order's id")
    confirmed = eventually(
        lambda: of("processor"), "a log line of the processor with the order's id"
    )
    correlation = placed[0]["correlation_id"]
    assert correlation
    assert {record["correlation_id"] for record in confirmed} == {correlation}
    assert {record["service"] for record in placed + confirmed} == {"api", "processor"}


def test_no_log_line_holds_what_a_user_sent(
    deployment: Deployment, alice: User, eventually: Callable[..., Any]
) -> None:
    secret = "nobody-logs-this-name"
    alice.request("PUT", "/users/me", json={"name": secret})
    order_id = alice.place_order(ORDER).json()["order_id"]
    eventually(
        lambda: any(
            record.get("order_id") == order_id for record in _records(deployment, "processor")
        ),
        "the processor's log line",
    )

    everything = json.dumps([*_records(deployment, "api"), *_records(deployment, "processor")])

    assert secret not in everything
    assert alice.token not in everything


def test_orders_are_counted_as_a_metric(
    deployment: Deployment, alice: User, eventually: Callable[..., Any]
) -> None:
    alice.place_order(ORDER)

    def metrics() -> set[str]:
        return {
            metric["Name"]
            for role in ("api", "processor")
            for record in _records(deployment, role)
            if "_aws" in record
            for directive in record["_aws"]["CloudWatchMetrics"]
            if directive["Namespace"] == deployment.stack.prefix
            for metric in directive["Metrics"]
        }

    eventually(
        lambda: {"OrdersPlaced", "OrdersConfirmed"} <= metrics(), "OrdersPlaced and OrdersConfirmed"
    )
