"""The bucket that holds a stack's Terraform states."""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from blueprint.errors import BlueprintError
from blueprint.stacks.model import Component, Stack


def ensure_bucket(stack: Stack, s3: Any) -> bool:
    """Make sure the state bucket is there; True when it was made just now.

    Only an emulated stack gets its bucket on the way: on AWS it outlives every stack, so a person makes it once.
    """
    bucket = stack.state_bucket
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise BlueprintError(
                f"stack {stack.name}: the state bucket {bucket} cannot be reached: {error}",
                remedy="check the credentials in use (`aws sts get-caller-identity`) and the account of the stack",
            ) from error
    else:
        return False
    if not stack.emulated:
        raise BlueprintError(
            f"stack {stack.name}: the state bucket {bucket} does not exist",
            remedy=f"make it once per account: `blueprint bootstrap -s {stack.name}`",
        )
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return True


@dataclass(frozen=True)
class Resource:
    """A managed resource (or one of its instances) that a state holds."""

    address: str
    type: str


@dataclass(frozen=True)
class State:
    """A component's Terraform state: `lineage` names it for life, `serial` counts its versions."""

    lineage: str
    serial: int
    resources: tuple[Resource, ...]


def read(component: Component, s3: Any, bucket: str) -> State | None:
    """The state of `component` with its managed resources by address; None when it never had one."""
    document = _load(component, s3, bucket)
    if document is None:
        return None
    resources = sorted(
        {
            Resource(_address(resource, instance), resource["type"])
            for resource in document["resources"]
            if resource["mode"] == "managed"
            for instance in resource["instances"]
        },
        key=lambda resource: resource.address,
    )
    return State(document["lineage"], document["serial"], tuple(resources))


def _address(resource: dict[str, Any], instance: dict[str, Any]) -> str:
    address = f"{resource['type']}.{resource['name']}"
    if "module" in resource:
        address = f"{resource['module']}.{address}"
    if "index_key" in instance:
        address += f"[{json.dumps(instance['index_key'])}]"
    return address


def has_state(component: Component, s3: Any, bucket: str) -> bool:
    """Whether `component` is applied: it has a state, and a destroy has not emptied it."""
    document = _load(component, s3, bucket)
    return document is not None and bool(document["resources"])


def _load(component: Component, s3: Any, bucket: str) -> dict[str, Any] | None:
    try:
        body = s3.get_object(Bucket=bucket, Key=component.state_key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return None
        raise
    document: dict[str, Any] = json.loads(body)
    return document
