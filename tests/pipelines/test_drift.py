"""What somebody changed by hand: found, reported once, and no longer reported when it is healed."""

from typing import Any

import pytest

from tests.pipelines.world import World

pytestmark = pytest.mark.long


def test_drift_opens_one_issue_and_closes_it_when_it_is_healed(settled: World) -> None:
    world = settled
    with world.scenario("drift by hand detected and healed"):
        name = world.content("prod").notices
        assert name is not None
        quiet = world.clock("drift.yml")
        at_first = issues(world)
        world.rename_by_hand("prod", "Changed by hand")
        found = world.clock("drift.yml")
        opened = issues(world)
        again = world.clock("drift.yml")
        unchanged = issues(world)
        world.rename_by_hand("prod", name)
        healed = world.clock("drift.yml")
        closed = issues(world)

    for result in (quiet, found, again, healed):
        assert result.ok, result.explain()
    assert at_first == []
    assert [(each["state"], "prod" in each["title"]) for each in opened] == [("open", True)]
    assert "display_name" in opened[0]["body"]
    assert "Changed by hand" in opened[0]["body"]
    assert [each["number"] for each in unchanged] == [opened[0]["number"]]
    assert len(world.github.comments(opened[0]["number"])) <= 1
    assert [each["state"] for each in closed] == ["closed"]


def issues(world: World) -> list[dict[str, Any]]:
    """The issues about drift."""
    return [
        dict(each)
        for each in world.github.state.issues
        if "pull_request" not in each and "drift" in each["title"].lower()
    ]
