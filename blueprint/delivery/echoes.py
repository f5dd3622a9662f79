"""The declared list of attributes that the embedded AWS does not give back as they were set.

Terraform would plan such an attribute again for ever. Nothing is hidden: an echo is recognised by
resource type and attribute, on an emulated stack only, and counted in the report; any other
attribute of the same resource is a change like every other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DECLARED = Path(__file__).with_name("echoes.yaml")


@dataclass(frozen=True)
class Change:
    """A resource that a plan would touch; `attributes` names what differs (dotted paths, list positions as `*`)."""

    address: str
    type: str
    actions: tuple[str, ...]
    attributes: frozenset[str]


def changes(plan: Mapping[str, Any]) -> Iterator[Change]:
    """Every change of a JSON plan that is more than a refresh: of resources, or of outputs alone.

    Outputs are what other components read; where resources change, they follow from those.
    """
    found = list(_resource_changes(plan))
    yield from found or _output_changes(plan)


def _output_changes(plan: Mapping[str, Any]) -> Iterator[Change]:
    for name, change in plan.get("output_changes", {}).items():
        if change["actions"] != ["no-op"]:
            yield Change(f"output.{name}", "output", tuple(change["actions"]), frozenset({"value"}))


def _resource_changes(plan: Mapping[str, Any]) -> Iterator[Change]:
    for resource in plan.get("resource_changes", []):
        change = resource["change"]
        if change["actions"] in (["no-op"], ["read"]):
            continue
        before, after = change.get("before") or {}, change.get("after") or {}
        unknown = change.get("after_unknown") or {}
        yield Change(
            address=resource["address"],
            type=resource["type"],
            actions=tuple(change["actions"]),
            attributes=frozenset(_differences(before, after, unknown)),
        )


def _differences(before: Any, after: Any, unknown: Any, path: str = "") -> Iterator[str]:
    if unknown is True:
        yield path
    elif isinstance(before, dict) and isinstance(after, dict):
        marks = unknown if isinstance(unknown, dict) else {}
        for key in sorted(set(before) | set(after) | set(marks)):
            yield from _differences(
                before.get(key), after.get(key), marks.get(key), f"{path}.{key}".lstrip(".")
            )
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        known = [None] * len(after)
        flags = unknown if isinstance(unknown, list) and len(unknown) == len(after) else known
        for old, new, mark in zip(before, after, flags, strict=True):
            yield from _differences(old, new, mark, f"{path}.*")
    elif before != after:
        yield path


def declared(file: Path = DECLARED) -> dict[str, frozenset[str]]:
    """Echoed attributes by resource type."""
    rows = yaml.safe_load(file.read_text())
    return {row["type"]: frozenset(row["attributes"]) for row in rows}


def is_echo(change: Change, known: Mapping[str, frozenset[str]]) -> bool:
    """Whether `change` is an update in place of nothing but declared attributes."""
    echoed = known.get(change.type, frozenset())
    return change.actions == ("update",) and bool(change.attributes) and change.attributes <= echoed
