"""Processes of this machine: which one a record means, what it holds, and how it is ended."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Process:
    """A live process; `group` is its process group, `rss` its resident memory in bytes."""

    pid: int
    started: str
    group: int
    rss: int
    command: str


def table(pid: int | None = None) -> list[Process]:
    """Every live process, or only the one with this number.

    A process that has ended and was not yet collected by its parent is not live.
    """
    return list(_from_proc(pid) if (_PROC / "self" / "stat").exists() else _from_ps(pid))


def find(pid: int, started: str) -> Process | None:
    """The process with this number and this start, so never one that was given the number later."""
    return next((p for p in table(pid) if p.started == started), None)


def started_at(pid: int) -> str | None:
    """When process `pid` started, in a form only good for comparison; None if it is not live."""
    return next((p.started for p in table(pid)), None)


def group(leader: int) -> list[Process]:
    """The live processes of the group that `leader` opened, itself among them."""
    return [p for p in table() if p.group == leader]


def end(leader: Process, *, grace_seconds: float) -> bool:
    """Ask `leader` to end, then kill what is left of its group.

    Only processes seen in the group while the leader lived are killed: afterwards the number may
    belong to somebody else. Returns whether the leader ended by itself within the grace period.
    """
    members = {p.pid: p for p in group(leader.pid)} if _lives(leader) else {}
    _signal(leader, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while True:
        seen = group(leader.pid)
        if not _lives(leader):
            kill(members.values())
            return True
        members.update({p.pid: p for p in seen})
        if time.monotonic() >= deadline:
            kill(members.values())
            return False
        time.sleep(_POLL_SECONDS)


def kill(processes: Iterable[Process]) -> None:
    """End these processes now, and wait until they are gone."""
    pending = [p for p in processes if _signal(p, signal.SIGKILL)]
    while pending:
        pending = [p for p in pending if _lives(p)]
        if pending:
            time.sleep(_POLL_SECONDS)


def _lives(process: Process) -> bool:
    return find(process.pid, process.started) is not None


def _signal(process: Process, number: signal.Signals) -> bool:
    if not _lives(process):
        return False
    try:
        os.kill(process.pid, number)
    except ProcessLookupError:  # it ended between the look and the signal
        return False
    return True


def _from_proc(pid: int | None = None) -> Iterator[Process]:
    page = os.sysconf("SC_PAGE_SIZE")
    # Start times count from boot: with the boot's id they stay distinct across a restart.
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    for entry in _PROC.iterdir() if pid is None else [_PROC / str(pid)]:
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
            command = (entry / "cmdline").read_bytes()
        except OSError:  # it ended while we looked
            continue
        # The second field is the program's name in parentheses, which may hold blanks itself.
        fields = stat.rpartition(")")[2].split()
        if fields[0] in "ZX":
            continue
        yield Process(
            pid=int(entry.name),
            started=f"{boot}/{fields[19]}",
            group=int(fields[2]),
            rss=int(fields[21]) * page,
            command=command.replace(b"\0", b" ").decode(errors="replace").strip(),
        )


def _from_ps(pid: int | None = None) -> Iterator[Process]:
    """For systems without /proc, such as macOS."""
    columns = ["-o", "pid=", "-o", "pgid=", "-o", "rss=", "-o", "stat=", "-o", "lstart="]
    which = ["-A"] if pid is None else ["-p", str(pid)]
    listing = subprocess.run(
        ["/bin/ps", *which, "-ww", *columns, "-o", "args="],
        env={"LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,  # it also fails when there is no process with that number
    ).stdout
    for line in listing.splitlines():
        number, pgid, rss, stat, rest = line.split(None, 4)
        if stat.startswith("Z"):
            continue
        *start, command = rest.split(None, 5)  # a start is five words: Mon Jan  5 10:00:00 2026
        yield Process(
            pid=int(number),
            started=" ".join(start),
            group=int(pgid),
            rss=int(rss) * 1024,
            command=command,
        )
