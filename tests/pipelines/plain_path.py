"""The way every change takes, from pull request to prod: walked once, and looked at by tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.pipelines.act import Result
from tests.pipelines.gateway import Admission
from tests.pipelines.world import Content, Pull, World, bucket, notices

NAME = "Orders of the first release"


@dataclass
class Leg:
    """One run of the way: its result, and what the accounts held after it."""

    result: Result
    contents: dict[str, Content]


@dataclass
class PlainPath:
    """The legs by name, in the order in which they were walked."""

    pull: Pull
    sha: str = ""
    legs: dict[str, Leg] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Leg:
        return self.legs[name]


def walk(world: World) -> PlainPath:
    """Walk the way, with two wrong turns on it: a release without staging, and a tampered plan."""
    pull = world.open("feat: Name the sender of notices", notices(NAME))
    path = PlainPath(pull)

    def leg(name: str, result: Result) -> None:
        path.legs[name] = Leg(result, world.contents())

    with world.scenario("plan comment on a pull request"):
        leg("reviewed", world.review(pull))
    with world.scenario("merge -> dev"):
        path.sha = world.merge(pull)
        leg("merged", world.deploy_main(path.sha))
    with world.scenario("promotion without staging refused"):
        world.tag("v1.0.0", at=path.sha)
        leg("hasty release", world.deploy_tag("v1.0.0"))
    with world.scenario("tampered plan refused"):
        world.tag("v1.0.0-rc.1", at=path.sha)
        with tampering(world, "staging"):
            leg("tampered candidate", world.deploy_tag("v1.0.0-rc.1"))
    with world.scenario("rc -> staging"):
        leg("candidate", world.deploy_tag("v1.0.0-rc.1"))
    with world.scenario("tag -> prod"):
        leg("release", world.deploy_tag("v1.0.0"))
    return path


@contextmanager
def tampering(world: World, stage: str) -> Iterator[None]:
    """Somebody who may do everything in the account changes the plan document while it waits for approval."""
    s3 = world.accounts.client("s3", stage)
    plans = bucket(stage, "plans")
    original: dict[str, bytes] = {}

    def tamper(_: Admission) -> None:
        listed = s3.list_objects_v2(Bucket=plans, Prefix="documents/")["Contents"]
        for each in listed:
            body = s3.get_object(Bucket=plans, Key=each["Key"])["Body"].read()
            original[each["Key"]] = body
            document = json.loads(body)
            changes = document["components"][0]["changes"]
            changes[0]["attributes"][0]["after"] = "Somebody else's orders"
            put(each["Key"], json.dumps(document).encode())

    def put(key: str, body: bytes) -> None:
        policy = s3.get_bucket_policy(Bucket=plans)["Policy"]
        s3.delete_bucket_policy(Bucket=plans)
        s3.put_object(Bucket=plans, Key=key, Body=body)
        s3.put_bucket_policy(Bucket=plans, Policy=policy)

    world.before_applying(tamper)
    yield
    assert original, "nothing was tampered with: no job was about to enter the environment"
    for key, body in original.items():
        put(key, body)
