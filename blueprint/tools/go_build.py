"""Builds a tool from Go modules, by the checksums in the go.sum beside its go.mod."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from blueprint.tools import programs
from blueprint.tools.catalogue import GoModule, Tool
from blueprint.tools.host import Host
from blueprint.tools.unavailable import SourceUnavailable

# A compile of one large package takes up to 1 GB: more at once would swap on a machine with many cores.
_MOST_AT_ONCE = 8
_ENVIRONMENT = {
    # The user's own flags, workspace and target could change what is built; the proxy and the caches stay theirs.
    "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false",
    "GOWORK": "off",
    "GOROOT": "",
    "GOTOOLCHAIN": "local",
    "CGO_ENABLED": "0",
}


def build(tool: Tool, module: GoModule, *, go: Path, into: Path, host: Host) -> Path:
    """Build the binary into the directory `into` and return its path; minutes where the modules are not yet compiled.

    Raises SourceUnavailable with Go's own words where a module cannot be had or does not compile.
    """
    host.progress.say(
        f"{tool.name} {tool.version}: building it from Go modules; once, some minutes"
    )
    system, _, architecture = host.platform.partition("-")
    target = {"GOOS": system, "GOARCH": architecture}
    log = host.cache / "logs" / f"{tool.name}-build.log"
    packages = _go(
        (go, "list", "-deps", module.package),
        module=module,
        target=target,
        log=log,
        watch=_heartbeat(host, f"{tool.name}: downloading Go modules", "modules"),
    )
    binary = into / tool.name
    at_once = str(min(os.cpu_count() or 1, _MOST_AT_ONCE))
    options = ("-v", "-p", at_once, "-ldflags", module.ldflags, "-o", binary)
    compiled = _go(
        (go, "build", *options, module.package),
        module=module,
        target=target,
        log=log,
        watch=_heartbeat(host, f"{tool.name}: compiling", f"of {len(packages)} packages"),
    )
    host.progress.say(f"{tool.name} {tool.version}: built, {len(compiled)} packages compiled")
    return binary


def _go(
    command: Sequence[str | Path],
    *,
    module: GoModule,
    target: Mapping[str, str],
    log: Path,
    watch: Callable[[Sequence[str]], None],
) -> tuple[str, ...]:
    env = {**_ENVIRONMENT, **target}
    try:
        finished = programs.run(command, env=env, cwd=module.directory, watch=watch)
    except OSError as error:
        raise SourceUnavailable(f"{command[0]}: {error.strerror}") from error
    if finished.returncode != 0:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("\n".join(finished.lines) + "\n", encoding="utf-8")
        raise SourceUnavailable(f"go {command[1]}: {_cause(finished)} (all of it: {log})")
    # What it downloads it says as `go: downloading <module>`, among the packages it was asked for.
    return tuple(line for line in finished.lines if not line.startswith("go: "))


def _cause(finished: programs.Finished) -> str:
    """The last line that is neither a package being compiled (one word) nor a module being downloaded."""
    told = [line.strip() for line in finished.lines if not line.startswith("go: downloading")]
    return next((line for line in reversed(told) if " " in line), finished.last_line)


def _heartbeat(host: Host, doing: str, unit: str) -> Callable[[Sequence[str]], None]:
    """Go says one line for each module it downloads and, with -v, for each package it compiles."""
    started = time.monotonic()

    def watch(lines: Sequence[str]) -> None:
        elapsed = time.monotonic() - started
        host.progress.update(f"{doing}, {elapsed:.0f} s, {len(lines)} {unit}")

    return watch
