"""Puts packages into the artifacts bucket under their digest; what is there already is verified, not trusted."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.packaging import manifest
from blueprint.packaging.manifest import Package


class S3Client(Protocol):
    """The part of boto3's S3 client that is used here."""

    @property
    def exceptions(self) -> Any: ...

    def head_object(self, **kwargs: Any) -> Any: ...

    def get_object(self, **kwargs: Any) -> Any: ...

    def put_object(self, **kwargs: Any) -> Any: ...


def upload(
    packages: Mapping[str, Package], bucket: str, s3_client: S3Client, *, root: Path = paths.ROOT
) -> list[str]:
    """Put each package that the bucket lacks, as the very bytes that were built; returns the keys that were put.

    S3 checks the bytes against ChecksumSHA256 before it stores them. Raises BlueprintError if a zip on the
    disk, or an object under its key, is not what its name says.
    """
    uploaded = []
    for role, package in packages.items():
        if _present(package, bucket, s3_client):
            continue
        s3_client.put_object(
            Bucket=bucket,
            Key=package.key,
            Body=_content(role, package, root=root),
            ChecksumSHA256=package.base64sha256,
            ContentType="application/zip",
        )
        uploaded.append(package.key)
    return uploaded


def _content(role: str, package: Package, *, root: Path) -> bytes:
    file = root / package.file
    if not file.is_file():
        raise BlueprintError(
            f"{package.file}, the package of {role}, is missing", remedy="run `blueprint package`"
        )
    content = file.read_bytes()
    if manifest.digests(content)[0] != package.sha256:
        raise BlueprintError(
            f"{package.file}, the package of {role}, is not what its name says",
            remedy="run `blueprint package`",
        )
    return content


def _present(package: Package, bucket: str, s3_client: S3Client) -> bool:
    """Whether the bucket holds these very bytes; False if it holds nothing under the key."""
    try:
        head = s3_client.head_object(Bucket=bucket, Key=package.key, ChecksumMode="ENABLED")
    except s3_client.exceptions.ClientError as error:
        # A head has no body, so S3 can only say "404" here, never "NoSuchKey".
        if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
            return False
        raise
    checksum = head.get("ChecksumSHA256")
    if head["ContentLength"] == package.bytes and checksum is None:
        # Uploaded by something that sent no SHA-256: the body decides.
        stored = s3_client.get_object(Bucket=bucket, Key=package.key)["Body"].read()
        same = hashlib.sha256(stored).hexdigest() == package.sha256
    else:
        same = head["ContentLength"] == package.bytes and checksum == package.base64sha256
    if not same:
        raise BlueprintError(
            f"s3://{bucket}/{package.key} does not hold the bytes its name promises",
            remedy="find out who wrote it, delete that object version, and run the command again",
        )
    return True
