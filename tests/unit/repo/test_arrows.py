"""Imports go one way: the tooling from the journey down to paths, the services from the edges to the core."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from blueprint import paths

# Each layer may import those below it (blueprint/cli.py above all).
LAYERS = [
    {"cli"},
    {"journey"},
    {"pipeline"},
    {"report", "preview", "load"},
    {"review", "promotion"},
    {"alarms"},
    {"release", "accounts", "reachability", "rehearsal", "replay"},
    {"observability"},
    {"delivery"},
    {"stacks", "packaging", "sources", "documents"},
    {
        "github",
        "workflows",
        "emulator",
        "contract",
        "catalogue",
        "cloudwatch",
        "insights",
        "prices",
    },
    {"tools"},
    {"aws", "console", "data_files", "failures", "processes"},
    {"errors", "paths"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def imports(file: Path) -> Iterator[str]:
    """Dotted names that `file` imports, relative ones resolved."""
    package = file.relative_to(paths.ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def python_files(folder: str) -> list[Path]:
    return sorted((paths.ROOT / folder).rglob("*.py"))


def test_the_tooling_imports_downwards_only() -> None:
    upward = [
        f"{file.relative_to(paths.ROOT)} imports {name}"
        for file in python_files("blueprint")
        for name in imports(file)
        if name.startswith("blueprint.")
        and (own := file.relative_to(paths.ROOT).with_suffix("").parts[1]) in LEVEL
        and (other := name.split(".")[1]) in LEVEL
        and own != other
        and LEVEL[other] < LEVEL[own]
    ]

    assert upward == []


def test_every_part_of_the_tooling_has_its_layer() -> None:
    parts = {file.stem for file in (paths.ROOT / "blueprint").glob("*.py")} - {
        "__init__",
        "__main__",
    }
    parts |= {file.parent.name for file in (paths.ROOT / "blueprint").glob("*/__init__.py")}

    assert parts == set(LEVEL)


@pytest.mark.parametrize("file", python_files("blueprint/tools"), ids=lambda file: file.name)
def test_the_tools_need_nothing_but_the_standard_library(file: Path) -> None:
    """They run before the virtual environment exists."""
    import sys

    foreign = {
        name
        for name in imports(file)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith(("blueprint.tools", "blueprint.errors", "blueprint.paths"))
        and name not in ("blueprint", "blueprint.tools")
    }

    assert foreign == set()


def test_services_never_import_each_other_and_the_core_imports_none() -> None:
    roles = {file.parent.name for file in (paths.SERVICES).glob("*/handler.py")}
    assert roles == {"api", "processor", "scheduler", "authorizer"}
    wrong = [
        f"{file.relative_to(paths.ROOT)} imports {name}"
        for file in python_files("services")
        for name in imports(file)
        if (parts := name.split("."))[0] == "services"
        and len(parts) > 1
        and parts[1] in roles
        and parts[1] != file.relative_to(paths.SERVICES).parts[0]
    ]

    assert wrong == []


def test_services_know_nothing_of_the_tooling() -> None:
    wrong = [
        f"{file.relative_to(paths.ROOT)} imports {name}"
        for file in python_files("services")
        for name in imports(file)
        if name.split(".")[0] == "blueprint"
    ]

    assert wrong == []


def test_no_service_or_component_asks_whether_it_runs_locally() -> None:
    """The embedded AWS is an endpoint in the environment and nothing else."""
    files = [*python_files("services"), *paths.COMPONENTS.rglob("*.tf")]
    asking = [
        str(file.relative_to(paths.ROOT))
        for file in files
        if any(
            word in file.read_text()
            for word in ('AWS_ENDPOINT_URL"', "127.0.0.1", "ministack", "localstack")
        )
    ]

    assert asking == []
