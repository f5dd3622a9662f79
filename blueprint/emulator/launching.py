"""Starts a server process and waits until it answers."""

import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from blueprint.emulator import instance as records
from blueprint.emulator import logs, ministack, ports, process
from blueprint.emulator.ending import STOP_SECONDS, end, forget
from blueprint.emulator.home import Home
from blueprint.emulator.instance import Instance, Saved
from blueprint.errors import BlueprintError

_POLL_SECONDS = 0.1
_LOG_LINES = 15
_DETACH = Path(__file__).with_name("detach.py")


def launch(
    home: Home,
    *,
    candidates: Iterable[int],
    saved: Saved | None,
    persist: bool,
    environ: Mapping[str, str],
    command: Sequence[str],
    timeout_seconds: float,
) -> Instance:
    """Start a server on the first of the free `candidates` and wait until it answers.

    A port that somebody else takes in between is passed over. Raises BlueprintError, leaving no
    process behind, if the server dies or does not answer, or if there is no further candidate.
    """
    for port in candidates:
        logs.rotate(home.log)
        (home.scratch / "home").mkdir(parents=True)
        settings = ministack.environment(home, port=port, persist=persist, environ=environ)
        started: Instance | None = None
        try:
            with _uninterrupted():  # until the record is written nobody would know of the server
                pid = _detach(home, command, settings)
                started = Instance(
                    id=saved.id if saved else str(uuid.uuid4()),
                    pid=pid,
                    started=process.started_at(pid) or "",
                    port=port,
                    persist=persist,
                )
                records.write(home.record, started)
            await_answer(started, home, timeout_seconds)
            if saved and ministack.lost_resources(home.log):
                started = replace(started, id=str(uuid.uuid4()))
                records.write(home.record, started)
        except BaseException as error:  # also Ctrl-C: half a start leaves no server behind
            if started:
                end(started, STOP_SECONDS)
            forget(home)
            lost_the_port = isinstance(error, _DiedError) and not ports.is_free(port)
            if lost_the_port:
                continue
            raise
        return started
    raise ports.none_free()


def _detach(home: Home, command: Sequence[str], settings: Mapping[str, str]) -> int:
    with home.log.open("ab") as log:
        detached = subprocess.run(
            [sys.executable, "-I", str(_DETACH), *command],
            cwd=home.path,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=log,
            check=False,
            start_new_session=True,
        )
    if detached.returncode != 0:
        raise BlueprintError(
            f"The embedded AWS cannot be started. {_last_lines(home)}",
            remedy="Run `blueprint tools` to install it anew.",
        )
    return int(detached.stdout)


class _DiedError(BlueprintError):
    """The server ended while it was awaited."""


def await_answer(awaited: Instance, home: Home, timeout_seconds: float) -> None:
    """Return when the server answers; BlueprintError if it is dead or does not in time."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        answered = ministack.answers(awaited.port)
        # Looked at after the answer: a stranger on that port may answer in the place of a dead one.
        if process.find(awaited.pid, awaited.started) is None:
            raise _DiedError(
                f"The embedded AWS died. {_last_lines(home)}",
                remedy="Resolve what the log names, then run `blueprint local start`.",
            )
        if answered:
            return
        if time.monotonic() >= deadline:
            raise BlueprintError(
                f"The embedded AWS (process {awaited.pid}) does not answer on {awaited.url} "
                f"after {timeout_seconds:.0f} s. {_last_lines(home)}",
                remedy="Run `blueprint local stop`, then `blueprint local start`.",
            )
        time.sleep(_POLL_SECONDS)


def _last_lines(home: Home) -> str:
    lines = logs.tail(home.log, _LOG_LINES)
    if not lines:
        return f"Its log {home.log} is empty."
    return "\n".join([f"The end of its log {home.log}:", *lines])


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off to the end of the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
