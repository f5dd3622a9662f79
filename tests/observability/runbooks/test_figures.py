"""The figures that a runbook states follow from the data."""

from decimal import Decimal
from typing import Any

import pytest

from blueprint.observability import figures
from blueprint.observability.slo import Indicator, Window

SIGNAL: dict[str, Any] = {
    "metric": "Throttles",
    "statistic": "Sum",
    "period_seconds": 60,
    "comparison": ">",
    "threshold": 0,
    "datapoints": 3,
    "evaluation_periods": 5,
    "missing_data": "notBreaching",
    "severity": "ticket",
    "tiers": ["staging", "prod"],
}
WINDOWS = (
    Window("1h", 3600, "page", 14.4, long=True),
    Window("5m", 300, "page", 14.4, long=False),
    Window("3d", 259200, "ticket", 1, long=True),
    Window("6h-ticket", 21600, "ticket", 1, long=False),
)


def without(*fields: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in SIGNAL.items() if name not in fields} | more


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (SIGNAL, "Sum of `Throttles` > 0 in 3 of 5 periods of 60 s."),
        (SIGNAL, "Missing data: `notBreaching`. A ticket, in staging and prod."),
        (without(threshold=0.05), "> 0.05 in"),
        (
            without("threshold", threshold_of={"attribute": "timeout_seconds", "times": 950}),
            "> 950 x `timeout_seconds` in",
        ),
        (
            without("threshold", threshold_of={"attribute": "retention_seconds", "times": 0.25, "at_most": 300}),
            "> 0.25 x `retention_seconds`, 300 at most, in",
        ),
        (
            without("period_seconds", period_of={"attribute": "period_seconds", "times": 2}),
            "periods of 2 x `period_seconds`.",
        ),
        (without(period_at_least="interval_seconds"), "periods of 60 s (`interval_seconds` where that is longer)."),
        (without("metric", "statistic", log_pattern="{ $.level = 1 }"), "log lines that match `{ $.level = 1 }` > 0"),
        (
            without("metric", "statistic", expression="a / b", queries={
                "a": {"metric": "Errors", "statistic": "Sum"}, "b": {"metric": "Count", "statistic": "SampleCount"},
            }),
            "where `a` is the Sum of `Errors` and `b` is the SampleCount of `Count`.",
        ),
    ],
)  # fmt: skip
def test_a_signal_is_said_by_its_data(values: dict[str, Any], said: str) -> None:
    assert said in figures.of_signal(values)


def test_an_objective_has_a_row_for_each_pair_of_windows() -> None:
    said = figures.of_indicator(
        Indicator("api", "availability", "api", "api", "orders", 0.999), WINDOWS
    )

    assert "Objective: 99.9% over 30 days, so 0.1% may be bad." in said
    assert "| page | 14.4 | 2% | over 1.44% are bad, over 1 h and still over 5 min |" in said
    assert "| ticket | 1 | 10% | over 0.1% are bad, over 3 d and still over 6 h |" in said


def test_a_slow_request_and_a_failed_delivery_have_their_limits() -> None:
    latency = Indicator("api", "latency", "api", "api", "orders", 0.99, limit=1000)
    success = Indicator("flow", "success", "queues", "orders", "orders", 0.99, minimum_bad=10)

    assert "longer than 1000 ms" in figures.of_indicator(latency, WINDOWS)
    assert "Fewer than 10 in a window are none." in figures.of_indicator(success, WINDOWS)


def test_minutes_are_counted_as_the_component_counts_them() -> None:
    """floor(burn x budget x minutes) + 1, and no window that is longer than CloudWatch looks back."""
    freshness = Indicator("flow", "freshness", "queues", "orders", "orders", 0.99, limit=60)

    said = figures.of_indicator(freshness, WINDOWS)

    assert "| page | 14.4 | 2% | 9 of 60 and 1 of 5 minutes are bad |" in said
    assert "ticket" not in said
    assert figures.minutes(freshness, Window("6h", 21600, "page", 6, long=True)) == 22


def test_an_alarm_of_the_component_is_said_by_its_arguments() -> None:
    values: dict[str, Any] = {
        "metric_name": "SuccessPercent",
        "statistic": "Average",
        "comparison_operator": "LessThanThreshold",
        "threshold": 100,
        "datapoints_to_alarm": 2,
        "evaluation_periods": 3,
        "period": 300,
        "treat_missing_data": "notBreaching",
        "tags": {"severity": "page"},
    }

    assert figures.of_alarm(values).startswith(
        "Average of `SuccessPercent` < 100 in 2 of 3 periods of 300 s. Missing data: `notBreaching`."
    )


def test_an_alarm_on_a_band_is_said_by_its_band() -> None:
    values: dict[str, Any] = {
        "threshold_metric_id": "usual",
        "metric_query": [
            {"id": "usual", "expression": "ANOMALY_DETECTION_BAND(requests, 4)", "metric": []},
            {"id": "requests", "metric": [{"stat": "Sum", "metric_name": "Count", "period": 900}]},
        ],
        "datapoints_to_alarm": 3,
        "evaluation_periods": 4,
        "treat_missing_data": "notBreaching",
        "tags": {"severity": "ticket"},
    }

    said = figures.of_alarm(values)

    assert (
        "Sum of `Count` outside `ANOMALY_DETECTION_BAND(requests, 4)` in 3 of 4 periods of 900 s."
        in said
    )


def test_numbers_are_those_that_stand_by_themselves() -> None:
    found = figures.numbers("5% in 1,000 ms, 0.05, p99, 5xx, GSI1, v2 and 3-day 7.")

    assert list(found) == [Decimal(each) for each in ("5", "1000", "0.05", "3", "7")]


def test_a_figure_may_be_said_in_the_usual_units() -> None:
    sayable = figures.sayable("0.05 of 900 s and 60000 ms")

    assert {Decimal("5"), Decimal("15"), Decimal("60"), Decimal("0.25")} <= sayable
    assert Decimal("7") not in sayable
