"""The zips of the real functions: what is in them, that they load, and that they can be made again."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from blueprint.packaging import bytecode, wheels
from blueprint.packaging.build import build
from blueprint.packaging.manifest import Package

from .conftest import copy_inputs

ROLES = ("api", "processor", "scheduler", "authorizer")
LOADED = """
import json, sys
sys.path.insert(0, sys.argv[1])
import {handler}
of_the_zip = [m for m in list(sys.modules.values()) if (getattr(m, "__file__", None) or "").startswith(sys.argv[1])]
print(json.dumps({{m.__name__: m.__cached__ for m in of_the_zip}}))
"""


def load(directory: Path, handler: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Import `handler` from `directory` alone, as the runtime does: no site-packages, and nothing may be written."""
    python = bytecode.find_python("3.11", uv=wheels.find_uv())
    return subprocess.run(
        [python, "-I", "-S", "-B", *options, "-c", LOADED.format(handler=handler), str(directory)],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )


@pytest.mark.parametrize("role", ROLES)
def test_the_handler_loads_from_its_zip_alone(unpacked: dict[str, Path], role: str) -> None:
    loaded = load(unpacked[role], f"services.{role}.handler")

    assert loaded.returncode == 0, loaded.stderr
    assert f"services.{role}.handler" in json.loads(loaded.stdout)


@pytest.mark.parametrize("role", ROLES)
def test_no_module_is_compiled_at_a_cold_start(unpacked: dict[str, Path], role: str) -> None:
    loaded = load(unpacked[role], f"services.{role}.handler", "-v")

    from_source = f"code object from '{unpacked[role]}"
    compiled = [
        line for line in loaded.stderr.splitlines() if from_source in line and ".py'" in line
    ]
    ready = [line for line in loaded.stderr.splitlines() if from_source in line and ".pyc'" in line]
    assert compiled == []
    assert len(ready) >= len(json.loads(loaded.stdout)) - 1


@pytest.mark.parametrize("role", ROLES)
def test_a_zip_holds_no_other_service_and_no_tooling(unpacked: dict[str, Path], role: str) -> None:
    assert {entry.name for entry in (unpacked[role] / "services").iterdir()} <= {
        "__init__.py",
        "__pycache__",
        "core",
        role,
    }
    assert not (unpacked[role] / "blueprint").exists()


def test_the_authorizer_carries_no_sdk(packages: dict[str, Package]) -> None:
    assert packages["authorizer"].services == ()
    assert "botocore" not in packages["authorizer"].distributions


def test_the_sdk_makes_a_client_for_each_service_it_brings(
    packages: dict[str, Package], unpacked: dict[str, Path]
) -> None:
    """botocore validates what it reads: a model, an endpoint rule or a paginator that trimming broke fails here."""
    services = packages["api"].services
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import boto3\n"
        "session = boto3.Session('id', 'secret', region_name='eu-west-1')\n"
        "for name in sys.argv[2:]:\n"
        "    client = session.client(name)\n"
        "    print(name, client.meta.endpoint_url, len(client.meta.service_model.operation_names) > 5)\n"
    )
    python = bytecode.find_python("3.11", uv=wheels.find_uv())
    made = subprocess.run(
        [python, "-I", "-S", "-B", "-c", program, str(unpacked["api"]), *services],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )

    assert made.returncode == 0, made.stderr
    assert "dynamodb https://dynamodb.eu-west-1.amazonaws.com True" in made.stdout.splitlines()
    assert len(made.stdout.splitlines()) == len(services)


def test_the_trimmed_sdk_gets_every_kind_of_call_onto_the_wire(unpacked: dict[str, Path]) -> None:
    """Endpoint rules and serialisers read more of a model than making a client does."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import boto3\n"
        "from botocore.config import Config\n"
        "from botocore.exceptions import EndpointConnectionError\n"
        "session = boto3.Session('id', 'secret', region_name='eu-west-1')\n"
        "config = Config(retries={'total_max_attempts': 1})\n"
        "def client(name):\n"
        "    return session.client(name, endpoint_url='http://127.0.0.1:9', config=config)\n"
        "key = {'PK': {'S': 'a'}, 'SK': {'S': 'b'}}\n"
        "calls = [\n"
        "    lambda: client('dynamodb').get_item(TableName='t', Key=key),\n"
        "    lambda: client('dynamodb').query(TableName='t', KeyConditionExpression='PK = :p'),\n"
        "    lambda: client('sqs').send_message(QueueUrl='http://127.0.0.1:9/1/q', MessageBody='m'),\n"
        "    lambda: client('s3').put_object(Bucket='bucket', Key='k', Body=b'b'),\n"
        "]\n"
        "for call in calls:\n"
        "    try:\n"
        "        call()\n"
        "    except EndpointConnectionError:\n"
        "        print('sent')\n"
    )
    python = bytecode.find_python("3.11", uv=wheels.find_uv())
    made = subprocess.run(
        [python, "-I", "-S", "-B", "-c", program, str(unpacked["processor"])],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )

    assert made.stdout.splitlines() == ["sent"] * 4, made.stderr


def test_another_checkout_gives_the_same_bytes(
    packages: dict[str, Package], repository: Path, tmp_path: Path
) -> None:
    elsewhere = copy_inputs(repository, tmp_path / "another checkout")

    again, _ = build(["api", "authorizer"], root=elsewhere)

    assert again == {role: packages[role] for role in ("api", "authorizer")}
    for package in again.values():
        assert (elsewhere / package.file).read_bytes() == (repository / package.file).read_bytes()


def test_nothing_is_done_in_half_a_second_when_nothing_changed(
    packages: dict[str, Package], repository: Path
) -> None:
    started = time.monotonic()
    again, built = build(root=repository)

    assert (again, built) == (packages, [])
    assert time.monotonic() - started < 0.5
