"""Who is loaded, and with whose token."""

import pytest

from blueprint.errors import UsageError
from blueprint.load import commands
from blueprint.stacks.model import Stack


def test_prod_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "open_stack", lambda name: pytest.fail(f"{name} was opened"))

    with pytest.raises(UsageError, match="prod is not loaded by accident") as failed:
        commands.load("prod")

    assert "--yes-production" in failed.value.remedy


def test_a_wrong_profile_is_refused_before_a_stack_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commands, "open_stack", lambda name: pytest.fail(f"{name} was opened"))

    with pytest.raises(UsageError, match="there is no load profile 'soak'"):
        commands.load("dev", profile="soak")


def test_on_a_real_stack_the_token_is_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOAD_TOKEN", " abc\n")

    assert commands.access_token(Stack("dev", {}, emulated=False), {}) == "abc"


def test_without_a_token_a_real_stack_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOAD_TOKEN", "")

    with pytest.raises(UsageError, match="LOAD_TOKEN is not set, and the users of dev"):
        commands.access_token(Stack("dev", {}, emulated=False), {})


def test_on_the_embedded_aws_a_test_user_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOAD_TOKEN", "somebody's")
    monkeypatch.setattr(commands.identity, "access_token", lambda *_: "alice's")

    assert commands.access_token(Stack("local", {}, emulated=True), {}) == "alice's"
