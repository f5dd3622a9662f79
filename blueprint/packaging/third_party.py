"""Decides which locked distributions, and which of their files, a function's imports lead to.

The unit is the distribution: inside one, modules load each other by computed names (Powertools' parser,
dateutil), and a module left out would fail only at the request that needs it. A distribution is kept if a
module of it is reached from the function's imports, or if a kept one requires it. Optional requirements
(extras) are kept only where they are reached.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from blueprint.errors import BlueprintError, UsageError
from blueprint.packaging import source
from blueprint.packaging.modules import ancestors, candidates, is_package, locate

# Directories that hold no code a function runs. One that an import reaches is kept whatever its name:
# botocore.docs is.
_IDLE = {"tests", "test", "docs", "examples"}
_SOURCES_OF_BUILDS = {".c", ".cpp", ".h", ".pxd", ".pyc", ".pyi", ".pyx"}
# The SDK's own modules ask for clients only Identity Center and assumed roles need; Lambda's credentials come ready.
_SDK = {"boto3", "botocore", "s3transfer"}
_ELF_MACHINE = slice(18, 20)
_AARCH64 = (183).to_bytes(2, "little")


@dataclass(frozen=True)
class Selection:
    """What of the installed lock belongs in the package: `files` by path, distributions as {name: version}."""

    files: dict[str, Path]
    distributions: dict[str, str]
    left_out: dict[str, str]
    native: list[str]
    clients: frozenset[str]
    resources: frozenset[str]


@dataclass
class _Reached:
    files: set[str]
    clients: set[str]
    resources: set[str]


def select(
    installed: Path, external: dict[str, str], *, role: str, declared: Iterable[str] = ()
) -> Selection:
    """The part of `installed` (the whole lock, as `uv pip install --target` lays it out) that the imports lead to.

    `external` maps imported modules to the place that imports them; BlueprintError names one that the lock
    does not provide.
    """
    locked = {_normal(dist.metadata["Name"]): dist for dist in distributions(path=[str(installed)])}
    owners = {
        path: name for name, dist in locked.items() for path in _files(dist, installed=installed)
    }
    for module, place in external.items():
        if not _provided(installed, module.partition(".")[0]):
            raise BlueprintError(
                f"{place}: imports {module.partition('.')[0]}, which requirements/{role}.txt does not provide",
                remedy=f"add the distribution to requirements/{role}.in and run `make lock`",
            )
    reached = _walk(installed, external, tops=_top_levels(owners))
    kept = {owners[path] for path in reached.files if path in owners}
    for name in declared:
        if _normal(name) not in locked:
            raise UsageError(
                f"packages.{role}.distributions names {name}, which requirements/{role}.txt does not hold"
            )
        kept.add(_normal(name))
    kept = _with_requirements(kept, locked)

    busy = {str(PurePosixPath(path).parent) for path in reached.files}
    files = {
        path: installed / path
        for path, owner in owners.items()
        if owner in kept and _deployed(path, busy=busy)
    }
    native = sorted(path for path in files if path.endswith(".so"))
    for path in native:
        _require_arm64(files[path], shown=path, dist=locked[owners[path]])
    return Selection(
        files=files,
        distributions={name: locked[name].version for name in sorted(kept)},
        left_out={name: locked[name].version for name in sorted(set(locked) - kept)},
        native=native,
        clients=frozenset(reached.clients),
        resources=frozenset(reached.resources),
    )


def _walk(installed: Path, external: Iterable[str], *, tops: set[str]) -> _Reached:
    """Follow imports from `external` through the installed files."""
    reached = _Reached(set(), set(), set())
    queue = list(external)
    seen: set[str] = set()
    while queue:
        for name in ancestors(queue.pop()):
            if name in seen:
                continue
            seen.add(name)
            file = locate(installed, name)
            if file is None:
                continue
            reached.files.add(file.relative_to(installed).as_posix())
            if file.suffix != ".py":
                continue
            try:
                facts = source.read(file.read_bytes())
            except SyntaxError:  # a branch for another Python: never imported on this one
                continue
            for statement in facts.imports:
                queue += [module for module, _ in candidates(statement, name, is_package(file))]
            # A lazy loader names its module in a string (Powertools: "aws_xray_sdk").
            queue += [text for text in facts.names if text.partition(".")[0] in tops]
            if name.partition(".")[0] not in _SDK:
                reached.clients |= facts.clients
                reached.resources |= facts.resources
    return reached


def _files(dist: Distribution, *, installed: Path) -> list[str]:
    """The paths in `dist`'s record below `installed`; console scripts lie in bin/ and are not deployed."""
    paths = [PurePosixPath(str(path)) for path in dist.files or ()]
    return [
        str(path)
        for path in paths
        if ".." not in path.parts and path.parts[0] != "bin" and (installed / path).is_file()
    ]


def _top_levels(files: Iterable[str]) -> set[str]:
    firsts = {path.partition("/")[0] for path in files}
    return {first.partition(".")[0] for first in firsts if not first.endswith(".dist-info")}


def _provided(installed: Path, top: str) -> bool:
    return locate(installed, top) is not None or (installed / top).is_dir()


def _with_requirements(kept: set[str], locked: dict[str, Distribution]) -> set[str]:
    queue = list(kept)
    closed: set[str] = set()
    while queue:
        name = queue.pop()
        if name in closed or name not in locked:
            continue
        closed.add(name)
        for requirement in locked[name].requires or ():
            # Other markers need no reading: the lock was installed for the target, so what they rule out is
            # not there.
            specifier, _, marker = requirement.partition(";")
            if "extra" not in marker:
                matched = re.match(r"[A-Za-z0-9._-]+", specifier)
                queue += [_normal(matched.group())] if matched else []
    return closed


def _deployed(path: str, *, busy: set[str]) -> bool:
    pure = PurePosixPath(path)
    if pure.parts[0].endswith(".dist-info"):
        # METADATA is what Amazon Inspector and importlib.metadata read; the licence goes with every copy.
        kind = pure.parts[1]
        return kind in {"METADATA", "entry_points.txt", "licenses"} or kind.upper().startswith(
            ("LICENSE", "LICENCE", "NOTICE", "COPYING")
        )
    if pure.suffix in _SOURCES_OF_BUILDS or pure.name == "py.typed" or "__pycache__" in pure.parts:
        return False
    for count, part in enumerate(pure.parts[:-1], start=1):
        if part in _IDLE and count > 1:
            directory = "/".join(pure.parts[:count])
            return any(f"{used}/".startswith(f"{directory}/") for used in busy)
    return True


def _require_arm64(file: Path, *, shown: str, dist: Distribution) -> None:
    with file.open("rb") as stream:
        header = stream.read(20)
    if header[:4] == b"\x7fELF" and header[_ELF_MACHINE] != _AARCH64:
        raise BlueprintError(
            f"{dist.metadata['Name']} {dist.version}: {shown} is not built for arm64, though its wheel says so",
            remedy="pin another version of it and run `make lock`",
        )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
