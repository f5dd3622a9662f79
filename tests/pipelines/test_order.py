"""Runs that come at once, in the wrong order, or go back on purpose."""

import pytest

from tests.pipelines.world import World, notices

pytestmark = pytest.mark.long


def test_two_merges_at_once_end_at_the_newer(settled: World) -> None:
    """Without the concurrency group, which act does not know: GitHub would let the second wait."""
    world = settled
    with world.scenario("two merges at once"):
        before = world.content("dev").notices
        first = world.open("feat: Rename notices", notices("Orders, first of two"))
        second = world.open("feat: Rename notices again", notices("Orders, second of two"))
        assert world.review(first).ok
        older = world.merge(first)
        world.push(second, notices("Orders, second of two"), force=True)
        assert world.review(second, action="synchronize").ok
        newer = world.merge(second)
        events = world.main_event(older), world.main_event(newer)
        with world.judging(*events):
            runs = [world.start("deploy.yml", event) for event in events]
            results = [world.finish(run) for run in runs]
        meanwhile = world.content("dev").notices
        if not results[-1].ok:
            results.append(world.run("deploy.yml", events[1]))
        if not results[-1].ok:
            # The first has changed what the second would change, so its plan is another than was read.
            moved = results[-1]["apply/plan"]
            assert "for the same content was reviewed" in moved.log
            digest = moved.log.rpartition("digest ")[2].split()[0]
            named = {"environment": "dev", "reviewed": digest}
            results.append(world.dispatch("deploy.yml", named))

    assert meanwhile in {before, "Orders, first of two", "Orders, second of two"}
    assert results[-1].ok, results[-1].explain()
    assert world.content("dev").notices == "Orders, second of two"
    assert world.pointer("dev") == newer


def test_a_run_that_was_overtaken_does_not_take_the_environment_back(settled: World) -> None:
    world = settled
    with world.scenario("overtaken run"):
        main, before = world.repository.sha("origin/main"), world.content("dev")
        overtaken = world.deploy_main(world.repository.sha("origin/main~1"))

    assert "apply/apply" not in overtaken.results, overtaken.explain()
    assert world.content("dev") == before
    assert world.pointer("dev") == main


def test_a_rollback_is_planned_and_read_before_it_is_made(settled: World) -> None:
    world = settled
    with world.scenario("rollback"):
        world.repository.git("fetch", "--quiet", "origin")
        deployed, wanted = world.content("prod"), world.content("dev")
        world.tag("v1.2.0-rc.1", at=world.repository.sha("origin/main"))
        assert world.deploy_tag("v1.2.0-rc.1").ok
        world.tag("v1.2.0", at=world.repository.sha("origin/main"))
        released = world.deploy_tag("v1.2.0")
        at_release = world.content("prod")
        back = world.dispatch(
            "rollback.yml", {"environment": "prod", "to": "v1.0.0"}, ref="refs/tags/v1.2.0"
        )
        at_rollback = world.content("prod")
        pointer = world.pointer("prod")
        forward = world.dispatch("deploy.yml", {"environment": "prod"}, ref="refs/tags/v1.2.0")

    assert released.ok, released.explain()
    assert at_release == wanted
    assert back.ok, back.explain()
    assert at_rollback == deployed
    assert pointer == world.repository.sha("v1.0.0")
    assert forward.ok, forward.explain()
    assert world.content("prod") == wanted
