"""Lays out the files of a commit, so that what it made can be destroyed by the configuration that made it."""

import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blueprint import paths, processes
from blueprint.console import note
from blueprint.errors import BlueprintError


@contextmanager
def files_of(commit: str | None, *, root: Path = paths.ROOT) -> Iterator[Path]:
    """A directory with the files of `commit`, or of HEAD where it cannot be had; it goes with the block.

    A commit this clone does not have is asked of origin. Never the clone itself: a stack file and a
    package manifest that are not its own are written into the tree.
    """
    with tempfile.TemporaryDirectory(prefix="blueprint-preview-") as directory:
        tree = Path(directory).resolve() / "tree"
        tree.mkdir()
        wanted = commit if commit and _have(commit, root) else "HEAD"
        if commit and wanted != commit:
            note(f"commit {commit} cannot be had; the current configuration is used in its place")
        archive = tree.with_suffix(".tar")
        result = _git(["archive", "--format=tar", f"--output={archive}", wanted], root)
        if not result.ok:
            raise BlueprintError(
                f"git cannot lay out {wanted}: {result.output}",
                remedy="run it in a clone of the repository",
            )
        with tarfile.open(archive) as files:
            files.extractall(tree, filter="data")
        yield tree


def _have(commit: str, root: Path) -> bool:
    if _git(["cat-file", "-e", f"{commit}^{{commit}}"], root).ok:
        return True
    return _git(["fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit], root).ok


def _git(arguments: list[str], root: Path) -> processes.Completed:
    env = {**os.environ, "LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0"}
    return processes.run(["git", *arguments], cwd=root, env=env)
