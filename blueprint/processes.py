"""Runs another program, keeps its output in a log, and leaves no half-finished child behind on Ctrl-C."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Completed:
    """A finished program: `output` is standard output and error in the order they came, without colours."""

    command: tuple[str, ...]
    returncode: int
    output: str

    @property
    def ok(self) -> bool:
        return self.returncode == 0


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path | None = None,
) -> Completed:
    """Run `command` to its end and return its output; `log` receives the same text.

    On Ctrl-C the terminal interrupts the child too (Terraform then finishes the call in flight,
    saves its state and releases the lock). We wait for that before the interruption goes on:
    killing it would lose the state.
    """
    child = subprocess.Popen(
        list(command),
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        raw, _ = child.communicate()
    except KeyboardInterrupt:
        raw, _ = child.communicate()
        _write(log, clean(raw))
        raise
    output = clean(raw)
    _write(log, output)
    return Completed(tuple(command), child.returncode, output)


def clean(text: str) -> str:
    """`text` without colours and without the blanks Atmos pads its messages with."""
    return "\n".join(line.rstrip() for line in _ANSI.sub("", text).splitlines())


def _write(log: Path | None, text: str) -> None:
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(text + "\n")
