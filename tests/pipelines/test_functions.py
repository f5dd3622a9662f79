"""Function packages: built once on a pull request, and the same bytes in every environment."""

import pytest

from tests.pipelines.accounts import ACCOUNTS
from tests.pipelines.world import HANDLER, World, bucket, handler

pytestmark = pytest.mark.long


def test_the_bytes_a_pull_request_built_are_those_that_serve(settled: World) -> None:
    world = settled
    with world.scenario("functions: the same bytes everywhere"):
        kept = [name for name in ("notices", "journal") if world.has(name)]
        pull = world.open("feat: Answer requests", world.with_components(*kept, "s3", "lambda"))
        reviewed = world.review(pull)
        sha = world.merge(pull, "merge")
        built = packages(world)
        merged = world.deploy_main(sha)
        world.tag("v1.3.0-rc.1", at=sha)
        candidate = world.deploy_tag("v1.3.0-rc.1")

    assert reviewed.ok, reviewed.explain()
    assert merged.ok, merged.explain()
    assert candidate.ok, candidate.explain()
    assert packages(world) == built
    assert built["dev"] == built["staging"]
    assert len(built["dev"]) == 1
    assert world.content("dev").serving == world.content("staging").serving is not None


def test_a_new_revision_moves_the_alias_and_builds_nothing_anew(settled: World) -> None:
    world = settled
    with world.scenario("functions: a new revision"):
        before = world.content("dev").serving
        text = world.repository.read(HANDLER, at="origin/main")
        pull = world.open("fix: Answer better", handler("2", text))
        reviewed = world.review(pull)
        sha = world.merge(pull)
        merged = world.deploy_main(sha)
        again = world.deploy_main(sha)

    assert reviewed.ok, reviewed.explain()
    assert merged.ok, merged.explain()
    assert again.ok, again.explain()
    assert world.content("dev").serving != before
    assert len(packages(world)["dev"]) == 2


def packages(world: World) -> dict[str, set[str]]:
    """The packages kept in each account, by the names of their objects."""
    found = {}
    for stage in ACCOUNTS:
        listed = world.accounts.client("s3", stage).list_objects_v2(
            Bucket=bucket(stage, "plans"), Prefix="packages/"
        )
        keys = {each["Key"] for each in listed.get("Contents", [])}
        found[stage] = {key for key in keys if key.endswith(".zip")}
    return found
