"""Writes that race: two readers of the same state, of whom only one may change it."""

import pytest
from botocore.stub import Stubber

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


def test_a_postponed_order_is_due_later_and_otherwise_the_same(
    orders: OrderTable, aws: Aws
) -> None:
    order = an_order()
    orders.add(order, a_placement("one"), now=NOW)

    orders.postpone(order.order_id, until="2026-11-23T12:05:00.000Z")

    assert list(orders.pending_before("2026-11-23T12:05:00.000Z")) == []
    (due,) = orders.pending_before("2026-11-23T12:05:00.001Z")
    assert due.order_id == order.order_id
    assert orders.get(order.order_id) == order
    stored = aws.record(f"ORDER#{order.order_id}", "METADATA")
    assert stored is not None
    assert stored["created_at"] == {"S": order.created_at}


def test_a_confirmed_order_is_not_put_back_into_the_index(orders: OrderTable, aws: Aws) -> None:
    order = an_order()
    orders.add(order, a_placement("one"), now=NOW)
    orders.confirm(order, confirmed_at="2026-11-23T12:00:01.000Z")

    orders.postpone(order.order_id, until="2026-11-23T12:05:00.000Z")

    stored = aws.record(f"ORDER#{order.order_id}", "METADATA")
    assert stored is not None
    assert not {"GSI1PK", "GSI1SK"} & set(stored)


def test_postponing_an_order_that_does_not_exist_makes_none(orders: OrderTable, aws: Aws) -> None:
    before = aws.record_count()

    orders.postpone("01KARF5TC0W3V6T8Q1ZC4N5XHE", until="2026-11-23T12:05:00.000Z")

    assert aws.record_count() == before


def test_an_order_that_is_being_confirmed_need_not_be_postponed(
    orders: OrderTable, aws: Aws
) -> None:
    with Stubber(aws.dynamodb) as stub:
        stub.add_client_error("update_item", "TransactionConflictException")

        orders.postpone("01KARF5TC0W3V6T8Q1ZC4N5XHE", until="2026-11-23T12:05:00.000Z")

        stub.assert_no_pending_responses()


def test_of_two_placements_with_one_key_only_the_first_is_stored(orders: OrderTable) -> None:
    winner, loser = an_order(), an_order()
    orders.add(winner, a_placement("one"), now=NOW)

    with pytest.raises(IdempotencyKeyTakenError, match="used a moment ago"):
        orders.add(loser, a_placement("two"), now=NOW)

    assert orders.find_placement("ada", "key-1") == a_placement("one")
    assert orders.get(loser.order_id) is None
    assert orders.get_for_user("ada", loser.order_id) is None
