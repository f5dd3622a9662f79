"""Alarms and samples for these tests, with what a test does not care about filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from blueprint.cloudwatch.model import (
    Actions,
    Comparison,
    CompositeAlarm,
    LowSamples,
    Metric,
    MetricAlarm,
    MissingData,
    Query,
)
from blueprint.cloudwatch.samples import Samples

METRIC = Metric.of("Shop", "Errors", {"Service": "orders"})
TOLD = Actions(alarm=("page",), ok=("page",), insufficient_data=("page",))


def conformance(name: str) -> Any:
    """The cases that AWS documents, of one page."""
    file = Path(__file__).parent / "conformance" / f"{name}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def alarm(
    name: str = "errors",
    *,
    metric: Metric = METRIC,
    statistic: str = "Sum",
    period: int = 60,
    unit: str | None = None,
    comparison: Comparison = Comparison.GREATER,
    threshold: float = 0,
    datapoints: int = 1,
    evaluation_periods: int = 1,
    missing_data: MissingData = MissingData.NOT_BREACHING,
    low_samples: LowSamples = LowSamples.EVALUATE,
) -> MetricAlarm:
    """An alarm on one metric, which tells somebody of every state."""
    query = Query("m1", metric, statistic, period, unit)
    return MetricAlarm(
        name=name,
        queries=(query,),
        comparison=comparison,
        threshold=threshold,
        evaluation_periods=evaluation_periods,
        datapoints=datapoints,
        missing_data=missing_data,
        low_samples=low_samples,
        actions=TOLD,
    )


def on_expression(
    alarm: MetricAlarm, expression: str, metrics: Mapping[str, Metric]
) -> MetricAlarm:
    """The same alarm on an expression over the sums (or whatever its statistic is) of `metrics`, by id."""
    of = alarm.result
    read = (
        Query(name, metric, of.statistic, of.period, of.unit, returns_data=False)
        for name, metric in metrics.items()
    )
    return replace(alarm, queries=(*read, Query("e1", expression=expression)))


def composite(
    rule: str,
    name: str = "page",
    *,
    suppressor: str | None = None,
    wait: int = 0,
    extension: int = 0,
) -> CompositeAlarm:
    """A composite alarm that tells somebody of every state."""
    return CompositeAlarm(
        name, rule, suppressor=suppressor, wait=wait, extension=extension, actions=TOLD
    )


def reported(
    values: Sequence[float | None], *, metric: Metric = METRIC, every: int = 60, start: int = 0
) -> Samples:
    """One sample for each value, in the middle of a span of `every` seconds; none where it is None."""
    samples = Samples()
    for index, value in enumerate(values):
        if value is not None:
            samples.put(metric, start + index * every + every // 2, value)
    return samples
