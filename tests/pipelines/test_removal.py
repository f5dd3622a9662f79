"""A component that the repository no longer has is destroyed from the commit that deployed it, and nothing else is."""

import pytest

from tests.pipelines.world import World

pytestmark = pytest.mark.long


def test_a_deleted_component_is_destroyed_after_it_was_shown(settled: World) -> None:
    world = settled
    with world.scenario("component deleted"):
        if not world.has("journal"):
            world.bring("feat: Keep a journal", world.with_components("notices", "journal"))
        before = world.contents()
        pull = world.open(
            "feat: Keep no journal",
            {
                **world.with_components("notices"),
                "stacks/catalog/journal.yaml": None,
                "components/terraform/journal/main.tf": None,
            },
        )
        reviewed = world.review(pull)
        [comment] = world.github.comments(pull.number)
        sha = world.merge(pull)
        result = world.deploy_main(sha)

    assert before["dev"].journal == 30
    assert reviewed.ok, reviewed.explain()
    assert "aws_cloudwatch_log_group.this" in comment["body"]
    assert result.ok, result.explain()
    assert result["apply/destroy"].result == "success"
    assert world.content("dev").journal is None
    assert world.content("dev").notices == before["dev"].notices
    assert world.pointer("dev") == sha
    entered = [each.environment for each in world.simulator.admitted[-2:]]
    assert entered == ["dev", "dev-destroy"]
    assert world.content("staging") == before["staging"]
