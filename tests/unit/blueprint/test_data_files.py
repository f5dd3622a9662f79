"""A slip in a file that people tune is told by file, line and field."""

from pathlib import Path
from typing import Any

import pytest

from blueprint import data_files, paths
from blueprint.errors import UsageError

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["users"],
    "additionalProperties": False,
    "properties": {
        "users": {"description": "how many at once", "type": "integer", "minimum": 1},
        "steps": {"type": "array", "items": {"properties": {"name": {"type": "string"}}}},
    },
}


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "load.yaml"
    path.write_text(text)
    return path


def test_a_file_that_follows_its_schema_is_given_as_plain_values(tmp_path: Path) -> None:
    assert data_files.read(file(tmp_path, "users: 3\n"), SCHEMA) == {"users": 3}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("user: 3\nusers: 1\n", r"load\.yaml:1: user: there is no such key; use users, steps"),
        (
            "users: 0\n",
            r"load\.yaml:1: users: 0 is less than the minimum of 1 \(how many at once\)",
        ),
        ("steps: []\n", r"load\.yaml:1: the document: 'users' is a required property"),
        ("users: 1\nsteps: [{name: 1}]\n", r"load\.yaml:2: steps\[0\]\.name: 1 is not of type"),
        (
            "users: 1\nusers: 2\n",
            r"load\.yaml:2 is not YAML: the key 'users' is there twice\n.*line 2",
        ),
        ("users: 1\n\n# why\nstep: 2\n", r"load\.yaml:4: step: there is no such key"),
        ("users: 1\nsteps:\n  - name: a\n  - name: 2\n", r"load\.yaml:4: steps\[1\]\.name: 2 is"),
        ("users: [1\n", r"load\.yaml:2 is not YAML: .*line 2"),
    ],
)
def test_a_slip_is_told_by_file_line_and_field(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){message}"):
        data_files.read(file(tmp_path, text), SCHEMA)


def test_every_slip_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as failed:
        data_files.read(file(tmp_path, "users: 0\nsteps: 1\n"), SCHEMA)

    assert failed.value.message.count("load.yaml:") == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml cannot be read"):
        data_files.read(tmp_path / "none.yaml", SCHEMA)


def test_a_file_of_the_repository_is_shown_from_its_root() -> None:
    assert data_files.shown(paths.STACKS / "deploy" / "dev.yaml") == "stacks/deploy/dev.yaml"


def test_a_caller_with_more_to_check_learns_the_line_of_each_value(tmp_path: Path) -> None:
    source = data_files.read_source(
        file(tmp_path, "users: 3\nsteps:\n  - {name: a}\n  - {name: b}\n"), SCHEMA
    )

    assert source.document["steps"][1] == {"name": "b"}
    assert source.line("steps", 1, "name") == 4
    assert source.line("steps", 1, "colour") == 4  # not there: its parent's
    assert source.line("steps", 7) == 2
    assert source.line() == 1
    refused = source.refuse(["steps", 1, "name"], "b is taken", remedy="call it c")
    assert refused.message.endswith("load.yaml:4: steps[1].name: b is taken")
    assert refused.remedy == "call it c"


def test_a_file_without_a_document_is_one_of_nothing(tmp_path: Path) -> None:
    source = data_files.read_source(file(tmp_path, "# nothing yet\n"), {})

    assert source.document is None
    assert source.line("users") == 1
