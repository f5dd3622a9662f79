"""The files of a commit are laid out apart from the clone, fetched where the clone does not have them."""

import subprocess
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.preview import tree


def git(directory: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@acme.io", *arguments]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(directory: Path, text: str) -> str:
    (directory / "stack.yaml").write_text(text)
    git(directory, "add", ".")
    git(directory, "commit", "--quiet", "--message", text)
    return git(directory, "rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    directory = tmp_path / "origin"
    directory.mkdir()
    git(directory, "init", "--quiet")
    git(directory, "config", "uploadpack.allowReachableSHA1InWant", "true")
    return directory


def test_the_files_are_those_of_the_commit_and_not_of_the_work_tree(origin: Path) -> None:
    first = commit(origin, "first")
    commit(origin, "second")
    (origin / "stack.yaml").write_text("dirty")

    with tree.files_of(first, root=origin) as place:
        assert (place / "stack.yaml").read_text() == "first"
    assert not place.exists()


def test_a_commit_the_clone_lacks_is_fetched(origin: Path, tmp_path: Path) -> None:
    first = commit(origin, "first")
    commit(origin, "second")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", origin.as_uri(), str(shallow))

    with tree.files_of(first, root=shallow) as place:
        assert (place / "stack.yaml").read_text() == "first"


@pytest.mark.parametrize("wanted", [None, "0" * 40])
def test_where_the_commit_cannot_be_had_the_current_one_serves(
    origin: Path, wanted: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(origin, "only")

    with tree.files_of(wanted, root=origin) as place:
        assert (place / "stack.yaml").read_text() == "only"
    assert ("cannot be had" in capsys.readouterr().err) is (wanted is not None)


def test_outside_a_repository_there_is_nothing_to_lay_out(tmp_path: Path) -> None:
    with (
        pytest.raises(BlueprintError, match="git cannot lay out HEAD"),
        tree.files_of(None, root=tmp_path),
    ):
        pass
