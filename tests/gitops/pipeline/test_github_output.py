"""What a step hands on to the jobs after it."""

from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.pipeline import github_output


def test_values_are_added_below_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "output"
    file.write_text("earlier=1\n")

    github_output.write(
        {"digest": "ab", "removed": 0, "environment": None}, env={"GITHUB_OUTPUT": str(file)}
    )

    assert file.read_text() == "earlier=1\ndigest=ab\nremoved=0\nenvironment=\n"


def test_a_value_cannot_smuggle_in_another_output(tmp_path: Path) -> None:
    file = tmp_path / "output"

    with pytest.raises(UsageError, match="output commit has more than one line"):
        github_output.write({"commit": "ab\nenvironment=prod"}, env={"GITHUB_OUTPUT": str(file)})

    assert not file.exists()


def test_outside_a_workflow_the_option_is_refused() -> None:
    with pytest.raises(UsageError, match="GITHUB_OUTPUT is not set") as refused:
        github_output.write({"digest": "ab"}, env={})

    assert "leave the option out" in refused.value.remedy
