"""The bare git repository in which the refs really are."""

import subprocess
from pathlib import Path


class Git:
    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def resolve(self, name: str) -> str | None:
        """The sha `name` stands for, None where there is nothing of that name."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return done.stdout.strip() if done.returncode == 0 else None

    def kind(self, sha: str) -> str | None:
        """commit, tag, tree or blob; None where there is no such object."""
        done = self._run("cat-file", "-t", sha)
        return done.stdout.strip() if done.returncode == 0 else None

    def is_ancestor(self, older: str, newer: str) -> bool:
        return self._run("merge-base", "--is-ancestor", older, newer).returncode == 0

    def set(self, ref: str, sha: str) -> bool:
        return self._run("update-ref", ref, sha).returncode == 0

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", "--git-dir", str(self._directory), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
