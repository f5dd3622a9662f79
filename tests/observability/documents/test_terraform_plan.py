"""What is read of Terraform plans: modules, unknown values, versions, and plans of any size."""

import json
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from blueprint.cloudwatch.model import CompositeAlarm, MetricAlarm
from blueprint.documents import reading
from blueprint.documents.model import Document
from blueprint.errors import UsageError

ALARM: dict[str, Any] = {
    "alarm_name": "errors",
    "namespace": "AWS/Lambda",
    "metric_name": "Errors",
    "dimensions": {"FunctionName": "api"},
    "statistic": "Sum",
    "period": 60,
    "evaluation_periods": 3,
    "datapoints_to_alarm": None,
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 5,
    "treat_missing_data": "notBreaching",
    "metric_query": [],
    "tags_all": {"signal": "errors"},
}


def planned(
    values: Mapping[str, Any],
    unknown: Mapping[str, Any] | None = None,
    kind: str = "aws_cloudwatch_metric_alarm",
) -> dict[str, Any]:
    address = f"{kind}.this"
    resource_ = {"address": address, "mode": "managed", "type": kind, "values": dict(values)}
    return {
        "format_version": "1.2",
        "terraform_version": "1.13.3",
        "planned_values": {"root_module": {"resources": [resource_]}},
        "resource_changes": [
            {"address": address, "change": {"actions": ["create"], "after_unknown": unknown or {}}}
        ],
    }


@pytest.fixture
def plan(tmp_path: Path):
    def write(document: object) -> Document:
        file = tmp_path / "plan.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        return reading.read(file)

    return write


def test_an_alarm_is_read_with_its_address_and_tags(plan) -> None:
    [declared] = plan(planned(ALARM)).alarms

    assert isinstance(declared.alarm, MetricAlarm)
    assert (declared.alarm.threshold, declared.alarm.datapoints) == (5, 3)
    assert declared.alarm.metrics[0].dimensions == (("FunctionName", "api"),)
    assert declared.place.address == "aws_cloudwatch_metric_alarm.this"
    assert declared.tags == {"signal": "errors"}


def test_resources_of_nested_modules_are_read_and_data_sources_are_not(plan) -> None:
    document = planned(ALARM)
    queue = {
        "address": "module.a.module.b.aws_sqs_queue.q",
        "mode": "managed",
        "type": "aws_sqs_queue",
        "values": {"name": "q"},
    }
    data = {"address": "data.aws_region.x", "mode": "data", "type": "aws_region", "values": {}}
    document["planned_values"]["root_module"]["child_modules"] = [
        {"resources": [data], "child_modules": [{"resources": [queue]}]}
    ]
    read = plan(document)

    assert [found.place.address for found in read.resources] == [
        "aws_cloudwatch_metric_alarm.this",
        "module.a.module.b.aws_sqs_queue.q",
    ]


def test_an_unknown_threshold_is_unresolved(plan) -> None:
    values = {key: value for key, value in ALARM.items() if key != "threshold"}
    [declared] = plan(planned(values, {"threshold": True})).alarms

    assert declared.alarm is None
    assert declared.unresolved == ("threshold: is known only after apply",)


def test_an_unknown_dimension_value_is_a_placeholder_and_unknown_names_are_unresolved(plan) -> None:
    [value] = plan(
        planned({**ALARM, "dimensions": {"Stage": "live"}}, {"dimensions": {"ApiId": True}})
    ).alarms
    [name] = plan(planned({**ALARM, "dimensions": None}, {"dimensions": True})).alarms

    assert isinstance(value.alarm, MetricAlarm)
    assert value.alarm.metrics[0].dimensions == (
        ("ApiId", "(known after apply)"),
        ("Stage", "live"),
    )
    assert name.unresolved == ("dimensions: is known only after apply",)


def test_metric_queries_are_read_with_what_is_unknown_in_them(plan) -> None:
    def query(identifier: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
        metric = {
            "namespace": "AWS/SQS",
            "metric_name": "NumberOfMessagesSent",
            "period": 60,
            "stat": "Sum",
            "unit": "",
            "dimensions": dict(dimensions),
        }
        return {"id": identifier, "expression": "", "return_data": None, "metric": [metric]}

    values = {
        **ALARM,
        **dict.fromkeys(("namespace", "metric_name", "statistic", "period", "dimensions")),
        "metric_query": [
            {"id": "e", "expression": "a+b", "return_data": True, "metric": []},
            query("a", {"QueueName": "q"}),
            query("b", {}),
        ],
    }
    unknown = {"metric_query": [{}, {}, {"metric": [{"dimensions": {"QueueName": True}}]}]}
    [declared] = plan(planned(values, unknown)).alarms

    assert isinstance(declared.alarm, MetricAlarm)
    assert declared.alarm.result.expression == "a+b"
    assert [metric.dimensions[0][1] for metric in declared.alarm.metrics] == [
        "q",
        "(known after apply)",
    ]


def test_unknown_actions_do_not_keep_an_alarm_from_being_judged(plan) -> None:
    [declared] = plan(planned(ALARM, {"alarm_actions": True})).alarms

    assert isinstance(declared.alarm, MetricAlarm)
    assert declared.alarm.actions.alarm == ("(known after apply)",)


def test_a_composite_alarm_is_read_with_its_suppressor(plan) -> None:
    values = {
        "alarm_name": "page",
        "alarm_rule": "ALARM(errors)",
        "actions_suppressor": [{"alarm": "quiet", "wait_period": 60, "extension_period": 120}],
        "actions_enabled": True,
    }
    [declared] = plan(planned(values, kind="aws_cloudwatch_composite_alarm")).alarms

    assert declared.alarm == CompositeAlarm("page", "ALARM(errors)", "quiet", 60, 120)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            {"format_version": "2.0", "terraform_version": "3.1.0"},
            r"plan.json is a Terraform document of format 2.0 \(made by Terraform 3.1.0\); format 1.x is understood",
        ),
        (
            {"format_version": "0.2", "terraform_version": "1.0.11"},
            r"of format 0.2 \(made by Terraform 1.0.11\)",
        ),
        ({"format_version": "1.0", "values": {}}, "is a Terraform state shown as JSON, not a plan"),
        (
            {"version": 4, "terraform_version": "1.13.3", "lineage": "x", "resources": []},
            "is a Terraform state file, which says what is there",
        ),
        (
            {**planned(ALARM), "errored": True},
            "is a plan that ended in an error, so it is not whole",
        ),
        (
            '{"@level":"info","@message":"Terraform"}\n{"@level":"info"}',
            "is the log of `terraform plan -json`",
        ),
        ({"resource": {"aws_sqs_queue": {}}}, "is Terraform configuration, which has no values"),
        (
            {"service": "x", "provider": {}},
            "a file of the Serverless Framework; `serverless package`",
        ),
        ({"Resources": {"A": {}}}, "Resources has to be a map of resources, each with a Type"),
        ({"name": "x", "version": 1}, "its top level has name, version$"),
        (
            '{"format_version": "1.2",\n "planned_',
            "plan.json:2: this is not JSON: Unterminated string",
        ),
        ("[]", "neither a Terraform plan nor a CloudFormation template"),
        ("just text", "neither a Terraform plan nor a CloudFormation template"),
        ("[" * 100_000, "nested deeper than"),
        (" \n", "is empty"),
    ],
)
def test_what_is_no_plan_is_named_with_the_way_to_one(plan, document: object, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        plan(document)
    assert caught.value.exit_code == 2
    assert "terraform show -json" in caught.value.remedy or "correct" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "is a binary plan of Terraform"),
        (b"\x80\x81", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_text_is_named_as_what_it_is(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "plan"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        reading.read(file)


def test_a_directory_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory"):
        reading.read(tmp_path)
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        reading.read(tmp_path / "absent.json")


def test_a_plan_written_by_powershell_in_utf_16_is_read(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(planned(ALARM)), encoding="utf-16")
    assert len(reading.read(file).alarms) == 1


def test_a_plan_of_50_mb_is_read_in_seconds_and_a_few_times_its_size(tmp_path: Path) -> None:
    filler = [
        {
            "address": f"aws_s3_object.this[{index}]",
            "mode": "managed",
            "type": "aws_s3_object",
            "values": {"content": "x" * 900, "key": str(index)},
        }
        for index in range(50_000)
    ]
    document = planned(ALARM)
    document["planned_values"]["root_module"]["resources"] += filler
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(document))
    size = file.stat().st_size
    del document, filler
    assert size > 50_000_000

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    read = reading.read(file)
    seconds = time.process_time() - started
    unit = 1 if sys.platform == "darwin" else 1024
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit

    assert len(read.alarms) == 1
    assert len(read.resources) == 50_001
    assert seconds < 15
    assert grown < 8 * size
