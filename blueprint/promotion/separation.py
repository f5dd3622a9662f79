"""Keeps a change to the guards apart from a change to what they guard, so that each is reviewed for what it is.

A pull request that loosens a rule and uses the loosened rule at once shows its reviewer a green check. In two,
the second is judged by rules that are on the main branch already.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from blueprint import data_files, paths
from blueprint.errors import BlueprintError, UsageError
from blueprint.promotion.git import Repository

FILE = paths.ROOT / "policies" / "separation.yaml"

_PATTERNS = {
    "description": "paths from the repository's root; * is any name, ** any number of folders",
    "type": "array",
    "items": {"type": "string", "pattern": "^[^/\\s]"},
}
_SCHEMA = {
    "type": "object",
    "required": ["separations"],
    "additionalProperties": False,
    "properties": {
        "separations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["guards", "guarded"],
                "additionalProperties": False,
                "properties": {
                    "guards": {**_PATTERNS, "minItems": 1},
                    "guarded": {**_PATTERNS, "minItems": 1},
                    "except": _PATTERNS,
                },
            },
        }
    },
}


@dataclass(frozen=True)
class Separation:
    """Patterns of paths: `guards` and `guarded` may not change together, `exceptions` are neither."""

    guards: tuple[str, ...]
    guarded: tuple[str, ...]
    exceptions: tuple[str, ...] = ()


def read(file: Path = FILE) -> tuple[Separation, ...]:
    """The separations in `file`; UsageError names the field that is wrong."""
    return _rows(data_files.read(file, _SCHEMA))


def check(changed: Collection[str], separations: Sequence[Separation]) -> None:
    """Raise BlueprintError when the `changed` paths hold guards together with what they guard; both are listed."""
    for separation in separations:
        inside = [path for path in sorted(changed) if not _matches(path, separation.exceptions)]
        guards = [path for path in inside if _matches(path, separation.guards)]
        guarded = [
            path for path in inside if _matches(path, separation.guarded) and path not in guards
        ]
        if guards and guarded:
            raise BlueprintError(
                "this change edits guards together with what they guard\n"
                f"guards:\n{_listed(guards)}\nguarded:\n{_listed(guarded)}",
                remedy="make two pull requests, the guards' first: the other is then judged by the rules on main",
            )


def check_since(base: str, *, repository: Repository, head: str = "HEAD") -> None:
    """Hold what `head` changes since it left `base` to the separations that were in force there.

    Those of the change itself do not count: it would decide what it may do. Only where the base has none yet are
    they taken.
    """
    forked = repository.merge_base(base, head)
    changed = repository.changed_paths(forked, head)
    check(changed, _in_force(forked, repository))


def _in_force(commit: str, repository: Repository) -> tuple[Separation, ...]:
    path = FILE.relative_to(paths.ROOT).as_posix()
    text = repository.read(commit, path)
    if text is None:
        return read(repository.root / path)
    document = yaml.safe_load(text)
    if faults := list(data_files.faults_of(document, _SCHEMA)):
        raise UsageError(
            "\n".join(f"{path} of commit {commit}: {fault}" for fault in faults),
            remedy=f"correct {path} on the main branch, in a pull request of its own",
        )
    return _rows(document)


def _rows(document: Any) -> tuple[Separation, ...]:
    return tuple(
        Separation(tuple(row["guards"]), tuple(row["guarded"]), tuple(row.get("except", ())))
        for row in document["separations"]
    )


def _matches(path: str, patterns: Sequence[str]) -> bool:
    return any(re.fullmatch(_expression(pattern), path) for pattern in patterns)


def _expression(pattern: str) -> str:
    parts = re.split(r"(\*\*/?|\*)", pattern)
    wild = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*"}
    return "".join(wild.get(part, re.escape(part)) for part in parts)


def _listed(items: Sequence[str]) -> str:
    return "\n".join(f"  {item}" for item in items)
