"""The id of an instance changes exactly when its resources are gone."""

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint.emulator import process, server
from blueprint.emulator.ending import Stopped
from blueprint.emulator.home import Home
from blueprint.emulator.instance import Instance
from blueprint.errors import BlueprintError

StandIn = Callable[[str], list[str]]


@pytest.fixture
def start(directory: Path, stand_in: StandIn) -> Callable[..., Instance]:
    def started(*, persist: bool, port: int | None = None, way: str = "answers") -> Instance:
        return server.start(
            directory, command=stand_in(way), environ={}, persist=persist, port=port
        )

    return started


def test_a_stop_without_persist_ends_the_instance(
    directory: Path, start: Callable[..., Instance]
) -> None:
    first = start(persist=False)
    server.stop(directory)

    assert start(persist=False).id != first.id


def test_a_stop_with_persist_keeps_id_and_port(
    directory: Path, start: Callable[..., Instance]
) -> None:
    first = start(persist=True)
    server.stop(directory)

    second = start(persist=True)

    assert (second.id, second.port) == (first.id, first.port)
    assert second.pid != first.pid


def test_a_start_without_persist_between_leaves_the_saved_instance_alone(
    directory: Path, start: Callable[..., Instance]
) -> None:
    saved = start(persist=True)
    server.stop(directory)
    between = start(persist=False)
    server.stop(directory)

    assert between.id != saved.id
    assert start(persist=True).id == saved.id


def test_a_crash_ends_the_instance_for_what_it_had_not_saved_is_gone(
    directory: Path, start: Callable[..., Instance]
) -> None:
    start(persist=True)
    server.stop(directory)
    crashed = start(persist=True)
    os.kill(crashed.pid, signal.SIGKILL)
    while process.find(crashed.pid, crashed.started):
        pass

    assert start(persist=True).id != crashed.id


def test_a_server_that_had_to_be_killed_has_saved_nothing(
    directory: Path, start: Callable[..., Instance]
) -> None:
    start(persist=True)
    server.stop(directory)
    killed = start(persist=True, way="stubborn")

    assert server.stop(directory, grace_seconds=0.2) is Stopped.KILLED
    assert start(persist=True).id != killed.id


def test_a_server_that_could_not_save_says_so_and_ends_the_instance(
    directory: Path, start: Callable[..., Instance]
) -> None:
    unsaved = start(persist=True, way="cannot save")

    assert server.stop(directory) is Stopped.UNSAVED
    assert start(persist=True).id != unsaved.id


def test_a_server_that_could_not_load_what_was_saved_is_another_instance(
    directory: Path, start: Callable[..., Instance]
) -> None:
    saved = start(persist=True)
    server.stop(directory)

    started = start(persist=True, way="cannot load")

    assert started.id != saved.id
    assert server.running(directory) == started


def test_saved_resources_want_their_port_back(
    directory: Path, start: Callable[..., Instance]
) -> None:
    saved = start(persist=True)
    server.stop(directory)

    with (
        socket.create_server(("127.0.0.1", saved.port)),
        pytest.raises(BlueprintError, match=f"Port {saved.port}, which the saved state asks for"),
    ):
        start(persist=True)
    with pytest.raises(BlueprintError, match=f"saved resources name port {saved.port}") as raised:
        start(persist=True, port=saved.port + 1)

    assert "blueprint local reset" in raised.value.remedy
    assert start(persist=True).id == saved.id


@pytest.mark.parametrize("persist", [False, True])
def test_a_reset_replaces_the_running_server_by_an_empty_one_on_the_same_port(
    directory: Path, stand_in: StandIn, start: Callable[..., Instance], persist: bool
) -> None:
    before = start(persist=persist)

    after = server.reset(directory, command=stand_in("answers"), environ={})

    assert after is not None
    assert after.id != before.id
    assert (after.port, after.persist) == (before.port, before.persist)
    assert process.find(before.pid, before.started) is None


def test_a_reset_without_a_server_deletes_what_was_saved(
    directory: Path, stand_in: StandIn, start: Callable[..., Instance]
) -> None:
    saved = start(persist=True)
    server.stop(directory)

    assert server.reset(directory, command=stand_in("answers"), environ={}) is None
    assert not Home(directory).data.exists()
    assert start(persist=True).id != saved.id
