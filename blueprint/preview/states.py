"""Finds the Terraform states of previews in their bucket, whoever made them, and removes them once they are empty."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from blueprint.stacks import stages

# As Component.state_key has it: <directory>/<stack>/terraform.tfstate, or, of an instance that is not called as its
# directory, <directory>/<stack>-<instance>/terraform.tfstate.
_STATE = re.compile(
    r"(?P<directory>[^/]+)/(?P<stack>[^/-]+)(?:-(?P<instance>[^/]+))?/terraform\.tfstate"
)


def find(s3: Any, bucket: str) -> Mapping[str, Mapping[str, str]]:
    """Key of each state by stack and component; previews' only."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", []):
            match = _STATE.fullmatch(entry["Key"])
            if match and stages.pull_request(match["stack"]):
                component = match["instance"] or match["directory"]
                found[match["stack"]][component] = entry["Key"]
    return found


def holds_resources(s3: Any, bucket: str, key: str) -> bool:
    """Whether there is anything left to destroy: a destroyed component keeps an empty state."""
    document = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    return bool(document["resources"])


def remove(s3: Any, bucket: str, stack: str, keys: Mapping[str, str]) -> None:
    """Remove the states `keys` (by component) of `stack`, and what the last apply noted beside them."""
    for component, key in keys.items():
        s3.delete_object(Bucket=bucket, Key=f"fingerprints/{stack}/{component}.json")
        s3.delete_object(Bucket=bucket, Key=key)
