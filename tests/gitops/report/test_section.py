"""A new section is a new module, and one that fails costs no other."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from blueprint.report import comment
from blueprint.report.context import Context
from blueprint.report.section import Section, registered, rendered
from tests.gitops.report.plans import change, component, document

CONTEXT = Context((document(component("sqs", change(delay=(0, 5)))),))

COST = """
import json
from blueprint.report.section import Section

def render(context):
    file = context.file("cost.json")
    return file and f"### Cost\\n\\n{json.loads(file.read_text())['monthly']} a month"

SECTION = Section("NAME", ORDER, render)
"""


def cost(name: str = "cost", order: int = 450) -> str:
    return COST.replace("NAME", name).replace("ORDER", str(order))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """An empty package for sections, importable as `more_sections`."""
    directory = tmp_path / "more_sections"
    directory.mkdir()
    (directory / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("more_sections")
    for name in [name for name in sys.modules if name.startswith("more_sections")]:
        del sys.modules[name]


def add(package: ModuleType, name: str, text: str) -> None:
    (Path(package.__path__[0]) / f"{name}.py").write_text(text)
    importlib.invalidate_caches()


def test_the_built_in_sections_stand_in_their_order() -> None:
    assert [section.name for section in registered()] == [
        "summary",
        "destructive",
        "findings",
        "components",
        "packages",
    ]


def test_a_module_is_all_a_new_section_takes(package: ModuleType, tmp_path: Path) -> None:
    add(package, "later", cost("later", 900))
    add(package, "cost", cost())
    sections = registered(package)
    assert [section.name for section in sections] == ["cost", "later"]

    (tmp_path / "cost.json").write_text('{"monthly": "12 USD"}')
    text = comment.render(CONTEXT.documents, directory=tmp_path, sections=sections)

    assert "### Cost\n\n12 USD a month" in text


@pytest.mark.parametrize("directory", [None, Path("/nonexistent")])
def test_a_section_without_its_input_is_left_out(
    package: ModuleType, directory: Path | None
) -> None:
    add(package, "cost", cost())

    text = comment.render(CONTEXT.documents, directory=directory, sections=registered(package))

    assert "cost" not in text.lower()


def test_a_section_that_fails_says_so_on_one_line_and_the_others_stay() -> None:
    def fail(_: Context) -> str:
        raise ValueError("no `price`\nof @aws_nat_gateway")

    sections = [
        Section("summary", 100, lambda _: "fine"),
        Section("cost", 450, fail),
    ]

    assert rendered(sections, CONTEXT) == [
        ("summary", "fine"),
        ("cost", "The section cost failed: ``ValueError: no `price`\\nof @aws_nat_gateway``"),
    ]


def test_a_module_without_a_section_is_a_defect(package: ModuleType) -> None:
    add(package, "empty", "")

    with pytest.raises(TypeError, match=r"more_sections\.empty defines no SECTION"):
        registered(package)


def test_two_sections_of_one_name_are_a_defect(package: ModuleType) -> None:
    for module in ("one", "two"):
        add(package, module, cost())

    with pytest.raises(ValueError, match="two sections have the same name: cost, cost"):
        registered(package)
