"""The bucket that holds a stack's Terraform states."""

import json
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
            remedy="make it once per account, as README.md's quick start for AWS shows",
        )
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return True


def has_state(component: Component, s3: Any, bucket: str) -> bool:
    """Whether `component` is applied: it has a state, and a destroy has not emptied it."""
    try:
        body = s3.get_object(Bucket=bucket, Key=component.state_key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return False
        raise
    return bool(json.loads(body)["resources"])
