"""The repository a simulation works in: a bare remote and a person's clone, driven by git itself."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from blueprint.paths import ROOT

How = Literal["merge", "squash", "rebase"]

# What the small project has in common with the shipped one: all that plans, guards and deploys.
SHIPPED = (
    ".github",
    ".gitignore",
    "Makefile",
    "atmos.yaml",
    "blueprint",
    "components",
    "policies",
    "pyproject.toml",
    "requirements",
    "scripts",
    "stacks/schemas",
)
SMALL = Path(__file__).with_name("project")
# Components the small project has its own, cheaper ones of; the others stay, in no stack.
_OWN = tuple(f"components/terraform/{name}/" for name in ("apigateway", "lambda", "s3"))
# Used by shipped components, too.
_SHARED_MODULES = "components/terraform/s3/modules/"
# Rules on protections for which the small project has nothing to protect.
_NOT_HELD = tuple(
    f"policies/stacks/{rule}.yaml"
    for rule in (
        "components-are-whole",
        "key-is-used",
        "log-retention-disposable",
        "object-versions-are-kept",
    )
)
# `make up` without the steps that need an API, a table and users.
_UP = (
    "$(BLUEPRINT) up\n",
    "$(BLUEPRINT) local start && $(BLUEPRINT) package && $(BLUEPRINT) apply -s local\n",
)
_SHARED = ("context.tf", "providers.tf", "versions.tf", ".terraform.lock.hcl")


@dataclass(frozen=True)
class Repository:
    """`origin` is what GitHub has, `clone` what a person works in."""

    origin: Path
    clone: Path

    def commit(self, message: str, files: Mapping[str, str | None]) -> str:
        """Commit `files` (text by path, None to remove one) on the branch that is checked out."""
        for name, text in files.items():
            file = self.clone / name
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.sha("HEAD")

    def read(self, path: str, *, at: str = "HEAD") -> str:
        """The text of the file `path` in a commit."""
        return self.git("show", f"{at}:{path}", strip=False)

    def branch(self, name: str, *, at: str = "origin/main") -> None:
        """Start branch `name` and check it out."""
        self.git("fetch", "--quiet", "--prune", "origin")
        self.git("checkout", "--quiet", "-B", name, at)

    def push(self, name: str, *, force: bool = False) -> None:
        """Push branch or tag `name`."""
        self.git("push", "--quiet", *(["--force"] if force else []), "origin", name)

    def merge(self, branch: str, how: How, *, title: str, number: int) -> str:
        """Bring `branch` to main the way GitHub's button does; main's new commit."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "-B", "main", "origin/main")
        if how == "merge":
            message = f"Merge pull request #{number} from acme/{branch}\n\n{title}"
            self.git("merge", "--quiet", "--no-ff", "--message", message, f"origin/{branch}")
        elif how == "squash":
            self.git("merge", "--quiet", "--squash", f"origin/{branch}")
            self.git("commit", "--quiet", "--message", f"{title} (#{number})")
        else:
            # Even where nothing was merged meanwhile, GitHub's rebase makes new commits.
            self.git("checkout", "--quiet", "-B", "rebased", f"origin/{branch}")
            self.git("rebase", "--quiet", "--force-rebase", "main")
            self.git("checkout", "--quiet", "main")
            self.git("merge", "--quiet", "--ff-only", "rebased")
        self.push("main")
        return self.sha("main")

    def tag(self, name: str, *, at: str, annotated: bool = True) -> None:
        """Tag the commit `at` and push the tag."""
        self.git("tag", *(["--annotate", "--message", name] if annotated else []), name, at)
        self.push(name)

    def trial_merge(self, number: int, *, head: str, base: str) -> str | None:
        """What GitHub does to a pull request on every push: refs/pull/N/{head,merge}; None on a conflict."""
        tree = self._run("merge-tree", "--write-tree", base, head)
        if tree.returncode != 0:
            return None
        message = f"Merge {head} into {base}"
        merge = self.git(
            "commit-tree", tree.stdout.split()[0], "-p", base, "-p", head, "-m", message
        )
        self.git(
            "push", "--quiet", "--force", "origin",
            f"{head}:refs/pull/{number}/head", f"{merge}:refs/pull/{number}/merge",
        )  # fmt: skip
        return merge

    def sha(self, ref: str) -> str:
        """The commit `ref` leads to."""
        return self.git("rev-parse", f"{ref}^{{commit}}")

    def export(self, commit: str, path: str, target: Path) -> None:
        """Lay the files below `path` as they are in `commit` out in `target`."""
        target.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(
            ["git", "-C", str(self.clone), "archive", commit, path],
            check=True,
            stdout=subprocess.PIPE,
        )
        subprocess.run(["tar", "-x", "-C", str(target)], input=archive.stdout, check=True)

    def git(self, *arguments: str, strip: bool = True) -> str:
        """Run git in the clone; what it printed."""
        done = self._run(*arguments)
        if done.returncode != 0:
            raise AssertionError(f"git {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip() if strip else done.stdout

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["git", "-C", str(self.clone), *arguments],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )


def environment() -> dict[str, str]:
    """git without its user's configuration, hooks and signing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Alice",
        "GIT_AUTHOR_EMAIL": "alice@example.com",
        "GIT_COMMITTER_NAME": "Alice",
        "GIT_COMMITTER_EMAIL": "alice@example.com",
        "LC_ALL": "C.UTF-8",
    }


def create(directory: Path) -> Repository:
    """A repository that holds the small project, with one commit on main, below `directory`."""
    made = empty(directory)
    for path in _shipped_files():
        name = path.as_posix()
        if name.startswith(_SHARED_MODULES) or not name.startswith((*_OWN, *_NOT_HELD)):
            _copy(ROOT / path, made.clone / path)
    makefile = made.clone / "Makefile"
    shipped = makefile.read_text()
    assert shipped.count(_UP[0]) == 1, "the recipe of `make up` has changed"
    makefile.write_text(shipped.replace(*_UP))
    for file in sorted(SMALL.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            _copy(file, made.clone / file.relative_to(SMALL))
    for component in sorted((made.clone / "components" / "terraform").iterdir()):
        for name in _SHARED:
            if component.name != "_shared":
                _copy(ROOT / "components" / "terraform" / "_shared" / name, component / name)
    made.commit("A small project", {})
    made.push("main")
    return made


def empty(directory: Path) -> Repository:
    """A bare remote and a clone on branch main, both without a commit."""
    origin, clone = directory / "origin.git", directory / "clone"
    directory.mkdir(parents=True, exist_ok=True)
    for command in (
        ["init", "--quiet", "--bare", "--initial-branch=main", str(origin)],
        ["init", "--quiet", "--initial-branch=main", str(clone)],
        ["-C", str(clone), "remote", "add", "origin", str(origin)],
        # As GitHub: any commit it has can be asked for, by its ID.
        ["-C", str(origin), "config", "uploadpack.allowAnySHA1InWant", "true"],
    ):
        subprocess.run(["git", *command], check=True, env=environment())
    return Repository(origin, clone)


def _shipped_files() -> list[Path]:
    """What git has, or would take, of the shipped paths: the work tree as it is, without what was built."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SHIPPED],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return sorted(
        Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()
    )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
    target.chmod(source.stat().st_mode & 0o777)
