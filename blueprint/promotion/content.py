"""Says what a component is made of in a tree of files, part by part, so that two trees can be compared.

Everything is as written: no function is evaluated, nothing is asked of AWS, and Terraform is not started.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint.delivery.fingerprint import digests
from blueprint.stacks.model import Component

# A part's name (`vars.memory_mb`, `services/api/handler.py`) and the SHA-256 of what it says.
Content = Mapping[str, str]

# Atmos tells these of a component besides its configuration: where the stack's files lie, and what was merged.
_NOT_CONFIGURATION = (
    "atmos_component",
    "atmos_manifest",
    "atmos_stack",
    "atmos_stack_file",
    "inheritance",
    "overrides",
)

# The package manifest is not in git. What it will say follows from these.
_MANIFEST = "build/packages.json"
_PACKAGED = ("services", "blueprint/packaging")

_LOCAL_MODULE = re.compile(r'"?\bsource"?\s*[=:]\s*"(\.\.?/[^"]+)"')


def of_component(component: Component, section: Mapping[str, Any], root: Path) -> Content:
    """The parts of `component`, which Atmos describes by `section` in the tree at `root`.

    An input that the tree does not have is no part of it: it may have been declared before it was written.
    """
    root = root.resolve()
    parts = dict(_configuration(section))
    directory = root / "components" / "terraform" / component.directory
    for path in (directory, *sorted(_modules_elsewhere(directory, root))):
        parts.update(digests(path, root))
    for name in component.inputs:
        parts.update(_packaged(root) if name == _MANIFEST else _input(name, root))
    return parts


def differences(one: Content, other: Content) -> tuple[str, ...]:
    """Names of the parts that are not the same in both."""
    return tuple(
        name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)
    )


def _configuration(section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in section.items():
        if key in _NOT_CONFIGURATION:
            continue
        if isinstance(value, dict):
            for name, item in value.items():
                yield f"{key}.{name}", _digest(item)
        else:
            yield key, _digest(value)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _input(name: str, root: Path) -> Iterator[tuple[str, str]]:
    path = root / name
    if path.exists():
        yield from digests(path, root)


def _packaged(root: Path) -> Iterator[tuple[str, str]]:
    locks = [f"requirements/{file.parent.name}.txt" for file in root.glob("services/*/handler.py")]
    for name in (*_PACKAGED, *locks):
        for path, digest in _input(name, root):
            if "__pycache__" not in path.split("/"):
                yield path, digest


def _modules_elsewhere(directory: Path, root: Path) -> set[Path]:
    """Local modules outside the component's directory, and those that they use in turn."""
    found: set[Path] = set()
    waiting = [directory]
    while waiting:
        place = waiting.pop()
        for file in (*place.rglob("*.tf"), *place.rglob("*.tf.json")):
            if ".terraform" in file.relative_to(place).parts:
                continue
            for source in _LOCAL_MODULE.findall(file.read_text(encoding="utf-8")):
                module = (file.parent / source).resolve()
                known = module.is_relative_to(directory) or module in found
                if module.is_dir() and module.is_relative_to(root) and not known:
                    found.add(module)
                    waiting.append(module)
    return found
