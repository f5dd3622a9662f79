"""Reads what a component gave out, from its Terraform state: no Terraform has to start for it."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from blueprint import aws
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Stack


class Outputs:
    """The Terraform outputs of a stack's components, read once each."""

    def __init__(self, stack: Stack, env: Mapping[str, str]) -> None:
        self._stack = stack
        self._s3 = aws.client("s3", env, region=stack.value("region"))
        self._read: dict[str, dict[str, Any]] = {}

    def get(self, component: str, name: str) -> Any:
        """Output `name` of `component`; BlueprintError when it was never applied."""
        if component not in self._read:
            self._read[component] = self._load(component)
        outputs = self._read[component]
        if name not in outputs:
            raise BlueprintError(
                f"stack {self._stack.name}: component {component} has no output {name!r}",
                remedy=f"apply it: `.venv/bin/blueprint apply -s {self._stack.name} {component}`",
            )
        return outputs[name]

    def _load(self, component: str) -> dict[str, Any]:
        key = self._stack.component(component).state_key
        try:
            body = self._s3.get_object(Bucket=self._stack.state_bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchBucket", "404"):
                raise BlueprintError(
                    f"stack {self._stack.name}: component {component} was never applied",
                    remedy="run `make up`"
                    if self._stack.emulated
                    else f"apply it: `.venv/bin/blueprint apply -s {self._stack.name} {component}`",
                ) from error
            raise
        return {name: output["value"] for name, output in json.loads(body)["outputs"].items()}
