"""Installs a function's lock file for the target platform with uv: wheels only, every hash checked."""

import os
import re
import shutil
from pathlib import Path

from blueprint import paths, processes
from blueprint.errors import BlueprintError
from blueprint.packaging.config import Target

_NO_PLATFORM = re.compile(r"Because (\S+?)==(\S+) has no wheels with a matching")
_NO_WHEEL = re.compile(r"Because (\S+?)==(\S+) has no usable wheels")
_BUILT_FOR = re.compile(r"Wheels are available for `\S+` \(\S+\) on the following platforms?: (.+)")
_WRONG_HASH = re.compile(r"Hash mismatch for `(\S+?)==(\S+?)`")
_NO_HASH = re.compile(r"must have a hash, but none were provided for: (\S+)")
_UNREACHABLE = re.compile(r"Failed to fetch|error sending request|Network connectivity is disabled")


def find_uv() -> Path:
    """The pinned uv, else one on PATH."""
    pinned = paths.TOOLS / "bin" / "uv"
    if pinned.exists():
        return pinned
    found = shutil.which("uv")
    if found is None:
        raise BlueprintError("uv is missing", remedy="run `blueprint tools`")
    return Path(found)


def install(lock: Path, target: Target, destination: Path, *, uv: Path, python: Path) -> None:
    """Lay the locked wheels out in `destination`, as Lambda's import path sees them.

    `python` is any interpreter of the target's version; it decides nothing but satisfies uv. Which index
    serves the wheels is the user's uv configuration. BlueprintError names the distribution that has no
    fitting wheel or another hash than locked.
    """
    command = [
        str(uv),
        "pip",
        "install",
        "--no-progress",
        "--quiet",
        f"--python={python}",
        f"--target={destination}",
        f"--python-version={target.python}",
        f"--python-platform={target.platform}",
        "--only-binary=:all:",
        "--require-hashes",
        "--no-deps",
        "--no-compile-bytecode",
        f"--requirement={lock}",
    ]
    completed = processes.run(command, cwd=lock.parent, env=os.environ)
    if not completed.ok:
        raise _explain(completed.output, lock=lock, target=target)


def _explain(output: str, *, lock: Path, target: Target) -> BlueprintError:
    # uv wraps its sentences; the patterns expect one line.
    text = " ".join(output.split())
    shown = f"requirements/{lock.name}"
    if match := _NO_PLATFORM.search(text):
        built = _BUILT_FOR.search(text)
        known = f"; its wheels are built for {built.group(1)}" if built else ""
        return BlueprintError(
            f"{shown}: {match.group(1)} {match.group(2)} has no wheel for Python {target.python} "
            f"on {target.platform} (arm64){known}",
            remedy=_choose_another(lock),
        )
    if match := _NO_WHEEL.search(text):
        return BlueprintError(
            f"{shown}: {match.group(1)} {match.group(2)} has no wheel that fits Python {target.python} "
            "on arm64, only a source distribution or none at all",
            remedy=_choose_another(lock),
        )
    if match := _WRONG_HASH.search(text):
        return BlueprintError(
            f"{shown}: {match.group(1)} {match.group(2)} has another hash than the lock says, nothing was packaged",
            remedy="find out who changed the file before anything else; if the change is known, run `make lock`",
        )
    if match := _NO_HASH.search(text):
        return BlueprintError(f"{shown}: {match.group(1)} has no hash", remedy="run `make lock`")
    return BlueprintError(
        f"{shown} could not be installed: {text.removeprefix('error: ')}",
        remedy="check that the package index is reachable, and run the command again"
        if _UNREACHABLE.search(text)
        else "",
    )


def _choose_another(lock: Path) -> str:
    return (
        f"pin a version that has one, or a pure Python alternative, in requirements/{lock.stem}.in "
        "and run `make lock`; nothing is built from source"
    )
