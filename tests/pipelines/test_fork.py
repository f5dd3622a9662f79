"""A stranger's pull request is planned on the embedded AWS, where there is nothing to take."""

import pytest

from tests.pipelines.world import World, notices

pytestmark = pytest.mark.long

STRANGERS_NAME = "Orders of a stranger"


def test_a_fork_is_planned_without_a_credential_in_reach(settled: World) -> None:
    world = settled
    with world.scenario("fork pull request"):
        before = world.contents()
        stranger = world.open("Harmless", notices(STRANGERS_NAME), fork=True)
        planned = world.run("pr.yml", world.pull_event(stranger, action="opened"))

    assert planned.results == {
        "guard": "success",
        "packages": "success",
        "emulated-plan": "success",
        "gate": "success",
    }, planned.explain()
    assert STRANGERS_NAME in planned["emulated-plan"].summary
    assert str(planned.number) not in {each["run_id"] for each in world.simulator.identities.issued}
    assert not world.github.comments(stranger.number)
    assert world.contents() == before
