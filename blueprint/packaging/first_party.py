"""Finds which modules under services/ a handler reaches, and refuses imports that break the arrows between them."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from blueprint.errors import BlueprintError, UsageError
from blueprint.packaging import source
from blueprint.packaging.config import PackageConfig
from blueprint.packaging.modules import ancestors, candidates, is_package, locate


@dataclass
class FirstParty:
    """A function's own code.

    `files` by path in the repository; `external`: each imported module that is neither ours nor Python's, and where
    (`path:line` of the first place); `clients` and `resources`: the AWS services it names to boto3.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    external: dict[str, str] = field(default_factory=dict)
    clients: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)
    modules: int = 0


def collect(package: PackageConfig, root: Path) -> FirstParty:
    """Everything of the repository at `root` that belongs in the package.

    Raises BlueprintError for an import that is not allowed, not found, or computed at run time and not declared.
    """
    found = FirstParty()
    if locate(root, package.handler) is None:
        raise BlueprintError(
            f"the handler {package.handler} of {package.role} does not exist",
            remedy=f"create {package.handler.replace('.', '/')}.py or correct packages.{package.role}.handler",
        )
    queue = [package.handler, *package.dynamic_imports]
    seen: set[str] = set()
    while queue:
        module = queue.pop()
        for name in ancestors(module):
            if name in seen:
                continue
            seen.add(name)
            file = locate(root, name)
            if file is not None:
                queue += _read(name, file, package=package, root=root, found=found)
    found.modules = len(found.files)
    for pattern in package.data:
        found.files.update(_data(pattern, package=package, root=root))
    return found


def _read(
    module: str, file: Path, *, package: PackageConfig, root: Path, found: FirstParty
) -> Iterator[str]:
    """Record `file`, and yield the modules of ours it imports."""
    shown = file.relative_to(root).as_posix()
    content = file.read_bytes()
    try:
        facts = source.read(content)
    except SyntaxError as error:
        raise BlueprintError(f"{shown}:{error.lineno}: {error.msg}") from error
    if facts.dynamic_lines and not package.dynamic_imports:
        raise BlueprintError(
            f"{shown}:{facts.dynamic_lines[0]}: an import by a computed name cannot be followed",
            remedy="import by statement, or declare the modules in "
            f"packages.{package.role}.dynamic_imports of blueprint/packaging/packages.toml",
        )
    found.files[shown] = content
    found.clients |= facts.clients
    found.resources |= facts.resources
    for statement in facts.imports:
        place = f"{shown}:{statement.line}"
        for name, certain in candidates(statement, module, is_package(file)):
            top = name.partition(".")[0]
            if top in sys.stdlib_module_names:
                continue
            if top == "services":
                if _exists(root, name):
                    _allow(name, importer=module, package=package, place=place)
                    yield name
                elif certain:
                    raise BlueprintError(f"{place}: there is no module {name}")
            elif (root / top).is_dir() or (root / f"{top}.py").is_file():
                raise BlueprintError(
                    f"{place}: imports {top}, which is not deployed",
                    remedy="code that runs in Lambda lives in services/ and imports nothing else of this repository",
                )
            else:
                found.external.setdefault(name, place)


def _allow(name: str, *, importer: str, package: PackageConfig, place: str) -> None:
    own = ".".join(package.handler.split(".")[:2])
    if name == "services" or f"{name}.".startswith("services.core."):
        return
    if not f"{name}.".startswith(f"{own}."):
        raise BlueprintError(
            f"{place}: {importer} imports another service, {name}",
            remedy="services never import each other: move what they share to services/core",
        )
    if f"{importer}.".startswith("services.core."):
        raise BlueprintError(
            f"{place}: {importer} imports the service {name}",
            remedy="services/core never imports a service: pass what it needs as an argument",
        )


def _exists(root: Path, module: str) -> bool:
    return locate(root, module) is not None or root.joinpath(*module.split(".")).is_dir()


def _data(pattern: str, *, package: PackageConfig, root: Path) -> dict[str, bytes]:
    declared = f"packages.{package.role}.data of blueprint/packaging/packages.toml"
    if not pattern.startswith("services/") or ".." in pattern.split("/"):
        raise UsageError(f"{declared}: {pattern!r} is not a path below services/")
    files = [file for file in root.glob(pattern) if file.is_file()]
    if not files:
        raise UsageError(f"{declared}: {pattern!r} matches no file")
    for file in files:
        if file.suffix == ".py":
            raise UsageError(
                f"{declared}: {pattern!r} matches the module {file.relative_to(root)}",
                remedy="modules are found by their imports; a plug-in is declared in dynamic_imports",
            )
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
