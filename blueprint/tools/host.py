"""The machine the tools are provided on, as one value that tests can make up."""

import os
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path

from blueprint import paths
from blueprint.tools.downloads import HttpsTransport, Transport
from blueprint.tools.progress import Progress

_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, kw_only=True)
class Host:
    """What providing a tool needs to know and to reach.

    `platform` is as in tools.toml (linux-amd64); `search_path` are the directories of PATH; `python` is the
    interpreter environments are made from; `pip` is the command that installs a Python package before uv is there.
    """

    platform: str
    search_path: tuple[Path, ...]
    root: Path
    tools: Path
    requirements: Path
    cache: Path
    python: Path
    pip: tuple[str, ...]
    transport: Transport
    progress: Progress = field(default_factory=Progress)

    @property
    def links(self) -> Path:
        """Where a tool lies under its plain name."""
        return self.tools / "bin"


def this_host() -> Host:
    """This machine, this clone, this user's cache."""
    system, machine = platform.system(), platform.machine().lower()
    return Host(
        platform=f"{_SYSTEMS.get(system, system.lower())}-{_MACHINES.get(machine, machine)}",
        search_path=tuple(
            Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry
        ),
        root=paths.ROOT,
        tools=paths.TOOLS,
        requirements=paths.REQUIREMENTS,
        cache=paths.cache(),
        # Not the link inside a virtual environment: environments must not stand on one another.
        python=Path(sys.executable).resolve(),
        pip=(sys.executable, "-m", "pip"),
        transport=HttpsTransport(),
    )
