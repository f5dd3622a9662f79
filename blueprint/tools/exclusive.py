"""Lets one process at a time do what two must not do at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blueprint.tools.progress import Progress


@contextmanager
def exclusive(file: Path, *, doing: str, progress: Progress) -> Iterator[None]:
    """Hold an advisory lock on `file` for the block; a process that died has let go of it.

    `doing` completes "another process is ...", said once where we have to wait.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say(f"another process is {doing}; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
