"""Which programs read the workflows, and that each finding is told."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import typer.main

from blueprint import cli, paths
from blueprint.errors import BlueprintError
from blueprint.processes import Completed
from blueprint.workflows import commands
from blueprint.workflows.lint import lint

VERBS = commands.verbs(typer.main.get_command(cli.app))


@dataclass
class Programs:
    """Programs that are content, except those that `say` something; they note how they were called."""

    say: dict[str, str] = field(default_factory=dict)
    called: list[list[str]] = field(default_factory=list)

    def find(self, name: str) -> str:
        return f"bin/{name}"

    def run(self, command: Sequence[str], root: Path) -> Completed:
        self.called.append(list(command))
        name = command[0].removeprefix("bin/")
        return Completed(tuple(command), int(name in self.say), self.say.get(name, "fine"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in (".github", "policies/workflows"):
        shutil.copytree(paths.ROOT / folder, tmp_path / folder)
    shutil.copy(paths.ROOT / "Makefile", tmp_path)
    return tmp_path


def test_workflows_actions_and_dependabot_are_read_by_every_program(root: Path) -> None:
    programs = Programs()

    lint(verbs=VERBS, root=root, find=programs.find, run=programs.run)

    workflows = sorted(
        f".github/workflows/{file.name}" for file in (root / ".github/workflows").iterdir()
    )
    assert programs.called == [
        ["bin/check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows],
        [
            *("bin/check-jsonschema", "--builtin-schema", "vendor.github-actions"),
            ".github/actions/setup/action.yml",
        ],
        ["bin/check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"],
        ["bin/actionlint", "-no-color", "-shellcheck=", "-pyflakes="],
        [
            *("bin/zizmor", "--offline", "--no-progress", "--color=never", "--quiet"),
            *("--persona=auditor", "--strict-collection"),
            *("--config", "policies/workflows/zizmor.yml", ".github"),
        ],
    ]


def test_the_findings_of_all_are_told_at_once(root: Path) -> None:
    file = root / ".github" / "workflows" / "checks.yml"
    file.write_text(file.read_text().replace("ubuntu-24.04", "ubuntu-latest", 1))
    programs = Programs({"actionlint": "checks.yml:1: odd\n", "zizmor": ""})

    with pytest.raises(BlueprintError) as raised:
        lint(verbs=VERBS, root=root, find=programs.find, run=programs.run)

    lines = raised.value.message.splitlines()
    assert lines[:5] == [
        "actionlint:",
        "checks.yml:1: odd",
        "zizmor:",
        "ended with 1",
        "rules:",
    ]
    assert lines[5].endswith("runner: job check runs elsewhere; set `runs-on: ubuntu-24.04`")
