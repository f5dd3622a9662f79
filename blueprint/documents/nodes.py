"""YAML and JSON text as a tree that knows its lines and cannot be made to grow without bound.

CloudFormation's short forms (`!Sub …`) come out as their long ones (`Fn::Sub: …`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from blueprint.errors import UsageError

Scalar = str | int | float | bool | None

# A template has at most 500 resources and 1 MB; these bounds are far above any and below what hurts.
MAX_DEPTH = 100
MAX_NODES = 1_000_000

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "yes": True,
    "on": True,
    "false": False,
    "no": False,
    "off": False,
}
_REMEDY = "correct the named line"


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line (from 1) it stands at, which for the value of a map is that of its key; 0 is no line."""

    line: int
    value: "Scalar | dict[str, Node] | list[Node]"

    def get(self, key: str) -> "Node | None":
        """The value of `key`, None if there is none or this is no map."""
        return self.value.get(key) if isinstance(self.value, dict) else None


def parse(text: str, name: str) -> Node:
    """The tree of one YAML (or JSON) document; UsageError with the line of what is wrong in it.

    `name` is the file's in messages. Merge keys and aliases work, as they do for `aws cloudformation package`.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(yaml.parse(text, Loader=loader), name).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        problem = getattr(error, "problem", None) or error
        raise UsageError(f"{where}: this is not YAML: {problem}", remedy=_REMEDY) from error


def of(value: Any, name: str, depth: int = 0) -> Node:
    """The tree of a parsed JSON value, without lines; UsageError as for `parse`."""
    if depth > MAX_DEPTH:
        raise UsageError(f"{name}: nested deeper than {MAX_DEPTH} levels", remedy=_REMEDY)
    if isinstance(value, dict):
        return Node(0, {str(key): of(item, name, depth + 1) for key, item in value.items()})
    if isinstance(value, list):
        return Node(0, [of(item, name, depth + 1) for item in value])
    return Node(0, value)


class _Builder:
    def __init__(self, events: Iterator[Any], name: str) -> None:
        self.events = events
        self.name = name
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.nodes = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._fault(event, "a second document begins; one template is one file")
                root = self._node(next(self.events), 0)
        return root or Node(0, None)

    def _fault(self, event: Any, what: str) -> UsageError:
        return UsageError(f"{self.name}:{_line(event)}: {what}", remedy=_REMEDY)

    def _count(self, event: Any, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise self._fault(
                event, f"more than {MAX_NODES:,} values (aliases counted as what they stand for)"
            )

    def _node(self, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._fault(event, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise self._fault(
                    event, f"the alias *{event.anchor} has no finished anchor before it"
                )
            node, size = self.anchors[event.anchor]
            self._count(event, size)
            return node
        before = self.nodes
        self._count(event, 1)
        line = _line(event)
        value: Scalar | dict[str, Node] | list[Node]
        if isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                value.append(self._node(inner, depth + 1))
        else:
            value = event.value if not event.implicit[0] else _scalar(event.value)
        node = self._tagged(event, Node(line, value))
        if event.anchor:
            self.anchors[event.anchor] = (node, self.nodes - before)
        return node

    def _mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._fault(event, "a key has to be text")
            value = self._node(next(self.events), depth + 1)
            key, line = event.value, _line(event)
            if key == "<<" and event.implicit[0]:
                sources = value.value if isinstance(value.value, list) else [value]
                for source in sources:
                    if isinstance(source.value, dict):
                        merged = {**source.value, **merged}
                continue
            if key in entries:
                raise self._fault(event, f"the key {key!r} is there twice")
            entries[key] = Node(line, value.value)
        return {**merged, **entries}

    def _tagged(self, event: Any, node: Node) -> Node:
        tag = event.tag
        if tag is None or tag == "!":
            return node
        if tag.startswith("tag:yaml.org,2002:"):
            if tag.rpartition(":")[2] == "str":
                return Node(node.line, event.value)
            if tag.rpartition(":")[2] in ("int", "float", "bool", "null", "map", "seq"):
                return node
            raise self._fault(event, f"the tag {tag} is not for data")
        if not tag.startswith("!"):
            raise self._fault(event, f"the tag {tag} is not known")
        short = tag[1:]
        if short == "GetAtt" and isinstance(node.value, str):
            resource, _, attribute = node.value.partition(".")
            node = Node(node.line, [Node(node.line, resource), Node(node.line, attribute)])
        long = short if short in ("Ref", "Condition") else f"Fn::{short}"
        return Node(node.line, {long: node})


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(text: str) -> Scalar:
    """The value of a plain scalar; a number with a leading zero stays text, as an account's number has to."""
    lowered = text.lower()
    if lowered in _WORDS:
        return _WORDS[lowered]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
