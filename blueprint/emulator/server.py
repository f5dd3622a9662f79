"""Starts, finds, ends and resets the embedded AWS of a clone."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from blueprint.emulator import instance as records
from blueprint.emulator import ministack, ports, process
from blueprint.emulator.ending import STOP_SECONDS, Stopped, end, forget
from blueprint.emulator.home import Home
from blueprint.emulator.instance import Instance, Saved
from blueprint.emulator.launching import await_answer, launch
from blueprint.emulator.lock import exclusive
from blueprint.errors import BlueprintError
from blueprint.paths import LOCAL

__all__ = ["START_SECONDS", "Stopped", "memory_bytes", "reset", "running", "start", "stop"]

START_SECONDS = 60.0
_LOCK_SECONDS = START_SECONDS + STOP_SECONDS


def start(
    directory: Path = LOCAL,
    *,
    port: int | None = None,
    persist: bool = False,
    environ: Mapping[str, str] = os.environ,
    command: Sequence[str] | None = None,
    timeout_seconds: float = START_SECONDS,
) -> Instance:
    """Return the running embedded AWS of `directory`, started if it was not running.

    `port` (default: BLUEPRINT_PORT, else the first free one) must be free. `persist` restores what
    was saved at the last stop and saves again at the next one. `command` (default: MiniStack) is
    given its port in GATEWAY_PORT. Raises BlueprintError if the port is taken, the server dies or
    does not answer within the timeout, or the directory cannot be written; UsageError for a bad
    BLUEPRINT_PORT.
    """
    asked_by = ports.VARIABLE if port is None else "--port"
    wanted = ports.requested(environ) if port is None else port
    with _alone(directory) as home:
        current = running(directory)
        if current:
            _refuse_other(current, port=wanted, asked_by=asked_by, persist=persist)
            await_answer(current, home, timeout_seconds)
            return current
        forget(home)
        saved = records.read_saved(home.saved) if persist else None
        if saved:
            wanted, asked_by = _port_of(saved, wanted, asked_by)
        started = launch(
            home,
            candidates=_candidates(wanted, asked_by),
            saved=saved,
            persist=persist,
            environ=environ,
            command=ministack.command(home) if command is None else command,
            timeout_seconds=timeout_seconds,
        )
        if persist:
            # What is saved changes from here on, and is the instance's again at a clean end.
            home.saved.unlink(missing_ok=True)
        return started


def running(directory: Path = LOCAL) -> Instance | None:
    """The embedded AWS of `directory` if its process lives, whether or not it answers."""
    current = records.read(Home(directory).record)
    return current if current and process.find(current.pid, current.started) else None


def stop(directory: Path = LOCAL, *, grace_seconds: float = STOP_SECONDS) -> Stopped:
    """End the embedded AWS of `directory` and its functions, and no other process.

    It is asked to end, and killed if it has not done so within the grace period.
    """
    if not directory.exists():
        return Stopped.NOT_RUNNING
    with _alone(directory) as home:
        return _stop(home, grace_seconds)


def reset(
    directory: Path = LOCAL,
    *,
    environ: Mapping[str, str] = os.environ,
    command: Sequence[str] | None = None,
) -> Instance | None:
    """Delete every resource, saved ones too; a running server is replaced by an empty one.

    The new server has the old one's port and `persist`. Returns it; None if none was running.
    """
    with _alone(directory) as home:
        current = running(directory)
        if current and command is None:
            command = ministack.command(home)
        _stop(home, STOP_SECONDS)
        if home.data.exists():
            shutil.rmtree(home.data)
        if current is None or command is None:
            return None
        return launch(
            home,
            candidates=_candidates(current.port, "the server being reset"),
            saved=None,
            persist=current.persist,
            environ=environ,
            command=command,
            timeout_seconds=START_SECONDS,
        )


def memory_bytes(current: Instance) -> int:
    """Resident memory of the server and its functions; pages they share count once for each."""
    return sum(member.rss for member in process.group(current.pid))


def _candidates(wanted: int | None, asked_by: str) -> Iterator[int]:
    if wanted is None:
        yield from ports.free_ports()
        return
    if ports.is_free(wanted):
        yield wanted
    # Reached as well when somebody took the port between this look and the server's own.
    if not ports.is_free(wanted):
        raise ports.taken(wanted, asked_by=asked_by)


def _port_of(saved: Saved, wanted: int | None, asked_by: str) -> tuple[int, str]:
    if wanted not in (None, saved.port):
        raise BlueprintError(
            f"The saved resources name port {saved.port} in their addresses, but {asked_by} asks "
            f"for {wanted}.",
            remedy=f"Start on {saved.port}, or give the resources up with `blueprint local reset`.",
        )
    return saved.port, "the saved state" if wanted is None else asked_by


def _refuse_other(current: Instance, *, port: int | None, asked_by: str, persist: bool) -> None:
    remedy = "Run `blueprint local stop` first."
    if port not in (None, current.port):
        raise BlueprintError(
            f"The embedded AWS is running on port {current.port}, but {asked_by} asks for {port}.",
            remedy=remedy,
        )
    if persist and not current.persist:
        raise BlueprintError(
            "The embedded AWS is running without --persist: what it holds cannot be saved.",
            remedy=remedy,
        )


def _stop(home: Home, grace_seconds: float) -> Stopped:
    current = running(home.path)
    if current is None:
        forget(home)
        return Stopped.NOT_RUNNING
    outcome = end(current, grace_seconds)
    if current.persist and outcome is Stopped.ENDED:
        if ministack.lost_resources(home.log):
            outcome = Stopped.UNSAVED
        else:
            home.data.mkdir(parents=True, exist_ok=True)
            records.write(home.saved, Saved(id=current.id, port=current.port))
    forget(home)
    return outcome


@contextmanager
def _alone(directory: Path) -> Iterator[Home]:
    """Hold the lock of `directory`; an error of the disk names the file and what to do."""
    home = Home(directory.absolute())
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        with exclusive(home.lock, timeout_seconds=_LOCK_SECONDS):
            yield home
    except OSError as error:
        raise BlueprintError(
            f"The embedded AWS cannot use {error.filename or home.path}: {error.strerror}.",
            remedy=f"Free space on that disk, or make {home.path} writable; nothing was lost.",
        ) from error
