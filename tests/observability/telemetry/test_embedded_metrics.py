"""The metrics in a log line, and the lines that CloudWatch would drop."""

import json
from typing import Any

import pytest

from blueprint.cloudwatch.model import Metric
from blueprint.errors import BlueprintError
from blueprint.observability.embedded_metrics import Published, published


def line(**changes: Any) -> str:
    directive = {
        "Namespace": "shop",
        "Dimensions": [["service"], []],
        "Metrics": [{"Name": "Sold", "Unit": "Count"}, {"Name": "Weight"}],
    }
    document = {
        "_aws": {"Timestamp": 0, "CloudWatchMetrics": [directive | changes.pop("directive", {})]},
        "service": "till",
        "Sold": [1, 2],
        "Weight": 0.5,
    }
    return json.dumps(document | changes)


def test_each_metric_is_published_by_each_set_of_dimensions() -> None:
    till = {"service": "till"}

    assert published(line()) == (
        Published(Metric.of("shop", "Sold", till), "Count", (1, 2)),
        Published(Metric.of("shop", "Weight", till), "None", (0.5,)),
        Published(Metric.of("shop", "Sold", {}), "Count", (1, 2)),
        Published(Metric.of("shop", "Weight", {}), "None", (0.5,)),
    )


@pytest.mark.parametrize(
    "text",
    ["plain", '{"level": "INFO"}', '"_aws"', '["_aws"]', '{"_aws": {"Timestamp": 1}}', '{"_aws"'],
)
def test_other_lines_publish_nothing(text: str) -> None:
    assert published(text) == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Sold": "3"}, "the metric Sold has the value '3', which is no number"),
        ({"Sold": []}, r"the metric Sold has the value \[\]"),
        ({"Sold": [True]}, r"the metric Sold has the value \[True\]"),
        ({"service": None}, "the dimension service has no text as its value"),
        (
            {"directive": {"Metrics": [{"Name": "Sold"}] * 101}},
            "it has 101 metrics, 100 is the most",
        ),
        ({"directive": {"Dimensions": [["service"] * 31]}}, "it has 31 dimensions, 30 is the most"),
    ],
)
def test_a_line_that_cloudwatch_would_drop_is_an_error(
    changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BlueprintError, match=reason):
        published(line(**changes))
