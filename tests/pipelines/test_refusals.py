"""What was not reviewed, or is not on main, reaches no account."""

import pytest

from tests.pipelines import events
from tests.pipelines.world import World, notices

pytestmark = pytest.mark.long


def test_a_plan_that_has_become_stale_is_refused_and_both_are_shown(settled: World) -> None:
    world = settled
    with world.scenario("stale plan refused"):
        deployed = world.content("dev").notices
        assert deployed is not None
        pull = world.open("feat: Rename notices", notices("Orders, reviewed"))
        assert world.review(pull).ok
        sha = world.merge(pull)
        # Between this run's plan and its apply, somebody changes the account.
        world.before_applying(lambda _: world.rename_by_hand("dev", "Changed by hand"))
        overtaken = world.deploy_main(sha)
        after_first = world.content("dev").notices
        world.before_applying(lambda _: None)
        # Now already this run's plan is not the one the pull request showed.
        unreviewed = world.deploy_main(sha)
        after_second = world.content("dev").notices
        world.rename_by_hand("dev", deployed)
        healed = world.deploy_main(sha)

    assert overtaken["apply/apply"].result == "failure"
    assert (
        "nothing was applied, the plans are not the reviewed ones" in overtaken["apply/apply"].log
    )
    assert "Changed by hand" in overtaken["apply/apply"].log
    assert after_first == "Changed by hand"
    assert unreviewed["apply/plan"].result == "failure"
    assert "for the same content was reviewed" in unreviewed["apply/plan"].log
    assert unreviewed["apply/apply"].result == "skipped"
    assert after_second == "Changed by hand"
    assert healed.ok, healed.explain()
    assert world.content("dev").notices == "Orders, reviewed"


def test_what_was_pushed_after_the_review_is_refused_until_somebody_names_its_digest(
    settled: World,
) -> None:
    world = settled
    with world.scenario("force-pushed branch"):
        before = world.content("dev").notices
        pull = world.open("feat: Rename notices", notices("Orders, shown"))
        assert world.review(pull).ok
        world.push(pull, notices("Orders, slipped in"), force=True)
        sha = world.merge(pull)
        refused = world.deploy_main(sha)
        after = world.content("dev").notices

        digest = refused["apply/plan"].log.rpartition("digest ")[2].split()[0]
        named = world.dispatch("deploy.yml", {"environment": "dev", "reviewed": digest})

    assert refused["apply/plan"].result == "failure"
    assert "no pull request has shown a plan of this content" in refused["apply/plan"].log
    assert after == before
    assert named.ok, named.explain()
    assert world.content("dev").notices == "Orders, slipped in"


def test_a_rewritten_main_is_refused(settled: World) -> None:
    world = settled
    with world.scenario("force-pushed main"):
        repository = world.repository
        repository.branch("rewritten", at="origin/main~2")
        sha = repository.commit("feat: Rename notices", notices("Orders, rewritten"))
        kept = repository.sha("origin/main")
        repository.git("push", "--quiet", "--force", "origin", "rewritten:main")
        event = events.push("refs/heads/main", before=kept, after=sha, forced=True)

        refused = world.run("deploy.yml", event)

        repository.git("push", "--quiet", "--force", "origin", f"{kept}:main")

    assert refused.results == {"resolve": "failure"}, refused.explain()
    assert world.pointer("dev") == kept


@pytest.mark.parametrize(("tag", "annotated"), [("v9.0.0-rc.1", True), ("v9.0.1-rc.1", False)])
def test_a_tag_that_is_not_an_annotated_one_on_main_is_refused(
    settled: World, tag: str, annotated: bool
) -> None:
    world = settled
    with world.scenario("tag on a side branch" if annotated else "lightweight tag"):
        repository = world.repository
        if annotated:
            repository.branch("side")
            sha = repository.commit("feat: Rename notices", notices("Orders, aside"))
            repository.push("side")
        else:
            sha = repository.sha("origin/main")
        world.tag(tag, at=sha, annotated=annotated)

        refused = world.deploy_tag(tag)

    assert refused.results == {"resolve": "failure"}, refused.explain()
    assert ("main" if annotated else "lightweight") in refused["resolve"].log
