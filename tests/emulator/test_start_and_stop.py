"""One server per directory, found again, reported when it dies, and ended alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.emulator import instance as records
from blueprint.emulator import ports, process, server
from blueprint.emulator.ending import Stopped
from blueprint.emulator.home import Home
from blueprint.emulator.instance import Instance
from blueprint.errors import BlueprintError
from blueprint.paths import ROOT

StandIn = Callable[[str], list[str]]

NO_SETTINGS = {"PATH": os.environ["PATH"]}


def start(directory: Path, command: list[str], **options: object) -> Instance:
    settings = {"environ": NO_SETTINGS, **options}
    return server.start(directory, command=command, **settings)  # type: ignore[arg-type]


def lives(instance: Instance) -> bool:
    return process.find(instance.pid, instance.started) is not None


def commands_of(directory: Path) -> list[str]:
    """The processes that speak of `directory`, other than this one and its starter's."""
    mark = str(directory)
    return [p.command for p in process.table() if mark in p.command and p.pid != os.getpid()]


def kill(instance: Instance) -> None:
    os.kill(instance.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while lives(instance) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not lives(instance)


def test_a_started_server_is_the_running_one_until_it_is_stopped(
    directory: Path, stand_in: StandIn
) -> None:
    started = start(directory, stand_in("answers"))

    assert server.running(directory) == started
    assert server.memory_bytes(started) > 1_000_000
    assert server.stop(directory) is Stopped.ENDED
    assert server.running(directory) is None
    assert not lives(started)
    assert not Home(directory).scratch.exists()


def test_a_second_start_gives_the_running_server(directory: Path, stand_in: StandIn) -> None:
    first = start(directory, stand_in("answers"))

    assert start(directory, stand_in("dies")) == first


def test_two_starts_at_once_give_one_server(directory: Path, stand_in: StandIn) -> None:
    with ThreadPoolExecutor(4) as pool:
        starts = [pool.submit(start, directory, stand_in("answers")) for _ in range(4)]
        started = {future.result() for future in starts}

    assert len(started) == 1


def test_stopping_twice_is_no_error(directory: Path, stand_in: StandIn) -> None:
    start(directory, stand_in("answers"))

    assert server.stop(directory) is Stopped.ENDED
    assert server.stop(directory) is Stopped.NOT_RUNNING


def test_the_server_outlives_the_command_that_started_it(
    directory: Path, stand_in: StandIn
) -> None:
    code = (
        "import sys; from pathlib import Path; from blueprint.emulator import server; "
        "print(server.start(Path(sys.argv[1]), command=sys.argv[2:], environ={}).pid)"
    )
    starter = subprocess.run(
        [sys.executable, "-c", code, str(directory), *stand_in("answers")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    found = server.running(directory)

    assert found is not None
    assert found.pid == int(starter.stdout)
    assert os.getsid(found.pid) == found.pid


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the mask from /proc")
def test_the_server_starts_with_no_signal_put_off(directory: Path, stand_in: StandIn) -> None:
    started = start(directory, stand_in("answers"))

    status = Path(f"/proc/{started.pid}/status").read_text()

    assert "SigBlk:\t0000000000000000\n" in status


def test_ctrl_c_in_the_middle_of_a_start_leaves_no_server(
    directory: Path, stand_in: StandIn
) -> None:
    code = (
        "import sys; from pathlib import Path; from blueprint.emulator import server; "
        "server.start(Path(sys.argv[1]), command=sys.argv[2:], environ={})"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(directory), *stand_in("mute")],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 10
    while not (begun := server.running(directory)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert begun is not None

    starter.send_signal(signal.SIGINT)
    _, complaint = starter.communicate(timeout=20)

    assert complaint.rstrip().endswith("KeyboardInterrupt")
    assert not lives(begun)
    assert not Home(directory).record.exists()


def test_a_server_that_dies_is_reported_with_the_end_of_its_log(
    directory: Path, stand_in: StandIn
) -> None:
    with pytest.raises(BlueprintError, match="died") as raised:
        start(directory, stand_in("dies"))

    assert raised.value.message.endswith("stand-in: dies\na reason on the last line")
    assert "blueprint local start" in raised.value.remedy
    assert server.running(directory) is None


def test_a_command_that_cannot_be_run_is_reported(directory: Path) -> None:
    with pytest.raises(BlueprintError, match="cannot be started") as raised:
        start(directory, ["/nowhere/ministack"])

    assert "/nowhere/ministack" in raised.value.message


def test_a_server_that_never_answers_is_reported_and_ended(
    directory: Path, stand_in: StandIn
) -> None:
    with pytest.raises(BlueprintError, match=r"does not answer on http://127.0.0.1:.* after 1 s"):
        start(directory, stand_in("mute"), timeout_seconds=1)

    assert commands_of(directory) == []


def test_a_server_that_does_not_end_when_asked_is_killed(
    directory: Path, stand_in: StandIn
) -> None:
    started = start(directory, stand_in("stubborn"))

    assert server.stop(directory, grace_seconds=0.5) is Stopped.KILLED
    assert not lives(started)


def test_a_function_in_the_middle_of_a_call_ends_with_the_server(
    directory: Path, stand_in: StandIn
) -> None:
    start(directory, stand_in("with a busy function"))
    assert any("function.py" in command for command in commands_of(directory))

    server.stop(directory)

    assert commands_of(directory) == []


def test_what_a_crashed_server_left_running_ends_with_the_next_start(
    directory: Path, stand_in: StandIn
) -> None:
    kill(start(directory, stand_in("with a busy function")))
    assert any("function.py" in command for command in commands_of(directory))

    start(directory, stand_in("answers"))

    assert commands_of(directory) == []


def test_a_record_of_a_dead_server_is_no_obstacle(directory: Path, stand_in: StandIn) -> None:
    dead = start(directory, stand_in("answers"))
    kill(dead)

    assert server.running(directory) is None
    started = start(directory, stand_in("answers"))

    assert lives(started)
    assert started.id != dead.id


def test_a_stranger_with_the_recorded_number_is_neither_taken_for_the_server_nor_ended(
    directory: Path, stand_in: StandIn
) -> None:
    ended = start(directory, stand_in("answers"))
    server.stop(directory)
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    ) as stranger:
        records.write(Home(directory).record, replace(ended, pid=stranger.pid))

        assert server.stop(directory) is Stopped.NOT_RUNNING
        records.write(Home(directory).record, replace(ended, pid=stranger.pid))
        started = start(directory, stand_in("answers"))

        assert started.pid != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


def test_the_log_of_the_server_before_is_kept(directory: Path, stand_in: StandIn) -> None:
    for _ in range(2):
        start(directory, stand_in("answers"))
        server.stop(directory)

    home = Home(directory)
    assert home.log.read_text() == "stand-in: answers\n"
    assert home.log.with_name("emulator.log.1").read_text() == "stand-in: answers\n"


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path, stand_in: StandIn) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(BlueprintError, match=r"cannot use .*/file/local: Not a directory"):
        start(tmp_path / "file" / "local", stand_in("answers"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full device of Linux")
def test_a_full_disk_is_named_and_leaves_no_server(directory: Path, stand_in: StandIn) -> None:
    directory.mkdir()
    (directory / "emulator.json.new").symlink_to("/dev/full")

    with pytest.raises(BlueprintError, match="No space left on device") as raised:
        start(directory, stand_in("with a busy function"))

    assert "Free space" in raised.value.remedy
    assert commands_of(directory) == []


def test_a_taken_port_that_was_asked_for_is_an_error_that_names_its_holder(
    directory: Path, stand_in: StandIn
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        environ = {**NO_SETTINGS, "BLUEPRINT_PORT": str(port)}

        with pytest.raises(BlueprintError, match=f"Port {port}, which BLUEPRINT_PORT asks") as e:
            start(directory, stand_in("answers"), environ=environ)

    assert f"taken by process {os.getpid()} (" in e.value.message
    assert "ask for another port" in e.value.remedy


def test_without_a_wish_the_next_free_port_is_used(directory: Path, stand_in: StandIn) -> None:
    first = next(ports.free_ports())
    with socket.create_server(("127.0.0.1", first)):
        started = start(directory, stand_in("answers"))

    assert first < started.port < ports.DEFAULT + 100


def test_the_port_of_the_environment_is_used(directory: Path, stand_in: StandIn) -> None:
    port = next(ports.free_ports(4800))

    started = start(
        directory, stand_in("answers"), environ={**NO_SETTINGS, "BLUEPRINT_PORT": str(port)}
    )

    assert started.port == port


def test_a_running_server_on_another_port_than_asked_for_is_an_error(
    directory: Path, stand_in: StandIn
) -> None:
    started = start(directory, stand_in("answers"))

    with pytest.raises(BlueprintError, match=f"running on port {started.port}, but --port asks"):
        start(directory, stand_in("answers"), port=started.port + 1)


def test_a_running_server_that_saves_nothing_is_not_taken_for_one_that_does(
    directory: Path, stand_in: StandIn
) -> None:
    start(directory, stand_in("answers"))

    with pytest.raises(BlueprintError, match="running without --persist"):
        start(directory, stand_in("answers"), persist=True)
