"""The log of the embedded AWS: kept for one more start, shown from its end, followed."""

import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

_POLL_SECONDS = 0.2


def rotate(log: Path) -> None:
    """Set the log aside as `<name>.1`, in place of the one before it."""
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))


def tail(log: Path, lines: int) -> list[str]:
    """The last `lines` lines; none if there is no log."""
    try:
        with log.open(errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=lines)]
    except FileNotFoundError:
        return []


def follow(log: Path, lines: int) -> Iterator[str]:
    """The last `lines` lines, then each further one as it is written, for ever.

    When the server is started anew the new log is followed from its beginning.
    """
    while not log.exists():
        time.sleep(_POLL_SECONDS)
    first = True
    while True:
        with log.open(errors="replace") as file:
            opened = os.fstat(file.fileno()).st_ino
            if first:
                yield from (line.rstrip("\n") for line in deque(file, maxlen=lines))
                first = False
            partial = ""
            while True:
                partial += file.readline()
                if partial.endswith("\n"):
                    yield partial[:-1]
                    partial = ""
                    continue
                if log.exists() and log.stat().st_ino != opened:
                    break
                time.sleep(_POLL_SECONDS)
