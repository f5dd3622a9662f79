"""A slip in a file that people tune is told by file and field."""

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
        ("user: 3\nusers: 1\n", r"load\.yaml: user: there is no such key; use users, steps"),
        ("users: 0\n", r"load\.yaml: users: 0 is less than the minimum of 1 \(how many at once\)"),
        ("steps: []\n", r"load\.yaml: the document: 'users' is a required property"),
        ("users: 1\nsteps: [{name: 1}]\n", r"load\.yaml: steps\[0\]\.name: 1 is not of type"),
        (
            "users: 1\nusers: 2\n",
            r"load\.yaml is not YAML: the key 'users' is there twice\n.*line 2",
        ),
        ("users: [1\n", r"load\.yaml is not YAML: .*line 2"),
    ],
)
def test_a_slip_is_told_by_file_and_field(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){message}"):
        data_files.read(file(tmp_path, text), SCHEMA)


def test_every_slip_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as failed:
        data_files.read(file(tmp_path, "users: 0\nsteps: 1\n"), SCHEMA)

    assert failed.value.message.count("load.yaml: ") == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml cannot be read"):
        data_files.read(tmp_path / "none.yaml", SCHEMA)


def test_a_file_of_the_repository_is_shown_from_its_root() -> None:
    assert data_files.shown(paths.STACKS / "deploy" / "dev.yaml") == "stacks/deploy/dev.yaml"
