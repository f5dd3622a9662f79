"""Brings a Terraform plan into the form whose SHA-256 stands for "the same plan".

What stays: every resource that would be created, changed, moved, imported, replaced, forgotten or destroyed,
and every output that would change. What goes: the order of keys and resources, what Terraform only reads, drift
that it found and does not act on, times, and the declared attributes (ignore.yaml; on an emulated stack the
echoes of delivery/echoes.yaml, too). Sets need no sorting here: Terraform prints a set in an order that follows
from its elements alone.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.errors import BlueprintError
from blueprint.review.marked import (
    Difference,
    Sensitive,
    Unknown,
    differences,
    marked,
    pattern,
    without,
)

_VERSION = 1
_FORMAT = "1."
_NOTHING = (["no-op"], ["read"])
Declared = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Touched:
    """A resource that the plan acts upon, with marked values.

    `actions` are Terraform's (`["delete", "create"]` is a replacement); `moved_from` is its former address, `imported`
    the ID it is taken over by, and `deposed` names an old object that a replacement left behind.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    before: Any
    after: Any
    moved_from: str | None = None
    imported: str | None = None
    deposed: str | None = None

    @property
    def is_replacement(self) -> bool:
        return "create" in self.actions and len(self.actions) > 1

    @property
    def differences(self) -> list[Difference]:
        return list(differences(self.before, self.after))


@dataclass(frozen=True)
class Output:
    """An output that the plan changes, with marked values."""

    name: str
    actions: tuple[str, ...]
    before: Any
    after: Any


@dataclass(frozen=True)
class Plan:
    """What a plan does; falsy when it does nothing."""

    resources: tuple[Touched, ...]
    outputs: tuple[Output, ...]

    def __bool__(self) -> bool:
        return bool(self.resources or self.outputs)

    def digest(self, *, lineage: str) -> str | None:
        """Hex SHA-256 of the canonical form, None for a plan that does nothing.

        Sensitive values enter it as an HMAC keyed with the state's `lineage` ("" for a component that was never
        applied), so that the digest of a short secret cannot be looked up.
        """
        if not self:
            return None
        return hashlib.sha256(encoded(self._form(lineage.encode()))).hexdigest()

    def _form(self, key: bytes) -> dict[str, Any]:
        return {
            "version": _VERSION,
            "resources": [_resource_form(resource, key) for resource in self.resources],
            "outputs": [
                [item.name, list(item.actions), _value(item.before, key), _value(item.after, key)]
                for item in self.outputs
            ],
        }


def read(document: Mapping[str, Any] | None, *, ignored: Declared, echoes: Declared) -> Plan:
    """What Terraform's JSON plan (None: an empty one) does, without the declared attributes.

    Raises BlueprintError for a plan that is of another format, or that Terraform could not finish.
    """
    if document is None:
        return Plan((), ())
    _refuse_unfinished(document)
    found = list(_resources(document, ignored))
    real = [resource for resource in found if not _is_echo(resource, echoes)]
    # The outputs of a plan of nothing but echoes are unknown only because of those.
    only_echoes = bool(found) and not real
    outputs = [
        output
        for output in _outputs(document)
        if not (only_echoes and isinstance(output.after, Unknown))
    ]
    return Plan(
        tuple(sorted(real, key=lambda resource: (resource.address, resource.deposed or ""))),
        tuple(sorted(outputs, key=lambda output: output.name)),
    )


def encoded(form: Any) -> bytes:
    """The one way to write `form` as JSON: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        form, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _refuse_unfinished(document: Mapping[str, Any]) -> None:
    version = str(document.get("format_version", "none"))
    if not version.startswith(_FORMAT):
        raise BlueprintError(
            f"the plan's format is {version}, and 1.x is understood",
            remedy="use the pinned Terraform: `make bootstrap`",
        )
    if document.get("errored") or document.get("complete") is False:
        raise BlueprintError(
            "Terraform could plan only a part of the component",
            remedy="plan again; a plan that defers changes cannot be reviewed as a whole",
        )


def _resources(document: Mapping[str, Any], ignored: Declared) -> Iterator[Touched]:
    for resource in document.get("resource_changes", []):
        change = resource["change"]
        moved_from, imported = resource.get("previous_address"), change.get("importing")
        if change["actions"] in _NOTHING and moved_from is None and imported is None:
            continue
        names = ignored.get(resource["type"], frozenset())
        before = marked(change.get("before"), sensitive=change.get("before_sensitive", False))
        after = marked(
            change.get("after"),
            unknown=change.get("after_unknown", False),
            sensitive=change.get("after_sensitive", False),
        )
        yield Touched(
            address=resource["address"],
            type=resource["type"],
            actions=tuple(change["actions"]),
            before=without(before, names.__contains__),
            after=without(after, names.__contains__),
            moved_from=moved_from,
            imported=None if imported is None else str(imported.get("id")),
            deposed=resource.get("deposed"),
        )


def _outputs(document: Mapping[str, Any]) -> Iterator[Output]:
    for name, change in document.get("output_changes", {}).items():
        if change["actions"] != ["no-op"]:
            yield Output(
                name,
                tuple(change["actions"]),
                marked(change.get("before"), sensitive=change.get("before_sensitive", False)),
                marked(
                    change.get("after"),
                    unknown=change.get("after_unknown", False),
                    sensitive=change.get("after_sensitive", False),
                ),
            )


def _is_echo(resource: Touched, echoes: Declared) -> bool:
    """Whether this is an update in place of nothing but declared attributes (see delivery/echoes.py)."""
    differing = {pattern(difference.path) for difference in resource.differences}
    return (
        resource.actions == ("update",)
        and resource.moved_from is None
        and resource.imported is None
        and bool(differing)
        and differing <= echoes.get(resource.type, frozenset())
    )


def _resource_form(resource: Touched, key: bytes) -> dict[str, Any]:
    form: dict[str, Any] = {
        "address": resource.address,
        "actions": list(resource.actions),
        "moved_from": resource.moved_from,
        "imported": resource.imported,
        "deposed": resource.deposed,
    }
    if resource.actions == ("update",):
        form["attributes"] = [
            [list(item.path), _value(item.before, key), _value(item.after, key)]
            for item in resource.differences
        ]
    elif resource.actions != ("no-op",):
        form["before"] = _value(resource.before, key)
        form["after"] = _value(resource.after, key)
    return form


def _value(value: Any, key: bytes) -> Any:
    """`value` as plain JSON in which marks cannot be mistaken for a map that happens to look like one."""
    if isinstance(value, Unknown):
        return {"$unknown": True}
    if isinstance(value, Sensitive):
        content = encoded(_value(value.value, key))
        return {"$sensitive": hmac.new(key, content, hashlib.sha256).hexdigest()}
    if isinstance(value, dict):
        # null and absent are the same to Terraform.
        return {
            f"${name}" if name.startswith("$") else name: _value(item, key)
            for name, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [_value(item, key) for item in value]
    return value
