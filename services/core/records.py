"""Domain values as DynamoDB records, and back: keys, attributes and nothing else."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.core.model import Item, Order, OrderLine, OrderStatus, PlacementRecord, Profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Record = Mapping[str, AttributeValueTypeDef]

ITEM_PARTITION = "ITEM"
# GSI1 holds orders only while they are PENDING, sorted by when they were last announced.
PENDING_PARTITION = f"ORDER_STATUS#{OrderStatus.PENDING.value}"
ORDER_SORT_PREFIX = "ORDER#"
METADATA = "METADATA"


def item_key(item_id: str) -> "dict[str, AttributeValueTypeDef]":
    return _key(f"ITEM#{item_id}", METADATA)


def item_index_key(item_id: str) -> "dict[str, AttributeValueTypeDef]":
    """Where an item stands in GSI1, which lists the items by identifier."""
    return item_key(item_id) | {"GSI1PK": {"S": ITEM_PARTITION}, "GSI1SK": {"S": item_id}}


def user_partition(user_id: str) -> str:
    """Everything a user owns: the profile and the orders."""
    return f"USER#{user_id}"


def profile_key(user_id: str) -> "dict[str, AttributeValueTypeDef]":
    return _key(user_partition(user_id), "PROFILE")


def order_key(order_id: str) -> "dict[str, AttributeValueTypeDef]":
    """The authoritative record of an order."""
    return _key(f"ORDER#{order_id}", METADATA)


def user_order_key(user_id: str, order_id: str) -> "dict[str, AttributeValueTypeDef]":
    """The order in its owner's partition, for listing."""
    return _key(user_partition(user_id), f"{ORDER_SORT_PREFIX}{order_id}")


def placement_key(user_id: str, idempotency_key: str) -> "dict[str, AttributeValueTypeDef]":
    return _key(f"IDEMPOTENCY#{user_id}#{idempotency_key}", METADATA)


def item_from(record: "Record") -> Item:
    return Item(
        item_id=record["item_id"]["S"],
        name=record["name"]["S"],
        description=record["description"]["S"],
        price_cents=int(record["price_cents"]["N"]),
        currency=record["currency"]["S"],
    )


def profile_record(profile: Profile) -> "dict[str, AttributeValueTypeDef]":
    record = profile_key(profile.user_id) | {
        "user_id": {"S": profile.user_id},
        "name": {"S": profile.name},
        "updated_at": {"S": profile.updated_at},
    }
    if profile.email is not None:
        record["email"] = {"S": profile.email}
    return record


def profile_from(record: "Record") -> Profile:
    return Profile(
        user_id=record["user_id"]["S"],
        name=record["name"]["S"],
        email=_optional(record, "email"),
        updated_at=record["updated_at"]["S"],
    )


def order_record(order: Order) -> "dict[str, AttributeValueTypeDef]":
    """A new order, which is PENDING."""
    return (
        order_key(order.order_id)
        | _order_attributes(order)
        | {
            "GSI1PK": {"S": PENDING_PARTITION},
            "GSI1SK": {"S": order.created_at},
        }
    )


def user_order_record(order: Order) -> "dict[str, AttributeValueTypeDef]":
    return user_order_key(order.user_id, order.order_id) | _order_attributes(order)


def order_from(record: "Record") -> Order:
    return Order(
        order_id=record["order_id"]["S"],
        user_id=record["user_id"]["S"],
        status=OrderStatus(record["status"]["S"]),
        lines=tuple(_line_from(entry["M"]) for entry in record["lines"]["L"]),
        total_cents=int(record["total_cents"]["N"]),
        currency=record["currency"]["S"],
        created_at=record["created_at"]["S"],
        confirmed_at=_optional(record, "confirmed_at"),
        correlation_id=record["correlation_id"]["S"],
    )


def placement_record(placement: PlacementRecord) -> "dict[str, AttributeValueTypeDef]":
    """The answer is kept as text, so that a replay is the same answer to the byte."""
    return placement_key(placement.user_id, placement.idempotency_key) | {
        "user_id": {"S": placement.user_id},
        "idempotency_key": {"S": placement.idempotency_key},
        "fingerprint": {"S": placement.fingerprint},
        "document": {"S": json.dumps(placement.document)},
        "expires_at": {"N": str(placement.expires_at)},
    }


def placement_from(record: "Record") -> PlacementRecord:
    return PlacementRecord(
        user_id=record["user_id"]["S"],
        idempotency_key=record["idempotency_key"]["S"],
        fingerprint=record["fingerprint"]["S"],
        document=json.loads(record["document"]["S"]),
        expires_at=int(record["expires_at"]["N"]),
    )


def _key(partition: str, sort: str) -> "dict[str, AttributeValueTypeDef]":
    return {"PK": {"S": partition}, "SK": {"S": sort}}


def _optional(record: "Record", name: str) -> str | None:
    return record[name]["S"] if name in record else None


def _order_attributes(order: Order) -> "dict[str, AttributeValueTypeDef]":
    attributes: dict[str, AttributeValueTypeDef] = {
        "order_id": {"S": order.order_id},
        "user_id": {"S": order.user_id},
        "status": {"S": order.status.value},
        "lines": {"L": [{"M": _line(line)} for line in order.lines]},
        "total_cents": {"N": str(order.total_cents)},
        "currency": {"S": order.currency},
        "created_at": {"S": order.created_at},
        "correlation_id": {"S": order.correlation_id},
    }
    if order.confirmed_at is not None:
        attributes["confirmed_at"] = {"S": order.confirmed_at}
    return attributes


def _line(line: OrderLine) -> "dict[str, AttributeValueTypeDef]":
    return {
        "item_id": {"S": line.item_id},
        "quantity": {"N": str(line.quantity)},
        "unit_price_cents": {"N": str(line.unit_price_cents)},
    }


def _line_from(content: Mapping[str, Any]) -> OrderLine:
    return OrderLine(
        item_id=content["item_id"]["S"],
        quantity=int(content["quantity"]["N"]),
        unit_price_cents=int(content["unit_price_cents"]["N"]),
    )
