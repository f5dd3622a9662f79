"""A small system and short scenarios, so that a replay takes a moment instead of seconds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from blueprint.observability.inventory import (
    Api,
    Function,
    Inventory,
    Queue,
    Schedule,
    Table,
    UserPool,
)
from blueprint.replay import system as systems
from blueprint.replay.latency import Latency
from blueprint.replay.scenarios import Conditions, Fault, Hears, Poison, Scenario, Traffic
from blueprint.replay.system import System
from tests.observability.replay.building import PREFIX

ORDINARY = Traffic(
    requests_per_month=1_000_000,
    busiest_hour_utc=14,
    night_share=0.2,
    weekend_share=0.6,
    latency=Latency(70, 400),
    cold_start_share=0.01,
    cold_start=Latency(700, 1400),
    server_error_share=0.002,
    raised_share=0.5,
    client_error_share=0.02,
    gateway_share=0.5,
    order_share=0.1,
    sign_in_share=0.05,
    processing=Latency(120, 600),
    processing_failure_share=0.01,
)


def queue(key: str, retention_seconds: int = 1_209_600) -> Queue:
    return Queue(f"{PREFIX}-{key}", "dead_letter", retention_seconds, None, 30)


@pytest.fixture
def inventory() -> Inventory:
    functions = {"api": ("api", 25), "processor": ("queue", 30), "scheduler": ("schedule", 60)}
    return Inventory(
        functions={
            role: Function(f"{PREFIX}-{role}", seconds, 512, invoked_by, f"/aws/lambda/{role}")
            for role, (invoked_by, seconds) in functions.items()
        },
        queues={
            "orders": Queue(f"{PREFIX}-orders", "work", 345_600, "processor", 180),
            **{key: queue(key) for key in ("orders-dlq", "schedule-dlq", "failures")},
        },
        tables={"orders": Table(f"{PREFIX}-orders", ("GSI1",), stream_enabled=True)},
        schedules={"resend": Schedule(f"{PREFIX}-resend", "default", "scheduler", 300)},
        user_pools={"users": UserPool("us-east-1_Pool", {"people": "client"})},
        api=Api("http", "a1b2c3", f"{PREFIX}-api", "$default", 30_000, "/aws/apigateway/api"),
    )


@pytest.fixture
def system(inventory: Inventory) -> System:
    lines = {role: (f"{PREFIX}/logs", f"{role}-application-errors") for role in inventory.functions}
    return systems.of_inventory(inventory, prefix=PREFIX, error_lines=lines)


@pytest.fixture
def make_fault() -> Callable[..., Fault]:
    def make(
        *,
        start: int = 600,
        minutes: int = 30,
        hears: Hears = "page",
        within_minutes: int = 10,
        recovery_minutes: int = 60,
        poison: Poison | None = None,
        **conditions: Any,
    ) -> Fault:
        return Fault(
            name="a fault",
            start=start,
            minutes=minutes,
            conditions=Conditions(**conditions),
            poison=poison,
            hears=hears,
            within_minutes=within_minutes,
            recovery_minutes=recovery_minutes,
        )

    return make


@pytest.fixture
def make_scenario() -> Callable[..., Scenario]:
    def make(*faults: Fault, seed: int = 1, days: int = 1, **traffic: Any) -> Scenario:
        return Scenario(
            name="short",
            title="A short one",
            seed=seed,
            days=days,
            traffic=replace(ORDINARY, **traffic),
            faults=faults,
            most_false_pages_a_week=0.1,
        )

    return make
