"""What the documents say exists, exists."""

import re
import subprocess
from pathlib import Path

import pytest
import typer.main

from blueprint import cli, paths
from blueprint.journey.components import component_names

LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
TARGET = re.compile(r"`make ([a-z-]+)|^make ([a-z-]+)", re.MULTILINE)


def documents() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [paths.ROOT / line for line in listed.stdout.splitlines()]


@pytest.mark.parametrize(
    "document", documents(), ids=lambda file: str(file.relative_to(paths.ROOT))
)
def test_links_lead_somewhere(document: Path) -> None:
    broken = [
        link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()
    ]

    assert broken == []


@pytest.mark.parametrize(
    "document", documents(), ids=lambda file: str(file.relative_to(paths.ROOT))
)
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (paths.ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {one or other for one, other in TARGET.findall(document.read_text())}

    assert named <= targets


@pytest.mark.parametrize(
    "document", documents(), ids=lambda file: str(file.relative_to(paths.ROOT))
)
def test_blueprint_verbs_exist(document: Path) -> None:
    named = set(
        re.findall(r"(?:\.venv/bin/blueprint|`blueprint) ([a-z][a-z-]*)", document.read_text())
    )

    assert named <= set(_verbs())


def _verbs() -> dict[str, object]:
    command = typer.main.get_command(cli.app)
    return dict(command.commands)  # type: ignore[attr-defined]


def test_every_verb_has_help_with_an_example() -> None:
    def without_example(command: object, name: str) -> list[str]:
        children = getattr(command, "commands", None)
        if children is not None:
            return [
                found
                for child, inner in children.items()
                for found in without_example(inner, f"{name} {child}")
            ]
        text = f"{getattr(command, 'help', '')} {getattr(command, 'epilog', '')}"
        return [] if "Example: " in text else [name]

    assert without_example(typer.main.get_command(cli.app), "blueprint") == []


def test_every_component_has_a_catalogue_entry_a_readme_and_a_test() -> None:
    components = [paths.COMPONENTS / name for name in component_names()]
    assert len(components) >= 9
    for component in components:
        assert (paths.STACKS / "catalog" / f"{component.name}.yaml").is_file(), component.name
        assert (component / "README.md").is_file(), component.name
        assert list((component / "tests").glob("*.tftest.hcl")), component.name


def test_locks_name_no_package_index() -> None:
    for lock in (paths.ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text, lock.name
        assert "://" not in text, lock.name
        assert "index-url" not in text, lock.name
