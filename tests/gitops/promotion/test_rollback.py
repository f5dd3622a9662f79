"""A rollback goes back to what has worked there, and says what goes with it."""

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.promotion import policy, rollback
from blueprint.promotion.git import Repository
from blueprint.promotion.rollback import Rollback
from tests.git_repository import GitRepository

from .conftest import FakeLedger

SHIPPED = policy.read()


class Prod:
    """Three commits one, two, three deployed to prod in this order, a fourth merged and not deployed."""

    def __init__(self, made: GitRepository, repository: Repository, ledger: FakeLedger) -> None:
        self.made, self.repository, self.ledger = made, repository, ledger
        self.commits = []
        for name in ("one", "two", "three"):
            made.commit(f"feat: before {name}")
            self.commits.append(made.commit(f"feat: {name}"))
            ledger.deploy("prod", made.head)
        self.ahead = made.commit("feat: four")

    def back(self, to: str | None = None) -> Rollback:
        return rollback.resolve(
            "prod", to, policy=SHIPPED, repository=self.repository, history=self.ledger
        )

    def refused(self, to: str | None = None) -> BlueprintError:
        with pytest.raises(BlueprintError) as refused:
            self.back(to)
        return refused.value


@pytest.fixture
def prod(made: GitRepository, repository: Repository, ledger: FakeLedger) -> Prod:
    return Prod(made, repository, ledger)


def test_without_a_name_it_goes_to_what_was_there_before(prod: Prod) -> None:
    _, two, three = prod.commits

    found = prod.back()

    assert (found.pointer, found.commit) == (three, two)
    assert [commit.subject for commit in found.undone] == ["feat: three", "feat: before three"]


def test_after_a_rollback_the_next_goes_further_back_and_not_forwards(prod: Prod) -> None:
    one, two, _ = prod.commits
    prod.ledger.deploy("prod", two)

    assert prod.back().commit == one


def test_a_commit_that_was_rolled_back_is_not_gone_back_to(prod: Prod) -> None:
    """three was bad, two came back, then four: before four there was two."""
    prod.ledger.deploy("prod", prod.commits[1])
    prod.ledger.deploy("prod", prod.ahead)

    assert prod.back().commit == prod.commits[1]


def test_a_tag_and_a_short_id_can_be_named(prod: Prod) -> None:
    one = prod.commits[0]
    prod.made.tag("v1.0.0", one)

    assert prod.back("v1.0.0").commit == one
    assert prod.back(one[:10]).commit == one
    assert len(prod.back(one).undone) == 4


def test_what_never_converged_there_is_refused_with_what_has(prod: Prod) -> None:
    between = prod.made.git("rev-parse", f"{prod.commits[1]}^")
    prod.ledger.deploy("dev", between)

    refused = prod.refused(between)

    assert "has never converged in prod" in refused.message
    assert prod.commits[1][:12] in refused.remedy
    assert prod.commits[2][:12] not in refused.remedy


@pytest.mark.parametrize("which", ["ahead", "side"])
def test_what_is_not_older_than_the_deployed_commit_is_refused(prod: Prod, which: str) -> None:
    commit = prod.ahead
    if which == "side":
        prod.made.git("checkout", "--quiet", "-b", "side", prod.commits[0])
        commit = prod.made.commit("fix: beside")
    prod.ledger.records.append(("prod", commit))

    refused = prod.refused(commit)

    assert "is not older than" in refused.message
    assert f"promote --environment prod --sha {commit}" in refused.remedy


def test_the_deployed_commit_itself_is_refused(prod: Prod) -> None:
    refused = prod.refused(prod.commits[2])

    assert "is what is deployed to prod" in refused.message
    assert "deploy again" in refused.remedy


def test_an_unknown_commit_is_refused(prod: Prod) -> None:
    assert "there is no commit 'v9.9.9'" in prod.refused("v9.9.9").message


def test_an_option_is_not_taken_for_a_commit(prod: Prod) -> None:
    assert "starts with a dash" in prod.refused("--all").message


def test_with_only_one_deployment_there_is_nothing_to_go_back_to(prod: Prod) -> None:
    prod.ledger.records = [("prod", prod.commits[2])]

    assert "has converged at no commit before" in prod.refused().message
    assert "revert the change" in prod.refused().remedy
    assert "revert the change" in prod.refused(prod.commits[0]).remedy


def test_where_nothing_was_deployed_there_is_nothing_to_go_back_from(prod: Prod) -> None:
    prod.ledger.pointers.clear()

    assert "nothing was ever deployed to prod" in prod.refused().message


def test_an_unknown_environment_is_refused(prod: Prod) -> None:
    with pytest.raises(UsageError, match="there is no environment 'qa'"):
        rollback.resolve("qa", policy=SHIPPED, repository=prod.repository, history=prod.ledger)
