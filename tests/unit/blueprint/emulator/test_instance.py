"""The record of a running server survives being read at any moment."""

import errno
from pathlib import Path

import pytest

from blueprint.emulator import instance as records
from blueprint.emulator.instance import Instance, Saved

INSTANCE = Instance(id="one", pid=7, started="boot/9", port=4570, persist=True)


def test_an_instance_is_read_as_it_was_written(tmp_path: Path) -> None:
    records.write(tmp_path / "record", INSTANCE)

    assert records.read(tmp_path / "record") == INSTANCE


def test_what_was_saved_is_read_as_it_was_written(tmp_path: Path) -> None:
    records.write(tmp_path / "record", Saved(id="one", port=4570))

    assert records.read_saved(tmp_path / "record") == Saved(id="one", port=4570)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"id": "one"}', '{"id": 1, "pid": "x"}'])
def test_a_file_that_is_no_record_counts_as_none(tmp_path: Path, text: str) -> None:
    record = tmp_path / "record"
    record.write_text(text)

    assert records.read(record) is None
    assert records.read_saved(record) is None


def test_a_missing_file_counts_as_no_record(tmp_path: Path) -> None:
    assert records.read(tmp_path / "record") is None
    assert records.read_saved(tmp_path / "record") is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full device of Linux")
def test_a_full_disk_leaves_the_old_record(tmp_path: Path) -> None:
    record = tmp_path / "record"
    records.write(record, INSTANCE)
    (tmp_path / "record.new").symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left") as raised:
        records.write(record, Saved(id="two", port=1))

    assert raised.value.errno == errno.ENOSPC
    assert records.read(record) == INSTANCE


def test_the_address_is_an_ip_address() -> None:
    assert INSTANCE.url == "http://127.0.0.1:4570"
