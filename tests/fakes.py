"""In-memory stand-ins for storage, queue, bucket and clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from services.core.errors import IdempotencyKeyTakenError, PublishError
from services.core.messages import OrderMessage
from services.core.model import Item, Order, OrderStatus, Page, PlacementRecord, Profile

MUG = Item("mug", "Mug", "Holds coffee", 1250, "EUR")
PEN = Item("pen", "Pen", "Writes", 199, "EUR")
CAP = Item("cap", "Cap", "Keeps off the sun", 2000, "USD")


@dataclass
class FakeClock:
    """Stands still until told otherwise."""

    moment: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, step: timedelta) -> None:
        self.moment += step


@dataclass(frozen=True)
class FakeLambdaContext:
    function_name: str = "acme-useast1-test-api"
    function_version: str = "7"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = (
        "arn:aws:lambda:us-east-1:111122223333:function:acme-useast1-test-api:live"
    )
    aws_request_id: str = "8f507cfc-3a1b-4a2c-9d5e-6f7a8b9c0d1e"
    remaining_milliseconds: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_milliseconds


@dataclass
class FakeItems:
    items: dict[str, Item] = field(default_factory=lambda: {i.item_id: i for i in (MUG, PEN, CAP)})

    def get(self, item_id: str) -> Item | None:
        return self.items.get(item_id)

    def get_many(self, item_ids: Iterable[str]) -> dict[str, Item]:
        return {key: self.items[key] for key in item_ids if key in self.items}

    def list_page(self, *, limit: int, after: str | None) -> Page[Item]:
        ids = [key for key in sorted(self.items) if after is None or key > after]
        page = tuple(self.items[key] for key in ids[:limit])
        return Page(page, page[-1].item_id if len(ids) > limit else None)


@dataclass
class FakeProfiles:
    profiles: dict[str, Profile] = field(default_factory=dict)

    def get(self, user_id: str) -> Profile | None:
        return self.profiles.get(user_id)

    def put(self, profile: Profile) -> None:
        self.profiles[profile.user_id] = profile


@dataclass
class FakeOrders:
    orders: dict[str, Order] = field(default_factory=dict)
    placements: dict[tuple[str, str], PlacementRecord] = field(default_factory=dict)
    postponed: dict[str, str] = field(default_factory=dict)

    def find_placement(self, user_id: str, idempotency_key: str) -> PlacementRecord | None:
        return self.placements.get((user_id, idempotency_key))

    def add(self, order: Order, placement: PlacementRecord, *, now: datetime) -> None:
        earlier = self.placements.get((placement.user_id, placement.idempotency_key))
        if earlier is not None and not earlier.is_expired(now):
            raise IdempotencyKeyTakenError("taken")
        self.orders[order.order_id] = order
        self.placements[placement.user_id, placement.idempotency_key] = placement

    def get(self, order_id: str) -> Order | None:
        return self.orders.get(order_id)

    def get_for_user(self, user_id: str, order_id: str) -> Order | None:
        order = self.orders.get(order_id)
        return order if order is not None and order.user_id == user_id else None

    def list_for_user(self, user_id: str, *, limit: int, after: str | None) -> Page[Order]:
        own = sorted((o for o in self.orders.values() if o.user_id == user_id), key=_by_id)[::-1]
        rest = [order for order in own if after is None or order.order_id < after]
        return Page(tuple(rest[:limit]), rest[limit - 1].order_id if len(rest) > limit else None)

    def confirm(self, order: Order, *, confirmed_at: str) -> bool:
        if self.orders[order.order_id].status is not OrderStatus.PENDING:
            return False
        self.orders[order.order_id] = replace(
            order, status=OrderStatus.CONFIRMED, confirmed_at=confirmed_at
        )
        return True

    def pending_before(self, announced_before: str) -> Iterator[OrderMessage]:
        pending = [o for o in self.orders.values() if o.status is OrderStatus.PENDING]
        for order in sorted(pending, key=self._announced_at):
            if self._announced_at(order) < announced_before:
                yield OrderMessage(order.order_id, order.correlation_id)

    def postpone(self, order_id: str, *, until: str) -> None:
        if self.orders[order_id].status is OrderStatus.PENDING:
            self.postponed[order_id] = until

    def _announced_at(self, order: Order) -> str:
        return self.postponed.get(order.order_id, order.created_at)


@dataclass
class FakePublisher:
    """Refuses everything while `is_down`, and always the orders in `refused`."""

    sent: list[OrderMessage] = field(default_factory=list)
    is_down: bool = False
    refused: set[str] = field(default_factory=set)

    def publish(self, message: OrderMessage) -> None:
        if self.is_down or message.order_id in self.refused:
            raise PublishError("down")
        self.sent.append(message)


@dataclass
class FakeReceipts:
    written: list[Order] = field(default_factory=list)
    is_down: bool = False

    def put(self, order: Order) -> None:
        if self.is_down:
            raise ConnectionError("bucket unreachable")
        self.written.append(order)


def _by_id(order: Order) -> str:
    return order.order_id
