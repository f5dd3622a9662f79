"""Reads what a CloudFormation or SAM template declares, with the line of each resource and property."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from blueprint.documents import declarations, intrinsics, translation
from blueprint.documents.intrinsics import NOTHING, Scope
from blueprint.documents.model import Declared, Document, Place, Resource
from blueprint.documents.nodes import Node
from blueprint.documents.placeholders import Placeholder

_METRIC_ALARM = "AWS::CloudWatch::Alarm"
_COMPOSITE_ALARM = "AWS::CloudWatch::CompositeAlarm"
_ALARMS = (_METRIC_ALARM, _COMPOSITE_ALARM)
# These transforms add functions or resources we know; any other is a program in the account that may do anything.
_KNOWN_TRANSFORMS = {
    "AWS::Serverless-2016-10-31",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::CodeDeployBlueGreen",
}


def is_template(root: Node) -> bool:
    """Whether the tree is that of a template: a map with resources that have types."""
    resources = root.get("Resources")
    if resources is None or not isinstance(resources.value, dict):
        return False
    return all(
        key.startswith("Fn::") or entry.get("Type") is not None
        for key, entry in resources.value.items()
    )


def parse(root: Node, file: str) -> Document:
    """What the template declares, every parameter at its default."""
    scope = _scope(root)
    alarms: list[Declared] = list(_unseen(root, file))
    resources: list[Resource] = []
    for logical, entry, inner in _entries(root.get("Resources") or Node(0, {}), scope):
        place = Place(logical, file, entry.line or None)
        if logical.startswith("Fn::"):
            alarms.append(_not_expanded(place, logical))
            continue
        condition = entry.get("Condition")
        if condition and intrinsics.holds(str(condition.value), inner) is False:
            continue
        kind = str((entry.get("Type") or entry).value)
        properties = entry.get("Properties") or Node(entry.line, {})
        resolved = intrinsics.resolve(properties, inner)
        if isinstance(resolved, Placeholder) or not isinstance(resolved, Mapping):
            resolved = {}
        if kind == _METRIC_ALARM:
            values, lines = translation.metric_alarm(resolved), _lines(properties)
            alarms.append(declarations.metric_alarm(place, values, lines, translation.spelled))
        elif kind == _COMPOSITE_ALARM:
            values, lines = translation.composite_alarm(resolved), _lines(properties)
            alarms.append(declarations.composite_alarm(place, values, lines, translation.spelled))
        else:
            defaults = _globals(root, kind, inner)
            translated = translation.resource(kind, {**defaults, **resolved}, logical)
            if translated:
                terraform_type, values = translated
                resources.append(Resource(terraform_type, place, values))
    return Document(file, tuple(alarms), tuple(resources))


def _scope(root: Node) -> Scope:
    def entries(section: str) -> dict[str, Node]:
        node = root.get(section)
        return node.value if node and isinstance(node.value, dict) else {}

    resources = entries("Resources")
    scope = Scope(
        parameters=entries("Parameters"),
        mappings=root.get("Mappings") or Node(0, {}),
        conditions=entries("Conditions"),
    )

    def attribute(resource: str, name: str) -> Any:
        """The value of a name that another property of the template sets: the queue's name, not its URL."""
        entry = resources.get(resource)
        if entry is None:
            return None
        kind = entry.get("Type")
        type_name = str(kind.value) if kind else ""
        source = translation.name_property(type_name, name)
        if source is None:
            return None
        properties = entry.get("Properties")
        given = properties.get(source) if properties else None
        # Without this resource's attributes, so that two names made of each other come to an end.
        value = intrinsics.resolve(given, scope) if given else NOTHING
        if value is NOTHING or value is None:
            value = Placeholder(
                f"${{{resource}}}", f"is the name AWS gives the resource {resource}"
            )
        # A rule has to name alarms of its own template, whatever they will be called.
        return str(value) if type_name in _ALARMS else value

    return replace(scope, attributes=attribute)


def _entries(resources: Node, scope: Scope) -> Iterator[tuple[str, Node, Scope]]:
    """Each resource with the scope it stands in; loops (`Fn::ForEach`) are unrolled where their list is known."""
    if not isinstance(resources.value, dict):
        return
    for key, entry in resources.value.items():
        if not key.startswith("Fn::ForEach::"):
            yield key, entry, scope
            continue
        parts = entry.value if isinstance(entry.value, list) else []
        items = intrinsics.resolve(parts[1], scope) if len(parts) == 3 else None
        if not isinstance(items, list) or any(isinstance(item, Placeholder) for item in items):
            yield key, entry, scope
            continue
        identifier = str(parts[0].value)
        for item in items:
            bound = replace(scope, bound={**scope.bound, identifier: str(item)})
            for name, body, inner in _entries(parts[2], bound):
                yield _loop_name(name, inner), body, inner


def _loop_name(name: str, scope: Scope) -> str:
    for identifier, value in scope.bound.items():
        plain = "".join(character for character in value if character.isalnum())
        name = name.replace(f"${{{identifier}}}", value).replace(f"&{{{identifier}}}", plain)
    return name


def _not_expanded(place: Place, key: str) -> Declared:
    return Declared(
        place, None, (f"{key}: the resources it makes depend on what the template does not say",)
    )


def _unseen(root: Node, file: str) -> Iterator[Declared]:
    """One entry for each transform that runs in the account and may add alarms or change those that are here."""
    transform = root.get("Transform")
    if transform is None:
        return
    entries = transform.value if isinstance(transform.value, list) else [transform]
    for entry in entries:
        named = entry.get("Name")
        name = str((named or entry).value)
        if name not in _KNOWN_TRANSFORMS:
            yield Declared(
                Place(f"Transform {name}", file, entry.line or transform.line or None),
                None,
                (f"Transform: {name} runs in the account and may add or change alarms",),
            )


def _globals(root: Node, kind: str, scope: Scope) -> Mapping[str, Any]:
    if not kind.startswith("AWS::Serverless::"):
        return {}
    section = root.get("Globals")
    node = section.get(kind.rpartition("::")[2]) if section else None
    values = intrinsics.resolve(node, scope) if node else {}
    return values if isinstance(values, Mapping) else {}


def _lines(properties: Node) -> dict[str, int]:
    if not isinstance(properties.value, dict):
        return {}
    return {
        translation.argument(key): node.line
        for key, node in properties.value.items()
        if node.line and translation.argument(key)
    }
