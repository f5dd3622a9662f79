"""Which plan `delivery apply` takes from a file."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.pipeline import applying
from blueprint.review import document as documents
from blueprint.review.document import Document, Source

PLAN = Document("dev", Source(commit="c" * 40), packages={}, components=())


def test_a_file_with_the_plan_that_was_approved_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text(documents.render(PLAN))

    assert applying._read(file, PLAN.digest) == PLAN


def test_a_file_with_another_plan_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text(documents.render(PLAN))

    with pytest.raises(BlueprintError, match=f"holds the plan {PLAN.digest}, and {'0' * 64}"):
        applying._read(file, "0" * 64)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BlueprintError, match=r"dev\.json cannot be read"):
        applying._read(tmp_path / "dev.json", "0" * 64)
