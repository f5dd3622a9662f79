"""An issue follows its subject, is quiet while nothing is new, and survives a step that failed."""

import pytest

from blueprint.report.tracking import Problem, Subject, track
from tests.gitops.report.trackers import FakeTracker

SUBJECT = Subject("<!-- blueprint:drift:dev -->", ("drift", "environment: dev"))
ONE = Problem("Drift in dev", "one", "1" * 64, "It is now one.")
TWO = Problem("Drift in dev", "two", "2" * 64, "It is now two.")


def run(tracker: FakeTracker, *problems: Problem | None) -> list[str]:
    return [track(tracker, SUBJECT, problem, healed="Gone.").action for problem in problems]


def test_an_issue_is_opened_updated_when_it_is_news_closed_and_reopened() -> None:
    tracker = FakeTracker()

    actions = run(tracker, None, ONE, ONE, TWO, TWO, None, None, TWO)

    assert actions == [
        "none",
        "opened",
        "unchanged",
        "updated",
        "unchanged",
        "closed",
        "none",
        "reopened",
    ]
    assert [text for _, text in tracker.comments] == [
        "It is now two.",
        "Gone.",
        "It is back. It is now two.",
    ]
    (issue,) = tracker.issues.values()
    assert issue.body == f"{SUBJECT.marker}\n<!-- digest: {'2' * 64} -->\ntwo"
    assert tracker.labels[issue.number] == ("drift", "environment: dev")


def test_nothing_new_costs_no_call() -> None:
    tracker = FakeTracker()
    run(tracker, ONE)
    tracker.steps.clear()

    run(tracker, ONE)

    assert tracker.steps == []


@pytest.mark.parametrize("step", ["comment", "update"])
def test_an_update_that_broke_off_is_made_up_for(step: str) -> None:
    tracker = FakeTracker()
    run(tracker, ONE)
    tracker.failing = step
    with pytest.raises(ConnectionError, match=step):
        run(tracker, TWO)

    assert run(tracker, TWO, TWO) == ["updated", "unchanged"]
    assert tracker.issues[1].body.endswith("two")


def test_closing_that_broke_off_is_made_up_for() -> None:
    tracker = FakeTracker()
    run(tracker, ONE)
    tracker.failing = "close"
    with pytest.raises(ConnectionError, match="close"):
        run(tracker, None)

    assert run(tracker, None, None) == ["closed", "none"]


def test_an_issue_whose_digest_somebody_edited_away_is_written_anew() -> None:
    tracker = FakeTracker()
    run(tracker, ONE)
    tracker.update(1, title="mine", body=f"{SUBJECT.marker}\nmy own words")

    assert run(tracker, ONE) == ["updated"]
    assert tracker.issues[1].title == "Drift in dev"
