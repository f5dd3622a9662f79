"""One start, stop or reset at a time, whoever asks for it."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blueprint.errors import BlueprintError

_POLL_SECONDS = 0.05


@contextmanager
def exclusive(path: Path, *, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock at `path`; the system releases it if this process dies.

    Raises BlueprintError if another process holds it for longer than the timeout.
    """
    deadline = time.monotonic() + timeout_seconds
    with path.open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise BlueprintError(
                        "Another command has been starting or stopping the embedded AWS for "
                        f"{timeout_seconds:.0f} s.",
                        remedy="Wait for it or end it, then try again.",
                    ) from None
                time.sleep(_POLL_SECONDS)
        yield
