"""Where a clone finds an environment's deployed pointer."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.pipeline import clone
from blueprint.promotion.git import Repository
from tests.git_repository import ENVIRONMENT, GitRepository


@pytest.fixture
def history(tmp_path: Path) -> GitRepository:
    repository = GitRepository(tmp_path)
    repository.commit("one", {"a": "1"})
    return repository


def test_a_pointer_that_is_not_there_is_an_environment_without_deployment(
    history: GitRepository,
) -> None:
    assert clone.deployed("dev", None, Repository(history.root, ENVIRONMENT)) is None


def test_the_pointer_of_the_remote_counts_before_a_local_branch(history: GitRepository) -> None:
    first = history.git("rev-parse", "HEAD")
    history.git("branch", "deployed/dev")
    second = history.commit("two", {"a": "2"})
    history.git("update-ref", "refs/remotes/origin/deployed/dev", second)
    found = Repository(history.root, ENVIRONMENT)

    assert clone.deployed("dev", None, found) == second
    assert clone.deployed("dev", first[:12], found) == first


def test_a_commit_to_compare_with_that_does_not_exist_is_no_empty_environment(
    history: GitRepository,
) -> None:
    with pytest.raises(BlueprintError, match="no commit 'v9'"):
        clone.deployed("dev", "v9", Repository(history.root, ENVIRONMENT))
