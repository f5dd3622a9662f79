"""Reads a workflow's YAML as GitHub does (`on` is a word there), and remembers the line of every value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from blueprint.errors import UsageError

Place = tuple[str | int, ...]
# libyaml's where there is one: ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SCALARS = {"tag:yaml.org,2002:null", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}


@dataclass(frozen=True)
class Document:
    """A file's `content`, the line (from 1) on which each place in it starts, and its text by lines."""

    file: Path
    content: Mapping[str, Any]
    lines: Mapping[Place, int]
    text: tuple[str, ...]

    def line(self, *place: str | int) -> int:
        """The line of a place; of its nearest known ancestor where there is nothing."""
        for end in range(len(place), 0, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return 1


def read(file: Path) -> Document:
    """The document in `file`.

    Raises UsageError where it is not YAML, names a key twice or is not a mapping.
    """
    text = file.read_text(encoding="utf-8")
    lines: dict[Place, int] = {}
    try:
        node = yaml.compose(text, Loader=_Loader)
        content = None if node is None else _value(node, (), lines)
    except yaml.YAMLError as error:
        raise UsageError(f"{file} is not YAML: {error}", remedy="correct the named line") from error
    if not isinstance(content, dict):
        raise UsageError(f"{file} is not a mapping", remedy="a workflow starts with `name:`")
    return Document(file, content, lines, tuple(text.splitlines()))


def _value(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    # A mapping's values are placed by their keys, which come first and may stand on an earlier line.
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, number), lines) for number, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() in {"true", "false"}:
        return node.value.lower() == "true"
    if node.tag in _SCALARS:
        return yaml.SafeLoader("").construct_object(node)
    return node.value


def _mapping(node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in content:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key!r} is there twice", problem_mark=key_node.start_mark
            )
        lines[(*place, key)] = key_node.start_mark.line + 1
        content[key] = _value(value_node, (*place, key), lines)
    return content
