"""What the handlers really write is what the contract says, and reaches the log."""

import json
import re
from datetime import datetime

import pytest
import yaml

from blueprint import paths
from blueprint.observability import telemetry
from blueprint.observability.embedded_metrics import published
from blueprint.observability.filter_pattern import matcher
from services.core.observability import Outcome
from tests.observability import logs

CONTRACT = telemetry.read()
OF_POWERTOOLS = {"ColdStart"}


@pytest.mark.parametrize("role", logs.ROLES)
def test_a_function_sends_the_metrics_of_the_contract_and_no_others(role: str) -> None:
    sent = {entry.metric: entry.unit for line in logs.recorded()[role] for entry in published(line)}

    assert sent == CONTRACT.series(logs.PREFIX, {role})


def test_every_outcome_is_in_the_contract_and_every_metric_of_it_is_an_outcome() -> None:
    assert {sent.name for sent in CONTRACT.metrics} - OF_POWERTOOLS == {str(o) for o in Outcome}


def test_samples_lie_within_the_bounds_that_the_contract_gives_them() -> None:
    facts = {fact.name: fact for fact in CONTRACT.facts(logs.PREFIX)}
    outside = [
        (entry.metric.name, value)
        for lines in logs.recorded().values()
        for line in lines
        for entry in published(line)
        for value in entry.values
        if not (facts[entry.metric.name].minimum or 0) <= value
        or value > (facts[entry.metric.name].maximum or value)
    ]

    assert outside == []


@pytest.mark.parametrize("role", logs.ROLES)
def test_every_line_has_a_level_and_a_time_that_lambda_understands_or_is_a_metric(
    role: str,
) -> None:
    """Lambda takes a line without them for INFO, and writes its own time over it."""
    for line in logs.recorded()[role]:
        document = json.loads(line)
        if not published(line):
            assert document["level"] in {"INFO", "WARNING", "ERROR"}
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", document["timestamp"])
            assert datetime.fromisoformat(document["timestamp"]).tzinfo


def filter_patterns() -> list[str]:
    alarms = yaml.safe_load((paths.ROOT / "dashboards" / "alarms.yaml").read_text("utf-8"))
    return sorted({s["log_pattern"] for s in alarms["signals"].values() if s.get("log_pattern")})


@pytest.mark.parametrize("pattern", filter_patterns())
def test_a_metric_filter_for_errors_matches_every_error_and_nothing_else(pattern: str) -> None:
    lines = [line for lines in logs.recorded().values() for line in lines]
    errors = [line for line in lines if json.loads(line).get("level") == "ERROR"]

    assert [line for line in lines if matcher(pattern)(line)] == errors
    assert len(errors) == 11
    assert sum("errorType" in line for line in errors) == 1  # what Lambda's runtime wrote


def test_there_is_a_metric_filter_for_errors() -> None:
    assert filter_patterns() == ['{ $.level = "ERROR" }']
