"""A real git repository to make history in: merges, squashes, tags and clones as people make them."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

# Nothing of the user's own configuration: no signing, no hooks, no default branch of another name.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-11-23T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-23T12:00:00Z",
}


class GitRepository:
    """A work tree at `root` with the branch main."""

    def __init__(self, root: Path, *, made: bool = False) -> None:
        self.root = root
        if not made:
            root.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, **environment: str) -> str:
        finished = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**ENVIRONMENT, **environment},
            check=True,
            capture_output=True,
            text=True,
        )
        return finished.stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write `files`, by path; None removes one."""
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def commit(
        self,
        message: str,
        files: Mapping[str, str | None] | None = None,
        *,
        author: str | None = None,
    ) -> str:
        self.write(files or {})
        self.git("add", "--all")
        arguments = ["commit", "--quiet", "--allow-empty", "--message", message]
        self.git(*arguments, **({"GIT_AUTHOR_NAME": author} if author else {}))
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        self.git("checkout", "--quiet", "-b", name)

    def switch(self, name: str) -> None:
        self.git("checkout", "--quiet", name)

    def merge(self, branch: str, message: str = "") -> str:
        """A merge commit, also where a fast-forward would do."""
        self.git("merge", "--quiet", "--no-ff", "--message", message or f"Merge {branch}", branch)
        return self.head

    def tag(self, name: str, at: str = "HEAD", *, annotated: bool = True) -> None:
        self.git("tag", *(("--annotate", "--message", name) if annotated else ()), name, at)

    def clone(self, directory: Path, *options: str) -> "GitRepository":
        self.git("clone", "--quiet", *options, f"file://{self.root}", str(directory))
        return GitRepository(directory, made=True)
