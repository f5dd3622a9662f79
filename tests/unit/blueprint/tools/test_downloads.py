"""How long an answer is waited for, and what is accepted as one."""

import http.client
import io
import tarfile
import threading
import time
import urllib.error
import zipfile
from pathlib import Path

import pytest

from blueprint.tools import downloads
from blueprint.tools.catalogue import tool
from blueprint.tools.unavailable import SourceUnavailable
from tests.unit.blueprint.tools.conftest import Answer, Machine


def fetch(machine: Machine, name: str, into: Path, *, answer_seconds: float = 5.0) -> Path:
    return downloads.fetch(
        tool(name),
        platform="linux-amd64",
        into=into,
        transport=machine.network,
        progress=machine.host.progress,
        answer_seconds=answer_seconds,
    )


def test_a_server_that_never_answers_is_given_up_in_time(machine: Machine, tmp_path: Path) -> None:
    never = threading.Event()

    def silent() -> Answer:
        never.wait(20)
        raise OSError("too late")

    machine.network.publish("atmos", b"")
    for url in machine.network.answers:
        machine.network.answers[url] = silent
    started = time.monotonic()

    with pytest.raises(SourceUnavailable, match=r"github\.com did not answer within 0 s"):
        fetch(machine, "atmos", tmp_path, answer_seconds=0.2)

    assert time.monotonic() - started < 5
    never.set()


def test_the_limit_on_an_answer_is_below_ten_seconds() -> None:
    assert downloads.ANSWER_SECONDS < 10


def test_a_refusal_is_told_by_its_status(machine: Machine, tmp_path: Path) -> None:
    def forbidden() -> Answer:
        raise urllib.error.HTTPError("", 403, "Forbidden", http.client.HTTPMessage(), None)

    machine.network.publish("atmos", b"")
    for url in machine.network.answers:
        machine.network.answers[url] = forbidden

    with pytest.raises(SourceUnavailable, match=r"github\.com: answered 403 Forbidden"):
        fetch(machine, "atmos", tmp_path)


def test_a_zip_gives_its_binary_and_nothing_else(machine: Machine, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("LICENSE.txt", "terms")
        archive.writestr("terraform", "binary")
    machine.network.publish("terraform", packed.getvalue())

    binary = fetch(machine, "terraform", made(tmp_path))

    assert binary.read_text() == "binary"
    assert binary.stat().st_mode & 0o777 == 0o755
    assert [entry.name for entry in binary.parent.iterdir()] == ["terraform"]


def test_a_tar_gives_its_binary_and_nothing_else(machine: Machine, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in ("uv-x86_64-unknown-linux-musl/uv", "../outside"):
            entry = tarfile.TarInfo(name)
            entry.size = 6
            archive.addfile(entry, io.BytesIO(b"binary"))
    machine.network.publish("uv", packed.getvalue())

    binary = fetch(machine, "uv", made(tmp_path))

    assert binary.read_text() == "binary"
    assert [entry.name for entry in binary.parent.iterdir()] == ["uv"]
    assert not (tmp_path / "outside").exists()


def test_an_archive_without_the_binary_is_no_release(machine: Machine, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("LICENSE.txt", "terms")
    machine.network.publish("terraform", packed.getvalue())

    with pytest.raises(SourceUnavailable, match="the archive holds no terraform"):
        fetch(machine, "terraform", made(tmp_path))


@pytest.mark.parametrize("url", ["http://example.com/tool", "ftp://example.com/tool"])
def test_only_https_is_spoken(url: str) -> None:
    with pytest.raises(urllib.error.URLError, match="unknown url type"):
        downloads.HttpsTransport().open(url, seconds=1)


def test_a_download_shows_how_far_it_is(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(machine.host.progress, "update", shown.append)
    machine.network.publish("atmos", b"a" * 300_000)

    fetch(machine, "atmos", made(tmp_path))

    assert [line.split(",")[1].strip() for line in shown] == ["87 % of 0 MB", "100 % of 0 MB"]


def made(tmp_path: Path) -> Path:
    directory = tmp_path / "stage"
    directory.mkdir()
    return directory
