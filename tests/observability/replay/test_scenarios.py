"""Scenario files say what happens, and a slip in one is told with its place."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.observability.inventory import Inventory
from blueprint.replay import scenarios
from blueprint.replay import system as systems
from blueprint.replay.scenarios import WARM_UP
from tests.observability.replay.building import PREFIX

BASE = (scenarios.DIRECTORY / "healthy-month.yaml").read_text()
FILE = """\
title: Something
based_on: healthy-month
seed: 3
days: 5
most_false_pages_a_week: 0.1
traffic: { requests_per_month: 5000 }
faults:
  - name: the API fails
    starts: { day: 2, at: "14:30" }
    minutes: 12
    effect: { api_failures: { share: 0.5, raises: true } }
    hears: page
    within_minutes: 10
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "healthy-month.yaml").write_text(BASE)
    (tmp_path / "mine.yaml").write_text(FILE)
    return tmp_path


def test_a_scenario_takes_the_traffic_it_does_not_give_from_another(directory: Path) -> None:
    mine, base = (scenarios.load(name, directory) for name in ("mine", "healthy-month"))

    assert mine.traffic.requests_per_month == 5000
    assert mine.traffic.latency == base.traffic.latency
    (fault,) = mine.faults
    assert (fault.start, fault.end) == (
        WARM_UP + 1440 + 14 * 60 + 30,
        WARM_UP + 1440 + 14 * 60 + 42,
    )
    assert fault.conditions.api_failure_share == 0.5
    assert mine.minutes == WARM_UP + 5 * 1440


def test_another_seed_takes_the_place_of_the_files(directory: Path) -> None:
    mine = scenarios.load("mine", directory)

    assert scenarios.with_seed(mine, 9).seed == 9
    assert scenarios.with_seed(mine, None) is mine


def test_an_unknown_scenario_is_answered_with_those_there_are(directory: Path) -> None:
    with pytest.raises(UsageError, match="no scenario 'yours'; there are healthy-month, mine"):
        scenarios.load("yours", directory)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("days: 5", "days: 0", "mine.yaml.*days: 0 is less than the minimum"),
        ('at: "14:30"', 'at: "25:30"', "starts.at: '25:30' does not match"),
        ("share: 0.5", "share: 50", "api_failures.share: 50 is greater than the maximum"),
        ("    within_minutes: 10\n", "", "'within_minutes' is a required property"),
        ("effect: { api_failures", "effect: { api_failure", "there is no such key"),
        ("based_on: healthy-month\n", "", "traffic: busiest_hour_utc, .* missing"),
        ("day: 2", "day: 6", "'the API fails' and its recovery last longer than the 5 days"),
        ("based_on: healthy-month", "based_on: mine", "based_on: mine is itself based on"),
    ],
)
def test_a_slip_in_a_scenario_is_told_with_its_place(
    old: str, new: str, message: str, directory: Path
) -> None:
    assert old in FILE
    (directory / "mine.yaml").write_text(FILE.replace(old, new))

    with pytest.raises(UsageError, match=message):
        scenarios.load("mine", directory)


def test_faults_that_overlap_are_refused_because_a_page_would_be_about_either(
    directory: Path,
) -> None:
    again = FILE.split("faults:\n")[1].replace("the API fails", "it fails again")
    later = again.replace("14:30", "15:30")
    (directory / "mine.yaml").write_text(FILE + later)

    with pytest.raises(
        UsageError, match="'it fails again' starts before 'the API fails' has recovered"
    ):
        scenarios.load("mine", directory)


@pytest.mark.parametrize("name", scenarios.names())
def test_every_scenario_that_ships_holds(name: str) -> None:
    scenario = scenarios.load(name)

    assert scenario.days == 30
    assert scenario.most_false_pages_a_week == 0.1


def test_a_stack_without_an_api_cannot_be_replayed(inventory: Inventory) -> None:
    without = Inventory(functions=inventory.functions)

    with pytest.raises(BlueprintError, match=f"{PREFIX} has no API, through which"):
        systems.of_inventory(without, prefix=PREFIX, error_lines={})
