"""The drift issue says on whose side an environment and its deployment came apart, and follows it."""

import json
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.report import drift, size
from blueprint.review import drift as finding
from blueprint.review.drift import ComponentDrift, Drift
from tests.gitops.report.plans import COMMIT, DIGEST, RUN, change
from tests.gitops.report.trackers import FakeTracker

QUEUE = ComponentDrift("sqs", "changed-in-aws", DIGEST, (change(delay_seconds=(30, 0)),))
BUCKET = ComponentDrift("s3", "not-applied")


def drifted(*components: ComponentDrift, stack: str = "dev", commit: str = COMMIT) -> Drift:
    return Drift(stack, commit, components)


def actions(tracker: FakeTracker, *reports: Drift) -> list[str]:
    return [drift.update(tracker, report, run_url=RUN).action for report in reports]


def test_the_issue_opens_with_drift_and_closes_without() -> None:
    tracker = FakeTracker()

    assert actions(tracker, drifted()) == ["none"]
    assert actions(tracker, drifted(QUEUE, BUCKET)) == ["opened"]
    (issue,) = tracker.issues.values()
    assert issue.title == "Drift in dev"
    assert issue.body.startswith("<!-- blueprint:drift:dev -->\n<!-- digest: ")
    assert f"no longer what is deployed there, commit `{COMMIT}` ([run]({RUN}))." in issue.body
    assert "| `sqs` | changed in AWS since it was applied | `0123456789ab` |" in issue.body
    assert "| `s3` | deployed and never (wholly) applied |  |" in issue.body
    assert "- delay_seconds = 30\n+ delay_seconds = 0" in issue.body
    assert issue.body.count("<details>") == 1
    assert tracker.labels[1] == ("drift", "environment: dev")

    assert actions(tracker, drifted()) == ["closed"]
    assert tracker.comments == [(1, f"The drift is gone ([run]({RUN})).")]


def test_the_same_drift_after_another_deployment_is_no_news() -> None:
    tracker = FakeTracker()

    assert actions(tracker, drifted(QUEUE), drifted(QUEUE, commit="b" * 40)) == [
        "opened",
        "unchanged",
    ]


def test_more_drift_is_news() -> None:
    tracker = FakeTracker()

    assert actions(tracker, drifted(QUEUE), drifted(QUEUE, BUCKET)) == ["opened", "updated"]
    assert tracker.comments == [(1, f"The drift is now in `sqs`, `s3` ([run]({RUN})).")]


def test_each_environment_has_its_own_issue() -> None:
    tracker = FakeTracker()

    assert actions(tracker, drifted(QUEUE), drifted(QUEUE, stack="prod")) == ["opened", "opened"]
    assert actions(tracker, drifted()) == ["closed"]
    assert [issue.state for issue in tracker.issues.values()] == ["closed", "open"]


def test_what_undoing_it_would_cost_stands_before_everything_else() -> None:
    table = change("aws_dynamodb_table.orders", "delete", "create")
    report = drifted(QUEUE, ComponentDrift("dynamodb", "changed-in-aws", DIGEST, (table,)))

    problem = drift.problem(report)

    assert problem is not None
    line = "> - `aws_dynamodb_table.orders` in `dynamodb`: destroy, then create"
    assert problem.text.index(line) < problem.text.index("| Component |")


def test_drift_without_end_still_fits_an_issue() -> None:
    attributes = {f"attribute_{n}": ("x" * 50, "y" * 50) for n in range(20)}
    changes = (change("aws_sqs_queue.q", "delete", **attributes),)
    many = [ComponentDrift(f"c-{n}", "changed-in-aws", DIGEST, changes) for n in range(600)]
    tracker = FakeTracker()

    assert actions(tracker, drifted(*many[1:]), drifted(*many)) == ["opened", "updated"]

    for text in [tracker.issues[1].body, *(text for _, text in tracker.comments)]:
        assert size.of(text) <= size.COMMENT
    body = tracker.issues[1].body
    kept = body.count("<details>")
    assert 5 < kept == body.count("</details>")
    assert f"The details of {600 - kept} components are left out here." in body
    assert "… and 550 more components." in body
    assert "and 550 more components" in tracker.comments[-1][1]


def test_a_report_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    file.write_text(finding.render(drifted(QUEUE)))

    assert drift.read(file) == drifted(QUEUE)


def test_a_report_that_is_missing_cut_off_or_changed_is_named(tmp_path: Path) -> None:
    file = tmp_path / "drift.json"
    with pytest.raises(BlueprintError, match=r"drift\.json cannot be read: No such file"):
        drift.read(file)

    file.write_text(finding.render(drifted(QUEUE))[:-40])
    with pytest.raises(BlueprintError, match=r"drift\.json is not JSON"):
        drift.read(file)

    file.write_text(json.dumps({**drifted(QUEUE).as_json(), "digest": "0" * 64}))
    with pytest.raises(BlueprintError, match=r"drift\.json: its digest says"):
        drift.read(file)
