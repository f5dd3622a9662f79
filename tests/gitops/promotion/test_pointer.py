"""The pointer moves forwards, backwards only on purpose, and never over another run's move."""

import pytest

from blueprint.errors import BlueprintError
from blueprint.promotion import pointer
from blueprint.promotion.git import Repository
from blueprint.promotion.pointer import Move
from tests.git_repository import GitRepository

from .conftest import FakeLedger


def test_the_first_deployment_makes_the_pointer(
    made: GitRepository, repository: Repository, ledger: FakeLedger
) -> None:
    move = pointer.move("dev", "main", repository=repository, ledger=ledger)

    assert move == Move("dev", None, made.head, "created")
    assert ledger.pointers == {"dev": made.head}
    assert ledger.records == [("dev", made.head)]


def test_it_moves_forwards_and_records_the_convergence(
    made: GitRepository, repository: Repository, ledger: FakeLedger
) -> None:
    before = made.head
    ledger.deploy("dev", before)
    after = made.commit("fix: one")

    move = pointer.move("dev", after, repository=repository, ledger=ledger)

    assert move == Move("dev", before, after, "forward")
    assert ledger.history("dev") == [after, before]
    assert ledger.forced == []


def test_saying_it_again_records_it_again_and_moves_nothing(
    made: GitRepository, repository: Repository, ledger: FakeLedger
) -> None:
    """A run that ended between pointer and record is healed by its re-run."""
    ledger.pointers["dev"] = made.head

    move = pointer.move("dev", made.head, repository=repository, ledger=ledger)

    assert move.step == "unchanged"
    assert ledger.moved == []
    assert ledger.converged("dev", made.head)


def test_it_goes_back_only_when_that_is_meant(
    made: GitRepository, repository: Repository, ledger: FakeLedger
) -> None:
    older = made.head
    newer = made.commit("fix: one")
    ledger.deploy("dev", newer)

    with pytest.raises(BlueprintError, match="that is backwards") as refused:
        pointer.move("dev", older, repository=repository, ledger=ledger)
    assert f"rollback -s dev --to {older}" in refused.value.remedy
    assert ledger.pointers == {"dev": newer}

    move = pointer.move("dev", older, repository=repository, ledger=ledger, backwards=True)
    assert move == Move("dev", newer, older, "backward")
    assert ledger.forced == ["dev"]
    assert ledger.history("dev")[0] == older


def test_a_rollback_that_would_go_forwards_is_refused(
    made: GitRepository, repository: Repository, ledger: FakeLedger
) -> None:
    ledger.deploy("dev", made.head)
    newer = made.commit("fix: one")

    with pytest.raises(BlueprintError, match="forwards, and --backwards was given"):
        pointer.move("dev", newer, repository=repository, ledger=ledger, backwards=True)

    assert ledger.pointers["dev"] != newer


@pytest.mark.parametrize("backwards", [False, True])
def test_it_never_moves_aside(
    made: GitRepository, repository: Repository, ledger: FakeLedger, backwards: bool
) -> None:
    made.branch("side")
    side = made.commit("fix: beside")
    made.switch("main")
    deployed = made.commit("fix: on main")
    ledger.deploy("dev", deployed)

    with pytest.raises(BlueprintError, match="neither descends from the other") as refused:
        pointer.move("dev", side, repository=repository, ledger=ledger, backwards=backwards)

    assert "roll back to the last commit both have" in refused.value.remedy
    assert ledger.pointers == {"dev": deployed}


def test_a_move_by_another_run_meanwhile_is_an_error_and_nothing_is_recorded(
    made: GitRepository, repository: Repository, ledger: FakeLedger
) -> None:
    ledger.deploy("dev", made.head)
    ours = made.commit("fix: ours")
    theirs = made.commit("fix: theirs")
    ledger.meanwhile = {"dev": theirs}

    with pytest.raises(BlueprintError, match="deployed/dev is not where it was"):
        pointer.move("dev", ours, repository=repository, ledger=ledger)

    assert ledger.pointers == {"dev": theirs}
    assert not ledger.converged("dev", ours)
