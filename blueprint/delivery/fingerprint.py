"""Says whether a component can have changed since it was last applied, without starting Terraform.

A component is what its directory, its values (with what it reads from other components) and its
declared inputs are. Their digest is stored beside the Terraform state when an apply has ended well,
together with the state's own version: if either moved, the component is planned again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from blueprint import paths
from blueprint.errors import UsageError
from blueprint.stacks.model import Component

# Written by Terraform and Atmos beside the component, or read by people only.
_NOT_INPUT = (".terraform", "tests", "backend.tf.json", "README.md")
_NOT_INPUT_SUFFIX = (".planfile", ".terraform.tfvars.json", ".tfstate")


def fingerprint(component: Component, values: Mapping[str, Any], *, root: Path = paths.ROOT) -> str:
    """Hex SHA-256 of everything `component` is made of; equal fingerprints mean an equal configuration."""
    directory = root / "components" / "terraform" / component.directory
    files = dict(digests(directory, root))
    for name in component.inputs:
        path = root / name
        if not path.exists():
            raise UsageError(
                f"component {component.name} reads {name}, which does not exist",
                remedy="build the packages with `.venv/bin/blueprint package`"
                if name.startswith("build/")
                else f"correct settings.depends_on in stacks/catalog/{component.name}.yaml",
            )
        files.update(digests(path, root))
    content = {"values": values, "backend": component.backend, "files": files}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def digests(path: Path, root: Path) -> Iterator[tuple[str, str]]:
    """Path below `root` and SHA-256 of each file of `path` (a file or a folder) that Terraform can read."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in found:
        relative = file.relative_to(path).parts
        if any(part in _NOT_INPUT for part in relative) or file.name.endswith(_NOT_INPUT_SUFFIX):
            continue
        if file.is_file():
            yield file.relative_to(root).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Record:
    """What was applied last: the configuration's fingerprint and the version (ETag) of the state it left."""

    fingerprint: str
    state: str


class Records:
    """The records of a stack, kept in its state bucket so that they share the states' fate."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def is_current(self, component: Component, digest: str) -> bool:
        """Whether `component` was applied with this fingerprint, and its state was not touched since."""
        record = self._read(component)
        return record is not None and record == Record(digest, self._state_version(component))

    def applied(self, component: Component) -> str | None:
        """The fingerprint `component` was applied with last; None when no apply of it ended well."""
        record = self._read(component)
        return record.fingerprint if record else None

    def write(self, component: Component, digest: str) -> None:
        """Remember that `component` was applied with this fingerprint."""
        record = Record(digest, self._state_version(component))
        body = json.dumps({"fingerprint": record.fingerprint, "state": record.state}).encode()
        self._s3.put_object(Bucket=self._bucket, Key=self._key(component), Body=body)

    def _read(self, component: Component) -> Record | None:
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=self._key(component))["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        content = json.loads(body)
        return Record(content["fingerprint"], content["state"])

    def _state_version(self, component: Component) -> str:
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=component.state_key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return ""
            raise
        return str(head["ETag"])

    def _key(self, component: Component) -> str:
        return f"fingerprints/{component.stack}/{component.name}.json"
