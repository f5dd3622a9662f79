"""Works out CloudFormation's intrinsic functions as far as the template alone says their values.

What it does not say becomes a Placeholder that knows why: a parameter without a default, a pseudo parameter, another
resource's attribute, a value of another stack.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blueprint.documents.nodes import Node
from blueprint.documents.placeholders import Placeholder

_VARIABLE = re.compile(r"\$\{(!?)([^${}]+)\}")
_PSEUDO = "is known only in the account it is deployed to"


class _Nothing:
    """AWS::NoValue: the property that has it is not there."""


NOTHING = _Nothing()


@dataclass(frozen=True)
class Scope:
    """What names mean in a template.

    `parameters` are the parameters' definitions; `attributes` gives what a resource's Ref (attribute "") or attribute
    is where the template says so; `bound` are the identifiers of the loops around.
    """

    parameters: Mapping[str, Node] = field(default_factory=dict)
    mappings: Node = field(default_factory=lambda: Node(0, {}))
    conditions: Mapping[str, Node] = field(default_factory=dict)
    attributes: Callable[[str, str], Any] = lambda _resource, _attribute: None
    bound: Mapping[str, str] = field(default_factory=dict)


def resolve(node: Node, scope: Scope) -> Any:
    """The value of `node` with every function worked out; Placeholders stand where that is not possible."""
    if isinstance(node.value, list):
        items = (resolve(item, scope) for item in node.value)
        return [item for item in items if item is not NOTHING]
    if not isinstance(node.value, dict):
        return node.value
    if len(node.value) == 1:
        [(name, argument)] = node.value.items()
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](argument, scope)
        if name.startswith("Fn::") and not name.startswith("Fn::ForEach"):
            return _unresolved(name, f"is made by {name}, which is not worked out here")
    values = ((key, resolve(item, scope)) for key, item in node.value.items())
    return {key: value for key, value in values if value is not NOTHING}


def holds(condition: str, scope: Scope) -> bool | None:
    """Whether a named condition is true; None if that depends on what the template does not say."""
    node = scope.conditions.get(condition)
    return None if node is None else _condition(node, scope, (condition,))


def _unresolved(name: str, why: str) -> Placeholder:
    return Placeholder(f"${{{name}}}", why)


def _placeholder_in(value: Any) -> Placeholder | None:
    if isinstance(value, Placeholder):
        return value
    if isinstance(value, list):
        return next((found for item in value if (found := _placeholder_in(item))), None)
    if isinstance(value, dict):
        return _placeholder_in(list(value.values()))
    return None


def _ref(argument: Node, scope: Scope) -> Any:
    return _named(str(argument.value), scope)


def _named(name: str, scope: Scope) -> Any:
    """What `Ref: name` or `${name}` stands for."""
    if name in scope.bound:
        return scope.bound[name]
    if name == "AWS::NoValue":
        return NOTHING
    if name.startswith("AWS::"):
        return _unresolved(name, f"holds {name}, which {_PSEUDO}")
    if name in scope.parameters:
        return _parameter(name, scope.parameters[name])
    resource, _, attribute = name.partition(".")
    known = scope.attributes(resource, attribute)
    return known or _unresolved(name, f"is of the resource {resource}, known once it exists")


def _parameter(name: str, definition: Node) -> Any:
    kind, default = definition.get("Type"), definition.get("Default")
    type_name = str(kind.value) if kind else "String"
    if type_name.startswith("AWS::SSM::Parameter::Value"):
        return _unresolved(name, f"is the value of an SSM parameter (parameter {name})")
    if default is None:
        return _unresolved(name, f"is the parameter {name}, which has no default")
    value = default.value
    if type_name == "Number" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    if type_name in ("CommaDelimitedList", "List<Number>") and isinstance(value, str):
        return [item.strip() for item in value.split(",")]
    return value


def _get_att(argument: Node, scope: Scope) -> Any:
    parts = resolve(argument, scope)
    if isinstance(parts, str):
        resource, _, attribute = parts.partition(".")
    elif isinstance(parts, list) and len(parts) == 2:
        resource, attribute = (str(part) for part in parts)
    else:
        return _unresolved("Fn::GetAtt", "is a Fn::GetAtt without a resource and an attribute")
    known = scope.attributes(resource, attribute)
    why = f"is {attribute} of the resource {resource}, known once it exists"
    return known or _unresolved(f"{resource}.{attribute}", why)


def _sub(argument: Node, scope: Scope) -> Any:
    local: Mapping[str, Any] = {}
    template = argument
    if isinstance(argument.value, list) and len(argument.value) == 2:
        template, variables = argument.value
        resolved = resolve(variables, scope)
        local = resolved if isinstance(resolved, Mapping) else {}
    if not isinstance(template.value, str):
        return _unresolved("Fn::Sub", "is a Fn::Sub without text")
    why = ""

    def replace(match: re.Match[str]) -> str:
        nonlocal why
        literal, name = match.groups()
        if literal:
            return f"${{{name}}}"
        name = name.strip()
        value = local[name] if name in local else _named(name, scope)
        found = _placeholder_in(value)
        why = why or (found.why if found else "")
        return "" if value is NOTHING else _text(value)

    text = _VARIABLE.sub(replace, template.value)
    return Placeholder(text, why) if why else text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_text(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _join(argument: Node, scope: Scope) -> Any:
    parts = resolve(argument, scope)
    if not (isinstance(parts, list) and len(parts) == 2):
        return _unresolved("Fn::Join", "is a Fn::Join without a delimiter and a list")
    delimiter, items = parts
    if isinstance(items, Placeholder) or not isinstance(items, list):
        return _unresolved("Fn::Join", getattr(items, "why", "is a Fn::Join of no list"))
    text = str(delimiter).join(_text(item) for item in items)
    found = _placeholder_in(items)
    return Placeholder(text, found.why) if found else text


def _split(argument: Node, scope: Scope) -> Any:
    parts = resolve(argument, scope)
    if isinstance(parts, list) and len(parts) == 2 and isinstance(parts[1], str):
        if isinstance(parts[1], Placeholder):
            return _unresolved("Fn::Split", parts[1].why)
        return parts[1].split(str(parts[0]))
    return _unresolved("Fn::Split", "is a Fn::Split without a delimiter and text")


def _select(argument: Node, scope: Scope) -> Any:
    parts = resolve(argument, scope)
    if isinstance(parts, list) and len(parts) == 2:
        index, items = parts
        found = _placeholder_in(index) or (items if isinstance(items, Placeholder) else None)
        if found:
            return _unresolved("Fn::Select", found.why)
        if isinstance(items, list) and str(index).isdecimal() and int(index) < len(items):
            return items[int(index)]
    return _unresolved("Fn::Select", "is a Fn::Select of an entry that is not there")


def _find_in_map(argument: Node, scope: Scope) -> Any:
    keys = resolve(argument, scope)
    if not isinstance(keys, list) or len(keys) < 3:
        return _unresolved("Fn::FindInMap", "is a Fn::FindInMap without a map and two keys")
    candidates = [scope.mappings.get(str(keys[0]))]
    for key in keys[1:3]:
        # A key that is not known may be any: where all say the same, it does not matter which.
        candidates = [
            inner
            for node in candidates
            if node is not None
            for inner in (
                list(node.value.values())
                if isinstance(key, Placeholder) and isinstance(node.value, dict)
                else [node.get(_text(key))]
            )
        ]
    values = [resolve(node, scope) for node in candidates if node is not None]
    if values and all(value == values[0] for value in values):
        return values[0]
    options = keys[3] if len(keys) > 3 and isinstance(keys[3], dict) else {}
    if not values and "DefaultValue" in options:
        return options["DefaultValue"]
    unknown = _placeholder_in(keys[1:3])
    why = f"depends on a key that {unknown.why}" if unknown else "is an entry that is not there"
    return _unresolved("Fn::FindInMap", why)


def _if(argument: Node, scope: Scope) -> Any:
    if not isinstance(argument.value, list) or len(argument.value) != 3:
        return _unresolved("Fn::If", "is a Fn::If without a condition and two values")
    name, when_true, when_false = argument.value
    truth = holds(str(name.value), scope)
    if truth is not None:
        return resolve(when_true if truth else when_false, scope)
    either, other = resolve(when_true, scope), resolve(when_false, scope)
    if either == other:
        return either
    return _unresolved(
        "Fn::If", f"depends on the condition {name.value}, which the template alone does not decide"
    )


def _import_value(argument: Node, scope: Scope) -> Any:
    name = resolve(argument, scope)
    return _unresolved(
        f"Fn::ImportValue {_text(name)}", f"is exported by another stack ({_text(name)})"
    )


def _length(argument: Node, scope: Scope) -> Any:
    items = resolve(argument, scope)
    if isinstance(items, list):
        return len(items)
    return _unresolved("Fn::Length", getattr(items, "why", "is a Fn::Length of no list"))


_FUNCTIONS: dict[str, Callable[[Node, Scope], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Length": _length,
}


def _condition(node: Node, scope: Scope, seen: tuple[str, ...]) -> bool | None:
    """The truth of a condition's expression, in three values; `seen` are the conditions on the way to it."""
    if isinstance(node.value, bool):
        return node.value
    if not isinstance(node.value, dict) or len(node.value) != 1:
        return None
    [(name, argument)] = node.value.items()
    if name == "Condition":
        named = str(argument.value)
        inner = scope.conditions.get(named)
        return None if inner is None or named in seen else _condition(inner, scope, (*seen, named))
    parts = argument.value if isinstance(argument.value, list) else []
    if name == "Fn::Equals" and len(parts) == 2:
        left, right = (resolve(part, scope) for part in parts)
        if _placeholder_in(left) or _placeholder_in(right):
            return None
        return _text(left) == _text(right)
    truths = [_condition(part, scope, seen) for part in parts]
    if name == "Fn::Not" and len(truths) == 1:
        return None if truths[0] is None else not truths[0]
    if name == "Fn::And":
        return False if False in truths else None if None in truths else True
    if name == "Fn::Or":
        return True if True in truths else None if None in truths else False
    return None
