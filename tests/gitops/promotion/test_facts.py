"""Promotion over real history: merges, squashes, tags that move, and a main branch that is force-pushed."""

import pytest

from blueprint.errors import BlueprintError
from blueprint.promotion import facts, pointer, policy, rollback
from blueprint.promotion.git import Repository
from blueprint.promotion.rules import Decision, Request
from tests.git_repository import GitRepository

from .conftest import FakeLedger

SHIPPED = policy.read()


class Promotion:
    """Asks for promotions in one repository."""

    def __init__(self, made: GitRepository, repository: Repository, ledger: FakeLedger) -> None:
        self.made, self.repository, self.ledger = made, repository, ledger

    def push(self, ref: str, sha: str | None = None) -> Decision:
        return self.ask(Request(sha or self.made.git("rev-parse", ref), ref))

    def dispatch(self, environment: str, sha: str) -> Decision:
        return self.ask(Request(sha, environment=environment))

    def ask(self, request: Request) -> Decision:
        return facts.promote(request, SHIPPED, repository=self.repository, converged=self.ledger)


@pytest.fixture
def promotion(made: GitRepository, repository: Repository, ledger: FakeLedger) -> Promotion:
    return Promotion(made, repository, ledger)


def test_a_commit_goes_from_main_to_prod_without_skipping(promotion: Promotion) -> None:
    made, ledger = promotion.made, promotion.ledger
    commit = made.commit("feat: orders")

    assert promotion.push("refs/heads/main").environment == "dev"
    ledger.deploy("dev", commit)
    made.tag("v1.0.0-rc.1")
    assert promotion.push("refs/tags/v1.0.0-rc.1").environment == "staging"
    ledger.deploy("staging", commit)
    made.tag("v1.0.0")
    decision = promotion.push("refs/tags/v1.0.0")

    assert (decision.environment, decision.commit) == ("prod", commit)


def test_the_tags_own_id_is_as_good_as_its_commits(promotion: Promotion) -> None:
    """GitHub names the tag object in some events, its commit in others."""
    promotion.ledger.deploy("dev", promotion.made.head)
    promotion.made.tag("v1.0.0-rc.1")
    tag_object = promotion.made.git("rev-parse", "v1.0.0-rc.1")
    assert tag_object != promotion.made.head

    decision = promotion.push("refs/tags/v1.0.0-rc.1", tag_object)

    assert decision.commit == promotion.made.head


@pytest.mark.parametrize("way", ["merge", "squash", "rebase"])
def test_what_a_pull_request_leaves_on_main_reaches_dev(promotion: Promotion, way: str) -> None:
    made = promotion.made
    promotion.ledger.deploy("dev", made.head)
    made.branch("feature")
    made.commit("feat: one", {"one.txt": "1\n"})
    made.switch("main")
    made.commit("fix: meanwhile", {"two.txt": "2\n"})
    if way == "merge":
        made.merge("feature")
    elif way == "squash":
        made.git("merge", "--quiet", "--squash", "feature")
        made.commit("feat: one (#1)")
    else:
        made.git("cherry-pick", "feature")

    assert promotion.push("refs/heads/main").commit == made.head


def test_a_commit_inside_a_merged_branch_is_refused(promotion: Promotion) -> None:
    made = promotion.made
    made.branch("feature")
    inside = made.commit("feat: one")
    made.switch("main")
    made.merge("feature")

    with pytest.raises(BlueprintError, match="not one of the main branch's own"):
        promotion.dispatch("dev", inside)


def test_a_tag_on_a_side_branch_is_refused_even_if_it_once_converged(promotion: Promotion) -> None:
    made = promotion.made
    made.branch("hotfix")
    side = made.commit("fix: at night")
    promotion.ledger.deploy("dev", side)
    promotion.ledger.pointers.clear()
    made.tag("v1.0.1-rc.1")

    with pytest.raises(BlueprintError, match="not one of the main branch's own"):
        promotion.push("refs/tags/v1.0.1-rc.1")


def test_a_tag_that_was_moved_between_push_and_run_is_refused(promotion: Promotion) -> None:
    made = promotion.made
    pushed = made.head
    made.commit("fix: later")
    promotion.ledger.deploy("dev", pushed)
    made.tag("v1.0.0-rc.1", made.head)

    with pytest.raises(BlueprintError, match="was moved") as refused:
        promotion.push("refs/tags/v1.0.0-rc.1", pushed)

    assert made.head[:12] in refused.value.message


def test_a_tag_deleted_between_push_and_run_is_refused(promotion: Promotion) -> None:
    with pytest.raises(BlueprintError, match=r"there is no commit 'refs/tags/v1\.0\.0-rc\.1'"):
        promotion.push("refs/tags/v1.0.0-rc.1", promotion.made.head)


def test_a_lightweight_tag_is_refused(promotion: Promotion) -> None:
    promotion.ledger.deploy("dev", promotion.made.head)
    promotion.made.tag("v1.0.0-rc.1", annotated=False)

    with pytest.raises(BlueprintError, match="is lightweight"):
        promotion.push("refs/tags/v1.0.0-rc.1")


def test_a_neighbour_of_the_converged_commit_is_refused(promotion: Promotion) -> None:
    made = promotion.made
    promotion.ledger.deploy("dev", made.head)
    made.commit("fix: one more thing")
    made.tag("v1.0.0-rc.1")

    with pytest.raises(BlueprintError, match="never converged in dev"):
        promotion.push("refs/tags/v1.0.0-rc.1")


def test_a_candidate_counts_only_on_the_very_commit_that_is_released(promotion: Promotion) -> None:
    made, ledger = promotion.made, promotion.ledger
    made.tag("v1.0.0-rc.1")
    ledger.deploy("staging", made.head)
    ledger.deploy("staging", made.commit("fix: one more thing"))
    made.tag("v1.0.0")

    with pytest.raises(BlueprintError, match="its candidates: none"):
        promotion.push("refs/tags/v1.0.0")


def test_a_converged_commit_that_dev_has_left_behind_still_reaches_staging(
    promotion: Promotion,
) -> None:
    made = promotion.made
    candidate = made.head
    promotion.ledger.deploy("dev", candidate)
    promotion.ledger.deploy("dev", made.commit("feat: the next thing"))
    made.tag("v1.0.0-rc.1", candidate)

    assert promotion.push("refs/tags/v1.0.0-rc.1").commit == candidate


def test_two_merges_at_once_leave_the_older_ones_run_with_nothing_to_do_but_fail(
    promotion: Promotion,
) -> None:
    made = promotion.made
    older = made.commit("fix: one")
    newer = made.commit("fix: two")
    promotion.ledger.deploy("dev", newer)

    with pytest.raises(BlueprintError, match="would go backwards"):
        promotion.push("refs/heads/main", older)


def test_after_a_force_push_dev_waits_for_a_person(promotion: Promotion) -> None:
    made = promotion.made
    base = made.head
    lost = made.commit("feat: lost")
    made.git("branch", "deployed/dev", lost)
    promotion.ledger.deploy("dev", lost)
    made.git("reset", "--quiet", "--hard", base)
    made.commit("feat: rewritten")

    with pytest.raises(BlueprintError, match="main was force-pushed") as refused:
        promotion.push("refs/heads/main")

    assert f"git push origin {lost}:refs/heads/recovered" in refused.value.remedy


def test_both_ways_out_of_a_force_push_lead_to_a_deployment(promotion: Promotion) -> None:
    made, ledger = promotion.made, promotion.ledger
    base = made.head
    ledger.deploy("dev", base)
    lost = made.commit("feat: lost", {"lost.txt": "1\n"})
    made.git("branch", "recovered", lost)
    ledger.deploy("dev", lost)
    made.git("reset", "--quiet", "--hard", base)
    rewritten = made.commit("feat: rewritten", {"rewritten.txt": "1\n"})

    made.merge("recovered")
    assert promotion.push("refs/heads/main").environment == "dev"

    made.git("reset", "--quiet", "--hard", rewritten)
    undone = rollback.resolve(
        "dev", base, policy=SHIPPED, repository=promotion.repository, history=ledger
    )
    pointer.move(
        "dev", undone.commit, repository=promotion.repository, ledger=ledger, backwards=True
    )
    assert promotion.push("refs/heads/main").environment == "dev"


def test_a_dispatch_obeys_the_rules_of_its_environment(promotion: Promotion) -> None:
    made, ledger = promotion.made, promotion.ledger
    commit = made.head

    assert promotion.dispatch("dev", commit).environment == "dev"
    ledger.deploy("dev", commit)
    with pytest.raises(BlueprintError, match="no annotated tag of the form"):
        promotion.dispatch("staging", commit)
    made.tag("v1.0.0-rc.1")
    assert promotion.dispatch("staging", commit).environment == "staging"
    made.tag("v1.0.0")
    with pytest.raises(BlueprintError, match="never converged in staging"):
        promotion.dispatch("prod", commit)
    ledger.deploy("staging", commit)
    assert promotion.dispatch("prod", commit).environment == "prod"


def test_another_branch_deploys_nothing_and_asks_nobody(promotion: Promotion) -> None:
    promotion.made.branch("feature")

    decision = promotion.push("refs/heads/feature")

    assert decision.environment is None
    assert "feature reaches no environment" in decision.reason
