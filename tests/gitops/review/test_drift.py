"""Drift is told by who is at fault, and has one digest for as long as it stays the same."""

import json
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.review import drift
from blueprint.review.drift import Drift
from tests.gitops.review.conftest import COMMIT, Shop


def find(shop: Shop, commit: str = COMMIT) -> Drift:
    return drift.find(
        shop.stack, {}, commit=commit, s3=shop.s3, runner=shop.terraform, root=shop.root
    )


def by_hand(shop: Shop, name: str = "by hand") -> None:
    topic = shop.stack.components["topic"]
    shop.terraform.change_by_hand(topic, "aws_sns_topic.this", name=name)


def kinds(report: Drift) -> dict[str, str]:
    return {item.component: item.kind for item in report.components}


def test_a_converged_stack_has_no_drift(shop: Shop) -> None:
    shop.deploy()

    report = find(shop)

    assert report.components == ()
    assert report.digest is None


def test_a_change_in_aws_and_a_configuration_that_was_not_applied_are_told_apart(
    shop: Shop,
) -> None:
    shop.deploy()
    by_hand(shop)
    shop.set("iam", resources={"aws_iam_role.api": {"name": "api", "boundary": "b2"}})

    report = find(shop)

    assert kinds(report) == {"iam": "not-applied", "topic": "changed-in-aws"}
    (change,) = report.components[1].changes
    assert [(each.path, each.before, each.after) for each in change.attributes] == [
        ("name", "by hand", "alarms")
    ]


def test_a_component_that_was_never_applied_is_not_planned(shop: Shop) -> None:
    shop.apply(shop.plan("iam"))
    shop.forget_calls()

    assert set(kinds(find(shop)).values()) == {"not-applied"}
    assert shop.terraform.log == ["plan iam"]


def test_the_digest_stays_while_the_drift_does_and_moves_with_it(shop: Shop) -> None:
    shop.deploy()
    by_hand(shop)
    first = find(shop).digest
    assert find(shop, "d" * 40).digest == first

    by_hand(shop, "by another hand")

    assert find(shop).digest not in (first, None)


def test_a_report_comes_back_as_it_was(shop: Shop) -> None:
    shop.deploy()
    by_hand(shop)
    report = find(shop)

    assert drift.from_json(json.loads(drift.render(report))) == report


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stack": ""}, "stack: "),
        ({"components": [{}]}, r"components\[0\]: 'component' is a required property"),
        ({"commit": "main"}, "commit: "),
        ({"components": []}, "its digest says"),
    ],
)
def test_a_wrong_report_is_told_by_its_fields(
    shop: Shop, change: dict[str, Any], message: str
) -> None:
    shop.deploy()
    by_hand(shop)

    with pytest.raises(BlueprintError, match=message):
        drift.from_json(find(shop).as_json() | change)
