"""A stack of its own for a pull request: made, found to answer, and swept when nobody needs it any more."""

from collections.abc import Iterator

import pytest
import yaml

from tests.pipelines.accounts import ACCOUNTS
from tests.pipelines.world import World

pytestmark = pytest.mark.long

LABEL = "preview"
API = ("dynamodb", "s3", "lambda", "apigateway")
DEV = "stacks/deploy/dev.yaml"


def test_a_preview_is_made_and_swept(settled: World) -> None:
    world = settled
    with world.scenario("preview created and swept"):
        before = world.contents()
        pull = world.open("feat: Serve an API", {DEV: with_api(world)}, labels=(LABEL,))
        made = world.run("preview.yml", world.pull_event(pull, action="labeled", label=LABEL))
        running = set(functions(world))
        kept = world.clock("preview-sweep.yml")
        still = set(functions(world))
        world.close(pull)
        swept = world.clock("preview-sweep.yml")

    assert made.ok, made.explain()
    assert "health is open" in made["up"].log
    assert f"acme-useast1-pr{pull.number}-api" in running
    assert kept.ok, kept.explain()
    assert still == running
    assert swept.ok, swept.explain()
    assert not [name for name in functions(world) if "-pr" in name]
    assert not states(world, pull.number)
    assert world.contents() == before
    roles = {
        each.role for each in world.simulator.identities.assumed if each.environment == "preview"
    }
    assert roles == {"acme-useast1-dev-preview"}


def with_api(world: World) -> str:
    """Dev's stack with everything a preview needs: an API, its function, a table, a bucket that may be emptied."""
    document = yaml.safe_load(world.repository.read(DEV, at="origin/main"))
    document["import"] += [f"catalog/{name}" for name in API]
    endpoint = world.simulator.gateway.api_endpoint(ACCOUNTS["dev"])
    document["components"] = {
        "terraform": {
            "s3": {"vars": {"force_destroy": True}},
            "apigateway": {"vars": {"endpoint_url": endpoint}},
        }
    }
    return yaml.safe_dump(document, sort_keys=False)


def functions(world: World) -> Iterator[str]:
    """Names of the functions in dev's account."""
    for each in world.accounts.client("lambda", "dev").list_functions()["Functions"]:
        yield each["FunctionName"]


def states(world: World, number: int) -> list[str]:
    """Keys of what is left of a preview in dev's state bucket."""
    listed = world.accounts.client("s3", "dev").list_objects_v2(
        Bucket=f"acme-useast1-dev-tfstate-{ACCOUNTS['dev']}"
    )
    return [each["Key"] for each in listed["Contents"] if f"/pr{number}/" in each["Key"]]
