"""Makes the bytecode Lambda loads: compiled once, by the runtime's own Python version, trusted without a look at dates.

A package with fixed dates makes every timestamp `.pyc` stale, and Lambda then compiles all of it at each cold
start, which doubles them. An unchecked-hash `.pyc` (PEP 552) is valid whatever the date.
"""

import base64
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from blueprint import paths, processes
from blueprint.errors import BlueprintError

_WORTH_A_PROCESS = 50  # sources, which take as long to compile as an interpreter to start
_WORKER = Path(__file__).with_name("compile_worker.py")


@dataclass(frozen=True)
class Source:
    """A module: its path in the package (which its bytecode names in tracebacks) and its content."""

    path: str
    content: bytes


def find_python(version: str, *, uv: Path) -> Path:
    """An interpreter of `version` (major.minor): bytecode of another version is ignored by Lambda's runtime."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    if running == version and platform.python_implementation() == "CPython":
        return Path(sys.executable)
    return _find(version, uv) or _install(version, uv, running=running)


def _find(version: str, uv: Path) -> Path | None:
    found = processes.run(
        [str(uv), "python", "find", "--no-project", f"cpython@{version}"],
        cwd=_WORKER.parent,
        env=_uv_environment(),
    )
    return Path(found.output.strip().splitlines()[-1]) if found.ok else None


def _install(version: str, uv: Path, *, running: str) -> Path:
    """Lambda's Python where the machine has only later ones, kept in the user's cache."""
    installed = processes.run(
        [str(uv), "python", "install", "--no-bin", f"cpython@{version}"],
        cwd=_WORKER.parent,
        env=_uv_environment(),
    )
    python = _find(version, uv) if installed.ok else None
    if python is None:
        raise BlueprintError(
            f"Python {version} is missing, and uv cannot fetch it; this is {running}, whose bytecode"
            f" Lambda's python{version} cannot load:\n{installed.output.strip()}",
            remedy=f"install Python {version} with the system's own packages, or where uv reaches its releases",
        )
    return python


def _uv_environment() -> dict[str, str]:
    return {**os.environ, "UV_PYTHON_INSTALL_DIR": str(paths.cache() / "pythons")}


def compile_all(sources: Iterable[Source], *, python: Path, scratch: Path) -> dict[Source, bytes]:
    """The `.pyc` of each distinct source, by one process per processor.

    A third-party file that is not valid in this Python has none: it is a branch for another version, never
    imported on this one. The same in services/ is an error, found when its imports were read.
    """
    ordered = sorted(set(sources), key=lambda each: (each.path, each.content))
    count = min(os.cpu_count() or 1, 1 + len(ordered) // _WORTH_A_PROCESS)
    with ThreadPoolExecutor(count) as pool:
        parts = pool.map(
            lambda part: _compile(part, python=python, scratch=scratch),
            [ordered[start::count] for start in range(count)],
        )
        return {source: bytecode for part in parts for source, bytecode in part.items()}


def _compile(sources: list[Source], *, python: Path, scratch: Path) -> dict[Source, bytes]:
    with tempfile.TemporaryDirectory(dir=scratch) as directory:
        job, result = Path(directory, "job.json"), Path(directory, "result.json")
        job.write_text(
            json.dumps(
                [
                    {"path": each.path, "source": base64.b64encode(each.content).decode()}
                    for each in sources
                ]
            )
        )
        completed = processes.run(
            [str(python), "-I", "-S", str(_WORKER), str(job), str(result)],
            cwd=scratch,
            env=dict(os.environ),
        )
        if not completed.ok:
            raise BlueprintError(f"{python} could not compile the package: {completed.output}")
        answers = json.loads(result.read_text())
    return {
        source: base64.b64decode(answer["bytecode"])
        for source, answer in zip(sources, answers, strict=True)
        if "bytecode" in answer
    }
