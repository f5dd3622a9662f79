"""What a failed Terraform run becomes for the person who has to resolve it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from blueprint import paths
from blueprint.delivery import terraform
from blueprint.delivery.terraform import Counts
from blueprint.errors import BlueprintError
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


def test_credentials_that_end_midway_are_told_with_how_to_go_on() -> None:
    output = FAILED.replace("ValidationException: bad name", "api error ExpiredToken: expired")

    error = terraform.failure(TABLE, "apply", output, Path("x.log"))

    assert error.message == (
        "apply of dynamodb in local stopped: the credentials expired while it ran (ExpiredToken)."
    )
    assert "sign in again" in error.remedy


def test_a_held_lock_comes_before_what_its_text_might_say() -> None:
    output = LOCKED.replace("Info:", "Info: ExpiredToken")

    assert "is locked" in terraform.failure(TABLE, "apply", output, Path("x.log")).message


# Stands in for Atmos and Terraform: notes how it was called, then does what the test has written down.
PROGRAM = """\
#!/bin/sh
echo "$(basename "$0") $*" >> "$NOTES"
case "$(basename "$0") $1 $2" in
  "atmos terraform plan" | "terraform plan "*)
    for word in "$@"; do case "$word" in -out=*) echo plan > "${word#-out=}" ;; esac; done
    cat "$SAYS"; exit "$CODE" ;;
  "atmos terraform generate") echo '{}' > "$8" ;;
  "terraform show "*) echo '{"format_version": "1.2"}' ;;
  "terraform init "*) cat backend.tf.json >> "$NOTES"; echo >> "$NOTES" ;;
  *) cat "$SAYS"; exit "$CODE" ;;
esac
"""


class Programs:
    """A directory of stand-ins, and a tree with one component."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.component = root / "components" / "terraform" / "dynamodb"
        self.component.mkdir(parents=True)
        self.notes = root / "notes"
        (root / "bin").mkdir()
        for name in ("atmos", "terraform"):
            program = root / "bin" / name
            program.write_text(PROGRAM)
            program.chmod(0o755)

    def env(self, says: str = "", code: int = 0) -> dict[str, str]:
        (self.root / "says").write_text(says)
        return {
            "PATH": f"{self.root / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "NOTES": str(self.notes),
            "SAYS": str(self.root / "says"),
            "CODE": str(code),
        }

    def plan(self, env: dict[str, str], *, anew: bool = False) -> dict[str, Any] | None:
        run = terraform.plan_anew if anew else terraform.plan
        return run(TABLE, env, file=self.root / "table.tfplan", root=self.root)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setattr(paths, "LOGS", tmp_path / "logs")
    return Programs(tmp_path)


def test_a_plan_is_empty_by_its_exit_code_and_not_by_words_that_a_change_may_hold(
    programs: Programs,
) -> None:
    assert programs.plan(programs.env("anything", code=0)) is None
    assert programs.plan(programs.env('~ description = "No changes."', code=2)) is not None


@pytest.mark.parametrize("anew", [False, True])
def test_a_plan_that_fails_is_an_error(programs: Programs, anew: bool) -> None:
    with pytest.raises(BlueprintError, match="plan of dynamodb in local failed:\nno such region"):
        programs.plan(programs.env("no such region", code=1), anew=anew)


def test_a_component_without_a_state_is_planned_apart_from_the_bucket(programs: Programs) -> None:
    settings = programs.component / "backend.tf.json"
    settings.write_text('{"terraform": {"backend": {"s3": {}}}}')

    assert programs.plan(programs.env(code=2), anew=True) is not None

    init = programs.notes.read_text().splitlines()[2]
    local = {"path": str(programs.root / "table.tfstate")}
    assert json.loads(init) == {"terraform": {"backend": {"local": local}}}
    assert not settings.exists()
    assert not (programs.root / "table.tfvars.json").exists()


def test_a_plan_file_is_applied_from_the_tree_it_was_made_in(programs: Programs) -> None:
    env = programs.env("Apply complete! Resources: 1 added, 2 changed, 3 destroyed.")

    counts = terraform.apply_plan(TABLE, env, file=Path("/x/table.tfplan"), root=programs.root)

    assert counts == Counts(1, 2, 3)
    assert programs.notes.read_text() == (
        "atmos terraform apply dynamodb -s local --from-plan --planfile /x/table.tfplan"
        " -lock-timeout=60s -input=false\n"
    )


def test_a_stale_plan_file_is_an_error(programs: Programs) -> None:
    env = programs.env("╷\n│ Error: Saved plan is stale\n╵", code=1)

    with pytest.raises(
        BlueprintError, match="apply of dynamodb in local failed:\nError: Saved plan"
    ):
        terraform.apply_plan(TABLE, env, file=Path("x"), root=programs.root)


def test_how_long_a_held_state_is_waited_for_can_be_said(programs: Programs) -> None:
    env = programs.env("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.")

    terraform.apply_plan(
        TABLE, {**env, "BLUEPRINT_LOCK_TIMEOUT": "0s"}, file=Path("x"), root=programs.root
    )

    assert " -lock-timeout=0s " in programs.notes.read_text()
