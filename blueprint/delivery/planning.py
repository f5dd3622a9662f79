"""Plans a stack and says per component what would change, as text or JSON."""

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from blueprint import aws
from blueprint.console import note
from blueprint.delivery import driver, terraform
from blueprint.delivery import echoes as declared_echoes
from blueprint.delivery.echoes import Change
from blueprint.delivery.state import ensure_bucket, has_state
from blueprint.stacks.model import Component, Stack


@dataclass(frozen=True)
class Planned:
    """The plan of one component: real changes, and echoes of the embedded AWS (delivery/echoes.yaml).

    `waits_for` names a dependency that was never applied; such a component cannot be planned yet.
    """

    component: str
    changes: tuple[Change, ...] = ()
    echoes: tuple[Change, ...] = ()
    waits_for: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        return not self.changes and not self.waits_for

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""

        def plain(change: Change) -> dict[str, Any]:
            return {**asdict(change), "attributes": sorted(change.attributes)}

        return {
            "component": self.component,
            "changes": [plain(change) for change in self.changes],
            "echoes": [plain(change) for change in self.echoes],
            "waits_for": list(self.waits_for),
        }


def plan(stack: Stack, env: Mapping[str, str], *, only: Collection[str] = ()) -> list[Planned]:
    """Plan every component of `stack` (or `only`), in dependency order."""
    s3 = aws.client("s3", env, region=stack.value("region"))
    ensure_bucket(stack, s3)
    known = declared_echoes.declared() if stack.emulated else {}

    with tempfile.TemporaryDirectory(prefix="blueprint-plan-") as directory:

        def plan_one(component: Component) -> Planned:
            missing = tuple(
                needed
                for needed in component.depends_on
                if not has_state(stack.component(needed), s3, stack.state_bucket)
            )
            if missing:
                return Planned(component.name, waits_for=missing)
            note(f"{component.name}: planning")
            document = terraform.plan(
                component, env, file=Path(directory) / f"{component.name}.tfplan"
            )
            found = list(declared_echoes.changes(document)) if document else []
            echoed = tuple(change for change in found if declared_echoes.is_echo(change, known))
            real = tuple(change for change in found if change not in echoed)
            return Planned(component.name, changes=real, echoes=echoed)

        outcomes = driver.walk(stack, plan_one, only=only)
    return sorted((outcome.result for outcome in outcomes), key=lambda planned: planned.component)
