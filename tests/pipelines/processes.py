"""Finds the processes of a run: those a program started, and those that carry its mark."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def descendants(pid: int, *, generations: int | None = None) -> list[int]:
    """Processes that `pid` started, and those started by these; only so many `generations` where given."""
    children = _children()
    found: list[int] = []
    level = [pid]
    while level and (generations is None or generations > 0):
        level = [child for parent in level for child in children.get(parent, ())]
        found += level
        generations = None if generations is None else generations - 1
    return found


def holding(variable: str, value: str) -> list[int]:
    """Processes whose environment has `variable` set to `value`."""
    mark = f"{variable}={value}".encode()
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue  # it ended, or is another user's
    return found


def inside(directory: Path) -> list[int]:
    """Processes that work below `directory`."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                where = (entry / "cwd").readlink()
            except OSError:
                continue
            if where.is_relative_to(directory):
                found.append(int(entry.name))
    return found


def kill(pids: Iterable[int]) -> None:
    """End `pids` at once; one that has ended already is no error."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def running(pids: Iterable[int]) -> list[int]:
    """Those of `pids` that have not ended; one whose end nobody has asked about counts as ended."""
    return [pid for pid in pids if _state(pid) not in (None, "Z")]


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            parent = _field(int(entry.name), 1)
            if parent is not None:
                children.setdefault(int(parent), []).append(int(entry.name))
    return children


def _state(pid: int) -> str | None:
    return _field(pid, 0)


def _field(pid: int, index: int) -> str | None:
    """A field of /proc/<pid>/stat after the program's name, which may hold blanks and brackets."""
    try:
        text = Path(_PROC, str(pid), "stat").read_text(errors="replace")
    except OSError:
        return None
    return text[text.rfind(")") + 2 :].split()[index]
