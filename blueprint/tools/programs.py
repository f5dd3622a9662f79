"""Runs another program, shows that it is alive, and never leaves it behind."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Finished:
    """A finished program; `lines` are its output and errors in the order they came."""

    returncode: int
    lines: tuple[str, ...]

    @property
    def last_line(self) -> str:
        """The last thing it said, which is where programs put the cause."""
        spoken = [line.strip() for line in self.lines if line.strip()]
        return spoken[-1] if spoken else f"exit code {self.returncode} without a word"


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    watch: Callable[[Sequence[str]], None] | None = None,
    seconds: float | None = None,
) -> Finished:
    """Run `command` with `env` on top of this process's variables.

    `watch` is called about once a second with the lines so far. Raises OSError where the program cannot be started and
    TimeoutError where it takes longer than `seconds`; then, as on Ctrl-C, it is ended together with its children.
    """
    child = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, **env},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Its own process group, so that a compiler or a prober it started ends with it.
        start_new_session=True,
    )
    incoming: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(child, incoming), daemon=True).start()
    lines: list[str] = []
    started = time.monotonic()
    try:
        while not _drain(incoming, lines):
            if watch is not None:
                watch(lines)
            if seconds is not None and time.monotonic() - started > seconds:
                raise TimeoutError(f"no end after {seconds:.0f} s")
        return Finished(child.wait(), tuple(lines))
    finally:
        _end(child)


def _read(child: "subprocess.Popen[str]", incoming: "queue.SimpleQueue[str | None]") -> None:
    if child.stdout is not None:
        with child.stdout:
            for line in child.stdout:
                incoming.put(line.rstrip())
    incoming.put(None)


def _drain(incoming: "queue.SimpleQueue[str | None]", lines: list[str]) -> bool:
    """Collect for up to a second; True once the output has ended."""
    deadline = time.monotonic() + 1
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = incoming.get(timeout=left)
        except queue.Empty:
            return False
        if line is None:
            return True
        lines.append(line)
    return False


def _end(child: "subprocess.Popen[str]") -> None:
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
