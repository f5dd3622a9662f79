"""`blueprint local` on a server that runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from blueprint.emulator import server
from blueprint.emulator.commands import Place, app

Run = Callable[..., Any]


@pytest.fixture
def local(directory: Path, stand_in: Callable[[str], list[str]]) -> Run:
    """Runs `blueprint local <words>` for a stand-in server; it must not fail."""

    def run(*words: str) -> Any:
        result = CliRunner().invoke(app, words, obj=Place(directory, stand_in("answers")))
        assert result.exit_code == 0, result.output
        return result

    return run


def test_start_prints_the_address_and_a_second_start_the_same(local: Run, directory: Path) -> None:
    first = local("start")
    second = local("start")

    running = server.running(directory)
    assert running is not None
    assert first.stdout == second.stdout == f"{running.url}\n"
    assert f"running already (process {running.pid})" in second.stderr


def test_status_tells_where_it_runs_and_what_it_needs(local: Run, directory: Path) -> None:
    local("start", "--persist")

    facts = json.loads(local("status", "--json").stdout)

    running = server.running(directory)
    assert running is not None
    assert facts.pop("memory_bytes") > 1_000_000
    assert facts == {
        "running": True,
        "healthy": True,
        "url": running.url,
        "pid": running.pid,
        "persist": True,
        "instance": running.id,
        "log": str(directory / "emulator.log"),
    }


def test_status_is_also_a_table(local: Run, directory: Path) -> None:
    local("start")

    lines = {line.split()[0]: line.split()[1:] for line in local("status").stdout.splitlines()}

    running = server.running(directory)
    assert running is not None
    assert lines["url"] == [running.url]
    assert lines["healthy"] == ["yes"]
    assert lines["memory"][1] == "MiB"


def test_reset_prints_the_address_of_the_empty_server(local: Run, directory: Path) -> None:
    local("start")
    before = server.running(directory)

    printed = local("reset").stdout

    after = server.running(directory)
    assert before is not None
    assert after is not None
    assert after.id != before.id
    assert printed == f"{after.url}\n"


def test_stop_says_whether_the_resources_are_saved(local: Run) -> None:
    local("start", "--persist")

    assert "start --persist` restores them" in local("stop").stderr


def test_logs_shows_what_the_server_printed(local: Run) -> None:
    local("start")

    assert local("logs", "--lines", "1").stdout == "stand-in: answers\n"
