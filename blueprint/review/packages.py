"""Exchanges function packages through the plan bucket: built once, deployed everywhere as the same bytes."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.packaging import build, manifest
from blueprint.packaging.manifest import Package
from blueprint.review.document import SHA256
from blueprint.review.store import PlanStore
from blueprint.stacks.model import Component

MANIFEST = paths.MANIFEST.relative_to(paths.ROOT)

_VERSION = 1
_NAMES = {"type": "object", "additionalProperties": {"type": "string"}}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_COUNT = {"type": "integer", "minimum": 0}
_FIELDS: Mapping[str, Any] = {
    "file": {"type": "string"},
    "sha256": SHA256,
    "base64sha256": {"type": "string"},
    "key": {"type": "string"},
    "bytes": _COUNT,
    "unpacked_bytes": _COUNT,
    "inputs": {"type": "string"},
    "content": SHA256,
    "modules": _COUNT,
    "distributions": _NAMES,
    "left_out": _NAMES,
    "native": _TEXTS,
    "services": _TEXTS,
}
_ENTRY: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "version": {"const": _VERSION},
        "role": {"type": "string"},
        "package": {
            "type": "object",
            "properties": _FIELDS,
            "required": list(_FIELDS),
            "additionalProperties": False,
        },
    },
    "required": ["version", "role", "package"],
    "additionalProperties": False,
}


def needed_by(components: Collection[Component]) -> bool:
    """Whether one of `components` reads the package manifest."""
    return any(MANIFEST.as_posix() in component.inputs for component in components)


def digests(*, root: Path = paths.ROOT) -> dict[str, str]:
    """SHA-256 by role of the packages that the manifest of `root` names."""
    return {role: each.sha256 for role, each in manifest.read(root / MANIFEST).items()}


def store_built(store: PlanStore, *, root: Path = paths.ROOT) -> dict[str, Package]:
    """Put the packages of the manifest into `store`; those that will be deployed, by role.

    The first build of the same sources wins: where another one is stored, its bytes replace those of the manifest.
    """
    built = manifest.read(root / MANIFEST)
    deployed = {role: _store(store, role, package, root) for role, package in built.items()}
    _place(store, deployed, root)
    return deployed


def fetch(store: PlanStore, *, root: Path = paths.ROOT) -> dict[str, Package]:
    """Bring the packages that were built for the sources at `root` into its build/, without building.

    Raises BlueprintError with the functions for whose sources none is stored.
    """
    found = {
        role: _indexed(store, role, inputs) for role, inputs in build.inputs(root=root).items()
    }
    missing = [role for role, package in found.items() if package is None]
    if missing:
        raise BlueprintError(
            f"no package is stored that was built from these sources: {', '.join(missing)}",
            remedy="a pull request's plan stores it; by hand: `blueprint package`, `blueprint delivery plan --store`",
        )
    packages = {role: package for role, package in found.items() if package is not None}
    _place(store, packages, root)
    return packages


def _store(store: PlanStore, role: str, package: Package, root: Path) -> Package:
    file = root / package.file
    content = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(content).hexdigest() != package.sha256:
        raise BlueprintError(
            f"{package.file}, the package of {role}, is missing or not what its name says",
            remedy="run `blueprint package`",
        )
    if (first := _indexed(store, role, package.inputs)) is not None:
        return first
    # The bytes before the entry that leads to them: an interrupted run leaves no entry without bytes.
    store.put_package(package.sha256, content)
    entry = {"version": _VERSION, "role": role, "package": asdict(package)}
    if store.index(role, package.inputs, entry):
        return package
    first = _indexed(store, role, package.inputs)
    return first if first is not None else package


def _indexed(store: PlanStore, role: str, inputs: str) -> Package | None:
    entry = store.indexed(role, inputs, _ENTRY)
    if entry is None:
        return None
    fields = entry["package"]
    sha256 = fields["sha256"]
    package = Package(
        **{**fields, "native": tuple(fields["native"]), "services": tuple(fields["services"])}
    )
    # Names follow from role and digest: an entry cannot lead out of build/packages.
    expected = (
        role,
        inputs,
        f"build/packages/{role}-{sha256}.zip",
        f"functions/{role}/{sha256}.zip",
    )
    if (entry["role"], package.inputs, package.file, package.key) != expected:
        raise BlueprintError(
            f"the stored package entry of {role} for {inputs} was tampered with:"
            " role, inputs, file or key are not what its name and digest say",
            remedy="find out who wrote it (CloudTrail, PutObject), delete that object version, and plan again",
        )
    return package


def _place(store: PlanStore, packages: Mapping[str, Package], root: Path) -> None:
    """Write the packages that are not there yet, then the manifest that names them."""
    for role, package in packages.items():
        file = root / package.file
        if file.is_file() and manifest.digests(file.read_bytes())[0] == package.sha256:
            continue
        content = store.package(package.sha256)
        if (len(content), manifest.digests(content)[1]) != (package.bytes, package.base64sha256):
            raise BlueprintError(
                f"the stored package entry of {role} does not describe its bytes",
                remedy="delete the entry's object version and plan again",
            )
        manifest.replace(file, content)
    manifest.write(packages, root / MANIFEST)
