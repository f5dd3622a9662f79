"""Takes a tool from the Python package that carries its binary, by the hashes in its lock."""

from collections.abc import Sequence
from pathlib import Path

from blueprint.tools import programs
from blueprint.tools.catalogue import PythonPackage, Tool
from blueprint.tools.host import Host
from blueprint.tools.unavailable import SourceUnavailable

# Whatever the user's pip or uv configuration says of indexes and certificates holds; these would defeat `--target`.
_ENVIRONMENT = {"PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER": "0", "UV_PYTHON_DOWNLOADS": "never"}


def pip_install(host: Host) -> tuple[str | Path, ...]:
    """The command that installs without uv; few retries, for it is also how a machine without a network finds out."""
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1")
    return (*host.pip, "install", *options)


def uv_install(uv: Path, host: Host) -> tuple[str | Path, ...]:
    """The command that installs with uv."""
    return (uv, "pip", "install", "--quiet", "--python", host.python)


def fetch(
    tool: Tool,
    package: PythonPackage,
    *,
    installer: Sequence[str | Path],
    into: Path,
    host: Host,
) -> Path:
    """Install the package into the directory `into` and return the binary's path.

    Raises SourceUnavailable with the installer's last words where it cannot.
    """
    lock = host.requirements / package.lock
    command = (
        *installer,
        *("--no-deps", "--only-binary", ":all:", "--require-hashes"),
        *("--target", into, "-r", lock),
    )
    try:
        finished = programs.run(command, env=_ENVIRONMENT, cwd=into)
    except OSError as error:
        raise SourceUnavailable(f"{command[0]}: {error.strerror}") from error
    if finished.returncode != 0:
        raise SourceUnavailable(_cause(finished.lines) or finished.last_line)
    binary = into / package.executable
    if not binary.is_file():
        raise SourceUnavailable(f"{lock.name} installs no {package.executable} for {tool.name}")
    return binary


def _cause(lines: Sequence[str]) -> str:
    """The first line that states an error; what follows it is detail."""
    errors = (line.strip() for line in lines if line.lower().startswith("error"))
    return next(errors, "")
