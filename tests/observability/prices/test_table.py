"""A price that does not say where it is from is refused, and so is one that cannot be."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.errors import UsageError
from blueprint.prices import table


def test_every_shipped_price_has_a_source_read_on_a_day_and_says_about_its_sku() -> None:
    prices = table.load().prices.values()
    today = date.today()  # noqa: DTZ011 # a day, wherever it is
    assert len(prices) > 60
    assert [price.item for price in prices if not price.source.url.startswith("https://")] == []
    assert [
        price.item for price in prices if date.fromisoformat(price.source.read_on) > today
    ] == []
    assert [price.item for price in prices if not price.sku] == []


def test_the_shipped_table_has_what_the_bill_of_a_stack_is_made_of() -> None:
    assert set(table.load().items) >= {
        "alarm-metric",
        "budget",
        "canary-run",
        "cognito-user-essentials",
        "composite-alarm",
        "custom-metric",
        "dashboard",
        "dynamodb-read",
        "dynamodb-storage",
        "dynamodb-write",
        "http-api-request",
        "kms-key",
        "kms-request",
        "lambda-compute-arm64",
        "lambda-request",
        "logs-ingest",
        "logs-query",
        "logs-storage",
        "rest-api-request",
        "s3-read",
        "s3-storage",
        "s3-write",
        "scheduler-invocation",
        "sns-email",
        "sns-https",
        "sqs-request",
        "trace-insights",
        "trace-recorded",
        "trace-retrieved",
        "transfer-out",
    }


def test_a_price_keeps_every_digit_of_its_source() -> None:
    price = table.load().price("lambda-compute-arm64")
    assert [str(tier.amount) for tier in price.tiers] == [
        "0.0000133334",
        "0.0000120001",
        "0.0000106667",
    ]


def _document(**changes: Any) -> dict[str, Any]:
    return {
        "sources": {
            "page": {
                "page": "A page",
                "url": "https://example.com/prices",
                "as_of": "2026-01-01",
                "read_on": "2026-11-23",
            }
        },
        "allowances": {"calls": {"quantity": 5, "lasts": "always", "source": "page"}},
        "prices": [_row()],
    } | changes


def _row(**changes: Any) -> dict[str, Any]:
    return {
        "item": "call",
        "what": "A call",
        "unit": "call",
        "region": "us-east-1",
        "amount": "0.10",
        "sku": "not read",
        "source": "page",
    } | changes


def _tiered(*tiers: dict[str, Any]) -> dict[str, Any]:
    row = _row(tiers=list(tiers))
    del row["amount"]
    return row


def _without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (_document(prices=[_without(_row(), "source")]), "'source' is a required property"),
        (_document(prices=[_without(_row(), "sku")]), "'sku' is a required property"),
        (_document(prices=[_row(sku="unknown")]), r"prices\[0\].sku: 'unknown' does not match"),
        (_document(prices=[_row(amount=0.1)]), r"prices\[0\].amount: 0.1 is not of type 'string'"),
        (_document(prices=[_without(_row(), "amount")]), "is not valid under any of the given"),
        (_document(prices=[_row(source="rumour")]), "source 'rumour' is not listed"),
        (_document(prices=[_row(allowance="alms")]), "allowance 'alms' is not listed"),
        (_document(prices=[_row(), _row()]), "it has a price already"),
        (
            _document(prices=[_row(), _row(region="eu-west-1", unit="hour")]),
            "its unit is call elsewhere",
        ),
        (
            _document(prices=[_row(region="eu-west-1")]),
            "call has a price in eu-west-1, but none in us-east-1",
        ),
        (
            _document(prices=[_tiered({"up_to": 5, "amount": "2"}, {"up_to": 9, "amount": "1"})]),
            "last tier ends, and nothing says what lies beyond",
        ),
        (
            _document(
                prices=[
                    _tiered(
                        {"up_to": 9, "amount": "3"}, {"up_to": 5, "amount": "2"}, {"amount": "1"}
                    )
                ]
            ),
            "its tiers do not rise",
        ),
        (
            _document(prices=[_tiered({"amount": "2"}, {"amount": "1"})]),
            "a tier before the last one has no end",
        ),
        (
            _document(
                sources={"page": {"page": "A page", "url": "https://e.com", "as_of": "undated"}}
            ),
            "sources.page: 'read_on' is a required property",
        ),
        (
            _document(allowances={"calls": {"quantity": 5, "lasts": "always", "source": "none"}}),
            "allowances.calls: source 'none' is not listed",
        ),
    ],
)
def test_a_row_that_is_wrong_is_told_by_file_and_field(
    tmp_path: Path, document: dict[str, Any], message: str
) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        table.load(file)
    assert "prices.yaml" in caught.value.message


def test_a_source_that_no_price_refers_to_is_told(tmp_path: Path) -> None:
    document = _document()
    document["sources"]["unread"] = document["sources"]["page"]
    file = tmp_path / "prices.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(UsageError, match=r"sources\.unread: no price refers to it"):
        table.load(file)
