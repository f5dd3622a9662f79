"""The real server: what it opens, what its functions see and may do, what it keeps."""

import io
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from blueprint.emulator import process, server
from blueprint.emulator.environment import environment
from blueprint.emulator.instance import Instance
from blueprint.emulator.listeners import listeners_of

FUNCTION = """
import os, sys, time
def report(event, context):
    time.sleep(event.get("seconds", 0))
    importable = []
    for name in ("boto3", "botocore", "hypercorn", "ministack", "cryptography"):
        try:
            __import__(name)
            importable.append(name)
        except ImportError:
            pass
    return {"variables": dict(os.environ), "importable": importable, "path": sys.path}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
USER_SETTINGS = {
    "PATH": os.environ["PATH"],
    "AWS_PROFILE": "production",
    "AWS_CONFIG_FILE": "/home/me/.aws/config",
    "HTTPS_PROXY": "http://proxy:3128",
    "PYTHONPATH": "/home/me/lib",
    "HOME": "/home/me",
}

SESSION = boto3.Session(region_name="us-east-1")

Command = Callable[[Path], list[str]]


def client(
    service: str, instance: Instance, *, key: str = "", secret: str = "", token: str | None = None
) -> Any:
    """A client of the administrator, or of whom the credentials are."""
    root = environment(instance)
    return SESSION.client(
        service,
        endpoint_url=root["AWS_ENDPOINT_URL"],
        aws_access_key_id=key or root["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=secret or root["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=token,
    )


def create_function(instance: Instance, name: str, statements: list[dict[str, Any]]) -> None:
    iam = client("iam", instance)
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    if statements:
        policy = {"Version": "2012-10-17", "Statement": statements}
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("function.py", FUNCTION)
    client("lambda", instance).create_function(
        FunctionName=name,
        Role=role["Arn"],
        Runtime="python3.11",
        Handler="function.report",
        Code={"ZipFile": package.getvalue()},
        Timeout=30,
    )


def invoke(instance: Instance, name: str) -> dict[str, Any]:
    answer = client("lambda", instance).invoke(FunctionName=name, Payload=b"{}")
    assert "FunctionError" not in answer
    report: dict[str, Any] = json.loads(answer["Payload"].read())
    return report


@pytest.fixture(scope="module")
def instance(
    tmp_path_factory: pytest.TempPathFactory, ministack_command: Command
) -> Iterator[Instance]:
    """A running MiniStack with a table, a function that may write to it and one that may not."""
    directory = tmp_path_factory.mktemp("ministack")
    running = server.start(directory, command=ministack_command(directory), environ=USER_SETTINGS)
    client("dynamodb", running).create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
    )
    table = "arn:aws:dynamodb:us-east-1:000000000000:table/orders"
    write = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": table}
    create_function(running, "writer", [write])
    create_function(running, "reader", [])
    yield running
    server.stop(directory)


def put_with_credentials_of(instance: Instance, function: str) -> None:
    variables = invoke(instance, function)["variables"]
    table = client(
        "dynamodb",
        instance,
        key=variables["AWS_ACCESS_KEY_ID"],
        secret=variables["AWS_SECRET_ACCESS_KEY"],
        token=variables["AWS_SESSION_TOKEN"],
    )
    table.put_item(TableName="orders", Item={"PK": {"S": "one"}})


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads the sockets from /proc")
def test_the_server_and_its_functions_listen_on_one_port_of_loopback(instance: Instance) -> None:
    invoke(instance, "writer")

    tree = process.group(instance.pid)
    opened = {(s.address, s.port) for member in tree for s in listeners_of(member.pid)}

    assert len(tree) >= 2  # the server and the function's process
    assert opened == {("127.0.0.1", instance.port)}


def test_a_function_acts_with_its_role(instance: Instance) -> None:
    put_with_credentials_of(instance, "writer")


def test_a_function_whose_role_lacks_the_permission_is_denied(instance: Instance) -> None:
    with pytest.raises(ClientError, match=r"AccessDenied.*assumed-role/reader/.*dynamodb:PutItem"):
        put_with_credentials_of(instance, "reader")


def test_an_unknown_access_key_is_refused(instance: Instance) -> None:
    stranger = client("dynamodb", instance, key="AKIAUNKNOWNUNKNOWN00", secret="guess")

    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        stranger.list_tables()


def test_a_function_finds_no_package_but_those_in_its_zip(instance: Instance) -> None:
    assert invoke(instance, "writer")["importable"] == []


def test_a_function_calls_the_server_that_runs_it(instance: Instance) -> None:
    variables = invoke(instance, "writer")["variables"]

    assert variables["AWS_ENDPOINT_URL"] == instance.url
    assert variables["AWS_REGION"] == "us-east-1"


def test_no_setting_of_the_user_reaches_a_function(instance: Instance) -> None:
    variables = invoke(instance, "writer")["variables"]

    assert set(variables.values()).isdisjoint(set(USER_SETTINGS.values()) - {os.environ["PATH"]})
    assert not {"AWS_PROFILE", "HTTPS_PROXY", "PYTHONPATH"} & set(variables)


def test_the_memory_counts_the_functions_too(instance: Instance) -> None:
    invoke(instance, "writer")
    started = process.find(instance.pid, instance.started)
    assert started is not None

    assert server.memory_bytes(instance) > started.rss > 20_000_000


def test_stop_ends_the_functions_too(directory: Path, ministack_command: Command) -> None:
    running = server.start(directory, command=ministack_command(directory), environ={})
    create_function(running, "busy", [])
    client("lambda", running).invoke(
        FunctionName="busy", InvocationType="Event", Payload=b'{"seconds": 30}'
    )
    deadline = time.monotonic() + 10
    while len(process.group(running.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    members = process.group(running.pid)
    assert len(members) == 2

    server.stop(directory)

    assert [m for m in members if process.find(m.pid, m.started)] == []


def test_what_is_saved_is_there_after_stop_and_start_and_gone_after_a_reset(
    directory: Path, ministack_command: Command
) -> None:
    command = ministack_command(directory)
    first = server.start(directory, command=command, environ={}, persist=True)
    create_function(first, "kept", [])
    client("s3", first).create_bucket(Bucket="kept")
    client("s3", first).put_object(Bucket="kept", Key="k", Body=b"body")

    server.stop(directory)
    second = server.start(directory, command=command, environ={}, persist=True)

    assert second.id == first.id
    assert invoke(second, "kept")["importable"] == []
    assert client("s3", second).get_object(Bucket="kept", Key="k")["Body"].read() == b"body"

    third = server.reset(directory, command=command, environ={})

    assert third is not None
    assert client("s3", third).list_buckets()["Buckets"] == []
    assert client("lambda", third).list_functions()["Functions"] == []


def test_without_persist_nothing_is_there_after_stop_and_start(
    directory: Path, ministack_command: Command
) -> None:
    command = ministack_command(directory)
    first = server.start(directory, command=command, environ={})
    client("s3", first).create_bucket(Bucket="lost")

    server.stop(directory)
    second = server.start(directory, command=command, environ={})

    assert client("s3", second).list_buckets()["Buckets"] == []
