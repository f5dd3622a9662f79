"""How a statistic may be written; each refusal names the statistic and what is wrong with it."""

import pytest

from blueprint.cloudwatch.evaluation import datapoints
from blueprint.cloudwatch.statistics import parse
from blueprint.errors import BlueprintError
from tests.observability.cloudwatch import building


@pytest.mark.parametrize(
    "text",
    [
        "sum",
        "Average ",
        "P99",
        "p",
        "p-1",
        "p99%",
        "TM90",
        "tm(10%:90%)",
        "pr(:300)",
        "TM(10%)",
        "PR300",
        "",
        "Median",
    ],
)
def test_what_cloudwatch_does_not_know_is_refused_by_name(text: str) -> None:
    with pytest.raises(BlueprintError, match="does not exist") as refusal:
        parse(text)

    assert repr(text) in refusal.value.message
    assert "PR(:300)" in refusal.value.remedy


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("p100.1", "goes beyond 100%"),
        ("tm101", "goes beyond 100%"),
        ("TM(10%:120%)", "goes beyond 100%"),
        ("TM(90%:10%)", "has nothing between its bounds"),
        ("TC(5:5)", "has nothing between its bounds"),
        ("tm0", "has nothing between its bounds"),
        ("PR(:)", "has no bounds"),
        ("TM(%:5)", "has no bounds"),
        ("TM(5:90%)", "mixes a percentage and a value"),
        ("PR(10%:90%)", "ranks percentages"),
    ],
)
def test_bounds_that_make_no_sense_are_refused_with_the_reason(text: str, fault: str) -> None:
    with pytest.raises(BlueprintError, match=fault):
        parse(text)


@pytest.mark.parametrize(
    "text", ["p99.9999999999", "p0", "p100", "TM(.5%:99.5%)", "TS(0:0.0000000001)", "IQM"]
)
def test_what_cloudwatch_takes_is_taken(text: str) -> None:
    samples = building.reported([1, 2, 3])

    [(_, point)] = datapoints(
        building.alarm(statistic=text, period=180), samples, start=180, end=180
    )

    assert point is not None


def test_nothing_between_fixed_bounds_counts_none_and_has_no_mean() -> None:
    samples = building.reported([50])
    points = {
        text: datapoints(building.alarm(statistic=text), samples, start=60, end=60)[0][1]
        for text in ("TC(:10)", "TS(:10)", "PR(:10)", "TM(:10)", "WM(:10)")
    }

    assert points == {"TC(:10)": 0, "TS(:10)": 0, "PR(:10)": 0, "TM(:10)": None, "WM(:10)": 10}


def test_a_period_without_samples_has_no_data_point_of_any_statistic() -> None:
    for text in ("Sum", "SampleCount", "Minimum", "p99", "PR(:10)", "TC(:10)", "TS(10%:)"):
        samples = building.reported([1])

        [(_, point)] = datapoints(building.alarm(statistic=text), samples, start=600, end=600)

        assert point is None


def test_an_extreme_leaves_a_sliding_window_with_its_sample() -> None:
    samples = building.reported([5, 9, 1, 4, None, 6])

    for statistic, extremes in (("Minimum", [1, 1, 4, 6]), ("Maximum", [9, 4, 4, 6])):
        alarm = building.alarm(statistic=statistic, period=120)
        points = datapoints(alarm, samples, start=180, end=360)
        assert [value for _, value in points] == extremes
