"""How expressions are read, and what of them is refused before anything runs."""

import pytest

from blueprint.cloudwatch import metric_math
from blueprint.cloudwatch.evaluation import datapoints, evaluate
from blueprint.cloudwatch.metric_math import NotEvaluatedError, Program
from blueprint.cloudwatch.model import Metric, Query
from blueprint.cloudwatch.samples import Samples
from blueprint.errors import BlueprintError
from tests.observability.cloudwatch import building


def program(expression: str, **others: str) -> Program:
    """Over metrics m1 and m2; `others` are further expressions."""
    metrics = [
        Query(name, Metric.of("Shop", name, {}), "Sum", 60, returns_data=False)
        for name in ("m1", "m2")
    ]
    more = [Query(name, expression=text, returns_data=False) for name, text in others.items()]
    return metric_math.compile_queries([*metrics, *more, Query("e1", expression=expression)])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("m1 + m2 * 2", 10),
        ("(m1 + m2) * 2", 14),
        ("m1 - m2 - 1", 0),
        ("12 / m1 / m2", 1),
        ("2 ^ m2 ^ 2 * m1 / m1", 512),
        ("-m1 ^ 2", -16),
        ("--m1", 4),
        ("2 ^ -m2", 0.125),
        ("m1 > m2 + 2", 0),
        ("m1 > 3 AND m2 > 3 OR m1 == 4", 1),
        ("m1 == 4 OR m2 > 3 AND m1 > 9", 1),
        ("m1 == 4 != 0", 1),
        ("1.5e1 + m1", 19),
        (".5 * m1", 2),
        ("m1 / 0", None),
        ("m1 ^ 10000", None),
        ("m1 * 1e308", None),
        ("(-m1) ^ .5", None),
        ("m1 + 1 / 0", None),
    ],
)
def test_operators_bind_as_in_arithmetic(expression: str, value: float | None) -> None:
    assert program(expression).run({"m1": [4.0], "m2": [3.0]}) == [value]


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("m1 +", "has the end at character 5, where a value is expected"),
        ("(m1", r"has the end at character 4, where '\)' is expected"),
        ("m1 m2", "has 'm2' at character 4, where an operator is expected"),
        ("m1 % 2", "has '% 2' at character 4, where a number, an id"),
        ("", "has the end at character 1"),
        ("m3 + 1", "there is no query 'm3'"),
        ("sum(m1)", "there is no function sum"),
        ("IF(m1)", "IF does not take 1 arguments"),
        ("SUM()", "SUM does not take 0 arguments"),
        ("SUM(m1)", "comes to a scalar, and an alarm watches one series"),
        ("METRICS()", "comes to an array of series, and an alarm watches one series"),
        ("5", "comes to a scalar"),
        ("ABS(5) + m1", "ABS does not take a scalar"),
        ("[m1, m2] > 1", "> does not take these arrays"),
        ("SUM([m1] + [m2])", r"\+ does not take these arrays"),
        ("IF([m1], m1)", "IF does not take an array of series"),
        ("IF(1, 2, m1)", r"IF\(scalar, ...\) chooses between series"),
        ("SUM([])", r"\[\] has no series"),
        ('SUM(METRICS("x"))', "METRICS finds no metric"),
        ("SUM(METRICS(m1))", "METRICS takes a string"),
        ("m1 + PERIOD(other)", "PERIOD takes the id of a metric"),
        ("FILL(m1, SOMEHOW)", "'SOMEHOW' is no value"),
        ("m1 + 'text'", "'text' is no value"),
        ("m1 + REPEAT", "'REPEAT' is no value"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_query_and_reason(
    expression: str, fault: str
) -> None:
    with pytest.raises(BlueprintError, match="^e1: .*" + fault):
        program(expression, other="m1")


@pytest.mark.parametrize(
    "expression", ["SEARCH('x', 'Sum')", "LAST(ANOMALY_DETECTION_BAND(m1, 2))", "m1 + LOG(m2)"]
)
def test_a_function_of_cloudwatch_that_is_not_evaluated_is_told_from_an_unknown_one(
    expression: str,
) -> None:
    with pytest.raises(NotEvaluatedError, match=r"e1: [A-Z_]+ is not evaluated here"):
        program(expression)


def test_expressions_that_read_each_other_are_refused_with_the_circle() -> None:
    with pytest.raises(BlueprintError, match="read each other: e1 -> e2 -> e3 -> e1"):
        program("e2 + 1", e2="e3", e3="e1 * 2")


@pytest.mark.parametrize(
    ("expression", "pointwise"),
    [
        ("IF(m1 >= 5, FILL(m2, 0) / m1, 0)", True),
        ("SUM([m1, m2]) + ABS(m1)", True),
        ("m1 - AVG(m1)", False),
        ("FILL(m1, REPEAT)", False),
        ("DIFF(m1)", False),
    ],
)
def test_what_looks_at_neighbours_is_known_to(expression: str, pointwise: bool) -> None:
    assert program(expression).pointwise is pointwise


def test_filling_has_nothing_to_go_by_before_the_first_value_and_after_the_last() -> None:
    series: dict[str, list[float | None]] = {"m1": [None, 2, None, 4, None], "m2": [None] * 5}

    assert program("FILL(m1, REPEAT)").run(series) == [None, 2, 2, 4, 4]
    assert program("FILL(m1, LINEAR)").run(series) == [None, 2, 3, 4, None]
    assert program("FILL(m2, 0)").run(series) == [0] * 5
    assert program("FILL(m2, MIN(m2))").run(series) == [None] * 5


def test_what_looks_at_neighbours_sees_the_evaluation_range_and_no_more() -> None:
    samples = building.reported([5, None, None, None, None, None])
    alarm = building.on_expression(
        building.alarm(evaluation_periods=1), "FILL(m1, REPEAT)", {"m1": building.METRIC}
    )

    points = datapoints(alarm, samples, start=60, end=360)

    # a range of one evaluation period is three data points long
    assert [value for _, value in points] == [5, 5, 5, None, None, None]


def test_a_refused_expression_names_its_alarm() -> None:
    alarm = building.on_expression(building.alarm(), "m9", {"m1": building.METRIC})

    with pytest.raises(BlueprintError, match="alarm errors: e1: there is no query 'm9'"):
        evaluate([alarm], Samples(), start=0, end=60)
