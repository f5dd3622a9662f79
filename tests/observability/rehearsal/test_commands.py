"""What `blueprint alarms test` prints and how it ends, over a plan as Terraform shows it."""

import json
from pathlib import Path
from typing import Any

import pytest

from blueprint.console import out
from blueprint.errors import BlueprintError
from blueprint.observability import planned
from blueprint.rehearsal import commands, gate, reading, stack
from tests.observability.rehearsal import pack

ALARM: dict[str, Any] = {
    "alarm_name": "shop-lost-not-empty",
    "namespace": "AWS/SQS",
    "metric_name": "ApproximateNumberOfMessagesVisible",
    "dimensions": {"QueueName": "shop-lost"},
    "statistic": "Maximum",
    "period": 60,
    "comparison_operator": "GreaterThanOrEqualToThreshold",
    "threshold": 1,
    "datapoints_to_alarm": 2,
    "evaluation_periods": 3,
    "treat_missing_data": "ignore",
    "alarm_actions": ["arn:aws:sns:us-east-1:111111111111:page"],
    "actions_enabled": True,
    "metric_query": [],
    "tags": {"signal": "not-empty", "resource": "lost"},
    "tags_all": {"signal": "not-empty", "resource": "lost"},
}


def _plan(directory: Path, alarm: dict[str, Any]) -> Path:
    address = "aws_cloudwatch_metric_alarm.this"
    place = {
        "address": address,
        "mode": "managed",
        "type": "aws_cloudwatch_metric_alarm",
        "name": "this",
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }
    document = {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "variables": {
            **{name: {"value": value} for name, value in pack.VARIABLES.items()},
            "signals": {"value": {"not-empty": {}}},
        },
        "planned_values": {"root_module": {"resources": [{**place, "values": alarm}]}},
        "resource_changes": [
            {
                **place,
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": alarm,
                    "after_unknown": {},
                },
            }
        ],
        "configuration": {"root_module": {}},
    }
    file = directory / "shop.plan.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = tmp_path / "cases"
    directory.mkdir()
    book = pack.book(directory, pack.LOST)
    monkeypatch.setattr(reading, "read", lambda: book)


def _given(alarm: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _plan(tmp_path, alarm)
    monkeypatch.setattr(planned, "plan", lambda _: file)


def test_a_pack_without_fault_is_shown_by_signal_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _given(ALARM, tmp_path, monkeypatch)
    with out.capture() as shown:
        commands.rehearse(["shop"])
    row = next(line for line in shown.get().splitlines() if "not-empty" in line)
    assert row.split() == ["not-empty", "1", "2", "1", "2", "1", "18", "16", "2", "✓"]


def test_json_holds_every_case_and_every_mutant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _given(ALARM, tmp_path, monkeypatch)
    commands.rehearse(["shop"], as_json=True)
    report = json.loads(capsys.readouterr().out)["shop"]
    assert report["ok"] is True
    assert report["mutants"] == {"made": 18, "killed": 16, "equivalent": 2, "survived": 0}
    (alarm,) = report["alarms"]
    assert [case["kind"] for case in alarm["cases"]] == [
        "fire",
        "fire",
        "clear",
        "near_miss",
        "near_miss",
        "hold",
    ]
    assert len(alarm["mutants"]) == 18
    assert all(mutant["killed_by"] or mutant["equivalent"] for mutant in alarm["mutants"])


def test_a_fault_ends_with_an_error_that_names_stack_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _given({**ALARM, "dimensions": {"Queue": "shop-lost"}}, tmp_path, monkeypatch)
    with out.capture() as shown, pytest.raises(BlueprintError) as caught:
        commands.rehearse(["shop"])
    assert caught.value.exit_code == 1
    assert caught.value.message.startswith(
        f"shop: {tmp_path.as_posix()}/cases/0.yaml:7: shop-lost-not-empty does not fire"
    )
    assert "faults" in shown.get()


def test_the_gate_tells_the_same_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _given(ALARM, tmp_path, monkeypatch)
    assert gate.check(["shop"]) == []
    _given({**ALARM, "threshold": 10}, tmp_path, monkeypatch)
    assert gate.check(["shop"])[0].startswith("shop: ")


def test_only_the_alarms_of_the_named_signals_are_rehearsed(tmp_path: Path) -> None:
    file = _plan(tmp_path, ALARM)
    book = reading.read()
    assert stack.rehearse_plan(file, book, only=["stream-age"]).alarms == ()
    assert len(stack.rehearse_plan(file, book, only=["not-empty"]).alarms) == 1
