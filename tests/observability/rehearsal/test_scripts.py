"""When a case begins and ends, and how long its alarm is watched."""

from dataclasses import replace
from pathlib import Path

from blueprint.rehearsal import scripts
from blueprint.rehearsal.model import Case, Kind, Phase, Spot
from blueprint.rehearsal.watched import Watched

OWN = Watched("stack", "stack", {})
FIRE = Case(Kind.FIRE, "a story", Spot(Path("cases.yaml"), 1), (Phase(10),), within=15)


def _minutes(case: Case, fire: Case | None = None) -> tuple[int, int, int, int]:
    script = scripts.of(case, OWN, fire)
    assert sum(phase.minutes for phase in script.phases) * 60 == script.end
    return script.start // 60, script.begins // 60, script.ends // 60, script.end // 60


def test_an_alarm_is_watched_from_half_the_lead_on_until_the_promise_is_due() -> None:
    assert _minutes(FIRE) == (30, 60, 70, 75)
    assert _minutes(replace(FIRE, within=5)) == (30, 60, 70, 70)
    assert _minutes(replace(FIRE, lead=1440)) == (1320, 1440, 1450, 1455)


def test_what_comes_before_belongs_to_the_time_in_which_nothing_may_happen() -> None:
    assert _minutes(replace(FIRE, before=(Phase(20),))) == (30, 80, 90, 95)


def test_a_new_alarm_is_watched_from_the_first_phase_on() -> None:
    assert _minutes(replace(FIRE, new=True)) == (60, 60, 70, 75)


def test_a_near_miss_is_watched_for_half_an_hour_more() -> None:
    assert _minutes(replace(FIRE, kind=Kind.NEAR_MISS)) == (30, 60, 70, 100)


def test_a_case_to_clear_goes_on_where_the_fire_case_ends() -> None:
    clear = replace(FIRE, kind=Kind.CLEAR, phases=(Phase(40),), lead=999)
    assert _minutes(clear, FIRE) == (30, 60, 70, 110)
