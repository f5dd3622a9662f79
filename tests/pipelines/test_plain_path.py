"""A change on its way from a pull request to prod: what each run did, and what reached which account."""

import pytest

from tests.pipelines.accounts import ACCOUNTS
from tests.pipelines.plain_path import NAME, PlainPath
from tests.pipelines.world import STAGES, Content, World

NOTHING = Content()
RELEASED = Content(notices=NAME)


def test_a_pull_request_shows_its_plan_in_every_environment(world: World, path: PlainPath) -> None:
    leg = path["reviewed"]

    assert leg.result.ok, leg.result.explain()
    assert leg.contents == dict.fromkeys(STAGES, NOTHING)
    [comment] = world.github.comments(path.pull.number)
    for stage in STAGES:
        assert f"`{stage}` <code>" in comment["body"] or f"<code>{stage}</code>" in comment["body"]
    assert comment["body"].count(f'+ display_name = "{NAME}"') == len(STAGES)


def test_planning_takes_no_role_that_could_change_anything(world: World, path: PlainPath) -> None:
    first_run = [each for each in world.simulator.identities.assumed if each.run == 1]

    assert {each.account for each in first_run} == set(ACCOUNTS.values())
    assert {each.role.rpartition("-")[2] for each in first_run} == {"plan"}
    assert not world.simulator.identities.refused
    assert path["reviewed"].result["comment"].result == "success"


def test_a_merge_reaches_dev_and_nothing_else(world: World, path: PlainPath) -> None:
    leg = path["merged"]

    assert leg.result.ok, leg.result.explain()
    assert leg.contents == {"dev": RELEASED, "staging": NOTHING, "prod": NOTHING}
    assert world.pointer("dev") == path.sha


def test_a_release_that_staging_has_not_run_is_refused(path: PlainPath) -> None:
    leg = path["hasty release"]

    assert leg.result.results == {"resolve": "failure"}
    assert "staging" in leg.result["resolve"].log
    assert leg.contents["prod"] == NOTHING


def test_a_plan_that_was_tampered_with_is_not_applied(path: PlainPath) -> None:
    leg = path["tampered candidate"]

    assert leg.result["apply/plan"].result == "success", leg.result.explain()
    assert leg.result["apply/apply"].result == "failure"
    assert "somebody changed it" in leg.result["apply/apply"].log
    assert leg.contents["staging"] == NOTHING
    assert leg.result["apply/record"].result == "skipped"


def test_a_failed_deployment_opens_an_issue_that_the_next_success_closes(
    world: World, path: PlainPath
) -> None:
    issues = [each for each in world.github.state.issues if "pull_request" not in each]

    assert path["tampered candidate"].result["apply/failed"].result == "success"
    assert path["candidate"].result["apply/healed"].result == "success"
    assert [(each["state"], "staging" in each["title"]) for each in issues] == [("closed", True)]


def test_a_candidate_reaches_staging_and_a_release_prod(world: World, path: PlainPath) -> None:
    for name in ("candidate", "release"):
        assert path[name].result.ok, path[name].result.explain()

    assert path["candidate"].contents == {"dev": RELEASED, "staging": RELEASED, "prod": NOTHING}
    assert path["release"].contents == dict.fromkeys(STAGES, RELEASED)
    assert {world.pointer(stage) for stage in STAGES} == {path.sha}


def test_each_environment_was_entered_once_per_apply_and_by_the_apply_job_alone(
    world: World, path: PlainPath
) -> None:
    entered = [(each.job, each.environment, each.event.ref) for each in world.simulator.admitted]

    assert path["release"].result.ok
    assert entered[:4] == [
        ("apply/apply", "dev", "refs/heads/main"),
        ("apply/apply", "staging", "refs/tags/v1.0.0-rc.1"),
        ("apply/apply", "staging", "refs/tags/v1.0.0-rc.1"),
        ("apply/apply", "prod", "refs/tags/v1.0.0"),
    ]


def test_a_release_is_published_with_its_notes(world: World, path: PlainPath) -> None:
    assert path["release"].result["notes"].result == "success"
    [release] = world.github.state.releases
    assert release["tag_name"] == "v1.0.0"
    assert "Name the sender of notices" in release["body"]


def test_the_application_by_the_wrong_role_is_impossible(world: World, path: PlainPath) -> None:
    """The plan role cannot change what it plans, whoever asks: the embedded AWS holds it to its policies."""
    claims = next(
        each for each in world.simulator.identities.issued if each["event_name"] == "pull_request"
    )

    token = world.simulator.identities.issue(claims | {"exp": claims["exp"] + 9999}, job="a test")
    with pytest.raises(Exception, match="AccessDenied"):
        world.simulator.identities.assume(
            token, "arn:aws:iam::111111111111:role/acme-useast1-dev-apply"
        )
    assert path["reviewed"].result.ok
