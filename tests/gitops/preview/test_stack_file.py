"""The stack file of a preview says that it is dev with a stage of its own, and nothing else."""

from pathlib import Path

import pytest
import yaml

from blueprint.errors import UsageError
from blueprint.preview import stack_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "stacks" / "deploy").mkdir(parents=True)
    return tmp_path


def test_a_preview_is_dev_with_a_stage_of_its_own(root: Path) -> None:
    file = stack_file.write(123, root=root)

    assert file == root / "stacks" / "deploy" / "pr123.yaml"
    assert yaml.safe_load(file.read_text()) == {
        "import": ["deploy/dev", "mixins/stage/preview"],
        "vars": {"stage": "pr123"},
    }


@pytest.mark.parametrize("number", [0, -1, 10_000_000])
def test_what_is_no_pull_requests_number_is_refused(root: Path, number: int) -> None:
    with pytest.raises(UsageError, match=f"{number} is no pull request's number"):
        stack_file.write(number, root=root)

    assert list((root / "stacks" / "deploy").iterdir()) == []


def test_a_stack_file_is_removed_where_there_is_one(root: Path) -> None:
    file = stack_file.write(7, root=root)

    stack_file.remove(7, root=root)
    stack_file.remove(7, root=root)

    assert not file.exists()
