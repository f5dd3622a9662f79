"""Workflows are read as GitHub reads them, with the lines to point at."""

from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.workflows import document


def written(tmp_path: Path, text: str) -> document.Document:
    file = tmp_path / "some.yml"
    file.write_text(text, encoding="utf-8")
    return document.read(file)


def test_on_and_yes_are_words_and_true_is_a_truth(tmp_path: Path) -> None:
    read = written(tmp_path, "on: push\na: yes\nb: true\nc: 5\nd: 1.5\ne: null\nf: '5'\n")

    assert read.content == {
        "on": "push",
        "a": "yes",
        "b": True,
        "c": 5,
        "d": 1.5,
        "e": None,
        "f": "5",
    }


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    read = written(
        tmp_path,
        "jobs:\n  a:\n    steps:\n      - run: x\n      - name: y\n        run: |\n          z\n",
    )

    assert read.line("jobs", "a") == 2
    assert read.line("jobs", "a", "steps", 1) == 5
    assert read.line("jobs", "a", "steps", 1, "run") == 6


def test_a_place_that_is_not_there_has_the_line_of_what_is_around_it(tmp_path: Path) -> None:
    read = written(tmp_path, "name: x\njobs:\n  a:\n    if: b\n")

    assert read.line("jobs", "a", "permissions") == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "the key 'a' is there twice"),
        ("a: [\n", "is not YAML"),
        ("- a\n", "is not a mapping"),
        ("", "is not a mapping"),
    ],
)
def test_what_is_no_workflow_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        written(tmp_path, text)
