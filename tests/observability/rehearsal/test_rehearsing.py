"""What fails a pack: an alarm without its cases, one that breaks a promise, a mutant that nobody notices."""

from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.cloudwatch.model import Actions, Comparison, Metric, MissingData, Query
from blueprint.documents.model import Declared, Place
from blueprint.errors import BlueprintError
from blueprint.rehearsal import equivalents, rehearsing
from tests.observability.rehearsal import pack

TAGS = {"signal": "not-empty", "resource": "lost"}

ALL = """\
watches: stack
ordinary: []
signals:
  all:
    fire:
      - story: A message is given up on, which this tells as well.
        phases:
          - for: 10m
            also: { queues/lost: { metrics: { ApproximateNumberOfMessagesVisible: 1 } } }
        within: 2m
    clear:
      - story: The queue is redriven.
        phases: [{ for: 30m }]
        within: 2m
    near_miss:
      - story: One reading sees a message that is gone already.
        phases:
          - for: 1m
            also: { queues/lost: { metrics: { ApproximateNumberOfMessagesVisible: 1 } } }
"""


def test_a_pack_whose_alarm_keeps_its_promises_and_whose_mutants_are_noticed_has_no_fault(
    tmp_path: Path,
) -> None:
    report = pack.rehearsed(tmp_path, [pack.declared(pack.NOT_EMPTY, **TAGS)], pack.LOST)
    assert report.all_faults == ()
    counts = rehearsing.counts(report.alarms)
    assert (counts["fire"], counts["clear"], counts["near_miss"], counts["hold"]) == (2, 1, 2, 1)
    assert counts["mutants"] == 18
    assert counts["mutants"] == counts["killed"] + counts["equivalent"]
    assert counts["equivalent"] == 2  # Sum for Maximum, and a tenth of one message


@pytest.mark.parametrize(
    "fault",
    [
        {"dimensions": {"Queue": "shop-lost"}},
        {"dimensions": {"QueueName": "shop-found"}},
        {"name": "ApproximateNumberOfMessages"},
        {"namespace": "AWS/SNS"},
    ],
)
def test_an_alarm_that_cannot_fire_fails_the_pack(tmp_path: Path, fault: dict[str, object]) -> None:
    fields = {
        "namespace": "AWS/SQS",
        "name": "ApproximateNumberOfMessagesVisible",
        "dimensions": {"QueueName": "shop-lost"},
        **fault,
    }
    metric = Metric.of(**fields)  # type: ignore[arg-type]
    dead = replace(pack.NOT_EMPTY, queries=(Query("m", metric, "Maximum", 60),))
    report = pack.rehearsed(tmp_path, [pack.declared(dead, **TAGS)], pack.LOST)
    assert (
        f"{tmp_path.as_posix()}/0.yaml:7: shop-lost-not-empty does not fire" in report.all_faults[0]
    )
    assert "One message is given up on" in report.all_faults[0]


@pytest.mark.parametrize(
    ("alarm", "fault"),
    [
        (replace(pack.NOT_EMPTY, datapoints=1), "fires after 1 minutes, and should not"),
        (replace(pack.NOT_EMPTY, evaluation_periods=30), "clears after"),
        (replace(pack.NOT_EMPTY, missing_data=MissingData.NOT_BREACHING), "goes to OK after"),
        (replace(pack.NOT_EMPTY, threshold=0), "is in ALARM 30 minutes before anything happens"),
        (replace(pack.NOT_EMPTY, datapoints=3), "does not fire"),
        (
            replace(pack.NOT_EMPTY, actions=Actions(alarm=("page",), enabled=False)),
            "fires and tells nobody in time",
        ),
    ],
)
def test_an_alarm_that_breaks_a_promise_fails_the_pack(
    tmp_path: Path, alarm: object, fault: str
) -> None:
    report = pack.rehearsed(tmp_path, [pack.declared(alarm, **TAGS)], pack.LOST)  # type: ignore[arg-type]
    assert any(fault in each for each in report.all_faults), report.all_faults


@pytest.mark.parametrize(
    ("left_out", "survivor"),
    [
        ("    hold:", "missing data: ignore to notBreaching"),
        ("      - story: One reading misses", "datapoints: 2 of 3 to 2 of 2"),
        ("      - story: The queue was never used", "missing data: ignore to breaching"),
    ],
)
def test_a_mutant_that_no_case_notices_fails_the_pack(
    tmp_path: Path, left_out: str, survivor: str
) -> None:
    begin = pack.LOST.index(left_out)
    ends = (pack.LOST.find(end, begin + 1) for end in ("    clear:", "    near_miss:"))
    end = min((end for end in ends if end > 0), default=len(pack.LOST))
    cases = pack.LOST[:begin] + pack.LOST[end:]
    report = pack.rehearsed(tmp_path, [pack.declared(pack.NOT_EMPTY, **TAGS)], cases)
    survivors = [fault for fault in report.all_faults if "no case notices" in fault]
    assert survivors == list(report.all_faults)
    assert any(
        fault.startswith(f"{tmp_path.as_posix()}/0.yaml:5: shop-lost-not-empty: ")
        and survivor in fault
        for fault in survivors
    )
    assert rehearsing.counts(report.alarms)["survived"] == len(survivors)


def test_an_alarm_whose_signal_has_no_cases_fails_the_pack(tmp_path: Path) -> None:
    alarm = pack.declared(pack.NOT_EMPTY, signal="overflowing", resource="lost")
    report = pack.rehearsed(tmp_path, [alarm], pack.LOST, known=["not-empty"])
    (fault,) = report.all_faults
    assert fault == (
        'plan.json: aws_cloudwatch_metric_alarm.this["shop-lost-not-empty"]: no file in dashboards/cases has cases of'
        " its signal 'overflowing': add them"
    )


def test_an_alarm_without_tags_fails_the_pack(tmp_path: Path) -> None:
    report = pack.rehearsed(
        tmp_path, [pack.declared(pack.NOT_EMPTY)], pack.LOST, known=["not-empty"]
    )
    assert "it has no tag `signal`" in report.all_faults[0]


def test_an_alarm_of_a_resource_that_is_not_there_fails_the_pack(tmp_path: Path) -> None:
    alarm = pack.declared(pack.NOT_EMPTY, signal="not-empty", resource="found")
    report = pack.rehearsed(tmp_path, [alarm], pack.LOST)
    assert "the inventory has no queues called 'found'" in report.all_faults[0]


def test_an_alarm_for_whose_resource_there_is_no_near_miss_fails_the_pack(tmp_path: Path) -> None:
    cases = pack.LOST
    for story in ("One reading sees a message that is gone already.", "The queue was never used."):
        cases = cases.replace(story, f"{story}\n        where: {{ kind: work }}")
    report = pack.rehearsed(tmp_path, [pack.declared(pack.NOT_EMPTY, **TAGS)], cases)
    (fault,) = report.all_faults
    assert fault == (
        f"{tmp_path.as_posix()}/0.yaml:5: shop-lost-not-empty has no case of its own to near_miss:"
        " add it, or widen a `where`"
    )


def test_cases_of_a_signal_that_there_is_not_fail_the_pack_with_their_line(tmp_path: Path) -> None:
    report = pack.rehearsed(tmp_path, [], pack.LOST)
    assert report.all_faults == (
        f"{tmp_path.as_posix()}/0.yaml:5: there is no signal 'not-empty': remove its cases, or correct the name",
    )


def test_a_signal_that_makes_no_alarm_in_this_stack_is_told_and_no_fault(tmp_path: Path) -> None:
    report = pack.rehearsed(tmp_path, [], pack.LOST, known=["not-empty"])
    assert report.all_faults == ()
    assert report.idle == ("not-empty",)


def test_an_alarm_that_could_not_be_resolved_fails_the_pack(tmp_path: Path) -> None:
    item = Declared(
        Place("alarm.x", "plan.json"), None, ("threshold: is known only after apply",), TAGS
    )
    report = pack.rehearsed(tmp_path, [item], pack.LOST)
    assert report.all_faults == (
        "plan.json: alarm.x cannot be rehearsed: threshold: is known only after apply",
    )


def test_a_window_has_cases_of_its_own(tmp_path: Path) -> None:
    cases = pack.LOST.replace("not-empty:", "not-empty-1h:")
    alarm = pack.declared(pack.NOT_EMPTY, window="1h", **TAGS)
    assert pack.rehearsed(tmp_path, [alarm], cases).all_faults == ()


def test_a_combined_alarm_is_run_with_the_alarms_it_combines(tmp_path: Path) -> None:
    combined = pack.composite('ALARM("shop-lost-not-empty")')
    alarms = [pack.declared(pack.NOT_EMPTY, **TAGS), pack.declared(combined, signal="all")]
    report = pack.rehearsed(tmp_path, alarms, pack.LOST, ALL)
    assert report.all_faults == ()
    assert [outcome.mutant.operator for outcome in report.alarms[1].outcomes] == ["child", "child"]


def test_a_combined_alarm_whose_child_the_plan_lacks_fails_the_pack(tmp_path: Path) -> None:
    combined = pack.composite('ALARM("shop-lost-not-empty")')
    report = pack.rehearsed(
        tmp_path, [pack.declared(combined, signal="all")], pack.LOST, ALL, known=["not-empty"]
    )
    assert (
        "its rule depends on shop-lost-not-empty, which the plan does not have"
        in report.all_faults[0]
    )


def test_a_rule_of_equivalence_that_a_case_contradicts_ends_the_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equivalents, "RULES", (lambda *_: "all the same",))
    with pytest.raises(
        BlueprintError, match=r"was taken for equivalent \(all the same\), and .* tells it apart"
    ):
        pack.rehearsed(tmp_path, [pack.declared(pack.NOT_EMPTY, **TAGS)], pack.LOST)


def test_a_broken_alarm_is_told_by_what_it_breaks_and_not_by_mutants(tmp_path: Path) -> None:
    broken = replace(pack.NOT_EMPTY, comparison=Comparison.LESS)
    report = pack.rehearsed(tmp_path, [pack.declared(broken, **TAGS)], pack.LOST)
    assert report.alarms[0].outcomes == ()
    assert report.all_faults
