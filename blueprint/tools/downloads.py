"""Downloads a release, verifies it against the publisher's checksums and unpacks the binary."""

import contextlib
import hashlib
import http.client
import queue
import shutil
import tarfile
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from blueprint.errors import BlueprintError
from blueprint.tools.catalogue import Download, Tool
from blueprint.tools.progress import Progress
from blueprint.tools.unavailable import SourceUnavailable

# From nothing to the first byte of the release, name look-up and redirects included: a machine that cannot reach the
# publisher must not wait longer than this for the next source.
ANSWER_SECONDS = 8.0
_SILENCE_SECONDS = 8.0
_CHUNK = 1 << 18
_EXECUTABLE = 0o755


class Response(Protocol):
    """An answer being read; `length` is None where the server does not say."""

    length: int | None

    def read(self, amount: int, /) -> bytes: ...

    def close(self) -> None: ...


class Transport(Protocol):
    """Opens an address. Raises OSError or http.client.HTTPException."""

    def open(self, url: str, /, *, seconds: float) -> Response: ...


class HttpsTransport:
    """HTTPS and nothing else, redirects included; proxies as the environment names them."""

    def __init__(self) -> None:
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def open(self, url: str, /, *, seconds: float) -> Response:
        response = self._opener.open(url, timeout=seconds)
        if not isinstance(response, http.client.HTTPResponse):
            raise urllib.error.URLError("no answer to the request")
        return response


def fetch(
    tool: Tool,
    *,
    platform: str,
    into: Path,
    transport: Transport,
    progress: Progress,
    answer_seconds: float = ANSWER_SECONDS,
) -> Path:
    """Put the tool's binary into the empty directory `into` and return its path.

    Raises SourceUnavailable where there is no release for the platform or it cannot be fetched whole, BlueprintError
    where it is not what the publisher's checksums say.
    """
    release = tool.download
    if release is None:
        raise SourceUnavailable("no release to download")
    if platform not in release.targets:
        raise SourceUnavailable(f"no release for {platform}")
    names = {"version": tool.version, "target": release.targets[platform]}
    url, checksums = release.url.format(**names), release.checksums.format(**names)

    sums, response = _within(
        answer_seconds,
        urlsplit(url).hostname or url,
        lambda: _first_answers(transport, checksums, url),
    )
    with contextlib.closing(response):
        expected = _checksum(sums, file=url.rpartition("/")[2], where=checksums)
        archive = into / ".download"
        actual = _save(response, archive, progress=progress, label=f"{tool.name} {tool.version}")
    if actual != expected:
        archive.unlink()
        raise BlueprintError(
            f"the download of {tool.name} {tool.version} is not what its publisher released: "
            f"{url} has sha256 {actual}, {checksums} says {expected}",
            remedy="Do not use it. Try from another network, or put "
            f"{tool.name} ({tool.wanted}) on PATH from a source you trust.",
        )
    return _unpack(archive, release, names=names, binary=into / tool.name)


def _first_answers(transport: Transport, checksums: str, url: str) -> tuple[str, Response]:
    with contextlib.closing(transport.open(checksums, seconds=_SILENCE_SECONDS)) as response:
        sums = response.read(1 << 20).decode("utf-8", errors="replace")
    return sums, transport.open(url, seconds=_SILENCE_SECONDS)


def _within(
    seconds: float, server: str, call: Callable[[], tuple[str, Response]]
) -> tuple[str, Response]:
    """The result of `call`, or SourceUnavailable after `seconds`.

    A thread, because no time-out of a socket covers the look-up of a name or several addresses tried in turn.
    """
    results: queue.SimpleQueue[tuple[str, Response] | Exception] = queue.SimpleQueue()

    def answer() -> None:
        try:
            results.put(call())
        except (OSError, http.client.HTTPException) as error:
            results.put(error)

    threading.Thread(target=answer, daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except queue.Empty:
        raise SourceUnavailable(f"{server} did not answer within {seconds:.0f} s") from None
    if isinstance(result, Exception):
        raise SourceUnavailable(f"{server}: {_reason(result)}") from result
    return result


def _checksum(sums: str, *, file: str, where: str) -> str:
    """The sha256 of `file` from lines of `<sha256>  [*]<file>`."""
    for line in sums.splitlines():
        digest, _, name = line.strip().partition(" ")
        if (
            name.strip().removeprefix("*") == file
            and len(digest) == hashlib.sha256().digest_size * 2
        ):
            return digest.lower()
    raise SourceUnavailable(f"{where} has no checksum for {file}")


def _save(response: Response, file: Path, *, progress: Progress, label: str) -> str:
    """Write the answer to `file` and return its sha256."""
    digest, received, expected = hashlib.sha256(), 0, response.length
    started = time.monotonic()
    with file.open("wb") as out:
        while True:
            try:
                chunk = response.read(_CHUNK)
            except (OSError, http.client.HTTPException) as error:
                raise SourceUnavailable(f"broke off: {_reason(error)}") from error
            if not chunk:
                break
            out.write(chunk)
            digest.update(chunk)
            received += len(chunk)
            progress.update(_how_far(label, received, expected, time.monotonic() - started))
    if expected is not None and received < expected:
        raise SourceUnavailable(f"broke off after {received} of {expected} bytes")
    return digest.hexdigest()


def _how_far(label: str, received: int, expected: int | None, seconds: float) -> str:
    got = f"{received / 1e6:.0f} MB"
    share = f"{received * 100 // expected} % of {expected / 1e6:.0f} MB" if expected else got
    return f"{label}: downloading, {share}, {received / 1e6 / max(seconds, 0.001):.1f} MB/s"


def _unpack(archive: Path, release: Download, *, names: dict[str, str], binary: Path) -> Path:
    """Leave nothing of the archive but the binary."""
    if release.member is None:
        archive.rename(binary)
    else:
        member = release.member.format(**names)
        try:
            _extract(archive, member, binary, zipped=release.url.endswith(".zip"))
        except (KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
            raise SourceUnavailable(f"the archive holds no {member}") from error
        archive.unlink()
    binary.chmod(_EXECUTABLE)
    return binary


def _extract(archive: Path, member: str, binary: Path, *, zipped: bool) -> None:
    """Copy one file out of the archive; no path of the archive is ever written to."""
    with contextlib.ExitStack() as opened:
        if zipped:
            source = opened.enter_context(zipfile.ZipFile(archive)).open(member)
        else:
            packed = opened.enter_context(tarfile.open(archive)).extractfile(member)
            if packed is None:
                raise KeyError(member)
            source = packed
        shutil.copyfileobj(opened.enter_context(source), opened.enter_context(binary.open("wb")))


def _reason(error: BaseException) -> str:
    """Why a request failed, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"answered {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, BaseException):
        return _reason(error.reason)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
