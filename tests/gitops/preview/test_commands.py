"""The verb `preview sweep` asks GitHub last, and fails when a preview that had to go is still there."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from blueprint.errors import BlueprintError
from blueprint.github.pulls import PullRequest
from blueprint.preview import commands
from tests.gitops.preview.conftest import World


@pytest.fixture
def github(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pull request is open; pr1 and pr2 have a state, and pr2 resists."""
    world.state("iam", "pr1")
    world.state("iam", "pr2")

    def open_pulls(_: object) -> list[PullRequest]:
        assert world.opened == ["dev"], "a preview made meanwhile would look like nobody's"
        return []

    def down(number: int) -> None:
        if number == 2:
            raise BlueprintError("pr2 resists")
        world.done.append(f"down {number}")

    def from_environment(_: object) -> Any:
        return object()

    monkeypatch.setattr(commands, "open_stack", world.open_stack)
    monkeypatch.setattr(commands.client, "from_environment", from_environment)
    monkeypatch.setattr(commands.pulls, "open_pulls", open_pulls)
    monkeypatch.setattr(commands.removal, "down", down)


@pytest.mark.usefixtures("github")
def test_what_had_to_go_and_why_is_told_as_json_even_when_one_resists(world: World) -> None:
    result = CliRunner().invoke(commands.app, ["sweep", "--json"])

    assert isinstance(result.exception, BlueprintError)
    assert str(result.exception) == "pr2: pr2 resists"
    assert world.done == ["down 1"]
    assert json.loads(result.stdout) == [
        {"stack": "pr1", "reason": "pull request 1 is not open", "error": ""},
        {"stack": "pr2", "reason": "pull request 2 is not open", "error": "pr2 resists"},
    ]


@pytest.mark.usefixtures("github")
def test_nothing_is_swept_while_github_does_not_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> list[PullRequest]:
        raise BlueprintError("GitHub answers 503")

    monkeypatch.setattr(commands.pulls, "open_pulls", refuse)

    result = CliRunner().invoke(commands.app, ["sweep"])

    assert str(result.exception) == "GitHub answers 503"
    assert world.done == []
