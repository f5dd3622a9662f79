"""Where one embedded AWS keeps what it writes."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The layout below one directory (`.local/` in a clone, a temporary directory in a test)."""

    path: Path

    @property
    def record(self) -> Path:
        """The running server: process, port, instance id."""
        return self.path / "emulator.json"

    @property
    def log(self) -> Path:
        """What the server and its functions print; the log before it is `emulator.log.1`."""
        return self.path / "emulator.log"

    @property
    def lock(self) -> Path:
        """Held while a server is started, stopped or reset."""
        return self.path / "emulator.lock"

    @property
    def data(self) -> Path:
        """The resources a server started with `--persist` saves when it ends."""
        return self.path / "data"

    @property
    def saved(self) -> Path:
        """Which instance the saved resources belong to; absent unless its server ended cleanly."""
        return self.data / "instance.json"

    @property
    def scratch(self) -> Path:
        """Temporary files of the server and of the functions; gone when the server is."""
        return self.path / "tmp"

    @property
    def runtime(self) -> Path:
        """The interpreter the functions run on."""
        return self.path / "runtime"
