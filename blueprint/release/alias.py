"""Moves the alias `live` of each function to the version that holds the built package.

Terraform publishes a version whenever a package changes, and leaves the alias alone: what serves traffic is a release's
decision, and taking it back is one call.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.errors import BlueprintError

ALIAS = "live"
_READY_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Release:
    """One function: the version `live` pointed at, and the one it points at now."""

    role: str
    function: str
    before: str
    after: str

    @property
    def moved(self) -> bool:
        return self.before != self.after


def release(
    functions: Mapping[str, str],
    digests: Mapping[str, str],
    lambda_client: Any,
) -> list[Release]:
    """Point `live` of every function at its package.

    `functions` gives the function's name by role, `digests` the package's base64 SHA-256 by role.
    Every version is looked up before the first alias moves, so a missing one leaves all of them as
    they are.
    """
    if missing := sorted(set(functions) - set(digests)):
        raise BlueprintError(
            f"no package was built of {', '.join(missing)}",
            remedy="build all of them: `.venv/bin/blueprint package`",
        )
    targets = {
        role: _version(role, name, digests[role], lambda_client)
        for role, name in sorted(functions.items())
    }
    return [
        _point(role, functions[role], version, lambda_client) for role, version in targets.items()
    ]


def _version(role: str, function: str, digest: str, lambda_client: Any) -> str:
    pages = lambda_client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    published: list[str] = [
        version["Version"]
        for page in pages
        for version in page["Versions"]
        if version["Version"] != "$LATEST" and version["CodeSha256"] == digest
    ]
    if not published:
        raise BlueprintError(
            f"function {function} has no version with the built package of {role} ({digest})",
            remedy="apply the lambda component first: Terraform publishes the version that a release points at",
        )
    return max(published, key=int)


def _point(role: str, function: str, version: str, lambda_client: Any) -> Release:
    before = lambda_client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
    if before != version:
        _await_active(function, version, lambda_client)
        lambda_client.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=version)
    return Release(role, function, before, version)


def _await_active(function: str, version: str, lambda_client: Any) -> None:
    """An alias on a version that still initialises would fail its first requests."""
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while True:
        configuration = lambda_client.get_function_configuration(
            FunctionName=function, Qualifier=version
        )
        state = configuration.get("State", "Active")
        if state == "Active":
            return
        if state == "Failed" or time.monotonic() > deadline:
            raise BlueprintError(
                f"version {version} of {function} is {state}: {configuration.get('StateReason', 'no reason given')}",
                remedy="correct the cause, apply the lambda component again, and release again",
            )
        time.sleep(1)
