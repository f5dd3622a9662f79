"""Takes the local stack away."""

import shutil

from blueprint import paths
from blueprint.console import done
from blueprint.emulator import server
from blueprint.emulator.server import Stopped


def down() -> None:
    """Stop the embedded AWS and remove its data; on a stack that is not running, nothing happens."""
    stopped = server.stop()
    if paths.LOCAL.exists():
        shutil.rmtree(paths.LOCAL)
    done(
        "nothing was running"
        if stopped is Stopped.NOT_RUNNING
        else "the embedded AWS is stopped, its data is gone"
    )
