"""Packages are built once: what was stored first for some sources is what every later run deploys."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.packaging import build, manifest
from blueprint.packaging.manifest import Package
from blueprint.review import packages
from blueprint.review.store import PlanStore
from tests.gitops.review.fakes import PLANS, FakeS3, component

INPUTS = "1" * 64


def package(content: bytes, role: str = "api") -> Package:
    sha256, base64sha256 = manifest.digests(content)
    return Package(
        file=f"build/packages/{role}-{sha256}.zip",
        sha256=sha256,
        base64sha256=base64sha256,
        key=f"functions/{role}/{sha256}.zip",
        bytes=len(content),
        unpacked_bytes=9,
        inputs=INPUTS,
        content=hashlib.sha256(b"files").hexdigest(),
        modules=1,
        distributions={"boto3": "1.0"},
        left_out={},
        native=(),
        services=("s3",),
    )


def built(root: Path, content: bytes) -> Path:
    """A clone in which `blueprint package` has run."""
    each = package(content)
    (root / "build" / "packages").mkdir(parents=True)
    (root / each.file).write_bytes(content)
    manifest.write({"api": each}, root / "build" / "packages.json")
    return root


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3()


@pytest.fixture
def store(s3: FakeS3) -> PlanStore:
    return PlanStore(s3, PLANS, stack="dev")


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources whose fingerprint is INPUTS, wherever they lie."""

    monkeypatch.setattr(build, "inputs", lambda **_: {"api": INPUTS})


def test_another_clone_gets_the_same_bytes_and_manifest(store: PlanStore, tmp_path: Path) -> None:
    first, second = built(tmp_path / "a", b"zip"), tmp_path / "b"
    packages.store_built(store, root=first)

    fetched = packages.fetch(store, root=second)

    assert (second / fetched["api"].file).read_bytes() == b"zip"
    assert (second / "build/packages.json").read_bytes() == (
        first / "build/packages.json"
    ).read_bytes()
    assert packages.digests(root=second) == {"api": fetched["api"].sha256}


def test_the_first_build_of_the_same_sources_wins(
    store: PlanStore, s3: FakeS3, tmp_path: Path
) -> None:
    packages.store_built(store, root=built(tmp_path / "a", b"first"))
    second = built(tmp_path / "b", b"the same, compressed by another zlib")

    deployed = packages.store_built(store, root=second)

    assert deployed["api"].sha256 == hashlib.sha256(b"first").hexdigest()
    assert packages.digests(root=second) == {"api": deployed["api"].sha256}
    assert (second / deployed["api"].file).read_bytes() == b"first"
    assert [name for name in s3.buckets[PLANS] if name.endswith(".zip")] == [
        f"packages/{deployed['api'].sha256}.zip"
    ]


def test_sources_that_no_build_is_stored_of_are_named(store: PlanStore, tmp_path: Path) -> None:
    with pytest.raises(BlueprintError, match=r"no package is stored .* sources: api") as missing:
        packages.fetch(store, root=tmp_path)

    assert "blueprint delivery plan --store" in missing.value.remedy
    assert not (tmp_path / "build").exists()


def test_a_zip_that_is_not_what_its_name_says_is_not_stored(
    store: PlanStore, s3: FakeS3, tmp_path: Path
) -> None:
    root = built(tmp_path, b"zip")
    (root / package(b"zip").file).write_bytes(b"other")

    with pytest.raises(BlueprintError, match="the package of api, is missing or not what"):
        packages.store_built(store, root=root)

    assert s3.buckets[PLANS] == {}


def test_stored_bytes_that_were_changed_are_not_deployed(
    store: PlanStore, s3: FakeS3, tmp_path: Path
) -> None:
    packages.store_built(store, root=built(tmp_path / "a", b"zip"))
    name = f"packages/{package(b'zip').sha256}.zip"
    s3.buckets[PLANS][name] = b"evil"

    with pytest.raises(BlueprintError, match=rf"{name} was tampered with"):
        packages.fetch(store, root=tmp_path / "b")

    assert not (tmp_path / "b" / "build").exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("file", "../../outside.zip", "role, inputs, file or key"),
        ("key", "functions/other/x.zip", "role, inputs, file or key"),
        ("inputs", "2" * 64, "role, inputs, file or key"),
        ("sha256", "short", "sha256"),
        ("base64sha256", "AAAA", "does not describe its bytes"),
        ("more", 1, "there is no such key"),
    ],
)
def test_a_changed_entry_is_refused(
    store: PlanStore, s3: FakeS3, tmp_path: Path, field: str, value: Any, message: str
) -> None:
    packages.store_built(store, root=built(tmp_path / "a", b"zip"))
    name = f"packages/index/api/{INPUTS}.json"
    entry = json.loads(s3.buckets[PLANS][name])
    entry["package"][field] = value
    s3.buckets[PLANS][name] = json.dumps(entry).encode()

    with pytest.raises(BlueprintError, match=message):
        packages.fetch(store, root=tmp_path / "b")

    assert not (tmp_path / "b" / "build" / "packages.json").exists()


def test_a_stack_without_functions_needs_no_packages() -> None:
    reading = replace(component("lambda"), inputs=("build/packages.json",))

    assert not packages.needed_by([component("iam")])
    assert packages.needed_by([component("iam"), reading])
