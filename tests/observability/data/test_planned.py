"""A stack's plan is made from its values alone; what cannot be known without a state is told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import UsageError
from blueprint.observability import planned
from blueprint.stacks import atmos, environment
from blueprint.stacks.model import Component, Stack


@pytest.fixture(scope="module")
def prod() -> Stack:
    return atmos.stack("prod", environment.base())


def resources(file: Path) -> Iterator[dict[str, Any]]:
    yield from json.loads(file.read_text())["planned_values"]["root_module"]["resources"]


def test_what_other_components_report_is_filled_in(prod: Stack) -> None:
    values = planned.variables_of(prod)

    assert values["queues"]["orders"]["retention_seconds"] == 345600
    assert values["kms_key_arn"].startswith("arn:aws:kms:us-east-1:333333333333:key/")
    assert values["tier"] == "prod"
    assert not [name for name, value in values.items() if str(value).startswith("!")]


def test_a_value_that_only_a_state_knows_is_refused_by_name(prod: Stack) -> None:
    old = prod.component("observability")
    values = {**old.values, "page_endpoints": "!terraform.state pager .url"}
    new = Component(old.name, old.stack, old.directory, values, (), (), old.backend)
    stack = Stack("prod", {**prod.components, "observability": new}, emulated=False)

    with pytest.raises(UsageError, match=r"vars\.page_endpoints: .* is not known without a state"):
        planned.variables_of(stack)


def test_an_unknown_stack_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="there is no stack 'production'") as failed:
        planned.plan("production")

    assert "staging" in failed.value.remedy


def test_the_plan_is_terraform_s_and_is_made_once() -> None:
    file = planned.plan("staging")
    made = file.stat().st_mtime_ns
    names = {
        resource["values"]["alarm_name"]
        for resource in resources(file)
        if resource["type"] == "aws_cloudwatch_metric_alarm"
    }

    assert names == {
        f"acme-useast1-staging-{alarm}"
        for alarm in (
            *("api-availability-5m", "api-latency-5m"),
            *("orders-flow-success-5m", "orders-flow-freshness-5m"),
            *("orders-dlq-not-empty", "schedule-dlq-not-empty", "failures-not-empty"),
            "scheduler-async-dropped",
        )
    }
    assert planned.plan("staging").stat().st_mtime_ns == made
