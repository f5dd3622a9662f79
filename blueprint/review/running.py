"""The runs of Terraform that a review needs, as one thing that a test can stand in for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from blueprint import paths
from blueprint.delivery import terraform
from blueprint.delivery.terraform import Counts
from blueprint.stacks import atmos
from blueprint.stacks.model import Component


class Runner(Protocol):
    """Terraform for the components of one tree and one account."""

    def plan(self, component: Component, *, file: Path) -> dict[str, Any] | None:
        """Plan into `file`; the JSON plan, None when nothing would change. Makes the state where there is none."""

    def plan_anew(self, component: Component, *, file: Path) -> dict[str, Any] | None:
        """Plan a component without a state and write nothing to the account; `file` cannot be applied."""

    def apply(self, component: Component, *, file: Path) -> Counts:
        """Apply the plan in `file`."""

    def destroy(self, component: Component) -> None:
        """Destroy every resource."""

    def values(self, component: Component) -> dict[str, Any]:
        """The component's values as Terraform will get them, with what it reads from others."""


@dataclass(frozen=True)
class Terraform:
    """Terraform through Atmos, on the tree at `root` with the credentials in `env`."""

    env: Mapping[str, str]
    root: Path = paths.ROOT

    def plan(self, component: Component, *, file: Path) -> dict[str, Any] | None:
        return terraform.plan(component, self.env, file=file, root=self.root)

    def plan_anew(self, component: Component, *, file: Path) -> dict[str, Any] | None:
        return terraform.plan_anew(component, self.env, file=file, root=self.root)

    def apply(self, component: Component, *, file: Path) -> Counts:
        return terraform.apply_plan(component, self.env, file=file, root=self.root)

    def destroy(self, component: Component) -> None:
        terraform.destroy(component, self.env, root=self.root)

    def values(self, component: Component) -> dict[str, Any]:
        return atmos.values(component, self.env, root=self.root)
