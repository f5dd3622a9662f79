"""What a stack is to the tooling: components with values, and which of them needs which."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from blueprint.errors import BlueprintError, UsageError
from blueprint.stacks import stages


@dataclass(frozen=True)
class Component:
    """One component instance of a stack.

    `values` are its Terraform variables; `depends_on` names components of the same stack; `inputs`
    are files and folders (relative to the repository) whose content the component reads besides its
    own directory.
    """

    name: str
    stack: str
    directory: str
    values: Mapping[str, Any]
    depends_on: tuple[str, ...]
    inputs: tuple[str, ...]
    backend: Mapping[str, Any]

    @property
    def state_key(self) -> str:
        """Key of the Terraform state in the state bucket: where Terraform's S3 backend puts a workspace.

        Atmos names a workspace after the stack; an instance not called as its directory adds its own name.
        """
        prefix = self.backend.get("workspace_key_prefix", self.name)
        workspace = self.stack if self.name == self.directory else f"{self.stack}-{self.name}"
        return f"{prefix}/{workspace}/{self.backend['key']}"


@dataclass(frozen=True)
class Stack:
    """A deployable stack: one stage in one region of one account.

    `settings` is what the stack files say under settings.blueprint.
    """

    name: str
    components: Mapping[str, Component]
    emulated: bool
    settings: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A value every component of the stack shares, such as `region` or `account_id`."""
        for component in self.components.values():
            if name in component.values:
                return str(component.values[name])
        raise UsageError(
            f"stack {self.name}: no component has the value `{name}`",
            remedy=f"set vars.{name} in stacks/deploy/{self.name}.yaml",
        )

    @property
    def prefix(self) -> str:
        """The start of every resource name; the same words as `local.prefix` in components/terraform/_shared."""
        return self._prefix(self.value("stage"))

    @property
    def account_prefix(self) -> str:
        """The start of the names made once per account, which a preview shares with its host: `prefix` elsewhere."""
        return self._prefix(stages.environment(self.value("stage")))

    def _prefix(self, stage: str) -> str:
        region = self.value("region").replace("-", "")
        return f"{self.value('namespace')}-{region}-{stage}"

    @property
    def state_bucket(self) -> str:
        """Bucket of the Terraform states."""
        return str(next(iter(self.components.values())).backend["bucket"])

    def component(self, name: str) -> Component:
        """The component called `name`."""
        if name not in self.components:
            known = ", ".join(sorted(self.components))
            raise UsageError(
                f"stack {self.name} has no component {name!r}", remedy=f"use one of: {known}"
            )
        return self.components[name]

    def sorter(
        self, *, only: Collection[str] = (), reverse: bool = False
    ) -> "TopologicalSorter[str]":
        """A prepared sorter over the components (or `only`), for a driver that starts each as soon as it can.

        In `reverse` the dependents come first. A circle or an unknown dependency is an error, also outside `only`.
        """
        whole: TopologicalSorter[str] = TopologicalSorter()
        chosen: TopologicalSorter[str] = TopologicalSorter()
        for component in self.components.values():
            for needed in component.depends_on:
                if needed not in self.components:
                    raise UsageError(
                        f"stack {self.name}: component {component.name} depends on"
                        f" {needed!r}, which the stack does not have",
                        remedy="correct settings.depends_on in"
                        f" stacks/catalog/{component.name}.yaml",
                    )
            whole.add(component.name, *component.depends_on)
        try:
            whole.prepare()
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            raise BlueprintError(
                f"stack {self.name}: components depend on each other in a circle: {circle}",
                remedy="remove one settings.depends_on entry of the circle",
            ) from error
        names = set(only) or set(self.components)
        for name in names:
            chosen.add(name)
            for needed in self._nearest(name, names):
                chosen.add(*((needed, name) if reverse else (name, needed)))
        chosen.prepare()
        return chosen

    def _nearest(self, name: str, names: Collection[str]) -> set[str]:
        """Those of `names` that `name` depends on, directly or by way of components that are not among them."""
        found: set[str] = set()
        seen: set[str] = set()
        open_ends = list(self.component(name).depends_on)
        while open_ends:
            needed = open_ends.pop()
            if needed in names:
                found.add(needed)
            elif needed not in seen:
                seen.add(needed)
                open_ends += self.components[needed].depends_on
        return found
