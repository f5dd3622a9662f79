"""Reads policies/terraform.yaml: the providers that may be used, and the blocks that may not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import data_files, paths

FILE = paths.ROOT / "policies" / "terraform.yaml"

_TEXT = {"type": "string", "minLength": 10}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["providers", "refused"],
    "additionalProperties": False,
    "properties": {
        "providers": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["address", "arguments", "reason"],
                "additionalProperties": False,
                "properties": {
                    "address": {
                        "description": "host, namespace and name, such as registry.terraform.io/hashicorp/aws",
                        "type": "string",
                        "pattern": "^[a-z0-9.-]+/[a-z0-9_-]+/[a-z0-9_-]+$",
                    },
                    "arguments": {"type": "array", "items": {"type": "string"}},
                    "reason": _TEXT,
                },
            },
        },
        "refused": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["block", "type", "reason", "remedy"],
                "additionalProperties": False,
                "properties": {
                    "block": {"enum": ["data", "resource", "ephemeral", "provisioner"]},
                    "type": {"type": "string"},
                    "reason": _TEXT,
                    "remedy": _TEXT,
                },
            },
        },
    },
}


@dataclass(frozen=True)
class Refused:
    """Why a block may not be used, and what to do in its place."""

    reason: str
    remedy: str


@dataclass(frozen=True)
class Policy:
    """`providers` gives the arguments a provider block may set by address, `refused` is by block and type."""

    providers: dict[str, frozenset[str]]
    refused: dict[tuple[str, str], Refused]


def read(file: Path = FILE) -> Policy:
    """The policy in `file`; UsageError with file and field where it cannot be understood."""
    document = data_files.read(file, _SCHEMA)
    return Policy(
        providers={
            entry["address"]: frozenset(entry["arguments"]) for entry in document["providers"]
        },
        refused={
            (entry["block"], entry["type"]): Refused(entry["reason"], entry["remedy"])
            for entry in document["refused"]
        },
    )
