"""Outputs are read from the state; what was never applied is answered with the command that applies it."""

import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from blueprint import aws
from blueprint.delivery.outputs import Outputs
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Component, Stack

BACKEND = {"bucket": "states", "key": "terraform.tfstate"}
SQS = Component("sqs", "dev", "sqs", {"region": "us-east-1"}, (), (), BACKEND)
STATE = {"outputs": {"queue_url": {"value": "https://queue", "type": "string"}}}


class S3:
    def __init__(self, objects: dict[str, Any]) -> None:
        self.objects = objects
        self.reads = 0

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        assert Bucket == "states"
        self.reads += 1
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": Key}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps(self.objects[Key]).encode())}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> S3:
    client = S3({"sqs/dev/terraform.tfstate": STATE})
    monkeypatch.setattr(aws, "client", lambda *_, **__: client)
    return client


def test_an_output_is_read_once(s3: S3) -> None:
    outputs = Outputs(Stack("dev", {"sqs": SQS}, emulated=False), {})

    assert outputs.get("sqs", "queue_url") == "https://queue"
    assert outputs.get("sqs", "queue_url") == "https://queue"
    assert s3.reads == 1


def test_a_component_that_was_never_applied_is_named_with_the_remedy(s3: S3) -> None:
    s3.objects.clear()

    with pytest.raises(BlueprintError, match="component sqs was never applied") as failed:
        Outputs(Stack("dev", {"sqs": SQS}, emulated=False), {}).get("sqs", "queue_url")

    assert "blueprint apply -s dev sqs" in failed.value.remedy


def test_an_output_that_the_last_apply_did_not_give_is_named(s3: S3) -> None:
    assert s3.reads == 0
    with pytest.raises(BlueprintError, match="component sqs has no output 'dlq_url'"):
        Outputs(Stack("dev", {"sqs": SQS}, emulated=False), {}).get("sqs", "dlq_url")
