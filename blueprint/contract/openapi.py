"""Reading the contract: its operations, their scopes and the schemas of their request bodies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from blueprint.errors import UsageError

CONTRACT = Path("services/api/openapi.yaml")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_SCHEME = "oauth2"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. `scope` is None for a route that is open to everybody."""

    method: str
    path: str
    scope: str | None
    request_schema: str | None

    @property
    def route_key(self) -> str:
        """As API Gateway spells it: `GET /items/{item_id}`."""
        return f"{self.method} {self.path}"


def load(root: Path) -> dict[str, Any]:
    path = root / CONTRACT
    try:
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise UsageError(f"cannot read {CONTRACT}: {error}") from error
    if not isinstance(contract, dict) or not isinstance(contract.get("paths"), dict):
        raise UsageError(f"{CONTRACT} has no `paths`", remedy="restore it from git")
    return contract


def operations(contract: Mapping[str, Any]) -> list[Operation]:
    """Every operation, in the order of the file."""
    return [
        Operation(
            method=method.upper(),
            path=path,
            scope=_scope(contract, f"{method.upper()} {path}", operation),
            request_schema=_request_schema(f"{method.upper()} {path}", operation),
        )
        for path, method, operation in _raw_operations(contract)
    ]


def _raw_operations(contract: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            if method in _METHODS:
                yield path, method, operation


def _scope(contract: Mapping[str, Any], route_key: str, operation: Mapping[str, Any]) -> str | None:
    # Without its own `security` an operation would inherit or be open by omission: neither is safe.
    if "security" not in operation:
        raise UsageError(
            f"{route_key} in {CONTRACT} does not say who may call it",
            remedy="add `security: []` for everybody, or `security: [{oauth2: [<scope>]}]`",
        )
    match operation["security"]:
        case []:
            return None
        case [{"oauth2": [str(scope)]}]:
            pass
        case _:
            raise UsageError(
                f"{route_key} in {CONTRACT} must name exactly one {_SCHEME} scope",
                remedy="write `security: [{oauth2: [<scope>]}]`",
            )
    scheme = contract["components"]["securitySchemes"][_SCHEME]
    declared = scheme["flows"]["clientCredentials"]["scopes"]
    if scope not in declared:
        raise UsageError(
            f"{route_key} in {CONTRACT} needs scope {scope}, which is not declared",
            remedy=f"use one of {', '.join(sorted(declared))}, or declare it in securitySchemes",
        )
    return scope


def _request_schema(route_key: str, operation: Mapping[str, Any]) -> str | None:
    if "requestBody" not in operation:
        return None
    match operation["requestBody"]:
        case {"content": {"application/json": {"schema": {"$ref": str(reference)}}}}:
            return reference.rpartition("/")[2]
    raise UsageError(
        f"the request body of {route_key} in {CONTRACT} is not a named JSON schema",
        remedy="move it to components.schemas and refer to it by $ref",
    )
