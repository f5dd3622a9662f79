"""Runs one command beside the rest of a journey, and shows what it said when its turn comes."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blueprint import paths
from blueprint.console import err
from blueprint.errors import BlueprintError


@dataclass(frozen=True)
class Beside:
    """A command that is under way; its output goes to `log`."""

    command: tuple[str, ...]
    process: "subprocess.Popen[bytes]"
    log: Path

    def finish(self) -> None:
        """Wait for the end and show all output; BlueprintError when it failed."""
        status = self.process.wait()
        err.print(self.log.read_text(encoding="utf-8", errors="replace").rstrip(), markup=False)
        if status != 0:
            raise BlueprintError(f"{' '.join(self.command)} ended with {status}")


@contextmanager
def beside(command: Sequence[str], *, log: Path) -> Iterator[Beside]:
    """Start `command` in the repository's root; what leaves the block before it has ended interrupts it.

    It is interrupted once, as Ctrl-C would, and waited for: what it has started it takes down itself.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            cwd=paths.ROOT,
            env=dict(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Beside(tuple(command), process, log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait()
