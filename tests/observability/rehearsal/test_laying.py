"""What AWS would report of a case, minute by minute."""

from pathlib import Path

import pytest

from blueprint.catalogue import catalogue
from blueprint.cloudwatch.model import Metric
from blueprint.errors import UsageError
from blueprint.observability import filter_pattern
from blueprint.rehearsal import amounts, watched
from blueprint.rehearsal.laying import Minutes, Stage
from blueprint.rehearsal.model import Conduct, Ordinary, Phase, Spot
from blueprint.rehearsal.scripts import Script
from blueprint.rehearsal.watched import LogFilter
from tests.observability.rehearsal import pack

WORKER = {"FunctionName": "shop-worker"}
ERRORS = Metric.of("AWS/Lambda", "Errors", WORKER)
DROPPED = Metric.of("AWS/Lambda", "AsyncEventsDropped", WORKER)
LINES = LogFilter(
    "/aws/lambda/shop-worker",
    filter_pattern.matcher('{ $.level = "ERROR" }'),
    Metric.of("shop/logs", "worker-errors", {}),
    "Count",
    0.0,
)
ORDINARY = {
    "functions": (
        Ordinary({"invoked_by": "schedule"}, Conduct({"Errors": amounts.read("1 x 0")}, 2)),
        Ordinary({}, Conduct({"Errors": amounts.read("4 x 0"), "log:INFO": amounts.read(8)})),
    )
}


def _conduct(every: int | str | None = None, *, silent: bool = False, **metrics: str) -> Conduct:
    read = {name.replace("__", ":"): amounts.read(text) for name, text in metrics.items()}
    return Conduct(read, every, silent)


def _laid(metric: Metric, *phases: Phase, own: str = "functions/worker") -> Minutes:
    inventory = watched.inventory(pack.VARIABLES)
    stage = Stage(watched.resources(inventory, catalogue.load(), [LINES]), ORDINARY)
    script = Script(stage.resources[own], Spot(Path("cases.yaml"), 7), phases, 0, 0, 0, 0)
    stage.check(script)
    return stage.lay(metric, script)


def test_what_a_phase_does_not_name_stays_ordinary() -> None:
    phase = Phase(2, _conduct(Throttles="1 x 1"))
    assert _laid(ERRORS, Phase(1), phase) == dict.fromkeys(range(3), ((0, 4),))


def test_a_phase_replaces_what_it_names_and_the_next_one_is_ordinary_again() -> None:
    laid = _laid(ERRORS, Phase(1, _conduct(Errors="3 x 1, 1 x 0")), Phase(1))
    assert laid == {0: ((1, 3), (0, 1)), 1: ((0, 4),)}


def test_a_zero_of_a_metric_that_is_reported_when_not_zero_is_a_gap() -> None:
    laid = _laid(DROPPED, Phase(1, _conduct(AsyncEventsDropped="1 x 0")))
    assert laid == {}
    assert _laid(DROPPED, Phase(1, _conduct(AsyncEventsDropped="2 x 1"))) == {0: ((1, 2),)}


def test_a_silent_resource_reports_nothing_but_what_is_named() -> None:
    assert _laid(ERRORS, Phase(3, _conduct(silent=True))) == {}
    assert _laid(ERRORS, Phase(1, _conduct(silent=True, Errors="1 x 1"))) == {0: ((1, 1),)}


def test_minutes_between_the_beats_are_gaps() -> None:
    assert list(_laid(ERRORS, Phase(10, _conduct(3, Errors="1 x 1")))) == [0, 3, 6, 9]


def test_a_beat_may_be_an_attribute_and_is_the_ordinary_one_unless_given() -> None:
    nightly = Metric.of("AWS/Lambda", "Errors", {"FunctionName": "shop-nightly"})
    by_schedule = Phase(21, _conduct("interval_seconds", Errors="1 x 1"))
    assert list(_laid(nightly, by_schedule, own="functions/nightly")) == [0, 10, 20]
    as_ever = Phase(5, _conduct(Errors="1 x 1"))
    assert list(_laid(nightly, as_ever, own="functions/nightly")) == [0, 2, 4]


def test_others_are_named_by_key_by_an_attribute_or_all_at_once() -> None:
    for name in ("functions/worker", "functions/*"):
        phase = Phase(1, also={name: _conduct(Errors="9 x 1")})
        assert _laid(ERRORS, phase, own="queues/lost") == {0: ((1, 9),)}
    nightly = Metric.of("AWS/Lambda", "Errors", {"FunctionName": "shop-nightly"})
    phase = Phase(1, also={"functions/{function}": _conduct(1, Errors="9 x 1")})
    assert _laid(nightly, phase, own="schedules/cleanup") == {0: ((1, 9),)}


def test_lines_of_a_log_become_what_the_filter_makes_of_them() -> None:
    loud = Phase(1, _conduct(log__ERROR="3", log__WARNING="5"))
    assert _laid(LINES.metric, loud, Phase(1)) == {0: ((1, 3),), 1: ((0, 1),)}
    assert _laid(LINES.metric, Phase(1, _conduct(silent=True))) == {}


def test_a_series_that_nobody_reports_is_empty() -> None:
    assert _laid(Metric.of("AWS/Lambda", "Errors", {"Function": "shop-worker"}), Phase(5)) == {}


@pytest.mark.parametrize(
    ("phase", "fault"),
    [
        (
            Phase(1, _conduct(Eros="1 x 1")),
            "cases.yaml:7: functions/worker reports no metric 'Eros'",
        ),
        (
            Phase(1, also={"queues/found": _conduct()}),
            "cases.yaml:7: the stack has no queues/found",
        ),
        (Phase(1, _conduct(Errors="1 x 2")), "cases.yaml:7: functions/worker: Errors is never 2"),
        (Phase(1, _conduct(Errors="0.5")), "cases.yaml:7: functions/worker: Errors is never 0.5"),
        (Phase(1, _conduct("age", Errors="1")), "`every: age`: the resource has no such number"),
    ],
)
def test_what_aws_could_not_report_is_told_with_the_line(phase: Phase, fault: str) -> None:
    with pytest.raises(UsageError, match=fault):
        _laid(ERRORS, phase)
