"""Finds where an environment and what was deployed there have come apart, and on whose side."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from blueprint import aws, data_files, paths
from blueprint.console import note
from blueprint.delivery import driver
from blueprint.delivery.fingerprint import Records, fingerprint
from blueprint.delivery.state import has_state
from blueprint.errors import BlueprintError
from blueprint.review.canonical import encoded
from blueprint.review.document import CHANGE_SCHEMA, SHA256, Change, change_from_json, plain
from blueprint.review.guard import Guard
from blueprint.review.inspection import Inspector
from blueprint.review.running import Runner, Terraform
from blueprint.stacks.model import Component, Stack

VERSION = 1
# Somebody changed AWS, or what is deployed was never (wholly) applied.
Kind = Literal["changed-in-aws", "not-applied"]


@dataclass(frozen=True)
class ComponentDrift:
    """One component that has drifted: what an apply would change, masked, and the digest of that plan.

    A component that was never applied has neither.
    """

    component: str
    kind: Kind
    digest: str | None = None
    changes: tuple[Change, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drift:
    """The drift of a stack at the deployed `commit`; no components: none."""

    stack: str
    commit: str
    components: tuple[ComponentDrift, ...]

    @property
    def digest(self) -> str | None:
        """Hex SHA-256 of the drift, the same every day it stays the same; None when there is none."""
        if not self.components:
            return None
        parts = [[item.component, item.kind, item.digest] for item in self.components]
        return hashlib.sha256(encoded([self.stack, parts])).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain values, as `from_json` reads them."""
        return {"version": VERSION, "digest": self.digest, **plain(asdict(self))}


def render(report: Drift) -> str:
    """`report` as JSON text."""
    return json.dumps(report.as_json(), indent=2, sort_keys=True) + "\n"


def from_json(content: Any, *, name: str = "the drift report") -> Drift:
    """The report in plain values; BlueprintError with every field that is wrong."""
    faults = list(data_files.faults_of(content, _SCHEMA))
    if faults:
        raise BlueprintError("\n".join(f"{name}: {fault}" for fault in faults), remedy=_AGAIN)
    report = Drift(
        content["stack"],
        content["commit"],
        tuple(
            ComponentDrift(
                component=item["component"],
                kind=item["kind"],
                digest=item["digest"],
                changes=tuple(change_from_json(change) for change in item["changes"]),
                outputs=tuple(item["outputs"]),
            )
            for item in content["components"]
        ),
    )
    if report.digest != content["digest"]:
        raise BlueprintError(
            f"{name}: its digest says {content['digest']}, its content is {report.digest}",
            remedy=_AGAIN,
        )
    return report


_AGAIN = "make it anew with `blueprint delivery drift --out FILE`"


def find(
    stack: Stack,
    env: Mapping[str, str],
    *,
    commit: str,
    s3: Any = None,
    runner: Runner | None = None,
    root: Path = paths.ROOT,
) -> Drift:
    """Plan every component of `stack` as deployed (`root` holds `commit`) and report what differs; writes nothing."""
    s3 = s3 if s3 is not None else aws.client("s3", env, region=stack.value("region"))
    runner = runner or Terraform(env, root)
    inspector = Inspector(
        stack, runner, s3, read_only=True, guard=Guard(stateful=(), allowances=())
    )
    records = Records(s3, stack.state_bucket)
    with tempfile.TemporaryDirectory(prefix="blueprint-drift-") as directory:

        def look(component: Component) -> ComponentDrift | None:
            if not has_state(component, s3, stack.state_bucket):
                return ComponentDrift(component.name, "not-applied")
            note(f"{component.name}: planning")
            file = Path(directory) / f"{component.name}.tfplan"
            planned = inspector.inspect(component, key="", file=file)
            if planned.digest is None:
                return None
            now = fingerprint(component, runner.values(component), root=root)
            applied = records.applied(component) == now
            return ComponentDrift(
                component=component.name,
                kind="changed-in-aws" if applied else "not-applied",
                digest=planned.digest,
                changes=planned.changes,
                outputs=planned.outputs,
            )

        outcomes = driver.walk(stack, look)
    found = [outcome.result for outcome in outcomes if outcome.result is not None]
    return Drift(stack.name, commit, tuple(sorted(found, key=lambda item: item.component)))


_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "version": {"const": VERSION},
        "stack": {"type": "string", "minLength": 1},
        "commit": {"type": "string", "pattern": r"^[0-9a-f]{40}\Z"},
        "digest": {**SHA256, "type": ["string", "null"]},
        "components": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "component": {"type": "string", "minLength": 1},
                    "kind": {"enum": ["changed-in-aws", "not-applied"]},
                    "digest": {**SHA256, "type": ["string", "null"]},
                    "changes": {"type": "array", "items": CHANGE_SCHEMA},
                    "outputs": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["component", "kind", "digest", "changes", "outputs"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["version", "stack", "commit", "digest", "components"],
    "additionalProperties": False,
}
