"""Sending pending orders again: all that are old enough, and no failure kept quiet."""

from datetime import timedelta

import pytest

from services.core.errors import ResendError
from services.core.identifiers import new_order_id
from services.core.model import Order, OrderStatus, timestamp
from services.core.orders import resend_pending
from tests.conftest import Counted, Log
from tests.fakes import FakeClock, FakeOrders, FakePublisher

FIVE_MINUTES = timedelta(minutes=5)


def order_aged(age: timedelta, *, status: OrderStatus = OrderStatus.PENDING) -> Order:
    created = FakeClock().moment - age
    return Order(
        order_id=new_order_id(created),
        user_id="ada",
        status=status,
        lines=(),
        total_cents=0,
        currency="EUR",
        created_at=timestamp(created),
        confirmed_at=None,
        correlation_id=f"request-{age.total_seconds():.0f}",
    )


def stored(*orders: Order) -> FakeOrders:
    return FakeOrders({order.order_id: order for order in orders})


def resend(orders: FakeOrders, publisher: FakePublisher) -> int:
    return resend_pending(
        pending_after=FIVE_MINUTES, orders=orders, publisher=publisher, clock=FakeClock()
    )


def test_only_orders_pending_for_longer_are_sent_again(counted: Counted) -> None:
    old = order_aged(timedelta(minutes=6))
    young = order_aged(timedelta(minutes=5))
    done = order_aged(timedelta(minutes=7), status=OrderStatus.CONFIRMED)
    publisher = FakePublisher()

    assert resend(stored(old, young, done), publisher) == 1

    assert [message.order_id for message in publisher.sent] == [old.order_id]
    assert counted.total("OrdersResent") == 1


def test_a_resent_order_keeps_the_correlation_id_of_its_placement(counted: Counted) -> None:
    publisher = FakePublisher()

    resend(stored(order_aged(timedelta(seconds=400))), publisher)

    assert [message.correlation_id for message in publisher.sent] == ["request-400"]
    assert counted.total("OrdersResent") == 1


def test_every_order_is_tried_before_a_failure_is_reported(counted: Counted, log: Log) -> None:
    orders = stored(*(order_aged(timedelta(minutes=6, seconds=n)) for n in range(12)))
    refused = min(orders.orders)
    publisher = FakePublisher(refused={refused})

    with pytest.raises(ResendError, match="1 of 12 pending orders could not be sent again"):
        resend(orders, publisher)

    assert len(publisher.sent) == 11
    assert counted.total("OrdersResent") == 11
    assert [line["order_id"] for line in log.lines("order not sent again")] == [refused]


def test_with_nothing_pending_nothing_is_sent_or_counted(counted: Counted) -> None:
    publisher = FakePublisher()

    assert resend(FakeOrders(), publisher) == 0

    assert publisher.sent == []
    assert counted.total("OrdersResent") == 0
