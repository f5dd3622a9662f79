"""What every job is for: the declared permissions, AWS role and environment of policies/workflows/permissions.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blueprint import data_files

FILE = Path("policies", "workflows", "permissions.yaml")
ROLES = ("plan", "apply", "preview")
_LEVELS = ("read", "write")
_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "required": ["why", "permissions"],
            "additionalProperties": False,
            "properties": {
                "why": {"type": "string", "minLength": 1},
                "permissions": {"type": "object", "additionalProperties": {"enum": list(_LEVELS)}},
                "role": {"enum": list(ROLES)},
                "environment": {"type": "string", "minLength": 1},
                "secrets": {"type": "array", "items": {"type": "string", "pattern": "^[A-Z_]+$"}},
            },
        },
    },
}


@dataclass(frozen=True)
class Duty:
    """What one job may do at most.

    permissions  its token's, scope -> read or write
    role         the AWS role it becomes: plan, apply or preview
    environment  the GitHub environment it waits for; empty where none
    secrets      the names of those it may read
    """

    permissions: Mapping[str, str]
    role: str | None = None
    environment: str = ""
    secrets: tuple[str, ...] = ()


Duties = Mapping[str, Mapping[str, Duty]]


def read(root: Path) -> Duties:
    """Workflow file -> job -> duty, as declared in the repository at `root`.

    Raises UsageError naming the field that does not follow the schema.
    """
    declared = data_files.read(root / FILE, _SCHEMA) or {}
    return {
        file: {
            job: Duty(
                entry["permissions"],
                entry.get("role"),
                entry.get("environment", ""),
                tuple(entry.get("secrets", ())),
            )
            for job, entry in jobs.items()
        }
        for file, jobs in declared.items()
    }


def files_of(duties: Duties, role: str) -> frozenset[str]:
    """The workflow files with a job that becomes `role`: those its trust policy has to name."""
    return frozenset(
        file for file, jobs in duties.items() if any(duty.role == role for duty in jobs.values())
    )


def union(permissions: list[Mapping[str, str]]) -> dict[str, str]:
    """The least that covers all of them."""
    most: dict[str, str] = {}
    for entry in permissions:
        for scope, level in entry.items():
            most[scope] = max(most.get(scope, "read"), level, key=_LEVELS.index)
    return most
