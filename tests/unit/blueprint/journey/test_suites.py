"""Choosing test suites."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from blueprint import paths
from blueprint.errors import BlueprintError, UsageError
from blueprint.journey import check, suites


def test_an_unknown_suite_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no test suite 'units'") as failed:
        suites.test(["units"])

    assert "unit, stacks, policies" in failed.value.remedy


def test_chosen_suites_run_in_their_own_order(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    for name in suites.SUITES:
        monkeypatch.setitem(suites.SUITES, name, partial(ran.append, name))

    suites.test(["e2e", "unit"])

    assert ran == ["unit", "e2e"]


def test_the_stack_s_tests_run_beside_those_that_leave_it_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[str] = []

    class Started:
        def finish(self) -> None:
            happened.append("e2e ended")

    @contextmanager
    def beside(command: list[str], *, log: Path) -> Iterator[Started]:
        assert log.name == "e2e.log"
        happened.append(" ".join(command[-2:]))
        yield Started()
        happened.append("left")

    for name in suites.SUITES:
        monkeypatch.setitem(suites.SUITES, name, partial(happened.append, name))
    monkeypatch.setattr(suites, "beside", beside)

    suites.test([])

    assert happened == [
        "unit",
        "stacks",
        "policies",
        "packaging",
        "terraform",
        "test e2e",
        "gitops",
        "observability",
        "integration",
        "emulator",
        "pipelines",
        "e2e ended",
        "left",
    ]


def test_every_folder_of_tests_is_a_suite() -> None:
    folders = {
        folder.name
        for folder in (paths.ROOT / "tests").iterdir()
        if list(folder.rglob("test_*.py"))
    }

    assert folders | {"terraform"} == set(suites.SUITES)


def test_a_check_reports_everything_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise BlueprintError("two spaces")

    checks = {"format": fail, "types": lambda _: None, "lint": fail}
    monkeypatch.setattr(check, "CHECKS", checks)

    with pytest.raises(BlueprintError) as failed:
        check.check([], verbs={})

    assert failed.value.message == "format:\ntwo spaces\n\nlint:\ntwo spaces"


def test_only_the_chosen_checks_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    checks = {name: (lambda _, name=name: ran.append(name)) for name in ("format", "types", "lint")}
    monkeypatch.setattr(check, "CHECKS", checks)

    check.check(["lint", "format"], verbs={})

    assert ran == ["format", "lint"]


def test_an_unknown_check_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no check 'types'") as failed:
        check.check(["types"], verbs={})

    assert "python types" in failed.value.remedy
