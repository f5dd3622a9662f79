"""Buckets that are there before CloudFormation makes them, and how its stack takes them over."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from blueprint.errors import BlueprintError
from blueprint.stacks.model import Stack


def names(stack: Stack) -> dict[str, str]:
    """The template's buckets: name by logical id."""
    account = stack.value("account_id")
    return {
        "StateBucket": f"{stack.prefix}-tfstate-{account}",
        "PlanBucket": f"{stack.prefix}-plans-{account}",
    }


def existing(stack: Stack, s3: Any) -> dict[str, str]:
    """Those of `names` that this account has; BlueprintError where another account has the name."""
    return {logical: name for logical, name in names(stack).items() if _is_here(name, s3)}


def importing(buckets: Mapping[str, str]) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """A template of `buckets` alone and what to import into it.

    An import changes nothing, so the template says nothing but their names; the update that follows
    gives them their settings.
    """
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            logical: {
                "Type": "AWS::S3::Bucket",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {"BucketName": name},
            }
            for logical, name in buckets.items()
        },
    }
    resources = [
        {
            "ResourceType": "AWS::S3::Bucket",
            "LogicalResourceId": logical,
            "ResourceIdentifier": {"BucketName": name},
        }
        for logical, name in buckets.items()
    ]
    return json.dumps(template), resources


def _is_here(name: str, s3: Any) -> bool:
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("404", "NoSuchBucket"):
            return False
        if code in ("403", "AccessDenied"):
            raise BlueprintError(
                f"bucket {name} belongs to another account, or its policy keeps you out",
                remedy="sign in as an administrator of the stack's account;"
                " if it is not the account's, choose another namespace in stacks/catalog/all.yaml",
            ) from error
        raise
    return True
