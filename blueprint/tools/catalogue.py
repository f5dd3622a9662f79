"""Reads tools.toml: which tools there are, at which version, and where each can be had."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from blueprint.errors import UsageError

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Download:
    """A release: `member` is the path inside the archive, None where the file is the binary itself."""

    url: str
    checksums: str
    targets: Mapping[str, str]
    member: str | None = None


@dataclass(frozen=True, kw_only=True)
class PythonPackage:
    """A Python package that carries the binary at `executable`; `lock` is a file in requirements/."""

    lock: str
    executable: str


@dataclass(frozen=True, kw_only=True)
class GoModule:
    """A directory with go.mod and go.sum from which `package` is built."""

    directory: Path
    package: str
    ldflags: str


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One entry of tools.toml."""

    name: str
    version: str
    ask: tuple[str, ...]
    answer: str
    at_least: str | None = None
    below: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    download: Download | None = None
    python: PythonPackage | None = None
    go: GoModule | None = None

    @property
    def wanted(self) -> str:
        """The accepted versions in words."""
        if self.at_least is None:
            return f"exactly {self.version}"
        return f">= {self.at_least}" + (f", < {self.below}" if self.below else "")

    def accepts(self, version: str) -> bool:
        """Whether a binary of `version`, found on PATH, will do."""
        if self.at_least is None:
            return version == self.version
        return _order(self.at_least) <= _order(version) and (
            self.below is None or _order(version) < _order(self.below)
        )


def tool(name: str) -> Tool:
    """The entry called `name`.

    Raises UsageError where there is none.
    """
    entries = tools()
    if name not in entries:
        raise UsageError(f"unknown tool {name!r}", remedy=f"One of: {', '.join(entries)}.")
    return entries[name]


@cache
def tools() -> Mapping[str, Tool]:
    """Every entry of tools.toml by its name, in the order of the file."""
    data = tomllib.loads((_HERE / "tools.toml").read_text(encoding="utf-8"))
    return {name: _tool(name, entry) for name, entry in data.items()}


def _tool(name: str, entry: Mapping[str, Any]) -> Tool:
    version = entry["version"]
    download, python, go = entry.get("download"), entry.get("python"), entry.get("go")
    return Tool(
        name=name,
        version=version,
        ask=tuple(entry["ask"]),
        answer=entry["answer"],
        at_least=entry.get("at_least"),
        below=entry.get("below"),
        environment=entry.get("environment", {}),
        download=Download(**download) if download else None,
        python=PythonPackage(**python) if python else None,
        go=GoModule(
            directory=_HERE / go["directory"],
            package=go["package"],
            ldflags=go["ldflags"].format(version=version),
        )
        if go
        else None,
    )


def _order(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))
