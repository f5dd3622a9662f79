"""Plans one component and says everything a review needs of it: digest, masked changes, findings, state."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blueprint.delivery import echoes, state
from blueprint.review import canonical, declared
from blueprint.review.canonical import Declared, Plan, Touched
from blueprint.review.document import (
    Attribute,
    Change,
    ComponentPlan,
    Finding,
    StateVersion,
    Tally,
)
from blueprint.review.guard import Guard, Loss, action_of
from blueprint.review.marked import Difference, Unknown, shown
from blueprint.review.masking import Mask, sensitive_variables
from blueprint.review.running import Runner
from blueprint.stacks.model import Component, Stack


@dataclass(frozen=True)
class Inspector:
    """Plans components of `stack` with `runner`; `s3` reads their states.

    `read_only` keeps a run without the right to write from making the first state of a component; its plan file
    then cannot be applied.
    """

    stack: Stack
    runner: Runner
    s3: Any
    read_only: bool
    guard: Guard = field(default_factory=Guard)
    ignored: Declared = field(default_factory=declared.ignored)

    def inspect(self, component: Component, *, key: str, file: Path) -> ComponentPlan:
        """The plan of `component`, whose content is `key`; `file` receives Terraform's plan file if there is one."""
        found = state.read(component, self.s3, self.stack.state_bucket)
        run = self.runner.plan_anew if found is None and self.read_only else self.runner.plan
        # An empty state says no more than none: a first run that broke off leaves it behind.
        before = found if found is not None and found.resources else None
        document = run(component, file=file)
        plan = canonical.read(document, ignored=self.ignored, echoes=self._echoes)
        digest = plan.digest(lineage=before.lineage if before else "")
        mask = Mask(plan, variables=sensitive_variables(document))
        losses = [
            Loss(resource.address, resource.type, action)
            for resource in plan.resources
            if (action := action_of(resource.actions)) is not None
        ]
        return ComponentPlan(
            component=component.name,
            key=key,
            outcome="changes" if digest else "unchanged",
            digest=digest,
            counts=tally(plan),
            state=StateVersion(before.lineage, before.serial) if before else None,
            file=hashlib.sha256(file.read_bytes()).hexdigest() if digest else None,
            changes=tuple(_change(resource, mask) for resource in plan.resources),
            outputs=tuple(output.name for output in plan.outputs),
            findings=tuple(self._findings(component, losses, mask)),
        )

    def _findings(self, component: Component, losses: list[Loss], mask: Mask) -> Iterator[Finding]:
        found = self.guard.findings(losses, stack=self.stack.name, component=component.name)
        for finding in found:
            yield Finding(
                finding.rule,
                mask.text(finding.address),
                mask.text(finding.message),
                mask.text(finding.remedy),
            )

    @property
    def _echoes(self) -> Mapping[str, frozenset[str]]:
        return echoes.declared() if self.stack.emulated else {}


def tally(plan: Plan) -> Tally:
    """Numbers of resources by what happens to them."""
    numbers = {"create": 0, "update": 0, "replace": 0, "delete": 0}
    for resource in plan.resources:
        if resource.is_replacement:
            numbers["replace"] += 1
        elif resource.actions in (("delete",), ("forget",)):
            numbers["delete"] += 1
        elif resource.actions[0] in numbers:
            numbers[resource.actions[0]] += 1
    return Tally(**numbers)


def _change(resource: Touched, mask: Mask) -> Change:
    address = mask.text(resource.address)
    if resource.deposed:
        address += f" (deposed {resource.deposed})"
    return Change(address, resource.type, _actions(resource), tuple(_attributes(resource, mask)))


def _actions(resource: Touched) -> tuple[str, ...]:
    if resource.actions != ("no-op",):
        return resource.actions
    return ("move",) if resource.moved_from else ("import",)


def _attributes(resource: Touched, mask: Mask) -> Iterator[Attribute]:
    # In brackets: no attribute of a provider is called like that.
    if resource.moved_from:
        yield Attribute("(moved)", mask.text(resource.moved_from), mask.text(resource.address))
    if resource.imported:
        yield Attribute("(imported)", None, mask.text(resource.imported))
    for difference in resource.differences:
        if not _is_noise(resource, difference):
            yield Attribute(
                mask.text(shown(difference.path)),
                mask.value(difference.before, difference.path),
                mask.value(difference.after, difference.path),
            )


def _is_noise(resource: Touched, difference: Difference) -> bool:
    """What AWS will fill in of a new resource says nothing, and neither does what is empty."""
    if resource.actions == ("create",):
        return isinstance(difference.after, Unknown) or difference.after in ("", [], {})
    return resource.actions == ("delete",) and difference.before in ("", [], {})
