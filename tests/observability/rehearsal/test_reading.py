"""What the case files say, and what they may not say."""

from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.rehearsal import reading
from blueprint.rehearsal.model import Kind
from tests.observability.rehearsal import pack


def test_a_case_is_read_with_its_place_its_durations_and_what_follows_it(tmp_path: Path) -> None:
    signal = pack.book(tmp_path, pack.LOST).signals["not-empty"]
    first, second, *_ = (case for case in signal.cases if case.kind is Kind.FIRE)
    (hold,) = (case for case in signal.cases if case.kind is Kind.HOLD)
    assert (first.within, first.lead, first.phases[0].minutes) == (2, 60, 20)
    assert [phase.minutes for phase in second.phases] == [1, 1, 1, 5]
    assert hold.phases[0].own is not None
    assert hold.phases[0].own.silent
    assert str(first.spot) == f"{tmp_path.as_posix()}/0.yaml:7"


def test_a_signal_has_its_cases_in_one_place(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"1\.yaml:5: signal not-empty has its cases in .*0\.yaml:5"
    ):
        pack.book(tmp_path, pack.LOST, pack.LOST)


def test_an_amount_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    wrong = pack.LOST.replace('"1 x 0, 1 x 1"', "one message")
    with pytest.raises(UsageError, match=r"0\.yaml:8: .*'one message' is no amount"):
        pack.book(tmp_path, wrong)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("watches: queues", "watches: buckets", "'buckets' is not one of"),
        ("within: 2m", "within: soon", "'soon' does not match"),
        ("    hold:", "    holds:", "there is no such key"),
        ("        within: 3m\n", "", "'within' is a required property"),
    ],
)
def test_what_does_not_follow_the_schema_is_refused(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    assert before in pack.LOST
    with pytest.raises(UsageError, match=fault):
        pack.book(tmp_path, pack.LOST.replace(before, after, 1))


def test_a_signal_without_a_near_miss_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'near_miss' is a required property"):
        pack.book(tmp_path, pack.LOST[: pack.LOST.index("    near_miss:")])


def test_a_directory_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no case file"):
        reading.read(tmp_path)


def test_the_files_that_ship_are_read_and_each_case_goes_on_from_one_that_is_there() -> None:
    for signal in reading.read().signals.values():
        names = {case.name for case in signal.cases if case.kind is Kind.FIRE}
        for case in signal.cases:
            assert case.after == "" or case.after in names, str(case.spot)
