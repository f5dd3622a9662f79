"""Small repositories with one workflow in them, and the shipped ones."""

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from blueprint import paths
from blueprint.workflows import model
from blueprint.workflows.model import Workflow

Write = Callable[..., Workflow]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts a workflow, as its text, into the repository at `tmp_path` and reads it."""

    def put(text: str, name: str = "some.yml") -> Workflow:
        file = tmp_path / model.WORKFLOWS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
        return model.load(file)

    return put


@pytest.fixture(scope="session")
def shipped() -> Mapping[str, Workflow]:
    """The workflows of this repository by file name."""
    return model.load_all(paths.ROOT)
