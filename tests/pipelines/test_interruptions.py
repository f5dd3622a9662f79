"""Deployments that are cut off, fail midway or find a lock: nothing is lost, and running again is enough."""

import json

import pytest

from tests.pipelines.world import Content, World, bucket, journal_name, notices

pytestmark = pytest.mark.long


def test_a_cancelled_run_is_healed_by_the_next(settled: World) -> None:
    world = settled
    with world.scenario("cancelled run healed by the next"):
        before = world.content("dev")
        first = world.open("feat: Rename notices", notices("Orders, cancelled"))
        assert world.review(first).ok
        lost = world.merge(first, "rebase")
        event = world.main_event(lost)
        with world.judging(event):
            run = world.start("deploy.yml", event)
            run.cancel_when("notices: planning", job="apply/apply")
            cancelled = world.finish(run)
        at_cancel = world.content("dev")

        second = world.open("feat: Keep a journal", world.with_components("notices", "journal"))
        assert world.review(second).ok
        sha = world.merge(second, "merge")
        healed = world.deploy_main(sha)

    assert cancelled["apply/apply"].result == "cancelled", cancelled.explain()
    assert "apply/record" not in cancelled.results
    assert at_cancel in (before, Content(notices="Orders, cancelled"))
    assert healed.ok, healed.explain()
    assert world.content("dev") == Content(notices="Orders, cancelled", journal=30)
    assert world.pointer("dev") == sha


def test_an_apply_that_fails_midway_is_resumed_by_running_it_again(settled: World) -> None:
    world = settled
    logs = world.accounts.client("logs", "staging")
    name = journal_name("staging")
    with world.scenario("apply failing midway and resumed"):
        if not world.has("journal"):
            world.bring("feat: Keep a journal", world.with_components("notices", "journal"))
        wanted = world.content("dev")
        world.tag("v1.1.0-rc.1", at=world.repository.sha("origin/main"))
        # Somebody made by hand what the plan is about to create: no plan can see it.
        world.before_applying(lambda _: logs.create_log_group(logGroupName=name))
        failed = world.deploy_tag("v1.1.0-rc.1")
        midway = world.content("staging")
        pointer = world.pointer("staging")
        open_issues = issues(world, "staging")

        world.before_applying(lambda _: None)
        logs.delete_log_group(logGroupName=name)
        resumed = world.deploy_tag("v1.1.0-rc.1")

    assert failed["apply/apply"].result == "failure"
    assert "ResourceAlreadyExists" in failed["apply/apply"].log
    assert failed.results["apply/failed"] == "success"
    assert midway.notices == wanted.notices
    assert pointer != world.repository.sha("v1.1.0-rc.1")
    assert open_issues == ["open"]
    assert resumed.ok, resumed.explain()
    assert world.content("staging") == wanted
    assert world.pointer("staging") == world.repository.sha("v1.1.0-rc.1")
    assert issues(world, "staging") == ["closed"]


def test_a_lock_that_is_held_is_named_and_never_broken(settled: World) -> None:
    world = settled
    s3 = world.accounts.client("s3", "dev")
    key = "notices/dev/terraform.tfstate.tflock"
    lock = {
        "ID": "3f0c8a52-2f4c-7f0e-9d4b-5d5d2f7c1a11",
        "Path": f"{bucket('dev', 'tfstate')}/notices/dev/terraform.tfstate",
        "Operation": "OperationTypeApply",
        "Who": "carol@laptop",
        "Version": "1.11.4",
        "Created": "2026-11-23T05:00:00Z",
        "Info": "",
    }
    with world.scenario("lock held"):
        before = world.content("dev")
        pull = world.open("feat: Rename notices", notices("Orders, unlocked"))
        assert world.review(pull).ok
        sha = world.merge(pull)
        event = world.main_event(sha)
        world.before_applying(
            lambda _: s3.put_object(
                Bucket=bucket("dev", "tfstate"), Key=key, Body=json.dumps(lock).encode()
            )
        )
        held = world.deploy_main(sha)
        untouched = world.content("dev")

        world.before_applying(lambda _: None)
        world.simulator.laptop("unlock", "notices", "-s", "dev", lock["ID"], account="dev")
        released = world.run("deploy.yml", event)

    assert held["apply/apply"].result == "failure"
    assert "locked by carol@laptop since 2026-11-23" in held["apply/apply"].log
    assert untouched == before
    assert released.ok, released.explain()
    assert world.content("dev").notices == "Orders, unlocked"


def issues(world: World, stage: str) -> list[str]:
    """States of the issues about failed deployments to `stage` that were opened last."""
    found = [
        each["state"]
        for each in world.github.state.issues
        if "pull_request" not in each and stage in each["title"] and "failed" in each["title"]
    ]
    return found[-1:]
