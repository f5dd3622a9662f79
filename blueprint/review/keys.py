"""The identity of a component's content, by which a plan finds the review of the same content again."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from blueprint import paths
from blueprint.delivery.fingerprint import digests
from blueprint.errors import UsageError
from blueprint.review.canonical import encoded
from blueprint.review.packages import MANIFEST
from blueprint.stacks.model import Component
from blueprint.tools import catalogue


def plan_key(
    component: Component,
    *,
    packages: Mapping[str, str],
    root: Path = paths.ROOT,
    terraform: str | None = None,
) -> str:
    """Hex SHA-256 of what `component` is as written at `root`: the same before and after a merge, squash or rebase.

    Values are taken as the stack files have them, so no account is asked; `packages` (SHA-256 by role) stand for the
    manifest; `terraform` is the version (default: the pinned one).
    """
    files = dict(digests(root / "components" / "terraform" / component.directory, root))
    reads_packages = False
    for name in component.inputs:
        if name == MANIFEST.as_posix():
            reads_packages = True
        elif (path := root / name).exists():
            files.update(digests(path, root))
        else:
            raise UsageError(
                f"component {component.name} reads {name}, which does not exist",
                remedy=f"correct settings.depends_on in stacks/catalog/{component.name}.yaml",
            )
    content = {
        "stack": component.stack,
        "component": component.name,
        "directory": component.directory,
        "values": component.values,
        "backend": component.backend,
        "files": files,
        "packages": dict(packages) if reads_packages else {},
        "terraform": terraform or catalogue.tool("terraform").version,
    }
    return hashlib.sha256(encoded(content)).hexdigest()


def removal_key(component: Component) -> str:
    """Hex SHA-256 of the identity of a component that the repository no longer has."""
    content = {
        "stack": component.stack,
        "removed": component.name,
        "backend": component.backend,
    }
    return hashlib.sha256(encoded(content)).hexdigest()
