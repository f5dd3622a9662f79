"""Reads packages.toml: the target platform, and per function what its imports cannot say."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import paths
from blueprint.errors import UsageError

FILE = Path(__file__).with_name("packages.toml")
_PACKAGE_LISTS = ("data", "dynamic_imports", "distributions", "clients")


@dataclass(frozen=True)
class Target:
    """Where the code will run: Python as `major.minor`, platform as uv names it."""

    python: str
    platform: str

    @property
    def cache_tag(self) -> str:
        """The tag in a bytecode file's name, such as `cpython-311`."""
        return "cpython-" + self.python.replace(".", "")


@dataclass(frozen=True)
class PackageConfig:
    """One function: its handler's module, and the four lists packages.toml explains."""

    role: str
    handler: str
    data: tuple[str, ...] = ()
    dynamic_imports: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Config:
    target: Target
    packages: Mapping[str, PackageConfig]

    def select(self, roles: Sequence[str]) -> list[PackageConfig]:
        """The named functions, or all of them; UsageError names one that does not exist."""
        for role in roles:
            if role not in self.packages:
                raise UsageError(
                    f"there is no function {role!r}",
                    remedy=f"choose from {', '.join(self.packages)}",
                )
        return [package for role, package in self.packages.items() if not roles or role in roles]


def read(file: Path = FILE) -> Config:
    """The configuration in `file`; UsageError names the table and field that is wrong."""
    shown = file.relative_to(paths.ROOT) if file.is_relative_to(paths.ROOT) else file
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{shown} cannot be read: {error}") from error

    target = _table(document.get("target"), "target", required=("python", "platform"), file=shown)
    if not re.fullmatch(r"3\.\d+", target["python"]):
        raise UsageError(
            f"{shown}: target.python is {target['python']!r}", remedy='write it as "3.11"'
        )
    packages = document.get("packages", {})
    return Config(
        Target(**target),
        {role: _package(role, values, file=shown) for role, values in packages.items()},
    )


def _package(role: str, values: Any, *, file: Path) -> PackageConfig:
    table = _table(
        values, f"packages.{role}", required=("handler",), lists=_PACKAGE_LISTS, file=file
    )
    return PackageConfig(
        role=role,
        handler=table.pop("handler"),
        **{name: tuple(value) for name, value in table.items()},
    )


def _table(
    values: Any,
    name: str,
    *,
    required: tuple[str, ...],
    lists: tuple[str, ...] = (),
    file: Path,
) -> dict[str, Any]:
    table: dict[str, Any] = values if isinstance(values, dict) else {}
    for field in required:
        if not isinstance(table.get(field), str):
            raise UsageError(f"{file}: {name}.{field} is missing or is not a string")
    for field, value in table.items():
        if field not in required + lists:
            raise UsageError(
                f"{file}: {name}.{field} is not known",
                remedy=f"known are {', '.join(required + lists)}",
            )
        if field in lists and not (
            isinstance(value, list) and all(isinstance(item, str) for item in value)
        ):
            raise UsageError(f"{file}: {name}.{field} must be a list of strings")
    return dict(table)
