"""Writes that race: two readers of the same state, of whom only one may change it."""

import pytest

from services.core.errors import IdempotencyKeyTakenError
from services.core.identifiers import new_order_id
from services.core.model import Order, OrderLine, OrderStatus, PlacementRecord, timestamp
from services.core.repository import OrderTable
from tests.fakes import FakeClock
from tests.integration.conftest import TABLE, Aws

NOW = FakeClock().moment


def an_order() -> Order:
    return Order(
        order_id=new_order_id(NOW),
        user_id="ada",
        status=OrderStatus.PENDING,
        lines=(OrderLine("mug", 2, 1250),),
        total_cents=2500,
        currency="EUR",
        created_at=timestamp(NOW),
        confirmed_at=None,
        correlation_id="request-1",
    )


def a_placement(fingerprint: str) -> PlacementRecord:
    return PlacementRecord("ada", "key-1", fingerprint, {}, int(NOW.timestamp()) + 60)


@pytest.fixture
def orders(aws: Aws) -> OrderTable:
    return OrderTable(aws.dynamodb, TABLE)


def test_what_is_stored_is_what_is_read(orders: OrderTable) -> None:
    order, placement = an_order(), a_placement("one")

    orders.add(order, placement, now=NOW)

    assert orders.get(order.order_id) == order
    assert orders.get_for_user("ada", order.order_id) == order
    assert orders.find_placement("ada", "key-1") == placement


def test_of_two_confirmations_only_the_first_counts(orders: OrderTable) -> None:
    order = an_order()
    orders.add(order, a_placement("one"), now=NOW)

    first = orders.confirm(order, confirmed_at="2026-11-23T12:00:01.000Z")
    second = orders.confirm(order, confirmed_at="2026-11-23T12:00:02.000Z")

    assert (first, second) == (True, False)
    for stored in (orders.get(order.order_id), orders.get_for_user("ada", order.order_id)):
        assert stored is not None
        assert stored.status is OrderStatus.CONFIRMED
        assert stored.confirmed_at == "2026-11-23T12:00:01.000Z"


def test_of_two_placements_with_one_key_only_the_first_is_stored(orders: OrderTable) -> None:
    winner, loser = an_order(), an_order()
    orders.add(winner, a_placement("one"), now=NOW)

    with pytest.raises(IdempotencyKeyTakenError, match="used a moment ago"):
        orders.add(loser, a_placement("two"), now=NOW)

    assert orders.find_placement("ada", "key-1") == a_placement("one")
    assert orders.get(loser.order_id) is None
    assert orders.get_for_user("ada", loser.order_id) is None
