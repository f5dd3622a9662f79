"""Places for servers of this suite: each in a directory of its own, each ended with its test."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blueprint.emulator import ministack, server
from blueprint.emulator.home import Home

StandIn = Callable[[str], list[str]]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A directory for one server, which is gone after the test whatever happened in it."""
    place = tmp_path / "local"
    yield place
    server.stop(place, grace_seconds=1)


@pytest.fixture
def stand_in() -> StandIn:
    """The command of a stand-in server that behaves in a given way."""
    program = Path(__file__).with_name("stand_in.py")
    return lambda way: [sys.executable, "-I", str(program), way]


@pytest.fixture(scope="session")
def ministack_command() -> Callable[[Path], list[str]]:
    """The command of the real server; an error if it is not installed."""
    return lambda place: ministack.command(Home(place))
