"""Reads the declared lists of resource types: what the canonical form leaves out, and what holds data."""

from collections.abc import Mapping
from pathlib import Path

from blueprint import data_files
from blueprint.errors import UsageError

IGNORED = Path(__file__).with_name("ignore.yaml")
STATEFUL = Path(__file__).with_name("stateful.yaml")

_REASON = {"type": "string", "minLength": 10, "description": "why the row is there"}
_TYPE = {"type": "string", "pattern": "^[a-z][a-z0-9_]+$", "description": "a resource type"}
_IGNORED_ROWS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": _TYPE,
            "attributes": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {
                    "type": "string",
                    # `*` stands for a position in a list only: a whole resource can never be left out.
                    "pattern": r"^[a-z][a-z0-9_]*(\.(\*|[A-Za-z0-9_-]+))*$",
                    "description": "an attribute's dotted path, * for a position in a list",
                },
            },
            "reason": _REASON,
        },
        "required": ["type", "attributes", "reason"],
        "additionalProperties": False,
    },
}
_STATEFUL_ROWS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"type": _TYPE, "reason": _REASON},
        "required": ["type", "reason"],
        "additionalProperties": False,
    },
}


def ignored(file: Path = IGNORED) -> dict[str, frozenset[str]]:
    """Attributes the canonical form leaves out, by resource type."""
    rows = data_files.read(file, _IGNORED_ROWS)
    _refuse_twice([row["type"] for row in rows], file)
    return {row["type"]: frozenset(row["attributes"]) for row in rows}


def stateful(file: Path = STATEFUL) -> Mapping[str, str]:
    """Resource types that hold what no apply brings back, each with the reason."""
    rows = data_files.read(file, _STATEFUL_ROWS)
    _refuse_twice([row["type"] for row in rows], file)
    return {row["type"]: row["reason"] for row in rows}


def _refuse_twice(types: list[str], file: Path) -> None:
    for position, kind in enumerate(types):
        if kind in types[:position]:
            raise UsageError(
                f"{data_files.shown(file)}: [{position}].type: {kind} is there twice",
                remedy="make one row of the two",
            )
