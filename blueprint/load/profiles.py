"""Reads loadtests/profiles.yaml: how hard a stack is driven, for how long, and what may fail."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.errors import UsageError

FILE = paths.ROOT / "loadtests" / "profiles.yaml"

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["profiles"],
    "additionalProperties": False,
    "properties": {
        "profiles": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "required": [
                    "description",
                    "users",
                    "spawn_rate",
                    "seconds",
                    "allowed_failure_ratio",
                ],
                "additionalProperties": False,
                "properties": {
                    "description": {"type": "string", "minLength": 10},
                    "users": {
                        "description": "users at the same time; more need more than one machine",
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 2000,
                    },
                    "spawn_rate": {
                        "description": "users that start each second",
                        "type": "number",
                        "exclusiveMinimum": 0,
                    },
                    "seconds": {
                        "description": "how long, up to an hour: a token is valid no longer",
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 3600,
                    },
                    "allowed_failure_ratio": {
                        "description": "failed requests among all, from 0 to below 1",
                        "type": "number",
                        "minimum": 0,
                        "exclusiveMaximum": 1,
                    },
                },
            },
        }
    },
}


@dataclass(frozen=True)
class Profile:
    """`users` at once, `spawn_rate` of them started each second, for `seconds`; `allowed_failure_ratio` from 0 to 1."""

    name: str
    description: str
    users: int
    spawn_rate: float
    seconds: int
    allowed_failure_ratio: float


def read(file: Path = FILE) -> dict[str, Profile]:
    """The profiles by name; UsageError with file and field where one cannot be understood."""
    document = data_files.read(file, _SCHEMA)
    return {name: Profile(name=name, **fields) for name, fields in document["profiles"].items()}


def find(name: str, *, file: Path = FILE) -> Profile:
    """The profile called `name`."""
    known = read(file)
    if name not in known:
        raise UsageError(
            f"there is no load profile {name!r} in {data_files.shown(file)}",
            remedy=f"use one of: {', '.join(known)}",
        )
    return known[name]
