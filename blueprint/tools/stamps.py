"""Remembers which tool was provided from where, so that a second run does nothing."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from blueprint.tools.catalogue import Tool


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What was provided: `source` in words, `target` the binary, the rest tells whether it is still the same file."""

    wanted: str
    version: str
    source: str
    target: str
    size: int
    modified: int


def make(tool: Tool, *, version: str, source: str, target: Path) -> Stamp:
    """The stamp of a binary as it is now."""
    state = target.stat()
    return Stamp(
        wanted=_wanted(tool),
        version=version,
        source=source,
        target=str(target),
        size=state.st_size,
        modified=state.st_mtime_ns,
    )


def read(file: Path) -> Stamp | None:
    """The stamp in `file`; None where there is none that can be read."""
    try:
        return Stamp(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write(stamp: Stamp, file: Path) -> None:
    """Replace `file` by the stamp."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(asdict(stamp), indent=1) + "\n", encoding="utf-8")
    part.replace(file)


def holds(stamp: Stamp, tool: Tool, *, link: Path) -> bool:
    """Whether the entry in tools.toml and the binary are what they were, and the link leads to it."""
    try:
        state = Path(stamp.target).stat()
        linked = str(link.readlink()) == stamp.target
    except OSError:
        return False
    return (
        linked
        and stamp.wanted == _wanted(tool)
        and (stamp.size, stamp.modified) == (state.st_size, state.st_mtime_ns)
    )


def _wanted(tool: Tool) -> str:
    return hashlib.sha256(f"{tool.version} {tool.wanted}".encode()).hexdigest()
