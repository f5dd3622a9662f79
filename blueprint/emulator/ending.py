"""Ends a server and clears away what it leaves."""

import shutil
from enum import Enum

from blueprint.emulator import instance as records
from blueprint.emulator import process
from blueprint.emulator.home import Home
from blueprint.emulator.instance import Instance

STOP_SECONDS = 30.0  # saving the resources of a large stack takes a few of them


class Stopped(Enum):
    """How a stop went; only after ENDED are the resources of a `--persist` server saved."""

    NOT_RUNNING = "was not running"
    ENDED = "ended"
    UNSAVED = "ended without saving"
    KILLED = "was killed"


def end(current: Instance, grace_seconds: float) -> Stopped:
    """End the server's process and its functions, killing what has not ended in time."""
    leader = process.find(current.pid, current.started)
    if leader is None:
        return Stopped.NOT_RUNNING
    by_itself = process.end(leader, grace_seconds=grace_seconds)
    return Stopped.ENDED if by_itself else Stopped.KILLED


def forget(home: Home) -> None:
    """Remove what a server that has ended left: its record, busy functions, scratch files."""
    gone = records.read(home.record)
    if gone:
        # A function in the middle of a call survives a server that crashed. Its command names a
        # file in our scratch directory: a stranger's process group of that number does not.
        process.kill(p for p in process.group(gone.pid) if str(home.scratch) in p.command)
        home.record.unlink()
    if home.scratch.exists():
        shutil.rmtree(home.scratch)
