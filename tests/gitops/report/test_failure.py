"""The issue about a failed deployment names what failed, and closes with the next success."""

import json
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.report import failure, size
from blueprint.review.results import Result, Run
from tests.gitops.report.plans import COMMIT, DIGEST, RUN
from tests.gitops.report.trackers import FakeTracker

APPLIED = Result("sqs", "applied")
SCHEDULER = Result("scheduler", "failed", error="Error: AccessDenied on line 7")


def run(*results: Result, stack: str = "dev", error: str | None = None) -> Run:
    return Run(stack, DIGEST, results, error)


def action(
    tracker: FakeTracker, found: Run | None, *, commit: str = COMMIT, resolved: bool = False
) -> str:
    return failure.update(
        tracker, "dev", found, commit=commit, run_url=RUN, resolved=resolved
    ).action


def test_the_issue_names_commit_component_and_error() -> None:
    tracker = FakeTracker()

    assert action(tracker, run(APPLIED, SCHEDULER, error="scheduler failed")) == "opened"

    (issue,) = tracker.issues.values()
    assert issue.title == "deploy failed: dev"
    assert tracker.labels[1] == ("deploy-failed", "environment: dev")
    start = f"The deployment of commit `{COMMIT}` to `dev` failed at `scheduler` ([run]({RUN}))."
    assert start in issue.body
    assert "| `scheduler` | failed |\n| `sqs` | applied |" in issue.body
    assert "```\nError: AccessDenied on line 7\n```" in issue.body


def test_the_same_failure_again_is_no_news_although_its_words_differ() -> None:
    tracker = FakeTracker()
    again = Result("scheduler", "failed", error="Error: AccessDenied, request 0815")

    assert action(tracker, run(SCHEDULER)) == "opened"
    assert action(tracker, run(again, error="at 10:42")) == "unchanged"
    assert action(tracker, run(SCHEDULER), commit="b" * 40) == "updated"


def test_success_closes_the_issue_and_the_next_failure_reopens_it() -> None:
    tracker = FakeTracker()
    action(tracker, run(SCHEDULER))

    assert action(tracker, None, resolved=True) == "closed"
    assert tracker.comments == [(1, f"Deployed: commit `{COMMIT}` ([run]({RUN})).")]
    assert action(tracker, None, resolved=True) == "none"
    assert action(tracker, run(SCHEDULER)) == "reopened"


def test_a_run_that_ended_before_it_applied_anything_has_its_issue_too() -> None:
    tracker = FakeTracker()

    assert action(tracker, None) == "opened"
    assert "to `dev` failed before or after its components were applied" in tracker.issues[1].body


def test_why_the_whole_run_was_refused_is_shown_and_is_news_when_it_changes() -> None:
    tracker = FakeTracker()

    assert action(tracker, run(error="the plan of sqs is not the reviewed one")) == "opened"
    assert "```\nthe plan of sqs is not the reviewed one\n```" in tracker.issues[1].body
    assert action(tracker, run(error="the plan of s3 is not the reviewed one")) == "updated"


def test_the_result_of_another_stack_is_refused() -> None:
    with pytest.raises(UsageError, match="of the stack prod, and not of dev"):
        action(FakeTracker(), run(SCHEDULER, stack="prod"))


def test_an_error_cannot_break_out_of_its_block() -> None:
    tracker = FakeTracker()

    action(tracker, run(Result("sqs", "failed", error="```\n</details>\n@octocat")))

    assert "````\n```\n</details>\n@octocat\n````" in tracker.issues[1].body


def test_of_a_long_error_the_end_is_kept() -> None:
    lines = [f"line {n}" for n in range(5_000)]
    tracker = FakeTracker()

    action(tracker, run(Result("sqs", "failed", error="\n".join([*lines, "Error: last"]))))

    body = tracker.issues[1].body
    assert "line 4999\nError: last\n```" in body
    assert "lines before this)\nline " in body
    assert "line 0\n" not in body


def test_three_hundred_failures_fit_an_issue() -> None:
    tracker = FakeTracker()
    many = [Result(f"component-{n}", "failed", error=f"Error {n}\n" * 400) for n in range(300)]

    action(tracker, run(*many))

    body = tracker.issues[1].body
    assert size.of(body) <= size.COMMENT
    assert body.count("<details>") == body.count("</details>") > 3
    assert "and 200 more components" in body


def test_a_result_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text(json.dumps(run(APPLIED, SCHEDULER).as_json()))

    assert failure.read(file) == run(APPLIED, SCHEDULER)
    assert failure.read(tmp_path / "none.json") is None


def test_a_result_that_is_cut_off_or_of_another_form_is_named(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text(json.dumps(run(SCHEDULER).as_json())[:-5])
    with pytest.raises(BlueprintError, match=r"result\.json is not JSON"):
        failure.read(file)

    file.write_text(json.dumps({**run(SCHEDULER).as_json(), "results": [{}]}))
    with pytest.raises(
        BlueprintError, match=r"result\.json: results\[0\]: 'component' is a required"
    ):
        failure.read(file)
