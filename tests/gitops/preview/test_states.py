"""States of previews are told from everybody else's."""

import json

from blueprint.preview import states
from blueprint.stacks.model import Component
from tests.gitops.preview.fake_s3 import FakeS3

FULL = json.dumps({"resources": [{"type": "aws_iam_role"}]}).encode()
EMPTY = json.dumps({"resources": []}).encode()


def test_only_states_of_previews_are_found() -> None:
    s3 = FakeS3(
        {
            "iam/dev/terraform.tfstate": FULL,
            "iam/pr7/terraform.tfstate": FULL,
            "s3/pr7/terraform.tfstate": FULL,
            "s3/pr7/terraform.tfstate.tflock": b"{}",
            "iam/pr8/terraform.tfstate": FULL,
            "dynamodb/pr8-invoices/terraform.tfstate": FULL,
            "dynamodb/dev-invoices/terraform.tfstate": FULL,
            "fingerprints/pr9/iam.json": b"{}",
            "previews/pr10.json": b"{}",
        }
    )

    assert states.find(s3, "states") == {
        "pr7": {"iam": "iam/pr7/terraform.tfstate", "s3": "s3/pr7/terraform.tfstate"},
        "pr8": {
            "iam": "iam/pr8/terraform.tfstate",
            "invoices": "dynamodb/pr8-invoices/terraform.tfstate",
        },
    }


def test_a_destroyed_component_holds_nothing() -> None:
    s3 = FakeS3({"full": FULL, "empty": EMPTY})

    assert states.holds_resources(s3, "states", "full")
    assert not states.holds_resources(s3, "states", "empty")


def test_a_state_goes_with_what_was_noted_of_its_last_apply() -> None:
    s3 = FakeS3(
        {"iam/pr7/terraform.tfstate": EMPTY, "fingerprints/pr7/iam.json": b"{}", "other": b""}
    )

    states.remove(s3, "states", "pr7", {"iam": "iam/pr7/terraform.tfstate"})

    assert s3.objects == {"other": b""}


def test_a_state_is_found_where_the_stack_says_it_lies() -> None:
    backend = {"key": "terraform.tfstate", "workspace_key_prefix": "dynamodb"}
    for name in ("dynamodb", "invoices"):
        component = Component(name, "pr8", "dynamodb", {}, (), (), backend)

        found = states.find(FakeS3({component.state_key: FULL}), "states")

        assert found == {"pr8": {name: component.state_key}}
