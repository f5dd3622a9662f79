"""What AWS documents by example, run through the evaluator as a user's alarm would be."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from blueprint.cloudwatch import metric_math, ranges, rules
from blueprint.cloudwatch.evaluation import datapoints, evaluate
from blueprint.cloudwatch.missing_data import enough_samples
from blueprint.cloudwatch.model import Metric, MissingData, Query, State
from blueprint.cloudwatch.samples import Samples
from blueprint.cloudwatch.statistics import parse
from tests.observability.cloudwatch import building

DAY = 86_400
PERIOD = 300
POINTS = {"0": 0.0, "X": 1.0, "-": None}


def rows_of_the_tables() -> Iterator[Any]:
    for page in ("missing-data", "missing-data-2019"):
        for table in building.conformance(page)["tables"]:
            for row in table["rows"]:
                for mode in MissingData:
                    if mode in row:
                        title = f"{table['title']}: {row['points']}, {mode}"
                        yield pytest.param(table, row["points"], mode, row[mode], id=title)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize(("table", "points", "mode", "state"), list(rows_of_the_tables()))
def test_every_row_of_the_published_tables_comes_out_as_published(
    table: Mapping[str, Any], points: str, mode: MissingData, state: str, before: State
) -> None:
    values = [POINTS[point] for point in points.split()]
    alarm = building.alarm(
        period=PERIOD,
        datapoints=table["datapoints"],
        evaluation_periods=table["evaluation_periods"],
        missing_data=mode,
    )
    now = len(values) * PERIOD
    samples = building.reported(values, every=PERIOD)

    timeline = evaluate([alarm], samples, start=now, end=now, initial={alarm.name: before})

    assert timeline.state(alarm.name, now) is (before if state == "retain" else State(state))


@pytest.mark.parametrize("points", building.conformance("missing-data")["never_alarm"])
@pytest.mark.parametrize("before", [State.OK, State.INSUFFICIENT_DATA])
def test_a_breach_that_may_be_contradicted_yet_does_not_set_off_the_alarm(
    points: str, before: State
) -> None:
    values = [POINTS[point] for point in points.split()]
    alarm = building.alarm(
        period=PERIOD, datapoints=3, evaluation_periods=3, missing_data=MissingData.MISSING
    )
    now = len(values) * PERIOD

    timeline = evaluate(
        [alarm],
        building.reported(values, every=PERIOD),
        start=now,
        end=now,
        initial={alarm.name: before},
    )

    assert timeline.transitions == ()


@pytest.mark.parametrize(
    "run", building.conformance("evaluation")["runs"], ids=lambda run: str(run["title"])
)
def test_m_of_n_data_points_decide_as_documented(run: Mapping[str, Any]) -> None:
    alarm = building.alarm(
        period=run["period"],
        threshold=run["threshold"],
        datapoints=run["datapoints"],
        evaluation_periods=run["evaluation_periods"],
    )
    seconds = [run["period"] * (index + 1) for index in range(len(run["values"]))]

    timeline = evaluate(
        [alarm],
        building.reported(run["values"], every=run["period"]),
        start=0,
        end=seconds[-1],
        initial={alarm.name: State(run["begins"])},
    )

    assert [timeline.state(alarm.name, at) for at in seconds] == run["states"]


def test_an_alarm_is_evaluated_every_minute_over_the_minutes_of_its_period() -> None:
    case = building.conformance("evaluation")["sliding"]
    alarm = building.alarm(period=case["period"])
    samples = building.reported(case["values"])

    points = dict(datapoints(alarm, samples, start=0, end=60 * len(case["values"])))

    assert {minute: points[60 * minute] for minute in case["sums"]} == case["sums"]


@pytest.mark.parametrize("case", building.conformance("evaluation")["cadence"], ids=str)
def test_how_often_an_alarm_is_evaluated_follows_from_its_periods(case: Mapping[str, int]) -> None:
    alarm = building.alarm(period=case["period"], evaluation_periods=case["evaluation_periods"])

    assert ranges.cadence_of(alarm) == case["every"]


def test_an_alarm_of_several_days_sees_data_up_to_the_full_hour_only() -> None:
    case = building.conformance("evaluation")["multi_day"]
    samples = Samples()
    for day in range(0, 9, 3):
        samples.put(building.METRIC, day * DAY + seconds("10:02"), 0)
    samples.put(building.METRIC, 9 * DAY + seconds(case["failed"]), 1)
    samples.put(building.METRIC, 9 * DAY + seconds(case["succeeded"]), -1)
    # the sum of three days is above 0 after the failure, and at 0 again after the success
    alarm = building.alarm(period=3 * DAY)

    timeline = evaluate(
        [alarm], samples, start=9 * DAY, end=10 * DAY, initial={alarm.name: State.OK}
    )

    states = {at: timeline.state(alarm.name, 9 * DAY + seconds(at)) for at in case["states"]}
    assert states == case["states"]


@pytest.mark.parametrize("case", building.conformance("statistics")["cases"], ids=str)
def test_a_statistic_is_what_its_definition_says(case: Mapping[str, Any]) -> None:
    assert point_of(case["statistic"], samples_of(case)) == (
        None if case["is"] is None else pytest.approx(case["is"], rel=1e-12)
    )


@pytest.mark.parametrize(("one", "other"), building.conformance("statistics")["equivalent"])
def test_statistics_that_are_documented_to_be_the_same_are(one: str, other: str) -> None:
    samples = samples_of({"values": [{"from": 1, "to": 57}, {"value": 9, "count": 40}]})

    assert point_of(one, samples) == point_of(other, samples)


@pytest.mark.parametrize("product", building.conformance("statistics")["products"], ids=str)
def test_a_trimmed_sum_is_the_trimmed_mean_times_the_trimmed_count(
    product: Mapping[str, str],
) -> None:
    samples = samples_of({"values": [{"from": 1, "to": 100}, {"value": 50, "count": 7}]})
    total, mean, count = (point_of(product[part], samples) for part in ("sum", "mean", "count"))

    assert mean is not None
    assert count is not None
    assert total == pytest.approx(mean * count)


@pytest.mark.parametrize("case", building.conformance("low-samples")["cases"], ids=str)
def test_a_percentile_needs_as_many_samples_as_documented(case: Mapping[str, Any]) -> None:
    percentile = parse(case["statistic"]).percentile

    assert percentile is not None
    assert enough_samples(percentile, case["samples"]) is case["enough"]


def expressions_of_the_tables() -> Iterator[Any]:
    for table in building.conformance("metric-math")["tables"]:
        for expression, values in table["expressions"].items():
            title = f"{table['title']}: {expression}"
            yield pytest.param(table["series"], expression, values, id=title)


@pytest.mark.parametrize(("series", "expression", "values"), list(expressions_of_the_tables()))
def test_an_expression_makes_of_missing_values_what_is_documented(
    series: Mapping[str, list[float | None]], expression: str, values: list[float | None]
) -> None:
    queries = [
        Query(name, Metric.of("Shop", name, {}), "Sum", 60, returns_data=False) for name in series
    ]
    program = metric_math.compile_queries([*queries, Query("e1", expression=expression)])

    assert program.run(dict(series)) == [
        None if value is None else pytest.approx(value, rel=1e-12) for value in values
    ]


@pytest.mark.parametrize(
    "example", building.conformance("suppression")["examples"], ids=lambda case: str(case["title"])
)
def test_a_suppressor_holds_back_actions_as_in_the_published_examples(
    example: Mapping[str, Any],
) -> None:
    case = building.conformance("suppression")
    unit, last = 60, 12
    samples = Samples()
    for name in ("composite", "suppressor"):
        on = False
        for time in range(last + 1):
            # what is reported in the minute before decides the state at `time`
            on = example[name].get(time, "ALARM" if on else "OK") == "ALARM"
            samples.put(Metric.of("Shop", name, {}), (time - 1) * unit, float(on))
    children = [
        building.alarm(name, metric=Metric.of("Shop", name, {}))
        for name in ("composite", "suppressor")
    ]
    page = building.composite(
        "ALARM(composite)",
        suppressor="suppressor",
        wait=case["wait"] * unit,
        extension=case["extension"] * unit,
    )

    timeline = evaluate(
        [*children, page],
        samples,
        start=0,
        end=last * unit,
        initial=dict.fromkeys(("composite", "suppressor", "page"), State.OK),
    )

    told = [each for each in timeline.notifications if each.alarm == "page"]
    held_back = {each.at // unit: each.suppressed_by for each in told if not each.delivered}
    assert held_back == example["suppressed"]
    assert {each.at // unit: each.state for each in told if each.delivered} == example["delivered"]


@pytest.mark.parametrize(
    "case", building.conformance("composite-rules")["rules"], ids=lambda case: str(case["rule"])
)
def test_a_published_rule_holds_for_the_states_it_is_about(case: Mapping[str, Any]) -> None:
    rule = rules.parse(case["rule"])

    assert all(rule.holds(states_of(each)) for each in case["holds"])
    assert not any(rule.holds(states_of(each)) for each in case["fails"])
    assert set(rule.children) == set(case["holds"][0])


def states_of(names: Mapping[str, str]) -> dict[str, State]:
    return {name: State(state) for name, state in names.items()}


def seconds(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def samples_of(case: Mapping[str, Any]) -> Samples:
    samples = Samples()
    for each in case.get("values", []):
        match each:
            case {"from": first, "to": last}:
                for value in range(first, last + 1):
                    samples.put(building.METRIC, 0, float(value))
            case {"value": value, "count": count}:
                samples.put(building.METRIC, 0, float(value), count)
            case _:
                samples.put(building.METRIC, 0, float(each))
    for each in case.get("sets", []):
        samples.put_set(building.METRIC, 0, **each)
    return samples


def point_of(statistic: str, samples: Samples) -> float | None:
    [(_, value)] = datapoints(building.alarm(statistic=statistic), samples, start=60, end=60)
    return value
