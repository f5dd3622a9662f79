"""Makes the Python environments from their locks: one for the tooling, one for each tool whose pins clash with it."""

import hashlib
import os
import shlex
import time
from pathlib import Path

from blueprint.errors import BlueprintError, UsageError
from blueprint.tools import programs
from blueprint.tools.exclusive import exclusive
from blueprint.tools.host import Host, this_host
from blueprint.tools.provision import ensure

# name -> directory, below the root of the clone; the lock is requirements/<name>.txt
ENVIRONMENTS = {
    "tooling": Path(".venv"),
    "emulator": Path(".tools", "venvs", "emulator"),
    "checkov": Path(".tools", "venvs", "checkov"),
    "workflows": Path(".tools", "venvs", "workflows"),
    "load": Path(".tools", "venvs", "load"),
    "runbooks": Path(".tools", "venvs", "runbooks"),
}
_UV = {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": ""}
# Read by the shell, which takes a path of any length and with blanks, and then by Python, which sees a string.
_LAUNCHER = """\
#!/bin/sh
'''exec' {python} "$0" "$@"
' '''
import sys

from blueprint.cli import main

sys.exit(main())
"""


def environment(name: str, *, host: Host | None = None) -> Path:
    """The directory of an environment that holds exactly what its lock says; `bin/python` is its interpreter.

    Does nothing where the lock, the interpreter and the clone's place are what they were. Raises BlueprintError
    with uv's own words where a package cannot be had.
    """
    host = host or this_host()
    if name not in ENVIRONMENTS:
        raise UsageError(
            f"unknown Python environment {name!r}", remedy=f"One of: {', '.join(ENVIRONMENTS)}."
        )
    directory = host.root / ENVIRONMENTS[name]
    lock = host.requirements / f"{name}.txt"
    base, content = _base(host), hashlib.sha256(lock.read_bytes()).hexdigest()
    if _state(directory) == [base, content]:
        return directory
    uv = ensure("uv", host=host)
    file = host.tools / "locks" / f"{name}.lock"
    with exclusive(file, doing=f"making {ENVIRONMENTS[name]}", progress=host.progress):
        if _state(directory) != [base, content]:
            _make(directory, lock=lock, uv=uv, base=base, content=content, host=host)
    return directory


def _make(directory: Path, *, lock: Path, uv: Path, base: str, content: str, host: Host) -> None:
    started = time.monotonic()
    place = directory.relative_to(host.root)
    known = _state(directory)
    stamp = directory / ".stamp"
    stamp.unlink(missing_ok=True)
    if known[:1] != [base]:
        _uv((uv, "venv", "--clear", "--python", host.python, directory), place, lock, host)
    python = directory / "bin" / "python"
    _uv((uv, "pip", "sync", "--require-hashes", "--python", python, lock), place, lock, host)
    if directory == host.root / ENVIRONMENTS["tooling"]:
        _install_project(directory, host.root)
    stamp.write_text(f"{base}\n{content}\n")
    host.progress.say(f"{place}: ready ({time.monotonic() - started:.0f} s)")


def _install_project(directory: Path, root: Path) -> None:
    """Make this clone importable and its command runnable: an editable install, without a build and its back end."""
    (packages,) = directory.glob("lib/python*/site-packages")
    (packages / "blueprint.pth").write_text(f"{root}\n", encoding="utf-8")
    launcher = directory / "bin" / "blueprint"
    python = shlex.quote(str(directory / "bin" / "python"))
    launcher.write_text(_LAUNCHER.format(python=python), encoding="utf-8")
    launcher.chmod(0o755)


def _uv(command: tuple[str | Path, ...], place: Path, lock: Path, host: Host) -> None:
    started = time.monotonic()
    what = f"{place}: {command[1]} from {lock.name}"
    try:
        finished = programs.run(
            command,
            env=_UV,
            cwd=host.root,
            watch=lambda _: host.progress.update(f"{what}, {time.monotonic() - started:.0f} s"),
        )
    except OSError as error:
        raise BlueprintError(f"{command[0]} does not run: {error.strerror}") from error
    if finished.returncode != 0:
        raise BlueprintError(
            "\n  ".join([f"{place} cannot be made from {lock.name}; uv says:", *finished.lines]),
            remedy="Run it again where the package index can be reached, with room on the disk; "
            "uv reads the index of your company from UV_DEFAULT_INDEX or its uv.toml.",
        )


def _state(directory: Path) -> list[str]:
    """The interpreter (with the clone's place) and the lock an environment was made from; empty where unusable."""
    try:
        if not (directory / "bin" / "python").exists():
            return []
        return (directory / ".stamp").read_text().splitlines()
    except OSError:
        return []


def _base(host: Host) -> str:
    return f"{host.root}{os.pathsep}{host.python}"
