"""Keeps what no apply brings back: finds where a plan would replace, destroy or forget a resource that holds data."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from blueprint.review import allowances, declared
from blueprint.review.allowances import Allowance
from blueprint.review.document import Finding

Action = Literal["replace", "destroy", "forget"]


@dataclass(frozen=True)
class Loss:
    """A resource that would be lost, and how."""

    address: str
    type: str
    action: Action


def action_of(actions: Collection[str]) -> Action | None:
    """What Terraform's `actions` lose: None where the resource stays."""
    gone = {"delete", "forget"} & set(actions)
    if not gone:
        return None
    if "create" in actions:
        return "replace"
    return "forget" if gone == {"forget"} else "destroy"


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Guard:
    """The types that hold data and the allowances, on a given day (UTC)."""

    stateful: Collection[str] = field(default_factory=declared.stateful)
    allowances: tuple[Allowance, ...] = field(default_factory=allowances.read)
    today: date = field(default_factory=_today)

    def findings(self, losses: Iterable[Loss], *, stack: str, component: str) -> Iterator[Finding]:
        """One finding for each loss of data that no allowance covers today."""
        for loss in losses:
            if loss.type not in self.stateful:
                continue
            # To be forgotten is to be destroyed as far as the stack goes: nothing guards it any more.
            wanted = "replace" if loss.action == "replace" else "destroy"
            row = self._row(stack, component, loss.address, wanted)
            if row is None or row.expired(self.today):
                yield _finding(loss, stack, component, wanted, row)

    def _row(self, stack: str, component: str, address: str, action: str) -> Allowance | None:
        wanted = (stack, component, address, action)
        return next(
            (
                row
                for row in self.allowances
                if (row.stack, row.component, row.address, row.action) == wanted
            ),
            None,
        )


_VERBS = {"replace": "replaced", "destroy": "destroyed", "forget": "forgotten by Terraform"}


def _finding(
    loss: Loss, stack: str, component: str, wanted: str, expired: Allowance | None
) -> Finding:
    late = f"; its allowance ended on {expired.until}" if expired else ""
    return Finding(
        rule=f"stateful-{loss.action}",
        address=loss.address,
        message=f"{loss.address} of {component} in {stack} holds data and would be {_VERBS[loss.action]}{late}",
        remedy="keep the resource (`moved` for a new name, another resource beside it for a new shape),"
        " or save its data and have"
        f" a row in policies/allowances.yaml reviewed: stack {stack}, component {component},"
        f" address {loss.address}, action {wanted}",
    )
