"""A step's summary is added to the run's page, as long as GitHub shows it."""

from pathlib import Path

from blueprint.report import step_summary


def test_each_text_is_added_to_the_page(tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    env = {"GITHUB_STEP_SUMMARY": str(page)}

    assert step_summary.append("# one\n", env)
    assert step_summary.append("two: ü", env)

    assert page.read_text(encoding="utf-8") == "# one\n\ntwo: ü\n\n"


def test_outside_a_run_there_is_no_page() -> None:
    assert not step_summary.append("# one", {})


def test_a_text_that_would_hide_the_page_is_replaced_by_a_note(tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    page.write_text("# one\n\n")

    step_summary.append("x" * (step_summary.LIMIT - 8), {"GITHUB_STEP_SUMMARY": str(page)})

    assert page.read_text().startswith("# one\n\nThe summary of this step is too long")


def test_a_page_that_is_full_stays_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    page.write_text("x" * (step_summary.LIMIT - 2))

    assert step_summary.append("more", {"GITHUB_STEP_SUMMARY": str(page)})

    assert page.stat().st_size == step_summary.LIMIT - 2
