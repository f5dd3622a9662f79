"""After an apply, a second plan has to be empty."""

import pytest

from blueprint.errors import BlueprintError
from blueprint.review import verifying
from tests.gitops.review.conftest import Shop


def verify(shop: Shop) -> list[str]:
    return verifying.verify(shop.stack, {}, s3=shop.s3, runner=shop.terraform, root=shop.root)


def test_a_converged_stack_is_verified_component_by_component(shop: Shop) -> None:
    shop.deploy()

    assert verify(shop) == ["functions", "iam", "table", "topic"]
    assert shop.terraform.calls["plan"] == 4


def test_every_change_that_is_left_is_named_and_so_is_what_was_never_applied(shop: Shop) -> None:
    shop.apply(shop.plan("iam", "topic"))
    topic = shop.stack.components["topic"]
    shop.terraform.change_by_hand(topic, "aws_sns_topic.this", name="by hand")
    shop.set("iam", outputs={"role": "arn-of-another"})

    with pytest.raises(BlueprintError, match="stack dev is not what the repository says") as left:
        verify(shop)

    assert left.value.message.splitlines()[1:] == [
        "functions: never applied",
        "iam: output role",
        "table: never applied",
        "topic: update aws_sns_topic.this (name)",
    ]


def test_a_stateful_resource_that_would_be_replaced_is_named_like_any_change(shop: Shop) -> None:
    shop.deploy()
    table = shop.stack.components["table"]
    shop.terraform.change_by_hand(table, "aws_dynamodb_table.this", key="ID")

    with pytest.raises(BlueprintError, match=r"table: delete/create aws_dynamodb_table\.this"):
        verify(shop)
