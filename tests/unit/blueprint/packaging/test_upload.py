import io
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.packaging import manifest
from blueprint.packaging.manifest import Package
from blueprint.packaging.upload import upload

CONTENT = b"a zip"


class ClientError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class FakeS3:
    """One bucket; `refuse` makes every head fail with that code, `checksums` says whether it reports them."""

    class exceptions:  # noqa: N801 (boto3's name)
        ClientError = ClientError

    def __init__(self, *, refuse: str = "", checksums: bool = True) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.refuse = refuse
        self.checksums = checksums

    def head_object(self, **kwargs: Any) -> dict[str, Any]:
        if self.refuse or kwargs["Key"] not in self.objects:
            raise ClientError(self.refuse or "404")
        stored = self.objects[kwargs["Key"]]
        checksum = {"ChecksumSHA256": stored["ChecksumSHA256"]} if self.checksums else {}
        return {"ContentLength": len(stored["Body"]), **checksum}

    def get_object(self, **kwargs: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.objects[kwargs["Key"]]["Body"])}

    def put_object(self, **kwargs: Any) -> None:
        self.objects[kwargs["Key"]] = kwargs


@pytest.fixture
def packages(tmp_path: Path) -> dict[str, Package]:
    sha256, base64sha256 = manifest.digests(CONTENT)
    file = f"build/packages/api-{sha256}.zip"
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_bytes(CONTENT)
    return {
        "api": Package(
            file=file,
            sha256=sha256,
            base64sha256=base64sha256,
            key=f"functions/api/{sha256}.zip",
            bytes=len(CONTENT),
            unpacked_bytes=9,
            inputs="",
            content="",
            modules=1,
            distributions={},
            left_out={},
            native=(),
            services=(),
        )
    }


def test_a_missing_object_is_put_with_its_checksum(
    packages: dict[str, Package], tmp_path: Path
) -> None:
    s3 = FakeS3()

    assert upload(packages, "artifacts", s3, root=tmp_path) == [packages["api"].key]
    put = s3.objects[packages["api"].key]
    assert put["Bucket"] == "artifacts"
    assert put["Body"] == CONTENT
    assert put["ChecksumSHA256"] == packages["api"].base64sha256


@pytest.mark.parametrize("checksums", [True, False])
def test_an_object_that_is_there_is_not_put_again(
    packages: dict[str, Package], tmp_path: Path, checksums: bool
) -> None:
    s3 = FakeS3(checksums=checksums)
    upload(packages, "artifacts", s3, root=tmp_path)

    (tmp_path / packages["api"].file).unlink()  # promotion needs no local zip
    assert upload(packages, "artifacts", s3, root=tmp_path) == []


@pytest.mark.parametrize("checksums", [True, False])
@pytest.mark.parametrize("body", [b"A zip", b"another zip"])
def test_an_object_with_other_bytes_is_reported_not_replaced(
    packages: dict[str, Package], tmp_path: Path, checksums: bool, body: bytes
) -> None:
    s3 = FakeS3(checksums=checksums)
    s3.put_object(Key=packages["api"].key, Body=body, ChecksumSHA256=manifest.digests(body)[1])

    with pytest.raises(
        BlueprintError, match=r"s3://artifacts/functions/api/.*\.zip does not hold the bytes"
    ):
        upload(packages, "artifacts", s3, root=tmp_path)
    assert s3.objects[packages["api"].key]["Body"] == body


def test_a_refused_head_is_not_taken_for_a_missing_object(
    packages: dict[str, Package], tmp_path: Path
) -> None:
    s3 = FakeS3(refuse="403")

    with pytest.raises(ClientError, match="403"):
        upload(packages, "artifacts", s3, root=tmp_path)
    assert s3.objects == {}


def test_a_zip_that_is_not_what_its_name_says_is_not_uploaded(
    packages: dict[str, Package], tmp_path: Path
) -> None:
    (tmp_path / packages["api"].file).write_bytes(b"tampered")

    with pytest.raises(BlueprintError, match="the package of api, is not what its name says"):
        upload(packages, "artifacts", FakeS3(), root=tmp_path)


def test_a_missing_zip_is_named(packages: dict[str, Package], tmp_path: Path) -> None:
    (tmp_path / packages["api"].file).unlink()

    with pytest.raises(BlueprintError, match="the package of api, is missing"):
        upload(packages, "artifacts", FakeS3(), root=tmp_path)
