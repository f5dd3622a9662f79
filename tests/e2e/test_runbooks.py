"""The runbooks' commands, run as they stand, in their order, against the running local stack."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from blueprint import paths
from blueprint.documents.model import Place
from blueprint.observability import dashboards, runbooks
from blueprint.observability.runbooks import Command
from blueprint.tools.environments import environment as python_environment

from .conftest import ORDER, Deployment, User

PAGES = runbooks.read()
COMMANDS = [command for command in runbooks.commands(PAGES) if command.not_run is None]
SETTING_UP = "Before the first command"
ROLES = ("api", "processor", "scheduler")
DEAD_LETTERS = ("orders-dlq", "schedule-dlq", "failures")
CHANGING = re.compile(
    r"aws \S+ ((?:update|put|delete|create|disable|enable|purge)-\S+)|blueprint apply"
)
NOTHING = {"None", "null", "[]", "{}"}

Run = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs commands in a shell that did what the index says comes before the first one."""
    home = tmp_path_factory.mktemp("home")
    installed = python_environment("runbooks") / "bin" / "aws"
    # This version of the CLI reads AWS_ENDPOINT_URL for all services but SQS.
    aws = home / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text(f'#!/bin/sh\nexec "{installed}" --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n')
    aws.chmod(0o755)
    path = f"{aws.parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(home), "STACK": deployment.stack.name}

    def shell(text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=paths.ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    (setting_up,) = [command for command in COMMANDS if command.heading == SETTING_UP]
    result = shell(f"{setting_up.text}\nenv -0")
    assert result.returncode == 0, result.stdout
    env = dict(line.split("=", 1) for line in result.stdout.split("\0") if line)
    assert env["PREFIX"] == deployment.stack.prefix
    return shell


@pytest.fixture(scope="module", autouse=True)
def _something_to_see(deployment: Deployment, alice: User, eventually: Callable[..., Any]) -> None:
    """Log lines of every function, and a data point of each metric that an alarm or a dashboard reads."""
    order_id = alice.place_order(ORDER).json()["order_id"]
    confirmed = f"order {order_id} confirmed"
    eventually(lambda: alice.get(f"/orders/{order_id}").json()["status"] == "CONFIRMED", confirmed)
    functions = deployment.outputs.get("lambda", "function_names")
    deployment.client("lambda").invoke(FunctionName=functions["scheduler"], Qualifier="live")
    cloudwatch = deployment.client("cloudwatch")
    for namespace, name, dimensions in _metrics(deployment):
        datum = {
            "MetricName": name,
            "Value": 0,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions],
        }
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])


def _metrics(deployment: Deployment) -> set[tuple[str, str, tuple[tuple[str, str], ...]]]:
    cloudwatch = deployment.client("cloudwatch")
    found = set()
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=deployment.stack.prefix, AlarmTypes=["MetricAlarm"]
    )
    for alarm in (alarm for page in pages for alarm in page["MetricAlarms"]):
        queries = [
            query["MetricStat"]["Metric"]
            for query in alarm.get("Metrics", [])
            if "MetricStat" in query
        ]
        for metric in queries or [alarm]:
            dimensions = tuple((each["Name"], each["Value"]) for each in metric["Dimensions"])
            found.add((metric["Namespace"], metric["MetricName"], dimensions))
    for entry in cloudwatch.list_dashboards(DashboardNamePrefix=deployment.stack.prefix)[
        "DashboardEntries"
    ]:
        name = entry["DashboardName"]
        text = cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]
        shown = dashboards.body(text, name=name, place=Place(name, "CloudWatch"))
        found |= {(metric.namespace, metric.name, metric.dimensions) for metric in shown.metrics}
    return found


@pytest.fixture(scope="module")
def asked() -> set[str]:
    """Commands that change no setting, and ran: many pages have the same, and once is enough."""
    return set()


@pytest.fixture
def _dead_letters(deployment: Deployment) -> Iterator[None]:
    sqs = deployment.client("sqs")
    queues = [
        sqs.get_queue_url(QueueName=f"{deployment.stack.prefix}-{name}")["QueueUrl"]
        for name in DEAD_LETTERS
    ]
    for queue in queues:
        sqs.send_message(QueueUrl=queue, MessageBody="a runbook's dead letter")
    yield
    for queue in queues:
        sqs.purge_queue(QueueUrl=queue)


@pytest.fixture(scope="module")
def _released_twice(deployment: Deployment) -> Iterator[None]:
    """Each function has a version before the one that serves."""
    client = deployment.client("lambda")
    functions = [deployment.outputs.get("lambda", "function_names")[role] for role in ROLES]
    before = {name: _live(deployment, name) for name in functions}
    made = {}
    for name in functions:
        described = client.get_function_configuration(FunctionName=name)["Description"]
        client.update_function_configuration(FunctionName=name, Description="a release")
        made[name] = client.publish_version(FunctionName=name)["Version"]
        client.update_function_configuration(FunctionName=name, Description=described)
        client.update_alias(FunctionName=name, Name="live", FunctionVersion=made[name])
    assert all(int(made[name]) > int(before[name]) for name in functions)
    yield
    for name in functions:
        client.update_alias(FunctionName=name, Name="live", FunctionVersion=before[name])
        client.delete_function(FunctionName=name, Qualifier=made[name])


@pytest.fixture
def _consumer(deployment: Deployment) -> Iterator[None]:
    """A page that fails halfway leaves the orders' consumer at work."""
    yield
    client = deployment.client("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def _live(deployment: Deployment, name: str) -> str:
    alias = deployment.client("lambda").get_alias(FunctionName=name, Name="live")
    return str(alias["FunctionVersion"])


def _settings(deployment: Deployment) -> dict[str, Any]:
    """Whatever a runbook changes of the stack."""
    functions = deployment.outputs.get("lambda", "function_names")
    client = deployment.client("lambda")
    table = deployment.client("dynamodb").describe_table(
        TableName=deployment.outputs.get("dynamodb", "table_name")
    )["Table"]
    stage = deployment.client("apigatewayv2").get_stage(
        ApiId=deployment.outputs.get("apigateway", "api_id"), StageName="$default"
    )
    return {
        "versions": {role: _live(deployment, name) for role, name in functions.items()},
        "reserved": {
            role: client.get_function_concurrency(FunctionName=name).get(
                "ReservedConcurrentExecutions"
            )
            for role, name in functions.items()
        },
        "mappings": [
            (mapping["State"], mapping["ScalingConfig"])
            for mapping in client.list_event_source_mappings()["EventSourceMappings"]
        ],
        "table": table["OnDemandThroughput"],
        "indexes": [index.get("OnDemandThroughput") for index in table["GlobalSecondaryIndexes"]],
        "stage": stage["DefaultRouteSettings"],
    }


@pytest.mark.usefixtures("_released_twice", "_dead_letters", "_consumer")
@pytest.mark.parametrize("page", sorted({command.page for command in COMMANDS}))
def test_the_commands_of_a_runbook_run_and_undo_what_they_do(
    deployment: Deployment, run: Run, asked: set[str], page: str
) -> None:
    before = _settings(deployment)

    for command in (command for command in COMMANDS if command.page == page):
        if command.text in asked:
            continue
        result = run(command.text)

        place = f"{page}.md:{command.line}"
        assert result.returncode == 0, f"{place}:\n{command.text}\n{result.stdout}"
        if not CHANGING.search(command.text):
            asked.add(command.text)
        if command.heading == "Verify":
            assert set(result.stdout.split()) - NOTHING, (
                f"{place} answered nothing:\n{command.text}"
            )

    assert _settings(deployment) == before


def test_all_that_a_runbook_changes_is_compared(deployment: Deployment) -> None:
    """A new kind of change in a runbook needs its settings among those compared above."""
    changing = {
        "update-alias": "versions",
        "put-function-concurrency": "reserved",
        "update-event-source-mapping": "mappings",
        "update-table": "table",
        "update-stage": "stage",
    }
    used = {verb for command in COMMANDS for verb in CHANGING.findall(command.text) if verb}

    assert used - {"delete-message", "purge-queue", "delete-function-concurrency"} == set(changing)
    assert set(changing.values()) <= set(_settings(deployment))


def test_a_dead_letter_taken_out_is_kept(deployment: Deployment, run: Run) -> None:
    sqs = deployment.client("sqs")
    queue = sqs.get_queue_url(QueueName=f"{deployment.stack.prefix}-orders-dlq")["QueueUrl"]
    letters = [json.dumps({"order_id": f"order-{number}"}) for number in range(12)]
    for letter in letters:
        sqs.send_message(QueueUrl=queue, MessageBody=letter)
    (taking_out,) = [command for command in COMMANDS if _takes_out(command)]

    result = run(taking_out.text + '\ncat "$kept"')

    assert result.returncode == 0, result.stdout
    assert all(result.stdout.count(letter) == 2 for letter in letters)
    left = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "0"
    assert left["ApproximateNumberOfMessagesNotVisible"] == "0"


def _takes_out(command: Command) -> bool:
    return "delete-message" in command.text
