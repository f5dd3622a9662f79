"""Maps module names to files, and import statements to the module names they may load."""

from collections.abc import Iterator
from pathlib import Path

from blueprint.packaging.source import Import


def locate(root: Path, module: str) -> Path | None:
    """The file below `root` that Python would load for `module`; None for a namespace package or a module elsewhere."""
    base = root.joinpath(*module.split("."))
    package = base / "__init__.py"
    if package.is_file():
        return package
    plain = base.parent / f"{base.name}.py"
    if plain.is_file():
        return plain
    return next(iter(sorted(base.parent.glob(f"{base.name}.*so"))), None)


def is_package(file: Path) -> bool:
    return file.name == "__init__.py"


def ancestors(module: str) -> list[str]:
    """`a.b.c` loads a, a.b and a.b.c, in this order."""
    parts = module.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]


def candidates(statement: Import, module: str, package: bool) -> Iterator[tuple[str, bool]]:
    """Every module `statement` of `module` may load; the flag says that it must exist.

    A member of `from a import b` is a module or a name inside `a`, which only running the code could tell:
    the caller looks whether such a module exists.
    """
    name = statement.name
    if statement.level:
        parts = module.split(".")
        parts = parts[: len(parts) - statement.level + (1 if package else 0)]
        name = ".".join([*parts, name] if name else parts)
    if not name:
        return
    yield name, True
    for member in statement.members:
        if member != "*":
            yield f"{name}.{member}", False
