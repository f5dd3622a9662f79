"""What the services ask of storage and messaging; each has one real adapter and one fake."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from services.core.messages import OrderMessage
from services.core.model import Item, Order, Page, PlacementRecord, Profile


class Items(Protocol):
    def get(self, item_id: str) -> Item | None: ...

    def get_many(self, item_ids: Iterable[str]) -> dict[str, Item]:
        """The items that exist, by identifier."""

    def list_page(self, *, limit: int, after: str | None) -> Page[Item]: ...


class Profiles(Protocol):
    def get(self, user_id: str) -> Profile | None: ...

    def put(self, profile: Profile) -> None: ...


class Orders(Protocol):
    def find_placement(self, user_id: str, idempotency_key: str) -> PlacementRecord | None:
        """The record of that key, even if expired."""

    def add(self, order: Order, placement: PlacementRecord, *, now: datetime) -> None:
        """Store both or neither. IdempotencyKeyTakenError if an unexpired record has the key."""

    def get(self, order_id: str) -> Order | None: ...

    def get_for_user(self, user_id: str, order_id: str) -> Order | None: ...

    def list_for_user(self, user_id: str, *, limit: int, after: str | None) -> Page[Order]:
        """Newest first."""

    def confirm(self, order: Order, *, confirmed_at: str) -> bool:
        """PENDING to CONFIRMED; False if it was not PENDING any more."""

    def pending_before(self, announced_before: str) -> Iterator[OrderMessage]:
        """Announcements of the orders still PENDING, the one waiting longest first.

        An order counts as announced when it was created, and again when it was postponed.
        """

    def postpone(self, order_id: str, *, until: str) -> None:
        """Have `pending_before` take the order for announced then; nothing if not PENDING."""


class Publisher(Protocol):
    def publish(self, message: OrderMessage) -> None:
        """Raises PublishError if the queue did not take it."""


class Receipts(Protocol):
    def put(self, order: Order) -> None:
        """Write the receipt of a confirmed order; writing it again changes nothing."""
