"""A diff shows each attribute as a person reads it, and every difference there is."""

import json
from typing import Any

import pytest

from blueprint.report import diff
from blueprint.review.document import Change
from tests.gitops.report.plans import change


def lines(*changes: Change) -> list[str]:
    return list(diff.of(changes, ()))


def test_a_simple_attribute_is_one_line_before_and_one_after() -> None:
    assert lines(change(delay_seconds=(0, 5), kms=(None, "alias/x"), tag=("old", None))) == [
        "@@ aws_sqs_queue.orders: update @@",
        "- delay_seconds = 0",
        "+ delay_seconds = 5",
        '+ kms = "alias/x"',
        '- tag = "old"',
    ]


def test_what_is_masked_or_unknown_is_told_from_text() -> None:
    shown = lines(change(secret=("(masked)", "(masked)"), arn=("x", "(known after apply)")))

    assert shown[1:] == [
        "- secret = (masked)",
        "+ secret = (masked)",
        '- arn = "x"',
        "+ arn = (known after apply)",
    ]


def policy(*actions: str) -> str:
    statements = [{"Action": action, "Effect": "Allow", "Resource": "*"} for action in actions]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def test_a_policy_is_compared_line_by_line_around_what_changes() -> None:
    before = policy("sqs:SendMessage", "s3:GetObject", "dynamodb:GetItem")
    after = policy("sqs:SendMessage", "s3:*", "dynamodb:GetItem")

    shown = lines(change("aws_iam_role_policy.api", policy=(before, after)))

    assert shown[:3] == ["@@ aws_iam_role_policy.api: update @@", "! policy:", "      …"]
    assert '-           "Action": "s3:GetObject",' in shown
    assert '+           "Action": "s3:*",' in shown
    assert not any("dynamodb" in line for line in shown)


def test_a_new_policy_is_shown_whole() -> None:
    shown = lines(change("aws_iam_role_policy.api", "create", policy=(None, policy("s3:*"))))

    assert '+           "Action": "s3:*",' in shown
    assert all(line.startswith(("@@", "!", "+")) for line in shown)


@pytest.mark.parametrize(
    ("before", "after"),
    [('{"a": 1, "b": 2}', '{"b":2,"a":1}'), ("one\ntwo", "one\ntwo\n")],
)
def test_a_difference_of_form_only_is_said_and_not_shown_as_nothing(
    before: Any, after: Any
) -> None:
    assert lines(change(document=(before, after)))[1:] == [
        "! document:",
        "      (differs only in blanks or in the order of keys)",
    ]


def test_text_of_many_lines_is_compared_by_lines_even_when_it_is_too_long_to_match_up() -> None:
    long = "\n".join(f"line {n}" for n in range(3_000))

    shown = lines(change(script=(long, f"{long}\nlast")))

    assert len(shown) == 2 + 3_000 + 3_001


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        (("create",), "create"),
        (("delete",), "destroy"),
        (("delete", "create"), "destroy, then create"),
        (("create", "delete"), "create, then destroy"),
        (("move", "import"), "move and import"),
    ],
)
def test_actions_are_in_words(actions: tuple[str, ...], words: str) -> None:
    assert lines(change("a.b", *actions)) == [f"@@ a.b: {words} @@"]


def test_changes_are_set_apart_and_outputs_come_last() -> None:
    both = [change("a.b"), change("c.d")]

    assert list(diff.of(both, ["queue_url", "queue_arn"])) == [
        "@@ a.b: update @@",
        "",
        "@@ c.d: update @@",
        "",
        "@@ outputs: queue_url, queue_arn @@",
    ]
    assert list(diff.of([], ["queue_url"])) == ["@@ outputs: queue_url @@"]
