"""What holds for any alarm: ranges hold every value the evaluator can make, and what leaves them is refused."""

import random
import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from blueprint.catalogue import catalogue
from blueprint.cloudwatch import metric_math, statistics
from blueprint.cloudwatch.buckets import Buckets
from blueprint.cloudwatch.model import Metric, MetricAlarm
from blueprint.cloudwatch.samples import Samples
from blueprint.errors import BlueprintError
from blueprint.reachability import ranges, series
from blueprint.reachability.ranges import World
from blueprint.reachability.series import Series
from tests.observability.reachability.given import (
    AGE,
    AT_LEAST,
    DURATION,
    ERRORS,
    GREATER,
    INVOCATIONS,
    LATENCY,
    LESS,
    SERVER_ERRORS,
    THROTTLED,
    codes_of,
    computing,
    is_proved,
    judged,
    proof_of,
    watching,
)

METRICS = {
    "errors": (ERRORS, "Sum"),
    "calls": (INVOCATIONS, "Sum"),
    "slow": (DURATION, "Average"),
    "worst": (DURATION, "Maximum"),
    "quick": (DURATION, "PR(:300)"),
    "age": (AGE, "Maximum"),
    "shed": (THROTTLED, "Sum"),
}
CALLS = ("errors", "calls", "slow", "worst", "quick")


def expression(chance: random.Random, depth: int) -> str:
    """Random metric math over METRICS."""
    if depth == 0 or chance.random() < 0.2:
        return chance.choice([*METRICS, *METRICS, "0", "1", "5", "0.5", "100"])

    def inner() -> str:
        return expression(chance, depth - 1)

    match chance.randrange(9):
        case 0 | 1 | 2:
            return f"({inner()} {chance.choice(['+', '-', '*', '/', '/'])} {inner()})"
        case 3:
            return f"({inner()} {chance.choice(['<', '>', '<=', '>=', '==', '!='])} {inner()})"
        case 4:
            return f"({inner()} {chance.choice(['AND', 'OR'])} {inner()})"
        case 5:
            return f"IF({inner()}, {inner()}, {inner()})"
        case 6:
            return f"FILL({inner()}, {chance.choice(['0', '7', inner()])})"
        case 7:
            return f"{chance.choice(['SUM', 'AVG', 'MIN', 'MAX'])}([{inner()}, {inner()}])"
    return f"{chance.choice(['ABS', 'CEIL', 'FLOOR', '-'])}({inner()})"


def found_series(alarm: MetricAlarm) -> dict[str, Series]:
    known = catalogue.load()
    found = {}
    for query in alarm.queries:
        if query.metric:
            _, at = series.find(query.metric, None, known, ())
            assert at is not None
            found[query.id] = at
    return found


def reported(chance: random.Random, found: Mapping[str, Series]) -> dict[str, float | None]:
    """What each query's metric may report in one period: the function's metrics count the same invocations."""
    calls = chance.choice([0, 0, 1, 2, 10])
    samples = Samples()
    for metric in {at.metric: None for at in found.values()}:
        at = next(each for each in found.values() if each.metric == metric)
        count = calls if metric.namespace == "AWS/Lambda" else chance.choice([0, 1])
        for _ in range(count):
            top = min(at.sample.high, 1000)
            value = chance.choice([at.sample.low, top, chance.uniform(at.sample.low, top)])
            samples.put(metric, 0, round(value) if at.fact.whole else value)
    points: dict[str, float | None] = {}
    for name, (metric, statistic) in METRICS.items():
        buckets = Buckets(samples.reported(metric), first=0, end=1, step=1)
        points[name] = statistics.parse(statistic).over(buckets, 1)[0]
    return points


@pytest.mark.parametrize("seed", range(40))
def test_the_range_of_an_expression_holds_every_value_the_evaluator_makes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    looked_at = 0
    while looked_at < 12:
        alarm = computing(expression(chance, 3), METRICS)
        try:
            program = metric_math.compile_queries(alarm.queries)
        except BlueprintError:
            continue  # such as a scalar alone, which no alarm can watch
        looked_at += 1
        found = found_series(alarm)
        outcome = ranges.of(alarm, found, dict(program.trees), World())
        for _ in range(30):
            points = reported(chance, found)
            [value] = program.run({name: [point] for name, point in points.items()})
            about = f"{alarm.result.expression} of {points} is {value}, said to be {outcome}"
            if value is None:
                assert outcome.absent, about
                continue
            assert outcome.values is not None, about
            slack = 1e-9 * max(1.0, abs(value))
            assert outcome.values.low - slack <= value <= outcome.values.high + slack, about


BOUNDED: list[tuple[Metric, str, float, float]] = [
    (SERVER_ERRORS, "Average", 0, 1),
    (SERVER_ERRORS, "Maximum", 0, 1),
    (LATENCY, "PR(:300)", 0, 100),
    (DURATION, "p99", 0, 900_000),
    (AGE, "Maximum", 0, 1_209_600),
    (AGE, "Average", 0, 1_209_600),
]


@pytest.mark.parametrize("seed", range(60))
def test_a_threshold_moved_out_of_the_range_is_refused_and_one_inside_is_proved(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    metric, statistic, low, high = chance.choice(BOUNDED)
    rate = chance.choice([0.001, 0.5, 1, 1000])
    inside = chance.uniform(low + (high - low) * 0.01, high * 0.99)
    alarm = watching(metric, statistic, period=chance.choice([60, 300, 3600]), threshold=inside)

    assert is_proved(alarm)
    assert is_proved(replace(alarm, comparison=LESS))
    above, below = high + rate, low - rate
    expected = {
        (GREATER, above): "NEVER-FIRES",
        (AT_LEAST, above): "NEVER-FIRES",
        (LESS, above): "ALWAYS-ON",
        (GREATER, below): "ALWAYS-ON",
        (LESS, below): "NEVER-FIRES",
    }
    for (comparison, threshold), code in expected.items():
        moved = replace(alarm, comparison=comparison, threshold=threshold)
        assert codes_of(proof_of(moved)) == [code], (comparison, threshold)


@pytest.mark.parametrize("seed", range(30))
def test_a_dimension_that_is_changed_left_out_or_added_is_refused(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    metric = chance.choice([SERVER_ERRORS, AGE, THROTTLED, LATENCY])
    names = dict(metric.dimensions)
    victim = chance.choice(list(names))
    match chance.randrange(3):
        case 0:
            names[victim + "s"] = names.pop(victim)
        case 1:
            names["Zone"] = "a"
        case 2:
            names[victim.lower()] = names.pop(victim)
    alarm = watching(Metric.of(metric.namespace, metric.name, names), "Maximum")

    assert codes_of(proof_of(alarm)) == ["DIMENSIONS"]


def test_500_alarms_are_judged_in_seconds() -> None:
    kinds = [
        watching(ERRORS, "Sum", evaluation_periods=5, datapoints=3),
        watching(SERVER_ERRORS, "Average", period=86_400, threshold=0.003),
        watching(LATENCY, "PR(:300)", comparison=LESS, threshold=99, period=259_200),
        computing(
            "IF(calls >= 5, errors / calls, 0)",
            {name: METRICS[name] for name in ("errors", "calls")},
            threshold=0.05,
        ),
        computing("FILL(shed, 0)", {"shed": METRICS["shed"]}, threshold=0),
    ]
    alarms = [replace(kinds[index % 5], name=f"alarm-{index}") for index in range(500)]
    started = time.process_time()
    proofs = judged(*alarms)
    seconds = time.process_time() - started

    assert all(proof.witness for proof in proofs)
    assert seconds < 20
