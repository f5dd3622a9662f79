"""Runs every check of the workflow files: GitHub's schemas, actionlint, zizmor, and the rules of this package."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from blueprint import paths, processes
from blueprint.errors import BlueprintError
from blueprint.processes import Completed
from blueprint.tools import provision
from blueprint.tools.environments import environment
from blueprint.workflows import commands, rules
from blueprint.workflows.commands import Verbs

Find = Callable[[str], str]
Run = Callable[[Sequence[str], Path], Completed]

# The commands are one program each, which the rules see to: nothing is left for shellcheck, which may not be there.
_ACTIONLINT = ("-no-color", "-shellcheck=", "-pyflakes=")
_ZIZMOR = (
    *("--offline", "--no-progress", "--color=never", "--quiet"),
    *("--persona=auditor", "--strict-collection"),
    *("--config", "policies/workflows/zizmor.yml"),
)
_SCHEMAS = {
    "vendor.github-workflows": "workflows/*.yml",
    "vendor.github-actions": "actions/*/action.yml",
    "vendor.dependabot": "dependabot.yml",
}


def _find(name: str) -> str:
    """The path of a program, provided first where it is not there yet."""
    if name == "actionlint":
        return str(provision.ensure(name))
    return str(environment("workflows") / "bin" / name)


def _run(command: Sequence[str], root: Path) -> Completed:
    # Only what it needs: a token in the environment would let zizmor go online.
    return processes.run(command, cwd=root, env={"PATH": provision.search_path(), "HOME": "/"})


def lint(*, verbs: Verbs, root: Path = paths.ROOT, find: Find = _find, run: Run = _run) -> None:
    """Check the workflows, composite actions and Dependabot's settings of the repository at `root`.

    `verbs` are those of the command line (`commands.verbs`). Raises BlueprintError with the findings of every check,
    UsageError where a file is not what GitHub would read.
    """
    found = []
    for name, command in _programs(root, find):
        result = run(command, root)
        if not result.ok:
            said = result.output.strip() or f"ended with {result.returncode}"
            found.append(f"{name}:\n{said}")
    targets = commands.targets(root / "Makefile")
    if broken := rules.check(root, targets=targets, verbs=verbs):
        found.append("\n".join(["rules:", *map(str, broken)]))
    if found:
        raise BlueprintError(
            "\n".join(found), remedy="each finding names its file and line, and what it asks for"
        )


def _programs(root: Path, find: Find) -> Iterator[tuple[str, list[str]]]:
    """Each check by its name, as a command."""
    for schema, pattern in _SCHEMAS.items():
        files = sorted(str(file.relative_to(root)) for file in (root / ".github").glob(pattern))
        if files:
            yield "schema", [find("check-jsonschema"), "--builtin-schema", schema, *files]
    yield "actionlint", [find("actionlint"), *_ACTIONLINT]
    yield "zizmor", [find("zizmor"), *_ZIZMOR, ".github"]
