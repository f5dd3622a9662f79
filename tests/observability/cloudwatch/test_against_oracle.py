"""Seeded alarms on seeded samples: the evaluator and its slow, plain twin change state at the same seconds."""

import random
from dataclasses import replace

import pytest

from blueprint.cloudwatch import ranges
from blueprint.cloudwatch.evaluation import evaluate
from blueprint.cloudwatch.model import (
    Comparison,
    LowSamples,
    Metric,
    MetricAlarm,
    MissingData,
    State,
)
from blueprint.cloudwatch.samples import Samples
from tests.observability.cloudwatch import building, oracle

STATISTICS = (
    *("Sum", "Average", "Minimum", "Maximum", "SampleCount", "p50", "p90", "p99.5", "p10"),
    *("TM(:3)", "TM(10%:90%)", "TC(1:4)", "TC(:50%)", "TS(2:)", "TS(20%:)", "WM(1:5)", "WM(:75%)"),
    *("PR(:2)", "PR(1:3)"),
)
EXPRESSIONS = (
    *("FILL(m1, 0)", "IF(m1 >= 2, m1, 0)", "m1 / (m1 - 2)", "ABS(-m1)", "FILL(m1, REPEAT)"),
    *("FILL(m1, LINEAR)", "DIFF(m1)", "RATE(m1) * 60", "m1 - AVG(m1)", "SUM([m1, m1])"),
)
VALUES = (0.0, 0.1, 0.2, 0.3, 1.0, 2.0, 3.0, 4.5, 7.0)


def some_alarm(rng: random.Random) -> MetricAlarm:
    period = rng.choice((10, 30, 60, 60, 60, 120, 300, 3600, 90_000))
    evaluation_periods = rng.randint(1, 5) if period <= 300 else 1
    metric = rng.choice((building.METRIC, Metric.of("AWS/DynamoDB", "ReadThrottleEvents", {})))
    alarm = building.alarm(
        metric=metric,
        statistic=rng.choice(STATISTICS),
        period=period,
        comparison=rng.choice(list(Comparison)),
        threshold=rng.choice((0, 0.3, 1, 2, 3, 5, 50)),
        datapoints=rng.randint(1, evaluation_periods),
        evaluation_periods=evaluation_periods,
        missing_data=rng.choice(list(MissingData)),
        low_samples=rng.choice(list(LowSamples)),
    )
    if rng.random() < 0.3:
        return building.on_expression(alarm, rng.choice(EXPRESSIONS), {"m1": metric})
    return alarm


def some_samples(rng: random.Random, *, last: int, every: int) -> list[oracle.Sample]:
    density, largest = rng.choice((0.05, 0.3, 0.6, 0.95)), rng.choice((1, 3, 60))
    return [
        oracle.Sample(at + rng.randrange(every), rng.choice(VALUES), rng.randint(1, largest))
        for at in range(0, last, every)
        for _ in range(rng.randint(1, 3))
        if rng.random() < density
    ]


@pytest.mark.parametrize("seed", range(150))
def test_the_evaluator_changes_state_when_its_plain_twin_does(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    alarm = some_alarm(rng)
    end = alarm.period * (40 if alarm.period <= 120 else 12)
    reported = some_samples(rng, last=end, every=alarm.period // 2)
    samples = Samples()
    for sample in reported:
        samples.put(alarm.metrics[0], sample.at, sample.value, sample.count)
    evaluations = rng.randint(1, 60)
    start = end - evaluations * ranges.cadence_of(alarm) + rng.randrange(10)
    before = rng.choice(list(State))

    timeline = evaluate([alarm], samples, start=start, end=end, initial={alarm.name: before})

    changes = [(change.at, change.after) for change in timeline.transitions]
    assert changes == oracle.run(alarm, reported, start=start, end=end, state=before)


def test_alarms_together_do_what_each_does_alone() -> None:
    rng = random.Random(20261123)  # noqa: S311
    alarms = [replace(some_alarm(rng), name=f"alarm-{index}") for index in range(40)]
    samples = Samples()
    for metric in dict.fromkeys(metric for alarm in alarms for metric in alarm.metrics):
        for sample in some_samples(rng, last=7200, every=20):
            samples.put(metric, sample.at, sample.value, sample.count)

    together = evaluate(alarms, samples, start=0, end=7200)

    for alarm in alarms:
        alone = evaluate([alarm], samples, start=0, end=7200)
        assert together.of(alarm.name) == alone.transitions
    assert {change.after for change in together.transitions} == set(State)
