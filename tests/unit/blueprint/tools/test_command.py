"""The entry the Makefile calls before there is a virtual environment."""

import sys

import pytest

from blueprint.errors import BlueprintError
from blueprint.tools import __main__ as entry
from blueprint.tools import bootstrap, command, environments, provision
from blueprint.tools.terraform import terraform_environment
from tests.unit.blueprint.tools.conftest import Machine


def test_an_older_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))

    assert entry.main() == 2

    assert capsys.readouterr().err == (
        "error: Python 3.11 or newer is needed; this is 3.9.\n"
        "  Name another one: make PYTHON=python3.11 up\n"
    )


def test_a_failure_is_printed_with_its_remedy_and_gives_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(name: str, **_: object) -> None:
        raise BlueprintError(f"{name} cannot be provided", remedy="Install it.")

    monkeypatch.setattr(bootstrap, "provide", fails)

    assert command.run(["uv"]) == 1
    assert capsys.readouterr().err == "error: uv cannot be provided\n  Install it.\n"


def test_an_unknown_name_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["helm"]) == 2
    error = capsys.readouterr().err
    assert "there is no 'helm' to provide" in error
    assert (
        "bootstrap, uv, terraform, atmos, actionlint, go, tooling, emulator, checkov, workflows, load, runbooks,"
        " aws-provider" in error
    )


def test_an_interruption_says_that_it_can_be_continued(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: str, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "provide", interrupted)

    assert command.run([]) == 130
    assert "running it again continues" in capsys.readouterr().err


def test_the_bootstrap_provides_what_fails_soonest_first_and_atmos_last(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(provision, "ensure", lambda name, **_: order.append(name))
    monkeypatch.setattr(environments, "environment", lambda name, **_: order.append(name))
    monkeypatch.setattr(
        bootstrap, terraform_environment.__name__, lambda **_: order.append("aws-provider")
    )

    bootstrap.bootstrap(host=machine.host)

    assert order == ["uv", "terraform", "tooling", "emulator", "aws-provider", "atmos"]


def test_a_configuration_of_the_user_s_is_said_to_be_used(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = machine.host.root / "own.rc"
    own.touch()
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(own))

    bootstrap.provide("aws-provider", host=machine.host)

    assert f"your own CLI configuration {own} decides" in machine.said.getvalue()
