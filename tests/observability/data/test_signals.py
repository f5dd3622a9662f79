"""The signals come from a file that people tune: what shipped is whole, and a slip is told by file, line and field."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from blueprint import paths
from blueprint.catalogue import catalogue
from blueprint.errors import UsageError
from blueprint.observability import signals

SHIPPED = signals.read()
TODAY = date(2026, 11, 23)
PAST = '{ resource: a, signal: age, decided_on: "2026-01-01", until: "2026-11-22", reason: a past row }'
Changed = Callable[[str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The shipped file with its first `right` replaced."""

    def write(right: str, wrong: str) -> Path:
        text = signals.FILE.read_text()
        assert right in text
        file = tmp_path / "alarms.yaml"
        file.write_text(text.replace(right, wrong, 1))
        return file

    return write


def test_the_shipped_signals_are_the_agreed_ones() -> None:
    agreed = """
        client-errors no-traffic errors failed throttles near-timeout async-dropped destination-failed stream-age
        application-errors concurrency age stalled not-empty consumed throttled index-throttled schedule-dropped
        schedule-dlq-lost did-not-run sign-in-throttles
    """
    assert set(SHIPPED.signals) >= set(agreed.split())
    assert SHIPPED.objectives == {"dev": "none", "staging": "deploy", "prod": "all"}
    assert SHIPPED.exemptions == ()


def test_prod_has_every_signal_and_dev_none() -> None:
    for signal in SHIPPED.signals.values():
        assert "prod" in signal.tiers, signal.name
        assert "dev" not in signal.tiers, signal.name


def test_what_staging_has_beside_objectives_is_what_a_rollout_reads() -> None:
    staging = {name for name, signal in SHIPPED.signals.items() if "staging" in signal.tiers}

    assert staging == {"async-dropped", "not-empty"}
    assert staging == {name for name, signal in SHIPPED.signals.items() if signal.deploy}


def test_every_series_of_a_signal_is_one_that_aws_reports() -> None:
    known = catalogue.load()
    for signal in SHIPPED.signals.values():
        kind = signals.KINDS[signal.watches]
        for series in signal.series.values():
            spaces = {kind.namespace, "AWS/Lambda"}  # did-not-run looks at the schedule's function
            assert any(known.facts(space, series.metric) for space in spaces), signal.name


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("  errors:\n", "  throttles:\n", r" is not YAML: the key 'throttles' is there twice"),
        ("severity: ticket", "severity: warning", r"severity: 'warning' is not one of"),
        ("period_seconds: 60", "period_seconds: 90", r"period_seconds: 90 is not valid under any"),
        ("period_seconds: 60", "period: 60", r"client-errors\.period: there is no such key"),
        ('comparison: ">"', "comparison: above", r"comparison: 'above' is not one of"),
        ("tiers: [prod]", "tiers: [production]", r"tiers\[0\]: 'production' is not one of"),
        ("watches: tables", "watches: databases", r"watches: 'databases' is not one of"),
        ("statistic: Maximum", "statistic: Max", r"statistic: 'Max' does not match"),
        (
            "statistic: SampleCount }",
            "stat: SampleCount }",
            r"requests\.stat: there is no such key",
        ),
        (
            "    datapoints: 15\n",
            "    datapoints: 25\n",
            r"datapoints: 25 of 20 evaluation_periods",
        ),
        (
            "evaluation_periods: 20 #",
            "evaluation_periods: 1441 #",
            r"1441 periods of 60 s are longer",
        ),
        (
            "    threshold: 0.05\n",
            "",
            r"exactly one of threshold, threshold_of is needed, and there is none",
        ),
        (
            "    threshold: 1\n    datapoints: 2\n",
            "    threshold: 1\n    threshold_of: { attribute: name, times: 1 }\n    datapoints: 2\n",
            r"threshold_of: exactly one of threshold, threshold_of is needed",
        ),
        (
            "attribute: timeout_seconds",
            "attribute: timeout",
            r"functions have no attribute 'timeout'",
        ),
        (
            "{ invoked_by: queue }",
            "{ invoker: queue }",
            r"where\.invoker: functions have no attribute",
        ),
        (
            "metric: Throttles",
            "metric: Throttle",
            r"no metric 'Throttle'; the nearest is 'Throttles'",
        ),
        (
            "dimensions: { FunctionName: function_name }",
            "dimensions: { Function: function_name }",
            r"Invocations is not reported by Function$",
        ),
        (
            '    metric: Throttles\n    statistic: Sum\n    period_seconds: 60\n    comparison: ">"\n',
            '    metric: Throttles\n    statistic: Sum\n    period_seconds: 60\n    comparison: ">="\n',
            r"Sum of Throttles is from 0 to any number, so >= 0 is always on",
        ),
        (
            '    metric: Throttles\n    statistic: Sum\n    period_seconds: 60\n    comparison: ">"\n',
            '    metric: Throttles\n    statistic: Sum\n    period_seconds: 60\n    comparison: "<"\n',
            r"Sum of Throttles is from 0 to any number, so < 0 never goes off",
        ),
        (
            "exceptions: []",
            'exceptions: [{ resource: a, signal: near-timeouts, decided_on: "2026-11-23", reason: "slow for now" }]',
            r"exceptions\[0\]\.signal: there is no signal 'near-timeouts'",
        ),
        (
            "exceptions: []",
            f"exceptions: [{PAST}]",
            r"exceptions\[0\]\.until: 2026-11-22 has passed",
        ),
        (
            "exceptions: []",
            "exceptions: [{ resource: a, signal: errors, decided_on: 2026-01-01, reason: slow for now }]",
            r"decided_on: .* is not of type 'string' \(day of the decision, quoted",
        ),
    ],
)
def test_a_slip_is_told_by_file_line_and_field(
    changed: Changed, right: str, wrong: str, message: str
) -> None:
    with pytest.raises(UsageError, match=rf"(?m)alarms\.yaml:\d+.*{message}") as failed:
        signals.read(changed(right, wrong), today=TODAY)

    assert failed.value.remedy


def test_a_slip_is_told_by_the_line_it_is_on(changed: Changed) -> None:
    file = changed("metric: Throttles", "metric: Throttle")
    line = 1 + file.read_text().split("metric: Throttle\n")[0].count("\n")

    with pytest.raises(UsageError, match=rf"alarms\.yaml:{line}: signals\.throttles\.metric: "):
        signals.read(file, today=TODAY)


def test_two_exceptions_to_one_alarm_are_refused(changed: Changed) -> None:
    row = '{ resource: a, signal: errors, decided_on: "2026-01-01", reason: "slow for now" }'

    with pytest.raises(UsageError, match=r"exceptions\[1\]: takes the same alarm away as \[0\]"):
        signals.read(changed("exceptions: []", f"exceptions: [{row}, {row}]"), today=TODAY)


def test_a_log_pattern_needs_a_log(changed: Changed) -> None:
    file = changed(
        "    watches: functions\n    log_pattern", "    watches: tables\n    log_pattern"
    )

    with pytest.raises(UsageError, match=r"log_pattern: is for functions"):
        signals.read(file, today=TODAY)


def test_every_field_of_the_schemas_is_described() -> None:
    for name in ("alarms", "slo"):
        schema = json.loads((paths.ROOT / f"dashboards/schemas/{name}.json").read_text())
        undescribed = [
            f"{place}.{field}"
            for place, properties in _properties(schema)
            for field, value in properties.items()
            if "description" not in value and "$ref" not in value
        ]
        assert undescribed == []


def _properties(node: object, place: str = "") -> list[tuple[str, dict[str, dict[str, object]]]]:
    if not isinstance(node, dict):
        return []
    found = [(place, node["properties"])] if "properties" in node else []
    for key, value in node.items():
        if key not in ("if", "then", "else"):
            found += _properties(value, f"{place}.{key}")
    return found


def test_the_component_knows_every_field_of_the_schema() -> None:
    """A field that only the schema knows would be dropped by Terraform without a word."""
    schema = json.loads(signals.SCHEMA.read_text())["$defs"]["signal"]["properties"]
    declared = (paths.COMPONENTS / "observability" / "alarms.tf").read_text()
    block = declared.split('variable "signals"')[1].split("validation {")[0]

    for field in schema:
        assert f"\n    {field} " in block, field


def test_each_file_names_its_schema_to_editors() -> None:
    for name in ("alarms", "slo"):
        first = (paths.ROOT / f"dashboards/{name}.yaml").read_text().splitlines()[0]
        assert first == f"# yaml-language-server: $schema=schemas/{name}.json"
        assert yaml.safe_load((paths.ROOT / f"dashboards/{name}.yaml").read_text())
