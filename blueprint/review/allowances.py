"""Reads policies/allowances.yaml: which resource that holds data may be replaced or destroyed, and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from blueprint import data_files, paths
from blueprint.errors import UsageError

FILE = paths.ROOT / "policies" / "allowances.yaml"

_NAME = {"type": "string", "minLength": 1}
_ROWS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "stack": {**_NAME, "description": "the stack's name, such as dev"},
            "component": {**_NAME, "description": "the component's name, such as dynamodb"},
            "address": {**_NAME, "description": "the resource's address, as the plan names it"},
            "action": {"enum": ["replace", "destroy"], "description": "what may be done to it"},
            "reason": {
                "type": "string",
                "minLength": 10,
                "description": "why, and where its data is",
            },
            # A date, or what a person wrote for one: told apart below, where the value can be shown.
            "until": {},
        },
        "required": ["stack", "component", "address", "action", "reason", "until"],
        "additionalProperties": False,
    },
}


@dataclass(frozen=True)
class Allowance:
    """One row: on `until` it holds for the last time."""

    stack: str
    component: str
    address: str
    action: str
    reason: str
    until: date

    def expired(self, today: date) -> bool:
        return today > self.until


def read(file: Path = FILE) -> tuple[Allowance, ...]:
    """The rows of `file`, expired ones too; UsageError with row, field and remedy for what is not one."""
    name = data_files.shown(file)
    allowances: list[Allowance] = []
    for position, row in enumerate(data_files.read(file, _ROWS)):
        until = row["until"]
        if not isinstance(until, date) or isinstance(until, datetime):
            raise UsageError(
                f"{name}: [{position}].until: {until!r} is not a date",
                remedy="write the last day on which the row holds, such as 2026-12-31",
            )
        allowance = Allowance(**row)
        for other, earlier in enumerate(allowances):
            if _same(earlier, allowance):
                raise UsageError(
                    f"{name}: [{position}] allows the same as [{other}]:"
                    f" {allowance.action} {allowance.address} of {allowance.component} in {allowance.stack}",
                    remedy="remove one of the two",
                )
        allowances.append(allowance)
    return tuple(allowances)


def _same(one: Allowance, other: Allowance) -> bool:
    return (one.stack, one.component, one.address, one.action) == (
        other.stack,
        other.component,
        other.address,
        other.action,
    )


def require_current(allowances: tuple[Allowance, ...], today: date, *, file: Path = FILE) -> None:
    """Raise UsageError that names every row whose day has passed: what is done needs no row any more.

    For the review of a change. A deployment only ceases to heed such a row, or nobody could go back to an older commit.
    """
    late = [
        f"{data_files.shown(file)}: [{position}].until: {row.until} has passed"
        f" ({row.action} {row.address} of {row.component} in {row.stack})"
        for position, row in enumerate(allowances)
        if row.expired(today)
    ]
    if late:
        raise UsageError("\n".join(late), remedy="remove the row, or have a later date reviewed")
