"""The files generated from the contract: what they should hold, and whether they do."""

from pathlib import Path

from blueprint.contract import openapi, tables, validators
from blueprint.errors import BlueprintError

_HEADER = f"# Generated from {openapi.CONTRACT} by `blueprint contract render`; do not edit.\n"


def render(root: Path) -> dict[Path, str]:
    """The text of every generated file, by its path below `root`; writes nothing.

    Raises UsageError if the contract cannot be read or is incomplete.
    """
    contract = openapi.load(root)
    operations = openapi.operations(contract)
    api, authorizer = root / "services" / "api", root / "services" / "authorizer"
    return {
        api / "validators.py": _HEADER + validators.source(contract, operations),
        api / "methods.py": _HEADER + tables.methods_source(operations),
        authorizer / "scopes.py": _HEADER + tables.scopes_source(operations),
    }


def check(root: Path) -> None:
    """BlueprintError, naming them, if generated files are missing or differ from the contract."""
    stale = [path for path, text in render(root).items() if _current(path) != text]
    if stale:
        listed = ", ".join(str(path.relative_to(root)) for path in stale)
        raise BlueprintError(
            f"not what {openapi.CONTRACT} says: {listed}", remedy="run `blueprint contract render`"
        )


def _current(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
