"""What holds data is not lost without a dated, reviewed row."""

from datetime import date
from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.review import allowances, declared
from blueprint.review.allowances import Allowance
from blueprint.review.guard import Guard, Loss, action_of

TODAY = date(2026, 11, 23)
TABLE = "aws_dynamodb_table.this"


def row(**changes: str) -> Allowance:
    settled = {
        "stack": "dev",
        "component": "dynamodb",
        "address": TABLE,
        "action": "replace",
        "reason": "a new key schema",
    }
    return Allowance(**{**settled, **changes}, until=TODAY)


def rules(*rows: Allowance, action: str = "replace", today: date = TODAY) -> list[str]:
    guard = Guard(allowances=rows, today=today)
    loss = Loss(TABLE, "aws_dynamodb_table", action)  # type: ignore[arg-type]
    return [finding.rule for finding in guard.findings([loss], stack="dev", component="dynamodb")]


@pytest.mark.parametrize(
    ("actions", "lost"),
    [
        (("create",), None),
        (("update",), None),
        (("no-op",), None),
        (("delete",), "destroy"),
        (("delete", "create"), "replace"),
        (("create", "delete"), "replace"),
        (("create", "forget"), "replace"),
        (("forget",), "forget"),
    ],
)
def test_an_action_loses_what_it_deletes_or_forgets(
    actions: tuple[str, ...], lost: str | None
) -> None:
    assert action_of(actions) == lost


@pytest.mark.parametrize("action", ["replace", "destroy", "forget"])
def test_a_table_is_not_lost_in_any_way(action: str) -> None:
    assert rules(action=action) == [f"stateful-{action}"]


def test_a_resource_without_data_may_go() -> None:
    loss = Loss("aws_iam_role.api", "aws_iam_role", "destroy")

    assert list(Guard(allowances=()).findings([loss], stack="dev", component="iam")) == []


def test_a_row_lets_its_action_through_up_to_its_last_day() -> None:
    assert rules(row()) == []
    assert rules(row(), today=date(2026, 11, 24)) == ["stateful-replace"]


def test_an_expired_row_is_named_in_the_finding() -> None:
    guard = Guard(allowances=(row(),), today=date(2026, 11, 24))
    (finding,) = guard.findings(
        [Loss(TABLE, "aws_dynamodb_table", "replace")], stack="dev", component="dynamodb"
    )

    assert "ended on 2026-11-23" in finding.message
    assert f"stack dev, component dynamodb, address {TABLE}, action replace" in finding.remedy


@pytest.mark.parametrize(
    "other",
    [
        {"stack": "prod"},
        {"component": "sqs"},
        {"address": f"{TABLE}x"},
        {"action": "destroy"},
    ],
)
def test_a_row_for_something_else_lets_nothing_through(other: dict[str, str]) -> None:
    assert rules(row(**other)) == ["stateful-replace"]


def test_to_forget_takes_the_row_of_a_destruction() -> None:
    assert rules(row(action="destroy"), action="forget") == []


def test_every_kind_of_the_issue_is_guarded() -> None:
    assert {
        "aws_dynamodb_table",
        "aws_s3_bucket",
        "aws_cognito_user_pool",
        "aws_sqs_queue",
        "aws_kms_key",
    } <= set(declared.stateful())


ROW = """
- stack: dev
  component: dynamodb
  address: aws_dynamodb_table.this
  action: replace
  reason: The items were exported before.
  until: 2026-12-31
"""


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "allowances.yaml"
    file.write_text(text)
    return file


def test_a_row_is_read(tmp_path: Path) -> None:
    (found,) = allowances.read(write(tmp_path, ROW))

    assert (found.action, found.until) == ("replace", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("action: replace", "action: delete", r"\[0\]\.action: 'delete' is not one of"),
        ("until: 2026-12-31", "until: soon", r"\[0\]\.until: 'soon' is not a date"),
        ("until: 2026-12-31", "until: 2026-12-31 10:00:00", r"\[0\]\.until: .* is not a date"),
        ("  until: 2026-12-31\n", "", r"\[0\]: 'until' is a required property"),
        (
            "reason: The items were exported before.",
            "reason: so",
            r"\[0\]\.reason: 'so' is too short",
        ),
        ("stack: dev", "stack: dev\n  who: me", r"\[0\]\.who: there is no such key"),
        ("stack: dev", "stack: ''", r"\[0\]\.stack: "),
        (ROW, "stack: dev", "is not of type 'array'"),
        (ROW, ROW + ROW, r"\[1\] allows the same as \[0\]"),
    ],
)
def test_a_wrong_row_is_answered_with_row_field_and_remedy(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as wrong:
        allowances.read(write(tmp_path, ROW.replace(old, new)))

    assert wrong.value.remedy


def test_a_review_names_every_row_whose_day_has_passed() -> None:
    allowances.require_current((row(),), TODAY)

    with pytest.raises(UsageError, match=r"allowances\.yaml: \[0\]\.until: 2026-11-23 has passed"):
        allowances.require_current((row(),), date(2026, 11, 24))


def test_the_shipped_lists_are_well_formed() -> None:
    assert isinstance(allowances.read(), tuple)
    assert all(attributes for attributes in declared.ignored().values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "- {type: aws_x, attributes: ['*'], reason: it moves by itself}",
            r"\[0\]\.attributes\[0\]",
        ),
        ("- {type: aws_x, attributes: [], reason: it moves by itself}", r"\[0\]\.attributes"),
        ("- {type: aws_x, attributes: [a]}", "'reason' is a required property"),
        ("- {type: aws_x, attributes: [a], reason: no}", r"\[0\]\.reason"),
        (
            "- &row {type: aws_x, attributes: [a], reason: it moves by itself}\n- *row",
            r"\[1\]\.type: aws_x is there twice",
        ),
    ],
)
def test_a_wrong_row_of_what_is_ignored_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "ignore.yaml"
    file.write_text(text)

    with pytest.raises(UsageError, match=message):
        declared.ignored(file)
