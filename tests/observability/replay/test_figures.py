"""What is heard, and the figures made of it, recomputed here by counting."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from blueprint.cloudwatch.model import (
    Actions,
    Alarm,
    Comparison,
    CompositeAlarm,
    Metric,
    MetricAlarm,
    MissingData,
    Query,
)
from blueprint.cloudwatch.samples import Samples
from blueprint.replay import figures, listening, playing, report, traffic
from blueprint.replay.figures import Figures
from blueprint.replay.listening import Heard
from blueprint.replay.packs import Pack
from blueprint.replay.scenarios import WARM_UP, Fault, Scenario
from blueprint.replay.system import System

MakeFault = Callable[..., Fault]
Make = Callable[..., Scenario]

FIVES = Metric.of("AWS/ApiGateway", "5xx", {"ApiId": "a1b2c3", "Stage": "$default"})


def alarm_on(metric: Metric, name: str = "api-5xx", threshold: float = 0.2) -> MetricAlarm:
    return MetricAlarm(
        name=name,
        queries=(Query("m1", metric, "Average", 60),),
        comparison=Comparison.GREATER,
        threshold=threshold,
        evaluation_periods=1,
        datapoints=1,
        missing_data=MissingData.NOT_BREACHING,
    )


def pack_of(*alarms: Alarm, name: str = "ours", **told: str) -> Pack:
    return Pack(name, name, alarms, told or {alarm.name: "page" for alarm in alarms})  # type: ignore[arg-type]


def samples(*bad: int, minutes: int = 100) -> Samples:
    made = Samples()
    made.put_histogram(FIVES, {minute * 60: {float(minute in bad): 4} for minute in range(minutes)})
    return made


def heard(*minutes: int, severity: str = "page") -> Sequence[Heard]:
    return [Heard(minute, severity, "x") for minute in minutes]  # type: ignore[arg-type]


def test_an_alarm_is_heard_in_the_minute_after_its_data() -> None:
    told = listening.listen([pack_of(alarm_on(FIVES))], samples(10, 50, 51), 100, start=1)

    assert told["ours"] == (Heard(11, "page", "api-5xx"), Heard(51, "page", "api-5xx"))


def test_a_change_of_state_that_tells_nobody_is_not_heard() -> None:
    silent = Pack("ours", "ours", (alarm_on(FIVES),), {})

    assert listening.listen([silent], samples(10), 100, start=1) == {"ours": ()}


def test_packs_that_share_an_alarm_hear_it_each_in_their_own_way() -> None:
    one, other = alarm_on(FIVES, "one"), alarm_on(FIVES, "other")

    told = listening.listen(
        [pack_of(one, name="a"), pack_of(other, name="b", other="ticket")],
        samples(10),
        100,
        start=1,
    )

    assert told == {"a": (Heard(11, "page", "one"),), "b": (Heard(11, "ticket", "other"),)}


def test_a_composite_alarm_is_heard_and_its_children_are_not() -> None:
    child = replace(alarm_on(FIVES), actions=Actions(alarm=("nobody",)))
    page = CompositeAlarm("page", 'ALARM("api-5xx")')

    told = listening.listen([pack_of(child, page, page="page")], samples(10), 100, start=1)

    assert told["ours"] == (Heard(11, "page", "page"),)


def test_a_suppressed_alarm_is_not_heard() -> None:
    page = CompositeAlarm("page", 'ALARM("api-5xx")')
    ticket = CompositeAlarm("ticket", 'ALARM("api-5xx")', suppressor="page", wait=60, extension=60)
    pack = pack_of(alarm_on(FIVES), page, ticket, page="page", ticket="ticket")

    told = listening.listen([pack], samples(*range(10, 30)), 100, start=1)

    assert [each.alarm for each in told["ours"]] == ["page"]


def test_what_was_told_before_the_replay_is_listened_to_is_not_heard() -> None:
    told = listening.listen([pack_of(alarm_on(FIVES))], samples(10, 50), 100, start=30)

    assert [each.minute for each in told["ours"]] == [51]


def test_a_page_within_the_fault_or_its_recovery_is_about_it_and_others_are_false(
    make_scenario: Make, make_fault: MakeFault
) -> None:
    scenario = make_scenario(make_fault(start=100, minutes=10, recovery_minutes=5), days=7)

    measured = figures.measure(scenario, "p", heard(99, 100, 114, 115))

    assert measured.false_pages == 2
    assert measured.false_pages_a_week == 2
    assert measured.pages == 4
    (fault,) = measured.faults
    assert (fault.page, fault.heard, fault.in_time) == (0, True, True)


def test_a_page_where_nothing_should_be_heard_is_false(
    make_scenario: Make, make_fault: MakeFault
) -> None:
    scenario = make_scenario(make_fault(start=100, hears="nothing"))

    measured = figures.measure(scenario, "p", heard(105))

    assert measured.false_pages == 1
    assert figures.recall(measured.faults) == (0, 0)


@pytest.mark.parametrize(
    ("hears", "severity", "was_heard"),
    [
        ("page", "page", True),
        ("page", "ticket", False),
        ("ticket", "ticket", True),
        ("ticket", "page", True),
    ],
)
def test_a_ticket_is_no_page_but_a_page_serves_as_a_ticket(
    hears: str, severity: str, was_heard: bool, make_scenario: Make, make_fault: MakeFault
) -> None:
    scenario = make_scenario(make_fault(start=100, hears=hears))

    measured = figures.measure(scenario, "p", heard(103, severity=severity))

    assert figures.recall(measured.faults) == (int(was_heard), 1)


def test_what_is_heard_late_is_heard_but_not_in_time(
    make_scenario: Make, make_fault: MakeFault
) -> None:
    scenario = make_scenario(make_fault(start=100, within_minutes=10))

    (late,) = figures.measure(scenario, "p", heard(111)).faults
    (just,) = figures.measure(scenario, "p", heard(110)).faults

    assert (late.heard, late.in_time) == (True, False)
    assert (just.heard, just.in_time) == (True, True)


def test_somebody_is_woken_once_for_pages_within_an_hour_of_each_other(
    make_scenario: Make,
) -> None:
    measured = figures.measure(make_scenario(), "p", heard(10, 40, 99, 159, 400))

    assert measured.pages == 5
    assert measured.disturbances == 3


def test_a_pack_without_alarms_hears_nothing(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    scenario = make_scenario(make_fault(start=2000, api_failure_share=1.0))

    (played,) = playing.play_all([scenario], [pack_of()], system)

    assert figures.recall(played[0].faults) == (0, 1)
    assert (played[0].pages, played[0].tickets) == (0, 0)
    assert list(report.failures("ours", [played])) == [
        "short: a fault: a page within 10 min was asked for, heard was nothing"
    ]


def test_figures_agree_with_a_plain_count_over_the_series(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:

    fault = make_fault(start=2140, minutes=30, api_failure_share=0.9)
    scenario = make_scenario(fault, server_error_share=0.01)
    pack = pack_of(alarm_on(FIVES, threshold=0.1))

    (played,) = playing.play_one(scenario, [pack], system)

    series = traffic.play(scenario, system, watched={FIVES}).recording.of(FIVES)
    bad = [
        minute in series
        and sum(value * count for value, count in series[minute].items())
        > 0.1 * sum(series[minute].values())
        for minute in range(scenario.minutes)
    ]
    begun = [
        minute + 1
        for minute, now in enumerate(bad)
        if now and minute >= WARM_UP and not bad[minute - 1]
    ]
    false = [minute for minute in begun if not 2140 <= minute < 2230]
    assert played.pages == len(begun) > len(false) == played.false_pages > 0
    assert played.faults[0].page == min(minute for minute in begun if minute >= 2140) - 2140


def test_the_document_is_the_same_for_the_same_seed_and_another_for_another(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    pack = pack_of(alarm_on(FIVES, threshold=0.01))
    fault = make_fault(start=2140, api_failure_share=0.9)

    def document(seed: int) -> str:
        scenarios = [make_scenario(fault, seed=seed, server_error_share=0.01)]
        return json.dumps(report.document([pack], playing.play_all(scenarios, [pack], system)))

    first = document(1)
    assert first == document(1)
    assert (
        json.loads(first)["scenarios"][0]["packs"]
        != json.loads(document(2))["scenarios"][0]["packs"]
    )


def table(pack: Pack, played: Figures) -> str:
    console = Console(width=160, record=True, file=StringIO())
    console.print(report.fault_table([pack], [[played]]))
    console.print(report.summary_table([pack], [[played]]))
    return console.export_text()


def test_the_tables_show_minutes_misses_and_weeks(
    make_scenario: Make, make_fault: MakeFault
) -> None:
    scenario = make_scenario(
        make_fault(start=100),
        make_fault(start=400),
        make_fault(start=700, hears="nothing"),
        days=14,
    )
    pack = pack_of(alarm_on(FIVES))

    shown = table(pack, figures.measure(scenario, "ours", heard(104, 1300, 1301)))

    assert re.search(r"a fault +page in 10 min +page 4", shown)
    assert "missed" in shown
    assert "1 of 2" in shown
    assert "1.00" in shown  # two false pages in two weeks


def test_too_many_false_pages_are_a_failure_that_names_the_loudest(make_scenario: Make) -> None:
    scenario = make_scenario(days=7)

    played = [figures.measure(scenario, "ours", heard(1, 2))]

    assert list(report.failures("ours", [played])) == [
        "short: 2.00 false pages a week, at most 0.1 are allowed (x 2 x)"
    ]
