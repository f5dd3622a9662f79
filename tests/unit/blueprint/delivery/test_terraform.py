"""What a failed Terraform run becomes for the person who has to resolve it."""

from pathlib import Path

from blueprint.delivery import terraform
from blueprint.stacks.model import Component

TABLE = Component("dynamodb", "local", "dynamodb", {}, (), (), {"key": "terraform.tfstate"})

LOCKED = """\
╷
│ Error: Error acquiring the state lock
│
│ Error message: operation error S3: PutObject, https response error
│ StatusCode: 412, api error PreconditionFailed
│ Lock Info:
│   ID:        3f0c8a52-2f4c-7f0e-9d4b-5d5d2f7c1a11
│   Path:      states/dynamodb/local/terraform.tfstate
│   Operation: OperationTypeApply
│   Who:       alice@laptop
│   Version:   1.11.4
│   Created:   2026-11-23 00:00:00 +0000 UTC
│   Info:
╵
"""

FAILED = """\
aws_dynamodb_table.this: Creating...
╷
│ Warning: something deprecated
╵
╷
│ Error: creating table: ValidationException: bad name
│
│   with aws_dynamodb_table.this,
│   on main.tf line 1
╵
"""


def test_a_held_lock_is_explained_with_the_command_that_clears_it() -> None:
    error = terraform.failure(TABLE, "deploy", LOCKED, Path("x.log"))

    assert error.message == (
        "the state of dynamodb in local is locked by alice@laptop"
        " since 2026-11-23 00:00:00 +0000 UTC (OperationTypeApply)."
    )
    assert "blueprint unlock dynamodb -s local 3f0c8a52-2f4c-7f0e-9d4b-5d5d2f7c1a11" in error.remedy


def test_an_error_is_shown_in_terraforms_words_without_the_warnings() -> None:
    error = terraform.failure(TABLE, "deploy", FAILED, Path("x.log"))

    assert "ValidationException: bad name" in error.message
    assert "on main.tf line 1" in error.message
    assert "deprecated" not in error.message
    assert "x.log" in error.remedy


def test_output_without_an_error_box_is_shown_by_its_end() -> None:
    error = terraform.failure(TABLE, "deploy", "starting\nsignal: killed\n", Path("x.log"))

    assert error.message.endswith("signal: killed")
