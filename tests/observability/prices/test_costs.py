"""Prices by AWS's own worked examples, and by those of our notes."""

from decimal import Decimal

import pytest

from blueprint.errors import UsageError
from blueprint.prices.costs import bill, cost


def test_x_ray_costs_what_awss_page_works_out() -> None:
    # 2,000 requests an hour, a tenth of them sampled, in a month of 31 days.
    traces = 2000 * 24 * 31 // 10
    assert traces == 148_800
    assert cost("trace-recorded", traces) == Decimal("0.244")  # 48,800 of them are paid
    assert cost("trace-retrieved", 775_000) == 0
    assert round(cost("trace-insights", traces), 2) == Decimal("0.15")


def test_alarms_and_dashboards_cost_what_the_example_pack_costs() -> None:
    pack: dict[str, Decimal | int] = {
        "alarm-metric": 49,
        "composite-alarm": 3,
        "dashboard": 2,
        "custom-metric": 9,
    }
    assert bill(pack) == {
        "alarm-metric": Decimal("3.90"),
        "composite-alarm": Decimal("1.50"),
        "dashboard": 0,
        "custom-metric": 0,
    }
    assert sum(bill(pack, free=False).values()) == Decimal("4.90") + Decimal("1.50") + 6 + Decimal(
        "2.70"
    )


def test_a_dashboard_with_more_than_50_metrics_is_never_free() -> None:
    assert cost("dashboard-over-50-metrics", 1) == 3
    assert cost("dashboard", 3) == 0
    assert cost("dashboard", 4) == 3


@pytest.mark.parametrize(
    ("item", "quantity", "expected"),
    [
        ("http-api-request", 100_000_000, "100"),
        ("rest-api-request", 100_000_000, "350"),
        ("http-api-request", 400_000_000, "390"),  # 300 x 1.00 + 100 x 0.90
        ("rest-api-request", 1_100_000_000, "3271.1"),  # 333 x 3.50 + 667 x 2.80 + 100 x 2.38
        ("transfer-out", 60_000, "5012.2"),  # 10,240 x 0.09 + 40,960 x 0.085 + 8,700 x 0.07
        ("lambda-compute-arm64", 400_000, "0"),
        ("lambda-compute-arm64", 1_400_000, "13.3334"),
        ("lambda-request", 13_000_000, "2.40"),
        ("canary-run", 8_760, "10.392"),  # one every five minutes of 730 hours
        ("kms-request", 20_000, "0"),
        ("budget", 5, "0"),
        ("budget-with-action", 62, "0"),  # two budgets in a month of 31 days
        ("budget-with-action", 93, "3.10"),
        ("sns-email", 1_500, "0.01"),
        ("cognito-user-essentials", 100_000, "1350"),
        ("cognito-user-lite", 100_000, "495"),
    ],
)
def test_a_quantity_costs_its_tiers_beyond_the_allowance(
    item: str, quantity: int, expected: str
) -> None:
    assert cost(item, quantity) == Decimal(expected)


def test_an_allowance_of_the_first_year_is_not_counted() -> None:
    assert cost("http-api-request", 1_000_000) == 1


def test_without_the_free_tier_every_unit_is_paid() -> None:
    assert cost("lambda-request", 1_000_000, free=False) == Decimal("0.20")
    assert cost("lambda-request", 1_000_000) == 0


def test_the_5_gb_of_logs_are_one_allowance_for_what_they_cost_in_all_ways() -> None:
    month: dict[str, Decimal | int] = {"logs-ingest": 4, "logs-storage": 4, "logs-query": 40}
    # Four go to the ingestion, one to the storage, none to the queries.
    assert bill(month) == {
        "logs-ingest": 0,
        "logs-storage": Decimal("0.09"),
        "logs-query": Decimal("0.20"),
    }
    assert list(bill(month)) == list(month)


def test_another_region_has_its_own_price() -> None:
    assert cost("dynamodb-write", 1_000_000, region="eu-west-1") == Decimal("0.705")
    with pytest.raises(UsageError, match="no price of kms-key in eu-west-1") as caught:
        cost("kms-key", 1, region="eu-west-1")
    assert caught.value.remedy == "add the row with its source, or use us-east-1"


def test_an_unknown_item_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no price of alarm$") as caught:
        cost("alarm", 1)
    assert "alarm-metric" in caught.value.remedy


def test_less_than_nothing_has_no_price() -> None:
    with pytest.raises(ValueError, match="alarm-metric: -1 is less than nothing"):
        cost("alarm-metric", -1)
