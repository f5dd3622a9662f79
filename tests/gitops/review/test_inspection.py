"""How a plan is shown: what moves, what is taken over, what is left behind, and no secret anywhere."""

from pathlib import Path
from typing import Any

from blueprint.review.document import Attribute, ComponentPlan, Tally
from blueprint.review.guard import Guard
from blueprint.review.inspection import Inspector
from blueprint.stacks.model import Component
from tests.gitops.review.fakes import FakeS3, FakeTerraform, component, stack

TOKEN = "ghp_" + "a1B2" * 9


class Planned(FakeTerraform):
    """Terraform that has one plan."""

    document: dict[str, Any]

    def plan_anew(self, component: Component, *, file: Path) -> dict[str, Any]:
        file.write_text("plan")
        return self.document


def inspect(tmp_path: Path, *resources: Any) -> ComponentPlan:
    s3 = FakeS3()
    terraform = Planned(s3)
    terraform.document = {"format_version": "1.2", "resource_changes": list(resources)}
    topic = component("topic")
    inspector = Inspector(stack(topic), terraform, s3, read_only=True, guard=Guard(allowances=()))
    return inspector.inspect(topic, key="k" * 64, file=tmp_path / "topic.tfplan")


def resource(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> Any:
    change = {"actions": actions, "before": before, "after": after, **more.pop("change", {})}
    return {"address": address, "type": address.split(".")[0], "change": change, **more}


def test_a_move_an_import_and_what_a_replacement_left_are_told(tmp_path: Path) -> None:
    plan = inspect(
        tmp_path,
        resource("aws_x.new", ["no-op"], {"n": 1}, {"n": 1}, previous_address="aws_x.old"),
        resource("aws_x.own", ["no-op"], {"n": 1}, {"n": 1}, change={"importing": {"id": "i-1"}}),
        resource("aws_x.copy", ["delete"], {"n": 1}, None, deposed="ab12"),
    )

    assert [(each.address, each.actions, each.attributes[0]) for each in plan.changes] == [
        ("aws_x.copy (deposed ab12)", ("delete",), Attribute("n", 1, None)),
        ("aws_x.new", ("move",), Attribute("(moved)", "aws_x.old", "aws_x.new")),
        ("aws_x.own", ("import",), Attribute("(imported)", None, "i-1")),
    ]


def test_every_action_is_counted_once(tmp_path: Path) -> None:
    plan = inspect(
        tmp_path,
        resource("aws_x.a", ["create"], None, {"n": 1}),
        resource("aws_x.b", ["update"], {"n": 1}, {"n": 2}),
        resource("aws_x.c", ["delete", "create"], {"n": 1}, {"n": 2}),
        resource("aws_x.d", ["create", "delete"], {"n": 1}, {"n": 2}),
        resource("aws_x.e", ["delete"], {"n": 1}, None),
        resource("aws_x.f", ["forget"], {"n": 1}, None),
        resource("aws_x.g", ["no-op"], {"n": 1}, {"n": 1}, previous_address="aws_x.h"),
    )

    assert plan.counts == Tally(create=1, update=1, replace=2, delete=2)


def test_a_new_resource_is_shown_by_what_is_known_and_set(tmp_path: Path) -> None:
    after = {"name": "n", "tags": {}, "policy": None, "blocks": [{"on": True}]}
    plan = inspect(
        tmp_path,
        resource("aws_x.a", ["create"], None, after, change={"after_unknown": {"arn": True}}),
    )

    assert plan.changes[0].attributes == (
        Attribute("blocks", None, [{"on": True}]),
        Attribute("name", None, "n"),
    )


def test_a_secret_in_an_address_is_in_no_part_of_what_is_shown(tmp_path: Path) -> None:
    address = f'aws_sqs_queue.this["{TOKEN}"]'
    plan = inspect(
        tmp_path, resource(address, ["delete"], {"name": TOKEN, f"key {TOKEN}": {"a": 1}}, None)
    )

    assert [finding.rule for finding in plan.findings] == ["stateful-destroy"]
    assert TOKEN not in str(plan)
    assert plan.changes[0].address == 'aws_sqs_queue.this["(masked)"]'
