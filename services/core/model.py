"""The domain: items, profiles and orders, as values that know neither HTTP nor DynamoDB."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, TypeVar

Clock = Callable[[], datetime]
T = TypeVar("T")


def utc_now() -> datetime:
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: a fixed width, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class OrderStatus(StrEnum):
    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"


@dataclass(frozen=True, slots=True)
class Item:
    item_id: str
    name: str
    description: str
    price_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Profile:
    user_id: str
    name: str
    email: str | None
    updated_at: str


@dataclass(frozen=True, slots=True)
class RequestedLine:
    item_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """A caller's wish. `correlation_id` follows the order through queue, processor and logs."""

    user_id: str
    idempotency_key: str
    lines: tuple[RequestedLine, ...]
    correlation_id: str

    def fingerprint(self) -> str:
        """Equal for equal wishes, however the JSON was spaced or its keys ordered."""
        content = json.dumps([[line.item_id, line.quantity] for line in self.lines])
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OrderLine:
    item_id: str
    quantity: int
    unit_price_cents: int


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    user_id: str
    status: OrderStatus
    lines: tuple[OrderLine, ...]
    total_cents: int
    currency: str
    created_at: str
    confirmed_at: str | None
    correlation_id: str


@dataclass(frozen=True, slots=True)
class PlacementRecord:
    """What an idempotency key stands for until `expires_at` (epoch seconds)."""

    user_id: str
    idempotency_key: str
    fingerprint: str
    document: dict[str, object]
    expires_at: int

    def is_expired(self, now: datetime) -> bool:
        """DynamoDB deletes expired records within days, not at once; until then they linger."""
        return self.expires_at <= now.timestamp()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing. `next_key` is where the next one starts, None on the last page."""

    entries: tuple[T, ...]
    next_key: str | None
