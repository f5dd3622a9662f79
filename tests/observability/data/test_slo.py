"""The objectives come from a file that people tune: an alarm that could not go off is refused by line."""

from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.observability import slo

SHIPPED = slo.read()


def test_the_shipped_objectives_are_the_agreed_ones() -> None:
    assert [(one.name, one.objective) for one in SHIPPED.indicators] == [
        ("api-availability", 0.999),
        ("api-latency", 0.99),
        ("orders-flow-success", 0.99),
        ("orders-flow-freshness", 0.99),
    ]


def test_few_errors_count_as_little_as_few_failed_deliveries() -> None:
    assert {one.name: one.minimum_bad for one in SHIPPED.indicators} == {
        "api-availability": 3,
        "api-latency": None,
        "orders-flow-success": 10,
        "orders-flow-freshness": None,
    }


def test_windows_are_named_by_their_length_and_one_that_two_use_by_its_severity() -> None:
    assert [window.label for window in SHIPPED.windows] == [
        *("1h", "5m", "6h", "30m"),
        *("1d", "2h", "3d", "6h-ticket"),
    ]


def test_a_pair_spends_the_share_of_the_budget_that_the_file_says() -> None:
    spent = [
        window.burn * window.seconds / (30 * 86400) for window in SHIPPED.windows if window.long
    ]

    assert spent == pytest.approx([0.02, 0.05, 0.1, 0.1])


def test_freshness_leaves_out_the_pair_that_reaches_past_a_day() -> None:
    by_name = {one.name: one for one in SHIPPED.indicators}

    def labels(name: str) -> list[str]:
        one = by_name[name]
        return [w.label for w in SHIPPED.windows if one.has(w, SHIPPED.windows)]

    assert labels("orders-flow-freshness") == ["1h", "5m", "6h", "30m", "1d", "2h"]
    assert len(labels("orders-flow-success")) == 8


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "objective: 0.999",
            "objective: 0.93",
            r"objective: a budget of 0\.07 cannot burn 14\.4 times",
        ),
        (
            "objective: 0.999",
            "objective: 99.9",
            r"objective: 99\.9 is greater than or equal to the max",
        ),
        ("objective: 0.999", "goal: 0.999", r"availability\.goal: there is no such key"),
        ("short: 5m", "short: 1h", r"burn_rates\[0\]\.short: 1h is not shorter than 1h"),
        ("short: 5m", "short: 5min", r"burn_rates\[0\]\.short: '5min' does not match"),
        ("long: 3d", "long: 8d", r"burn_rates\[3\]\.long: 8d is longer than the 7d"),
        (
            "short: 30m",
            "short: 5m",
            r"burn_rates\[1\]\.short: 5m is a window of burn_rates\[0\] too",
        ),
        ("severity: page", "severity: wake", r"burn_rates\[0\]\.severity: 'wake' is not one of"),
        ("threshold_ms: 1000", "threshold_ms: 0", r"threshold_ms: 0 is less than or equal to"),
        ("threshold_seconds: 240", "threshold_seconds: 30", r"threshold_seconds: 30 is less than"),
        ("    resource: orders\n", "", r"'resource' is a required property"),
        ("    watches: queues\n", "    watches: api\n", r"resource: there is no such key"),
        ("minimum_bad: 10 ", "minimum: 10 ", r"success\.minimum: there is no such key"),
    ],
)
def test_a_slip_is_told_by_file_line_and_field(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    text = slo.FILE.read_text()
    assert right in text
    file = tmp_path / "slo.yaml"
    file.write_text(text.replace(right, wrong, 1))

    with pytest.raises(UsageError, match=rf"slo\.yaml:\d+: .*{message}"):
        slo.read(file)


def test_a_window_is_a_number_with_its_unit() -> None:
    assert [slo.seconds(window) for window in ("5m", "6h", "3d")] == [300, 21600, 259200]
    with pytest.raises(UsageError, match="'5' is no window"):
        slo.seconds("5")
