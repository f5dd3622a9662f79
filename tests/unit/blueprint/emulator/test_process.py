"""A process is known by number and start, and only our own are ended."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blueprint.emulator import process

# Each prints a line once it is set up: a signal before that would find the defaults.
QUIET = "print('up', flush=True); import time; time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + QUIET
WITH_CHILD = (
    "import subprocess, sys; "
    f"child = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}], stdout=subprocess.PIPE); "
    "child.stdout.readline(); print(child.pid, flush=True); import time; time.sleep(60)"
)


@contextmanager
def program(code: str) -> Iterator[tuple[process.Process, str]]:
    """A running Python program in its own session, and the first line it printed."""
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    line = child.stdout.readline().strip()
    started = process.started_at(child.pid)
    assert started is not None
    found = process.find(child.pid, started)
    assert found is not None
    try:
        yield found, line
    finally:
        child.kill()
        child.communicate()


def test_this_process_is_found_with_its_memory_and_command() -> None:
    started = process.started_at(os.getpid())
    assert started is not None

    found = process.find(os.getpid(), started)

    assert found is not None
    assert found.group == os.getpgid(0)
    assert 5_000_000 < found.rss < 5_000_000_000
    assert "python" in found.command


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    assert process.find(os.getpid(), "an earlier start") is None


def test_a_process_that_ended_is_not_live_though_nobody_has_collected_it() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    deadline = time.monotonic() + 10

    while process.started_at(child.pid) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert process.started_at(child.pid) is None
    os.kill(child.pid, 0)  # its number is still taken
    child.wait()


def test_a_process_that_ends_when_asked_has_ended_by_itself() -> None:
    with program(QUIET) as (leader, _):
        assert process.end(leader, grace_seconds=10) is True

        assert process.find(leader.pid, leader.started) is None


def test_a_process_that_does_not_end_when_asked_is_killed() -> None:
    with program(STUBBORN) as (leader, _):
        assert process.end(leader, grace_seconds=0.2) is False

        assert process.find(leader.pid, leader.started) is None


def test_a_child_that_outlives_its_leader_is_killed() -> None:
    with program(WITH_CHILD) as (leader, child):
        assert process.started_at(int(child))

        process.end(leader, grace_seconds=10)

        assert process.started_at(int(child)) is None


def test_no_signal_reaches_a_process_that_started_at_another_time() -> None:
    with program(QUIET) as (bystander, _):
        earlier = process.Process(bystander.pid, "earlier", bystander.pid, 0, "")

        process.end(earlier, grace_seconds=0.2)
        process.kill([earlier])

        assert process.find(bystander.pid, bystander.started)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="compares /proc with ps")
@pytest.mark.skipif(not Path("/bin/ps").exists(), reason="compares /proc with ps")
def test_systems_without_proc_tell_the_same_of_a_process() -> None:
    with program(QUIET) as (leader, _):
        told = next(p for p in process._from_ps() if p.pid == leader.pid)

        assert told.group == leader.group
        assert told.command == leader.command
        assert told.rss == pytest.approx(leader.rss, rel=0.5)
        assert [p.started for p in process._from_ps(leader.pid)] == [told.started]
    assert list(process._from_ps(leader.pid)) == []
