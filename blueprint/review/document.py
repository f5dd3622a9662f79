"""The plan document: what one run would change in one stack, in a form that people review and machines compare."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from blueprint import data_files
from blueprint.errors import BlueprintError
from blueprint.review.canonical import encoded

VERSION = 1
Outcome = Literal["changes", "unchanged", "waits", "removed"]


@dataclass(frozen=True)
class Source:
    """Where a document comes from: 40-hex commits, and the pull request and URL of the run that made it."""

    commit: str
    base: str | None = None
    pull_request: int | None = None
    run: str | None = None


@dataclass(frozen=True)
class Attribute:
    """An attribute that differs; both values masked, null where there is none."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """A resource that would be touched; `actions` are Terraform's, or `move` or `import` where it only does that."""

    address: str
    type: str
    actions: tuple[str, ...]
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A rule that the plan breaks; a document with findings cannot be applied."""

    rule: str
    address: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Tally:
    """Numbers of resources; what is forgotten counts as deleted."""

    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0


@dataclass(frozen=True)
class StateVersion:
    """The state that was planned against."""

    lineage: str
    serial: int


@dataclass(frozen=True)
class ComponentPlan:
    """One component's plan.

    `key` is the identity of its content and `digest` that of its plan (None: nothing to apply, or, for `waits`,
    nothing that can be planned before `waits_for` are applied). `file` is the SHA-256 of Terraform's plan file.
    """

    component: str
    key: str
    outcome: Outcome
    digest: str | None = None
    waits_for: tuple[str, ...] = ()
    counts: Tally = Tally()
    state: StateVersion | None = None
    file: str | None = None
    changes: tuple[Change, ...] = ()
    outputs: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def reviewable(self) -> dict[str, Any]:
        """What a review covers: all but the state's version and the plan file, which differ from run to run."""
        fields = plain(asdict(self))
        return {name: fields[name] for name in fields if name not in ("state", "file")}


@dataclass(frozen=True)
class Document:
    """The plan of a stack at one commit; `packages` are the SHA-256 of the function packages it deploys, by role."""

    stack: str
    source: Source
    packages: Mapping[str, str]
    components: tuple[ComponentPlan, ...]

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 over the reviewable part: equal for two runs that would do the same."""
        part = {
            "version": VERSION,
            "stack": self.stack,
            "packages": dict(self.packages),
            "components": [component.reviewable() for component in self.components],
        }
        return hashlib.sha256(encoded(part)).hexdigest()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for component in self.components for finding in component.findings)

    def of(self, *outcomes: Outcome) -> tuple[ComponentPlan, ...]:
        """The components with one of `outcomes`."""
        return tuple(item for item in self.components if item.outcome in outcomes)

    def component(self, name: str) -> ComponentPlan | None:
        """The plan of the component called `name`, if the document has one."""
        return next((item for item in self.components if item.component == name), None)

    def as_json(self) -> dict[str, Any]:
        """Plain values, as `from_json` reads them."""
        return {
            "version": VERSION,
            "stack": self.stack,
            "commit": self.source.commit,
            "base": self.source.base,
            "pull_request": self.source.pull_request,
            "run": self.source.run,
            "digest": self.digest,
            "packages": dict(self.packages),
            "components": [plain(asdict(component)) for component in self.components],
        }


def render(document: Document) -> str:
    """`document` as JSON text."""
    return json.dumps(document.as_json(), indent=2, sort_keys=True) + "\n"


def from_json(content: Any, *, name: str = "the plan document") -> Document:
    """The document in plain values that somebody else wrote.

    `name` says in errors where they come from. Raises BlueprintError with every field that is wrong, and when the
    content is not what its own digest says.
    """
    faults = list(data_files.faults_of(content, SCHEMA))
    faults = faults or list(_contradictions(content))
    if faults:
        raise BlueprintError("\n".join(f"{name}: {fault}" for fault in faults), remedy=_AGAIN)
    document = Document(
        stack=content["stack"],
        source=Source(
            commit=content["commit"],
            base=content["base"],
            pull_request=content["pull_request"],
            run=content["run"],
        ),
        packages=dict(content["packages"]),
        components=tuple(_component(item) for item in content["components"]),
    )
    if document.digest != content["digest"]:
        raise BlueprintError(
            f"{name}: its digest says {content['digest']}, its content is {document.digest}",
            remedy=f"somebody changed it; {_AGAIN}",
        )
    return document


def parse(text: str | bytes, *, name: str = "the plan document") -> Document:
    """The document in JSON `text`; errors as with `from_json`."""
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise BlueprintError(f"{name} is not JSON: {error}", remedy=_AGAIN) from error
    return from_json(content, name=name)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a value of JSON")


_AGAIN = "make it anew with `blueprint delivery plan`"


def _contradictions(content: Mapping[str, Any]) -> Iterator[str]:
    """What each field allows and the whole does not."""
    seen: set[str] = set()
    for position, item in enumerate(content["components"]):
        place = f"components[{position}]"
        if item["component"] in seen:
            yield f"{place}.component: {item['component']} is there twice"
        seen.add(item["component"])
        planned = item["outcome"] in ("changes", "removed")
        if planned != (item["digest"] is not None):
            yield f"{place}.digest: {item['digest']!r} does not go with outcome {item['outcome']!r}"


def _component(item: Mapping[str, Any]) -> ComponentPlan:
    return ComponentPlan(
        **{
            **item,
            "waits_for": tuple(item["waits_for"]),
            "counts": Tally(**item["counts"]),
            "state": StateVersion(**item["state"]) if item["state"] else None,
            "changes": tuple(change_from_json(change) for change in item["changes"]),
            "outputs": tuple(item["outputs"]),
            "findings": tuple(Finding(**finding) for finding in item["findings"]),
        }
    )


def change_from_json(item: Mapping[str, Any]) -> Change:
    """A change in plain values that CHANGE_SCHEMA has approved."""
    return Change(
        address=item["address"],
        type=item["type"],
        actions=tuple(item["actions"]),
        attributes=tuple(Attribute(**attribute) for attribute in item["attributes"]),
    )


def plain(value: Any) -> Any:
    """`value` with lists for tuples, as JSON has it."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


# \Z, not $: that one lets a line break through at the end.
_TEXT = {"type": "string"}
_NAME = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.-]*\Z"}
_COUNT = {"type": "integer", "minimum": 0}
SHA256 = {"type": "string", "pattern": r"^[0-9a-f]{64}\Z", "description": "a SHA-256 in hex"}
_COMMIT = {"type": "string", "pattern": r"^[0-9a-f]{40}\Z", "description": "a full commit ID"}


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


CHANGE_SCHEMA = _object(
    address=_TEXT,
    type=_TEXT,
    actions={
        **_array(
            {"enum": ["create", "update", "delete", "forget", "move", "import", "read", "no-op"]}
        ),
        "minItems": 1,
    },
    attributes=_array(_object(path=_TEXT, before={}, after={})),
)
SCHEMA: Mapping[str, Any] = _object(
    version={"const": VERSION, "description": f"this tool reads version {VERSION}"},
    stack=_NAME,
    commit=_COMMIT,
    base=_or_null(_COMMIT),
    pull_request=_or_null({"type": "integer", "minimum": 1}),
    run=_or_null({"type": "string", "pattern": r"^https?://[^\s<>\"'()]+\Z"}),
    digest=SHA256,
    packages={"type": "object", "propertyNames": _NAME, "additionalProperties": SHA256},
    components=_array(
        _object(
            component=_NAME,
            key=SHA256,
            outcome={"enum": ["changes", "unchanged", "waits", "removed"]},
            digest=_or_null(SHA256),
            waits_for=_array(_NAME),
            counts=_object(create=_COUNT, update=_COUNT, replace=_COUNT, delete=_COUNT),
            state=_or_null(_object(lineage=_TEXT, serial=_COUNT)),
            file=_or_null(SHA256),
            changes=_array(CHANGE_SCHEMA),
            outputs=_array(_TEXT),
            findings=_array(_object(rule=_NAME, address=_TEXT, message=_TEXT, remedy=_TEXT)),
        )
    ),
)
