"""Plans the end of a component that the repository no longer has: all that its state holds."""

import hashlib
from typing import Any

from blueprint.delivery import state
from blueprint.review.canonical import Plan, encoded
from blueprint.review.document import Change, ComponentPlan, StateVersion, Tally
from blueprint.review.guard import Guard, Loss
from blueprint.review.keys import removal_key
from blueprint.review.masking import Mask
from blueprint.stacks.model import Component, Stack


def plan(component: Component, stack: Stack, *, s3: Any, guard: Guard) -> ComponentPlan | None:
    """The removal of `component`, described from the deployed commit; None when its state holds nothing.

    Its digest is over the addresses in the state: no configuration is left to plan with. Terraform is not started.
    """
    held = state.read(component, s3, stack.state_bucket)
    if held is None or not held.resources:
        return None
    content = {
        "removed": component.name,
        "resources": [[each.address, each.type] for each in held.resources],
    }
    losses = [Loss(each.address, each.type, "destroy") for each in held.resources]
    mask = Mask(Plan((), ()))
    return ComponentPlan(
        component=component.name,
        key=removal_key(component),
        outcome="removed",
        digest=hashlib.sha256(encoded(content)).hexdigest(),
        counts=Tally(delete=len(held.resources)),
        state=StateVersion(held.lineage, held.serial),
        changes=tuple(
            Change(mask.text(each.address), each.type, ("delete",)) for each in held.resources
        ),
        findings=tuple(guard.findings(losses, stack=stack.name, component=component.name)),
    )
