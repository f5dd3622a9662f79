"""Every response of the API against its contract: status, content type, headers and schema."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from blueprint.contract.openapi import load
from blueprint.paths import ROOT


@cache
def _contract() -> dict[str, Any]:
    return load(ROOT)


def assert_documented(
    method: str, path: str, status: int, headers: Mapping[str, str], document: object
) -> None:
    """Fail if the contract does not promise this response. Paths outside it may only be 404."""
    operations = next(
        (
            operations
            for template, operations in _contract()["paths"].items()
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path)
        ),
        None,
    )
    if operations is None or method.lower() not in operations:
        assert status == (404 if operations is None else 405)
        response = _contract()["components"]["responses"]["Problem"]
    else:
        documented = operations[method.lower()]["responses"]
        assert str(status) in documented, f"{method} {path} does not document {status}"
        response = _resolve(documented[str(status)])
    for name, header in response.get("headers", {}).items():
        assert name in headers or not header.get("required"), f"{name} is missing"
    schema = response["content"][headers["Content-Type"]]["schema"]
    components = {"components": _contract()["components"]}
    Draft202012Validator(schema | components).validate(document)


def _resolve(node: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Any = _contract()
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    resolved: dict[str, Any] = target
    return resolved
