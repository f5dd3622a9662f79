"""Placing an order: pricing, idempotency, and what happens when the queue is down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from services.core.errors import ConflictError, IdempotencyKeyReusedError, InvalidFieldError
from services.core.messages import OrderMessage
from services.core.model import OrderStatus, PlacementRecord, PlaceOrder, RequestedLine
from services.core.orders import Placement, place_order
from tests.conftest import Counted, Log
from tests.fakes import FakeClock, FakeItems, FakeOrders, FakePublisher

TWO_MUGS_AND_A_PEN = PlaceOrder(
    user_id="ada",
    idempotency_key="key-1",
    lines=(RequestedLine("mug", 2), RequestedLine("pen", 1)),
    correlation_id="request-1",
)


@dataclass
class Shop:
    orders: FakeOrders = field(default_factory=FakeOrders)
    items: FakeItems = field(default_factory=FakeItems)
    publisher: FakePublisher = field(default_factory=FakePublisher)
    clock: FakeClock = field(default_factory=FakeClock)

    def place(self, command: PlaceOrder = TWO_MUGS_AND_A_PEN) -> Placement:
        return place_order(
            command,
            orders=self.orders,
            items=self.items,
            publisher=self.publisher,
            clock=self.clock,
        )


@pytest.fixture
def shop(counted: Counted) -> Iterator[Shop]:
    yield Shop()
    counted.documents()


def test_an_order_costs_what_its_items_cost_today(shop: Shop) -> None:
    placement = shop.place()

    order = shop.orders.orders[placement.order_id]
    assert order.total_cents == 2 * 1250 + 199
    assert [line.unit_price_cents for line in order.lines] == [1250, 199]
    assert order.currency == "EUR"
    assert order.status is OrderStatus.PENDING
    assert order.created_at == "2026-11-23T12:00:00.000Z"


def test_an_order_is_announced_with_the_callers_correlation_id(shop: Shop) -> None:
    placement = shop.place()

    assert shop.publisher.sent == [OrderMessage(placement.order_id, "request-1")]


def test_two_lines_of_the_same_item_are_both_charged(shop: Shop) -> None:
    lines = (RequestedLine("pen", 1), RequestedLine("pen", 4))

    placement = shop.place(replace(TWO_MUGS_AND_A_PEN, lines=lines))

    assert shop.orders.orders[placement.order_id].total_cents == 5 * 199


def test_an_unknown_item_is_refused_by_its_place_in_the_request(shop: Shop) -> None:
    lines = (RequestedLine("mug", 1), RequestedLine("unicorn", 1))

    with pytest.raises(InvalidFieldError, match=re.escape("items[1].item_id: no such item")):
        shop.place(replace(TWO_MUGS_AND_A_PEN, lines=lines))

    assert shop.orders.placements == {}


def test_items_of_two_currencies_cannot_be_one_order(shop: Shop) -> None:
    lines = (RequestedLine("mug", 1), RequestedLine("cap", 1))

    with pytest.raises(InvalidFieldError, match=r"items\[1\].item_id: is priced in USD"):
        shop.place(replace(TWO_MUGS_AND_A_PEN, lines=lines))


def test_the_same_request_again_gets_the_first_answer_and_changes_nothing(
    shop: Shop, counted: Counted
) -> None:
    first = shop.place()
    shop.items.items["mug"] = replace(shop.items.items["mug"], price_cents=9999)

    again = shop.place(replace(TWO_MUGS_AND_A_PEN, correlation_id="request-2"))

    assert again == replace(first, replayed=True)
    assert len(shop.orders.orders) == 1
    assert len(shop.publisher.sent) == 1
    assert counted.total("OrdersPlaced") == 1
    assert counted.total("OrderReplayed") == 1


def test_the_first_answer_is_given_even_if_the_item_has_gone(shop: Shop) -> None:
    first = shop.place()
    shop.items.items.clear()

    assert shop.place().order_id == first.order_id


def test_the_key_of_another_order_is_refused(shop: Shop) -> None:
    shop.place()

    with pytest.raises(IdempotencyKeyReusedError, match="Idempotency-Key was used"):
        shop.place(replace(TWO_MUGS_AND_A_PEN, lines=(RequestedLine("mug", 3),)))


def test_two_users_may_choose_the_same_key(shop: Shop) -> None:
    ada = shop.place()

    eve = shop.place(replace(TWO_MUGS_AND_A_PEN, user_id="eve"))

    assert not eve.replayed
    assert eve.order_id != ada.order_id


@pytest.mark.parametrize(
    ("age", "replayed"), [(timedelta(hours=24, seconds=-1), True), (timedelta(hours=24), False)]
)
def test_a_key_is_remembered_for_24_hours(shop: Shop, age: timedelta, *, replayed: bool) -> None:
    shop.place()

    shop.clock.advance(age)

    assert shop.place().replayed is replayed


@dataclass
class RacingOrders(FakeOrders):
    """A twin request stores its placement between our look and our write."""

    twin: PlacementRecord | None = None
    looks: int = 0

    def find_placement(self, user_id: str, idempotency_key: str) -> PlacementRecord | None:
        self.looks += 1
        if self.looks == 1 and self.twin is not None:
            self.placements[user_id, idempotency_key] = self.twin
            return None
        return super().find_placement(user_id, idempotency_key)


def test_the_loser_of_a_race_gets_the_winners_answer(shop: Shop) -> None:
    winner = shop.place()
    twin = shop.orders.placements["ada", "key-1"]
    shop.orders = RacingOrders(twin=twin)

    loser = shop.place()

    assert loser == replace(winner, replayed=True)
    assert len(shop.publisher.sent) == 1


@dataclass
class ForgetfulOrders(RacingOrders):
    """The twin's record is gone again when we look for it."""

    def find_placement(self, user_id: str, idempotency_key: str) -> PlacementRecord | None:
        return super().find_placement(user_id, idempotency_key) if self.looks == 0 else None


def test_a_race_without_a_visible_winner_is_a_conflict(shop: Shop) -> None:
    shop.place()
    shop.orders = ForgetfulOrders(twin=shop.orders.placements["ada", "key-1"])

    with pytest.raises(ConflictError, match="is being processed"):
        shop.place()


def test_an_order_stays_pending_when_it_cannot_be_announced(
    shop: Shop, counted: Counted, log: Log
) -> None:
    shop.publisher.is_down = True

    placement = shop.place()

    assert shop.orders.orders[placement.order_id].status is OrderStatus.PENDING
    assert counted.total("OrderPublishFailed") == 1
    (line,) = log.lines("order not announced; the scheduler will")
    assert line["order_id"] == placement.order_id
    assert line["level"] == "ERROR"
