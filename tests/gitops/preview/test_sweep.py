"""A preview goes when its pull request does, when nobody wants it, or when its time is up; no other does."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from blueprint.errors import BlueprintError
from blueprint.github.pulls import PullRequest
from blueprint.preview.records import Record, Unreadable
from blueprint.preview.sweep import Doomed, Swept, doomed, require, sweep

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def pull(number: int, *labels: str, fork: bool = False) -> PullRequest:
    return PullRequest(number, True, "c" * 40, fork, labels)


def record(number: int, *, hours_left: float = 1) -> Record:
    return Record(number, "c" * 40, NOW - timedelta(days=1), NOW + timedelta(hours=hours_left))


def reasons(
    records: Mapping[str, Record | Unreadable], states: set[str], *pulls: PullRequest
) -> dict[str, str]:
    return {item.stack: item.reason for item in doomed(records, states, pulls, NOW)}


def test_a_preview_whose_pull_request_is_open_and_labelled_stays_while_its_time_runs() -> None:
    assert reasons({"pr1": record(1)}, {"pr1"}, pull(1, "bug", "preview")) == {}


@pytest.mark.parametrize(
    ("pulls", "reason"),
    [
        ([], "pull request 1 is not open"),
        ([pull(2, "preview")], "pull request 1 is not open"),
        ([pull(1, "bug")], "pull request 1 is not labelled preview"),
        ([pull(1, "preview", fork=True)], "pull request 1 comes from another repository"),
    ],
)
def test_a_preview_nobody_asks_for_goes(pulls: list[PullRequest], reason: str) -> None:
    assert reasons({"pr1": record(1)}, {"pr1"}, *pulls) == {"pr1": reason}


@pytest.mark.parametrize(("hours_left", "goes"), [(0.01, False), (0, True), (-5, True)])
def test_a_preview_goes_when_its_time_is_up(hours_left: float, goes: bool) -> None:
    found = reasons({"pr1": record(1, hours_left=hours_left)}, {"pr1"}, pull(1, "preview"))

    assert ("its time was up at" in found.get("pr1", "")) is goes


def test_a_state_that_nobody_remembers_goes() -> None:
    assert reasons({}, {"pr1"}, pull(1, "preview")) == {"pr1": "it has a state and no record"}


def test_a_record_without_a_state_is_swept_as_well() -> None:
    assert reasons({"pr1": record(1)}, set()) == {"pr1": "pull request 1 is not open"}


def test_a_record_that_cannot_be_read_goes_with_its_preview() -> None:
    found = reasons({"pr1": Unreadable("KeyError: 'commit'")}, {"pr1"}, pull(1, "preview"))

    assert found == {"pr1": "its record cannot be read (KeyError: 'commit')"}


def test_previews_are_told_in_the_order_of_their_numbers() -> None:
    assert list(reasons({"pr10": record(10), "pr9": record(9)}, {"pr2"})) == ["pr2", "pr9", "pr10"]


def test_one_that_resists_does_not_keep_the_others() -> None:
    gone = []

    def down(number: int) -> None:
        if number == 2:
            raise BlueprintError("the state is locked")
        gone.append(number)

    swept = sweep([Doomed(f"pr{n}", "closed") for n in (1, 2, 3)], down=down)

    assert gone == [1, 3]
    assert swept == [
        Swept("pr1", "closed"),
        Swept("pr2", "closed", "the state is locked"),
        Swept("pr3", "closed"),
    ]
    with pytest.raises(BlueprintError, match=r"^pr2: the state is locked$"):
        require(swept)


def test_a_defect_is_not_taken_for_a_preview_that_resists() -> None:
    def down(_: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sweep([Doomed("pr1", "closed")], down=down)


def test_a_sweep_that_took_everything_away_is_no_error() -> None:
    require([Swept("pr1", "closed")])
