"""Asks the git program about commits, tags and files; the only place that knows its arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from blueprint import processes
from blueprint.errors import BlueprintError
from blueprint.processes import Completed
from blueprint.promotion.refnames import checked

# Set inside a git hook; they would turn every call to the repository that runs the hook.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")

_COMMIT_FIELDS = ("%H", "%aN", "%s", "%b")
_TAG_FIELDS = (
    "refname:strip=2",
    "objectname",
    "objecttype",
    "*objectname",
    "*objecttype",
    "contents:signature",
)


@dataclass(frozen=True)
class Commit:
    """A commit: 40 hexadecimal digits, its author's name, and the two parts of its message."""

    sha: str
    author: str
    subject: str
    body: str


@dataclass(frozen=True)
class Tag:
    """A tag and the commit it leads to.

    `kind` is lightweight for a mere name of a commit; `object` is the ID of the tag itself, which is the commit's
    where it is lightweight. A signed tag is one that carries a signature; whose it is, GitHub's rules check.
    """

    name: str
    object: str
    commit: str
    kind: Literal["lightweight", "annotated", "signed"]


class Repository:
    """A clone on this machine. Every method raises BlueprintError with git's own words where git fails."""

    def __init__(self, root: Path, env: Mapping[str, str]) -> None:
        self.root = root
        self._env = {name: value for name, value in env.items() if name not in _OF_A_HOOK} | {
            "LC_ALL": "C.UTF-8",
            "GIT_TERMINAL_PROMPT": "0",
        }

    def commit(self, ref: str) -> str:
        """The ID of the commit that `ref` (branch, tag, full ref or commit ID) leads to."""
        result = self._call("rev-parse", "--verify", "--quiet", f"{checked(ref)}^{{commit}}")
        if not result.ok:
            raise BlueprintError(
                f"there is no commit {ref!r} in this clone",
                remedy="check the name; `git fetch --tags --force origin` brings what the remote has"
                " (in a workflow: check out with fetch-depth: 0)",
            )
        return result.output.strip()

    def branch(self, name: str) -> str | None:
        """The commit of branch `name`: as origin had it when last fetched, else the local one's; None without both."""
        for ref in (f"refs/remotes/origin/{checked(name)}", f"refs/heads/{name}"):
            result = self._call("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
            if result.ok:
                return result.output.strip()
        return None

    def branch_tip(self, name: str) -> str:
        """The same, of a branch that there has to be."""
        commit = self.branch(name)
        if commit is None:
            raise BlueprintError(
                f"there is no branch {name!r}, neither of origin nor in this clone",
                remedy=f"run `git fetch origin {name}` (in a workflow: check out with fetch-depth: 0)",
            )
        return commit

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` is `older` or descends from it."""
        self._require_history()
        result = self._call("merge-base", "--is-ancestor", checked(older), checked(newer))
        if result.returncode not in (0, 1):
            raise _failure(f"compare {older} with {newer}", result)
        return result.ok

    def merge_base(self, one: str, other: str) -> str:
        """The newest commit both descend from."""
        self._require_history()
        result = self._call("merge-base", checked(one), checked(other))
        if not result.ok:
            raise BlueprintError(
                f"{one} and {other} have no commit in common",
                remedy="give a ref of this repository's own history",
            )
        return result.output.strip()

    def on_first_parents(self, commit: str, tip: str) -> bool:
        """Whether `commit` is one of those `tip`'s branch itself consists of, not merely merged into it."""
        self._require_history()
        # Without what the commit's parents reach, the walk from the tip ends at the commit, if it passes there at all.
        result = self._must(
            ("rev-list", "--first-parent", checked(tip), "--not", f"{checked(commit)}^@"),
            f"walk {tip} back to {commit}",
        )
        return commit in result.output.split()

    def first_parents(self, tip: str, *, since: str | None = None) -> list[Commit]:
        """The commits of `tip`'s own branch, newest first: down to `since` (left out), or all."""
        self._require_history()
        span = (checked(tip), *((f"^{checked(since)}",) if since else ()))
        form = f"--format=tformat:{'%x00'.join(_COMMIT_FIELDS)}"
        result = self._must(("log", "-z", "--first-parent", form, *span, "--"), f"list {tip}")
        fields = result.output.split("\0")
        size = len(_COMMIT_FIELDS)
        return [Commit(*fields[i : i + size]) for i in range(0, len(fields) - size + 1, size)]

    def tag(self, name: str) -> Tag | None:
        """The tag `name` as this clone has it; None where it has none."""
        return next(iter(self._tags(f"refs/tags/{checked(name)}", exact=name)), None)

    def tags(self, *, at: str | None = None) -> list[Tag]:
        """Every tag on a commit, by name; only those on the commit `at` where given."""
        self._require_history()
        return self._tags("refs/tags", *((f"--points-at={checked(at)}",) if at else ()))

    def changed_paths(self, base: str, head: str) -> list[str]:
        """Paths of the files that differ from `base` to `head`; a renamed one counts under both names."""
        result = self._must(
            ("diff", "--name-only", "-z", "--no-renames", checked(base), checked(head), "--"),
            f"compare {base} with {head}",
        )
        return sorted(path for path in result.output.split("\0") if path)

    def read(self, commit: str, path: str) -> str | None:
        """The text of the file `path` in `commit`; None where the commit has no such file."""
        listed = self._must(
            ("ls-tree", "--name-only", "-z", "--full-tree", checked(commit), "--", path),
            f"list {commit}",
        )
        if path not in listed.output.split("\0"):
            return None
        return self._must(("cat-file", "blob", f"{commit}:{path}"), f"read {path}").output

    def checkout(self, commit: str, directory: Path) -> Path:
        """Lay the files of `commit` out in `directory`, which must not exist yet, and return it.

        A clone that borrows this one's objects, since Atmos does not understand worktrees. It runs none of the
        user's hooks.
        """
        self._require_history()
        self._must(
            ("clone", "--shared", "--no-checkout", "--quiet", "--template=", ".", str(directory)),
            f"clone into {directory}",
        )
        self._must(
            ("-C", str(directory), "checkout", "--quiet", "--detach", checked(commit)),
            f"check out {commit}",
        )
        return directory

    def fetch(self, *refs: str) -> None:
        """Bring `refs` (full names) up to date from origin, also where one of them was moved."""
        specs = [f"+{checked(ref)}:{_tracked(ref)}" for ref in refs]
        self._must(("fetch", "--quiet", "--no-tags", "origin", *specs), f"fetch {', '.join(refs)}")

    def _tags(self, pattern: str, *options: str, exact: str | None = None) -> list[Tag]:
        form = "%00".join(f"%({field})" for field in _TAG_FIELDS)
        result = self._must(
            ("for-each-ref", f"--format={form}%00", *options, pattern), "list the tags"
        )
        fields = result.output.split("\0")
        size = len(_TAG_FIELDS)
        found = []
        for start in range(0, len(fields) - size, size):
            name, own, kind, commit, leads_to, signature = fields[start : start + size]
            name = name.strip()  # the line end of the row before
            if "commit" not in (kind, leads_to) or exact not in (None, name):
                continue
            if kind == "commit":
                found.append(Tag(name, own, own, "lightweight"))
            else:
                found.append(Tag(name, own, commit, "signed" if signature else "annotated"))
        return found

    def _require_history(self) -> None:
        """In a shallow clone every question about descent has a wrong answer, and git does not say so."""
        result = self._must(("rev-parse", "--is-shallow-repository"), "open the repository")
        if result.output.strip() == "true":
            raise BlueprintError(
                "this clone is shallow: it does not have the history that promotion is decided by",
                remedy="run `git fetch --unshallow --tags origin`"
                " (in a workflow: check out with fetch-depth: 0)",
            )

    def _call(self, *arguments: str) -> Completed:
        command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false"]
        return processes.run([*command, *arguments], cwd=self.root, env=self._env, apart=True)

    def _must(self, arguments: tuple[str, ...], doing: str) -> Completed:
        result = self._call(*arguments)
        if not result.ok:
            raise _failure(doing, result)
        return result


def _tracked(ref: str) -> str:
    """Where a clone keeps the remote's `ref`."""
    return ref.replace("refs/heads/", "refs/remotes/origin/", 1)


def _failure(doing: str, result: Completed) -> BlueprintError:
    return BlueprintError(
        f"git cannot {doing}: {(result.errors or result.output).strip()}",
        remedy="check that the ref exists here: `git fetch --tags --force origin`"
        " (in a workflow: check out with fetch-depth: 0)",
    )
