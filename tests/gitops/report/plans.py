"""Plan documents made up for the tests."""

from typing import Any

from blueprint.review.document import (
    Attribute,
    Change,
    ComponentPlan,
    Document,
    Finding,
    Outcome,
    Source,
    Tally,
)

COMMIT = "a1b2c3d4" * 5
RUN = "https://github.com/acme/orders/actions/runs/77"
DIGEST = "0123456789abcdef" * 4
KEY = "f" * 64
PACKAGE = "9" * 64


def change(
    address: str = "aws_sqs_queue.orders", *actions: str, **attributes: tuple[Any, Any]
) -> Change:
    """A change to `address`; attributes as `name=(before, after)`."""
    return Change(
        address=address,
        type=address.split(".")[-2],
        actions=actions or ("update",),
        attributes=tuple(Attribute(n, before, after) for n, (before, after) in attributes.items()),
    )


def component(
    name: str = "sqs",
    *changes: Change,
    outcome: Outcome = "changes",
    waits_for: tuple[str, ...] = (),
    outputs: tuple[str, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> ComponentPlan:
    actions = [item.actions for item in changes]
    return ComponentPlan(
        component=name,
        key=KEY,
        outcome=outcome,
        digest=DIGEST if outcome in {"changes", "removed"} else None,
        waits_for=waits_for,
        counts=Tally(
            create=actions.count(("create",)),
            update=actions.count(("update",)),
            replace=sum(len(each) > 1 for each in actions),
            delete=actions.count(("delete",)),
        ),
        changes=changes,
        outputs=outputs,
        findings=findings,
    )


def unchanged(name: str) -> ComponentPlan:
    return component(name, outcome="unchanged")


def document(
    *components: ComponentPlan,
    stack: str = "dev",
    commit: str = COMMIT,
    pull_request: int | None = 12,
    run: str | None = RUN,
    packages: dict[str, str] | None = None,
) -> Document:
    return Document(
        stack=stack,
        source=Source(commit, base=None, pull_request=pull_request, run=run),
        packages={} if packages is None else packages,
        components=components,
    )
