"""The verbs of promotion, on a real repository and with GitHub's record in memory."""

import json
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.pipeline import clone, promoting
from blueprint.promotion.git import Repository
from tests.git_repository import ENVIRONMENT, GitRepository


class Record:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.pointers: dict[str, str] = {}
        self.converged_at: list[tuple[str, str]] = []

    def pointer(self, environment: str) -> str | None:
        return self.pointers.get(environment)

    def converged(self, environment: str, sha: str) -> bool:
        return (environment, sha) in self.converged_at

    def history(self, environment: str) -> list[str]:
        return [sha for name, sha in reversed(self.converged_at) if name == environment]

    def move_pointer(
        self, environment: str, sha: str, *, expected: str | None, backwards: bool
    ) -> None:
        assert self.pointers.get(environment) == expected
        self.pointers[environment] = sha

    def record(self, environment: str, sha: str) -> None:
        self.converged_at.append((environment, sha))


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    repository = GitRepository(tmp_path)
    repository.commit("feat: One", {"a": "1"})
    monkeypatch.setattr(clone, "repository", lambda: Repository(tmp_path, ENVIRONMENT))
    for name in ("GITHUB_SHA", "GITHUB_REF", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    return repository


@pytest.fixture(autouse=True)
def record(monkeypatch: pytest.MonkeyPatch) -> Record:
    found = Record()
    monkeypatch.setattr(promoting, "_environments", lambda: found)
    return found


def test_main_goes_to_dev_and_the_next_job_is_told(
    history: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    sha = history.git("rev-parse", "HEAD")

    promoting.promote(ref="refs/heads/main", sha=sha, to_github=True)

    assert (tmp_path / "output").read_text() == f"environment=dev\ncommit={sha}\n"


def test_a_branch_goes_nowhere_and_that_is_no_failure(
    history: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    promoting.promote(ref="refs/heads/idea", sha=history.git("rev-parse", "HEAD"), as_json=True)

    assert json.loads(capsys.readouterr().out)["environment"] is None


def test_an_empty_environment_is_none_at_all(
    history: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workflow that was not started by hand hands over an empty input."""
    sha = history.git("rev-parse", "HEAD")

    promoting.promote(ref="refs/heads/main", sha=sha, environment="", as_json=True)

    assert json.loads(capsys.readouterr().out)["environment"] == "dev"


def test_prod_refuses_what_staging_has_not_run(history: GitRepository) -> None:
    for tag in ("v1.0.0-rc.1", "v1.0.0"):
        history.git("tag", "-a", tag, "-m", tag)
    sha = history.git("rev-parse", "HEAD")

    with pytest.raises(BlueprintError, match="it has never converged in staging"):
        promoting.promote(ref="refs/tags/v1.0.0", sha=sha)


def test_without_a_commit_the_option_and_the_variable_are_named() -> None:
    with pytest.raises(UsageError, match="--sha is missing, and GITHUB_SHA is not set"):
        promoting.promote(ref="refs/heads/main")


def test_the_pointers_of_a_clone_need_no_token(
    history: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    sha = history.git("rev-parse", "HEAD")
    history.git("update-ref", "refs/remotes/origin/deployed/dev", sha)

    promoting.pointer(as_json=True)

    assert json.loads(capsys.readouterr().out) == {"dev": sha, "staging": None, "prod": None}


def test_only_deployed_environments_are_looked_at_for_drift(
    history: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    history.git("update-ref", "refs/remotes/origin/deployed/prod", history.git("rev-parse", "HEAD"))

    promoting.pointer(to_github=True)

    assert (tmp_path / "output").read_text() == 'environments=["prod"]\n'


def test_a_move_names_its_environment() -> None:
    with pytest.raises(UsageError, match="--move-to moves one pointer"):
        promoting.pointer(move_to="HEAD")


def test_the_pointer_moves_and_what_converged_is_recorded(
    history: GitRepository, record: Record
) -> None:
    sha = history.git("rev-parse", "HEAD")

    promoting.pointer(stack="dev", move_to=sha)

    assert record.pointers == {"dev": sha}
    assert record.converged_at == [("dev", sha)]


def test_a_rollback_names_what_it_undoes(
    history: GitRepository, record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    first = history.git("rev-parse", "HEAD")
    second = history.commit("fix: Two", {"a": "2"})
    record.converged_at = [("dev", first), ("dev", second)]
    record.pointers = {"dev": second}

    promoting.rollback("dev", "", as_json=True)

    found = json.loads(capsys.readouterr().out)
    assert found["commit"] == first
    assert [commit["subject"] for commit in found["undone"]] == ["fix: Two"]
