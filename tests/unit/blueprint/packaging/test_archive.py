import io
import os
import time
import zipfile

import pytest

from blueprint.packaging import archive

CONTENTS = {
    "services/api/handler.py": b"x = 1\n" * 50,
    "fast/_core.so": b"\x7fELF",
    "a.json": b"{}",
}


def entries(zipped: bytes) -> list[zipfile.ZipInfo]:
    return zipfile.ZipFile(io.BytesIO(zipped)).infolist()


def test_entries_are_sorted_dated_1980_and_without_extra_fields() -> None:
    packed = entries(archive.pack(CONTENTS))

    assert [entry.filename for entry in packed] == [
        "a.json",
        "fast/_core.so",
        "services/api/handler.py",
    ]
    assert {entry.date_time for entry in packed} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.extra for entry in packed} == {b""}


def test_files_are_readable_by_all_and_binaries_executable() -> None:
    modes = {entry.filename: entry.external_attr >> 16 for entry in entries(archive.pack(CONTENTS))}

    assert modes == {
        "a.json": 0o100644,
        "fast/_core.so": 0o100755,
        "services/api/handler.py": 0o100644,
    }


def test_the_archive_can_be_read_back() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.pack(CONTENTS))) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == CONTENTS


def test_bytes_depend_on_neither_order_nor_clock_nor_umask(monkeypatch: pytest.MonkeyPatch) -> None:
    first = archive.pack(CONTENTS)

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(time, "time", lambda: 0.0)
    before = os.umask(0o077)
    try:
        second = archive.pack(dict(reversed(CONTENTS.items())))
    finally:
        os.umask(before)

    assert second == first


def test_the_content_digest_depends_on_paths_and_content_but_not_on_order() -> None:
    assert (
        archive.content_digest({})
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert archive.content_digest({"a": b"1", "b": b"2"}) != archive.content_digest(
        {"a": b"2", "b": b"1"}
    )
    assert archive.content_digest({"b": b"2", "a": b"1"}) == archive.content_digest(
        {"a": b"1", "b": b"2"}
    )


def test_another_compressor_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = archive.zlib.compress

    assert archive.compressor_is_zlib()
    monkeypatch.setattr(archive.zlib, "compress", lambda data, _: real(data, 1))
    assert not archive.compressor_is_zlib()
