"""Puts the sample catalogue into the table, so that there is something to order."""

from pathlib import Path
from typing import Any

import yaml

SAMPLE = Path(__file__).with_name("sample_items.yaml")


def seed(table: str, dynamodb: Any, *, file: Path = SAMPLE) -> int:
    """Write the sample items into `table` and return how many; writing them again changes nothing."""
    items = yaml.safe_load(file.read_text())
    for item in items:
        dynamodb.put_item(
            TableName=table,
            Item={
                "PK": {"S": f"ITEM#{item['item_id']}"},
                "SK": {"S": "METADATA"},
                "GSI1PK": {"S": "ITEM"},
                "GSI1SK": {"S": item["item_id"]},
                "item_id": {"S": item["item_id"]},
                "name": {"S": item["name"]},
                "description": {"S": item["description"]},
                "price_cents": {"N": str(item["price_cents"])},
                "currency": {"S": item["currency"]},
            },
        )
    return len(items)
