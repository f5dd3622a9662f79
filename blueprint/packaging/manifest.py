"""The package manifest, build/packages.json, which Terraform reads: what was built, its name, its inputs."""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from blueprint.errors import BlueprintError

_VERSION = 1


@dataclass(frozen=True)
class Package:
    """One function's zip.

    `file` is its path from the repository's root and `key` its name in the artifacts bucket; `inputs` is the
    fingerprint of what it was built from, `content` the digest of the files in it; `modules` counts the
    function's own; `distributions` and `left_out` are {name: version} of the locked distributions in it and
    not in it; `native` lists its arm64 binaries and `services` the AWS services botocore brings models for.
    """

    file: str
    sha256: str
    base64sha256: str
    key: str
    bytes: int
    unpacked_bytes: int
    inputs: str
    content: str
    modules: int
    distributions: Mapping[str, str]
    left_out: Mapping[str, str]
    native: tuple[str, ...]
    services: tuple[str, ...]


def digests(content: bytes) -> tuple[str, str]:
    """SHA-256 of `content` in hex (as names use it) and in base64 (as Lambda and S3 report it)."""
    digest = hashlib.sha256(content)
    return digest.hexdigest(), base64.b64encode(digest.digest()).decode()


def read(file: Path) -> dict[str, Package]:
    """The packages by role; BlueprintError if the manifest is missing or cannot be understood."""
    if not file.exists():
        raise BlueprintError(f"{file.name} is missing", remedy="run `blueprint package`")
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["version"] != _VERSION:
            raise ValueError(f"its version is {document['version']}, not {_VERSION}")
        return {
            role: Package(
                **{
                    **values,
                    "native": tuple(values["native"]),
                    "services": tuple(values["services"]),
                }
            )
            for role, values in document["packages"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BlueprintError(
            f"{file.name} cannot be understood: {error}", remedy="run `blueprint package --force`"
        ) from error


def render(packages: Mapping[str, Package]) -> str:
    """The manifest as JSON text."""
    document = {
        "version": _VERSION,
        "packages": {role: asdict(packages[role]) for role in sorted(packages)},
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def write(packages: Mapping[str, Package], file: Path) -> None:
    """Replace the manifest in one step: a reader sees the old one or the new one, never half of it."""
    replace(file, render(packages).encode())


def replace(file: Path, content: bytes) -> None:
    """Put `content` into `file` in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
