"""The state bucket: made on the way for an emulated stack, never for a real one."""

import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from blueprint.delivery import state
from blueprint.delivery.state import Resource, ensure_bucket, has_state
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Component, Stack

IAM = Component("iam", "dev", "iam", {}, (), (), {"bucket": "states", "key": "terraform.tfstate"})


class S3:
    """An S3 client without a bucket; `code` is how it answers a look at one."""

    def __init__(self, code: str = "404") -> None:
        self.code = code
        self.made: list[str] = []
        self.versioned: list[str] = []
        self.resources: list[str] = ["a role"]

    def head_bucket(self, **_: Any) -> None:
        if self.code:
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "HeadBucket")

    def get_object(self, **_: Any) -> dict[str, Any]:
        self.head_bucket()
        return {"Body": io.BytesIO(json.dumps({"resources": self.resources}).encode())}

    def create_bucket(self, *, Bucket: str) -> None:
        self.made.append(Bucket)

    def put_bucket_versioning(self, *, Bucket: str, **_: Any) -> None:
        self.versioned.append(Bucket)


def stack(*, emulated: bool) -> Stack:
    return Stack("dev", {"iam": IAM}, emulated=emulated)


def test_an_emulated_stack_gets_a_versioned_bucket() -> None:
    s3 = S3()

    assert ensure_bucket(stack(emulated=True), s3)

    assert s3.made == s3.versioned == ["states"]


def test_a_real_stack_without_its_bucket_is_an_error_and_nothing_is_made() -> None:
    s3 = S3()

    with pytest.raises(BlueprintError, match="the state bucket states does not exist") as failed:
        ensure_bucket(stack(emulated=False), s3)

    assert s3.made == []
    assert "blueprint bootstrap -s " in failed.value.remedy


def test_a_bucket_that_is_there_is_left_alone() -> None:
    s3 = S3(code="")

    assert not ensure_bucket(stack(emulated=True), s3)

    assert s3.made == []


def test_a_bucket_of_somebody_else_is_not_taken_for_a_missing_one() -> None:
    s3 = S3(code="403")

    with pytest.raises(BlueprintError, match="cannot be reached") as failed:
        ensure_bucket(stack(emulated=True), s3)

    assert s3.made == []
    assert "credentials" in failed.value.remedy


@pytest.mark.parametrize(("code", "applied"), [("", True), ("404", False)])
def test_a_component_was_applied_when_it_has_a_state(code: str, applied: bool) -> None:
    assert has_state(IAM, S3(code), "states") is applied


def test_a_destroyed_component_is_not_applied() -> None:
    s3 = S3(code="")
    s3.resources = []

    assert not has_state(IAM, s3, "states")


class States:
    """An S3 client that holds one state."""

    def __init__(self, document: dict[str, Any] | None) -> None:
        self.document = document

    def get_object(self, **_: Any) -> dict[str, Any]:
        if self.document is None:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "no"}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps(self.document).encode())}


def test_a_state_is_read_with_its_managed_resources_by_address() -> None:
    def resource(mode: str, name: str, instances: list[Any], **more: Any) -> dict[str, Any]:
        return {"mode": mode, "type": "aws_x", "name": name, "instances": instances, **more}

    document = {
        "lineage": "5c0b3e4e",
        "serial": 7,
        "resources": [
            resource("managed", "this", [{}]),
            resource("managed", "many", [{"index_key": 0}, {"index_key": "a"}]),
            resource("managed", "inner", [{}], module='module.m["k"]'),
            resource("managed", "gone", []),
            resource("data", "read", [{}]),
        ],
    }

    found = state.read(IAM, States(document), "states")

    assert found is not None
    assert (found.lineage, found.serial) == ("5c0b3e4e", 7)
    assert [each.address for each in found.resources] == [
        'aws_x.many["a"]',
        "aws_x.many[0]",
        "aws_x.this",
        'module.m["k"].aws_x.inner',
    ]
    assert found.resources[2] == Resource("aws_x.this", "aws_x")


def test_a_component_that_was_never_planned_has_no_state() -> None:
    assert state.read(IAM, States(None), "states") is None
