"""Runs another program, keeps its output in a log, and leaves no half-finished child behind on Ctrl-C."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import BlueprintError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_lock = threading.Lock()
_running: set["subprocess.Popen[str]"] = set()


@dataclass(frozen=True)
class Completed:
    """A finished program: `output` is standard output and error in the order they came, without colours.

    Of a program run with `apart`, `output` is standard output alone and `errors` standard error.
    """

    command: tuple[str, ...]
    returncode: int
    output: str
    errors: str = ""

    @property
    def ok(self) -> bool:
        return self.returncode == 0


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path | None = None,
    apart: bool = False,
) -> Completed:
    """Run `command` to its end and return its output; `log` receives the same text.

    The program runs in a group of its own, out of the terminal's reach: it is interrupted by
    `interrupt`, and exactly once. Terraform then ends the call in flight, saves its state and
    releases the lock; a second interruption would make it drop all three. Raises BlueprintError
    when there is no such program.
    """
    try:
        child = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if apart else subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise BlueprintError(
            f"{command[0]} is missing",
            remedy="run `make bootstrap`, which provides the pinned tools",
        ) from error
    with _lock:
        _running.add(child)
    try:
        try:
            raw, errors = child.communicate()
        except KeyboardInterrupt:
            interrupt()
            child.communicate()
            raise
    finally:
        with _lock:
            _running.discard(child)
    output = clean(raw)
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(output + "\n")
    return Completed(tuple(command), child.returncode, output, clean(errors or ""))


def interrupt() -> None:
    """Interrupt every program that runs now, as Ctrl-C would: once, and with all it has started."""
    with _lock:
        children = list(_running)
        _running.clear()
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGINT)


def clean(text: str) -> str:
    """`text` without colours and without the blanks Atmos pads its messages with."""
    return "\n".join(line.rstrip() for line in _ANSI.sub("", text).splitlines())
