"""An account in memory: a bucket that keeps what S3 promises, and a Terraform that plans from values and state."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from blueprint.delivery.terraform import Counts
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Component, Stack

STATES = "acme-useast1-dev-tfstate-111111111111"
PLANS = "acme-useast1-dev-plans-111111111111"
_REFERENCE = "!terraform.state "


@dataclass
class FakeBody:
    content: bytes

    def read(self) -> bytes:
        return self.content


@dataclass
class FakeS3:
    """Buckets with objects; `denied` are operations that answer AccessDenied."""

    buckets: dict[str, dict[str, bytes]] = field(default_factory=lambda: {STATES: {}, PLANS: {}})
    denied: set[str] = field(default_factory=set)

    def head_bucket(self, *, Bucket: str) -> None:
        self._allow("HeadBucket")
        if Bucket not in self.buckets:
            raise failure("404", "HeadBucket")

    def create_bucket(self, *, Bucket: str) -> None:
        self.buckets[Bucket] = {}

    def put_object(
        self, *, Bucket: str, Key: str, Body: bytes, IfNoneMatch: str | None = None
    ) -> None:
        self._allow("PutObject")
        objects = self._objects(Bucket, "PutObject")
        if IfNoneMatch == "*" and Key in objects:
            raise failure("PreconditionFailed", "PutObject")
        objects[Key] = Body

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self._allow("GetObject")
        return {"Body": FakeBody(self._find(Bucket, Key))}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        return {"ETag": hashlib.sha256(self._find(Bucket, Key)).hexdigest()}

    def get_paginator(self, operation: str) -> "FakeS3":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        self._allow("ListObjectsV2")
        names = [name for name in self._objects(Bucket, "ListObjectsV2") if name.startswith(Prefix)]
        # One a page: what reads only the first page is found out.
        for name in names:
            yield {"Contents": [{"Key": name}]}
        yield {}

    def _allow(self, operation: str) -> None:
        if operation in self.denied:
            raise failure("AccessDenied", operation)

    def _objects(self, bucket: str, operation: str) -> dict[str, bytes]:
        if bucket not in self.buckets:
            raise failure("NoSuchBucket", operation)
        return self.buckets[bucket]

    def _find(self, bucket: str, key: str) -> bytes:
        objects = self._objects(bucket, "GetObject")
        if key not in objects:
            raise failure("NoSuchKey", "GetObject")
        return objects[key]


def failure(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)


@dataclass
class FakeTerraform:
    """Plans and applies components whose values are their resources.

    `values["resources"]` is {address: attributes}; another attribute `key` means a replacement. `values["outputs"]` is
    {name: value}. A value `!terraform.state COMPONENT .OUTPUT` is read from the state. `breaks` are components whose
    apply fails, with the number of resources that are made before.
    """

    s3: FakeS3
    breaks: dict[str, int] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)

    def plan(self, component: Component, *, file: Path) -> dict[str, Any] | None:
        self._count("plan", component)
        if self.state(component) is None:
            self.write(component, {}, {}, serial=1)
        return self._plan(component, file)

    def plan_anew(self, component: Component, *, file: Path) -> dict[str, Any] | None:
        self._count("plan_anew", component)
        assert self.state(component) is None
        return self._plan(component, file)

    def apply(self, component: Component, *, file: Path) -> Counts:
        self._count("apply", component)
        planned = json.loads(file.read_text())
        state = self.state(component)
        assert state is not None, "a plan made without a state cannot be applied"
        if state["serial"] != planned["serial"]:
            raise BlueprintError("Saved plan is stale")
        wanted = planned["resources"]
        if component.name in self.breaks:
            made = dict(list(wanted.items())[: self.breaks[component.name]])
            self.write(component, made, {}, serial=state["serial"] + 1)
            raise BlueprintError(f"apply of {component.name} failed: Throttled")
        before = self.resources(component)
        self.write(component, wanted, planned["outputs"], serial=state["serial"] + 1)
        return Counts(added=len(set(wanted) - set(before)))

    def destroy(self, component: Component) -> None:
        self._count("destroy", component)
        if component.name in self.breaks:
            raise BlueprintError(f"destroy of {component.name} failed: Throttled")
        self.write(component, {}, {}, serial=9)

    def values(self, component: Component) -> dict[str, Any]:
        self._count("values", component)
        resolved: dict[str, Any] = self._resolve(dict(component.values))
        return resolved

    def state(self, component: Component) -> dict[str, Any] | None:
        body = self.s3.buckets[STATES].get(component.state_key)
        return None if body is None else json.loads(body)

    def resources(self, component: Component) -> dict[str, Any]:
        state = self.state(component) or {"resources": []}
        return {
            f"{each['type']}.{each['name']}": each["instances"][0]["attributes"]
            for each in state["resources"]
        }

    def write(
        self,
        component: Component,
        resources: Mapping[str, Any],
        outputs: Mapping[str, Any],
        *,
        serial: int,
    ) -> None:
        """What the account holds from now on, by Terraform or by hand."""
        document = {
            "lineage": f"lineage of {component.name}",
            "serial": serial,
            "outputs": {name: {"value": value} for name, value in outputs.items()},
            "resources": [
                {
                    "mode": "managed",
                    "type": address.split(".")[0],
                    "name": address.split(".")[1],
                    "instances": [{"attributes": attributes}],
                }
                for address, attributes in resources.items()
            ],
        }
        self.s3.buckets[STATES][component.state_key] = json.dumps(document).encode()

    def change_by_hand(self, component: Component, address: str, **attributes: Any) -> None:
        """Somebody changes a resource in AWS; Terraform's refresh sees it, its state's serial stays."""
        state = self.state(component)
        assert state is not None
        resources = self.resources(component)
        resources[address] = {**resources[address], **attributes}
        outputs = {name: output["value"] for name, output in state["outputs"].items()}
        self.write(component, resources, outputs, serial=state["serial"])

    def _plan(self, component: Component, file: Path) -> dict[str, Any] | None:
        values: dict[str, Any] = self._resolve(dict(component.values))
        wanted, before = values.get("resources", {}), self.resources(component)
        outputs = values.get("outputs", {})
        state = self.state(component) or {"serial": 0, "outputs": {}}
        old_outputs = {name: output["value"] for name, output in state["outputs"].items()}
        changes = [
            change
            for address in sorted(set(wanted) | set(before))
            if (change := _change(address, before.get(address), wanted.get(address)))
        ]
        output_changes = {
            name: {
                "actions": ["update"],
                "before": old_outputs.get(name),
                "after": outputs.get(name),
            }
            for name in sorted(set(outputs) | set(old_outputs))
            if outputs.get(name) != old_outputs.get(name)
        }
        if not changes and not output_changes:
            return None
        content = {"serial": state["serial"], "resources": wanted, "outputs": outputs}
        file.write_text(json.dumps(content))
        return {
            "format_version": "1.2",
            "resource_changes": changes,
            "output_changes": output_changes,
        }

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._resolve(item) for key, item in value.items()}
        if isinstance(value, str) and value.startswith(_REFERENCE):
            component, output = value.removeprefix(_REFERENCE).split(" .")
            body = self.s3.buckets[STATES].get(f"{component}/dev/terraform.tfstate")
            outputs = json.loads(body)["outputs"] if body else {}
            return outputs.get(output, {}).get("value")
        return value

    def _count(self, call: str, component: Component) -> None:
        self.calls[call] += 1
        self.log.append(f"{call} {component.name}")


def _change(address: str, before: Any, after: Any) -> dict[str, Any] | None:
    if before == after:
        return None
    if before is None:
        actions = ["create"]
    elif after is None:
        actions = ["delete"]
    else:
        replaced = before.get("key") != after.get("key")
        actions = ["delete", "create"] if replaced else ["update"]
    return {
        "address": address,
        "type": address.split(".")[0],
        "change": {"actions": actions, "before": before, "after": after},
    }


def component(name: str, *depends_on: str, **values: Any) -> Component:
    """A component of stack dev; `values` are what FakeTerraform plans from."""
    return Component(
        name=name,
        stack="dev",
        directory=name,
        values={
            "namespace": "acme",
            "region": "us-east-1",
            "stage": "dev",
            "account_id": "111111111111",
            **values,
        },
        depends_on=depends_on,
        inputs=(),
        backend={"bucket": STATES, "key": "terraform.tfstate", "workspace_key_prefix": name},
    )


def stack(*components: Component) -> Stack:
    return Stack("dev", {item.name: item for item in components}, emulated=False)
