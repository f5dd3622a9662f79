"""What reviewers are shown, and where."""

from pathlib import Path

import pytest

from blueprint.pipeline import reporting
from blueprint.review import document as documents
from blueprint.review.document import Document, Source


def plan(stack: str, directory: Path) -> Path:
    file = directory / f"{stack}.json"
    document = Document(stack, Source(commit="c" * 40), packages={}, components=())
    file.write_text(documents.render(document))
    return file


@pytest.fixture(autouse=True)
def no_emulated_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "_emulated", lambda _: False)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_RUN_ID"):
        monkeypatch.delenv(name, raising=False)


def test_environments_come_in_the_order_in_which_a_commit_passes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [plan(stack, tmp_path) for stack in ("prod", "preview", "dev", "staging")]

    reporting.comment(files, dry_run=True)

    shown = capsys.readouterr().out
    places = [shown.index(f"`{stack}`") for stack in ("dev", "staging", "prod", "preview")]
    assert places == sorted(places)


def test_a_plan_that_cannot_be_a_comment_is_on_the_page_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))

    reporting.comment([plan("dev", tmp_path)], dry_run=True)

    assert (tmp_path / "summary.md").read_text().strip() == capsys.readouterr().out.strip()
