"""A component is planned again exactly when something it is made of has changed."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from blueprint.delivery.fingerprint import Records, fingerprint
from blueprint.errors import UsageError
from blueprint.stacks.model import Component

VALUES = {"name": "orders"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    directory = tmp_path / "components" / "terraform" / "table"
    directory.mkdir(parents=True)
    (directory / "main.tf").write_text("resource {}\n")
    (tmp_path / "contract.yaml").write_text("routes\n")
    return tmp_path


def table(**changes: Any) -> Component:
    settled: dict[str, Any] = {
        "name": "table",
        "stack": "local",
        "directory": "table",
        "values": {},
        "depends_on": (),
        "inputs": ("contract.yaml",),
        "backend": {
            "bucket": "states",
            "key": "terraform.tfstate",
            "workspace_key_prefix": "table",
        },
    }
    return Component(**{**settled, **changes})


def test_the_same_content_has_the_same_fingerprint(root: Path) -> None:
    assert fingerprint(table(), VALUES, root=root) == fingerprint(table(), dict(VALUES), root=root)


@pytest.mark.parametrize("file", ["components/terraform/table/main.tf", "contract.yaml"])
def test_a_changed_file_changes_it(root: Path, file: str) -> None:
    before = fingerprint(table(), VALUES, root=root)

    (root / file).write_text("something else\n")

    assert fingerprint(table(), VALUES, root=root) != before


def test_a_changed_value_changes_it(root: Path) -> None:
    assert fingerprint(table(), VALUES, root=root) != fingerprint(
        table(), {"name": "other"}, root=root
    )


def test_another_backend_changes_it(root: Path) -> None:
    other = table(backend={"bucket": "elsewhere", "key": "terraform.tfstate"})

    assert fingerprint(table(), VALUES, root=root) != fingerprint(other, VALUES, root=root)


@pytest.mark.parametrize(
    "file",
    [
        ".terraform/providers/lock",
        "backend.tf.json",
        "local-table.terraform.tfvars.json",
        "README.md",
        "tests/a.tftest.hcl",
    ],
)
def test_what_terraform_does_not_read_does_not_change_it(root: Path, file: str) -> None:
    before = fingerprint(table(), VALUES, root=root)

    written = root / "components" / "terraform" / "table" / file
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text("anything\n")

    assert fingerprint(table(), VALUES, root=root) == before


def test_a_missing_package_manifest_is_answered_with_the_command_that_makes_it(root: Path) -> None:
    with pytest.raises(
        UsageError, match=r"reads build/packages\.json, which does not exist"
    ) as failed:
        fingerprint(table(inputs=("build/packages.json",)), VALUES, root=root)

    assert "blueprint package" in failed.value.remedy


class Bucket:
    """An S3 client with one bucket in memory; an object's ETag is its content."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:
        self.objects[Key] = Body

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        return {"Body": Body(self._find(Key))}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        return {"ETag": self._find(Key).decode()}

    def _find(self, key: str) -> bytes:
        if key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": key}}, "GetObject")
        return self.objects[key]


class Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self) -> bytes:
        return self._content


def test_an_applied_component_is_current_until_its_fingerprint_or_its_state_moves() -> None:
    bucket = Bucket()
    records = Records(bucket, "states")
    bucket.objects["table/local/terraform.tfstate"] = b"serial 1"
    assert not records.is_current(table(), "a")

    records.write(table(), "a")

    assert records.is_current(table(), "a")
    assert not records.is_current(table(), "b")
    bucket.objects["table/local/terraform.tfstate"] = b"serial 2, applied by hand"
    assert not records.is_current(table(), "a")
