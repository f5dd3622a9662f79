"""How a case writes what one metric reports in one minute."""

import pytest

from blueprint.errors import UsageError
from blueprint.rehearsal import amounts


def _samples(text: str, unit: str = "Count", **attributes: object) -> tuple[amounts.Sample, ...]:
    return amounts.read(text).samples(unit=unit, attributes=attributes)


def test_a_number_is_one_sample_of_it() -> None:
    assert _samples("12") == ((12, 1),)
    assert amounts.read(0.5).samples(unit="Count", attributes={}) == ((0.5, 1),)


def test_terms_say_how_often_each_value_is_reported() -> None:
    assert _samples("3 x 1, 37 x 0") == ((1, 3), (0, 37))


def test_nothing_is_reported_for_none_and_for_no_times() -> None:
    assert _samples("none") == ()
    assert _samples("0 x 1") == ()


def test_a_time_is_told_in_the_unit_of_the_metric() -> None:
    assert _samples("2 x 1.5 s", unit="Milliseconds") == ((1500, 2),)
    assert _samples("300 ms", unit="Seconds") == ((0.3, 1),)


def test_a_share_is_of_the_attribute_whatever_its_unit_and_is_exact() -> None:
    assert _samples("95% of timeout", unit="Milliseconds", timeout_seconds=30) == ((28500, 1),)
    assert _samples("2 x 80% of quota", quota=1000) == ((800, 2),)


def test_a_share_of_what_the_resource_lacks_names_what_it_has() -> None:
    with pytest.raises(UsageError, match="the resource has no number called 'timeout'") as caught:
        _samples("95% of timeout", memory_mb=128, name="api", on=True)
    assert caught.value.remedy == "take a share of one of: memory_mb"


def test_a_time_of_what_is_not_measured_in_time_is_refused() -> None:
    with pytest.raises(UsageError, match="`5 s` is a time, and the metric's unit is Count"):
        _samples("5 s")


@pytest.mark.parametrize(
    "text", ["", "lots", "-1", "3 x", "x 1", "1,", "1 of 3", "5%", "1 x 2 x 3"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no amount"):
        amounts.read(text)
