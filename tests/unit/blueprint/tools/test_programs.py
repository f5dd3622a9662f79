"""A program that is watched, that takes too long, or that is interrupted."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from blueprint.tools import programs


def sh(text: str) -> tuple[str, ...]:
    return ("sh", "-c", text)


def test_output_and_errors_come_in_their_order(tmp_path: Path) -> None:
    finished = programs.run(sh("echo one; echo two >&2; echo; exit 3"), env={}, cwd=tmp_path)

    assert finished == programs.Finished(3, ("one", "two", ""))
    assert finished.last_line == "two"


def test_a_program_without_a_word_is_told_by_its_exit_code(tmp_path: Path) -> None:
    assert (
        programs.run(sh("exit 7"), env={}, cwd=tmp_path).last_line == "exit code 7 without a word"
    )


def test_the_watcher_sees_the_lines_while_it_runs(tmp_path: Path) -> None:
    seen: list[int] = []

    programs.run(
        sh("echo one; sleep 1.5; echo two"),
        env={},
        cwd=tmp_path,
        watch=lambda lines: seen.append(len(lines)),
    )

    assert seen == [1]


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match="no end after 0 s"):
        programs.run(sh("echo $$ > pid; sleep 30"), env={}, cwd=tmp_path, seconds=0.1)

    assert ended(int((tmp_path / "pid").read_text()))


def test_an_interruption_ends_the_program_and_what_it_started(tmp_path: Path) -> None:
    def interrupt(_: Sequence[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        programs.run(sh("sleep 30 & echo $! > pid; wait"), env={}, cwd=tmp_path, watch=interrupt)

    assert ended(int((tmp_path / "pid").read_text()))


def ended(pid: int) -> bool:
    """Whether a process is gone, or will be in a moment; one that nobody waits for stays as a zombie."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
