"""Each command of `blueprint local` explains itself, and says so when there is no server."""

import json
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from blueprint.emulator.commands import Place, app
from blueprint.errors import BlueprintError

COMMANDS = ["start", "stop", "status", "logs", "reset"]


def test_the_commands_are_those_documented() -> None:
    assert sorted(get_command(app).commands) == sorted(COMMANDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_ends_with_an_example_that_the_command_accepts(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]

    words = shlex.split(command.epilog.removeprefix("Example: "))

    assert words[:3] == ["blueprint", "local", name]
    command.make_context(name, words[3:])  # a wrong option is an error here


def test_status_of_no_server_says_how_to_start_one_and_exits_with_3(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["status"], obj=Place(tmp_path))

    assert result.exit_code == 3
    assert "blueprint local start" in result.output


def test_status_of_no_server_is_also_json(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["status", "--json"], obj=Place(tmp_path))

    assert result.exit_code == 3
    assert json.loads(result.stdout) == {"running": False}


def test_stopping_no_server_is_no_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["stop"], obj=Place(tmp_path))

    assert result.exit_code == 0


def test_a_log_that_is_not_there_is_an_error_with_the_command_that_makes_one(
    tmp_path: Path,
) -> None:
    result = CliRunner().invoke(app, ["logs"], obj=Place(tmp_path))

    assert isinstance(result.exception, BlueprintError)
    assert "blueprint local start" in result.exception.remedy


def test_the_log_is_printed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "emulator.log").write_text("one\n[red]two[/red]\n")

    result = CliRunner().invoke(app, ["logs", "-n", "1"], obj=Place(tmp_path))

    assert result.stdout == "[red]two[/red]\n"
