"""Sending pending orders again: all that are old enough, and no failure kept quiet."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from services.core.errors import ResendError, UnavailableError
from services.core.identifiers import new_order_id
from services.core.messages import OrderMessage
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


@dataclass
class Countdown:
    """An invocation with this long to live, of which each look at the time takes a second."""

    left: timedelta = timedelta(minutes=1)

    def __call__(self) -> timedelta:
        self.left -= timedelta(seconds=1)
        return self.left


def resend(
    orders: FakeOrders,
    publisher: FakePublisher,
    *,
    clock: FakeClock | None = None,
    left: timedelta = timedelta(minutes=1),
) -> int:
    return resend_pending(
        pending_after=FIVE_MINUTES,
        orders=orders,
        publisher=publisher,
        clock=clock or FakeClock(),
        time_left=Countdown(left),
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


def test_an_order_that_stays_pending_is_sent_once_per_period_not_once_per_run() -> None:
    clock, publisher = FakeClock(), FakePublisher()
    stuck = order_aged(timedelta(hours=1))
    orders = stored(stuck)

    sent = []
    for _ in range(12):
        sent.append(resend(orders, publisher, clock=clock))
        clock.advance(timedelta(minutes=1))

    assert sent == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert orders.orders[stuck.order_id].created_at == stuck.created_at


def test_an_order_the_queue_refused_stays_due() -> None:
    order = order_aged(timedelta(minutes=6))
    orders, publisher = stored(order), FakePublisher(is_down=True)
    with pytest.raises(ResendError, match="1 of 1 pending orders"):
        resend(orders, publisher)
    publisher.is_down = False

    assert resend(orders, publisher) == 1


@dataclass
class PromptProcessor(FakePublisher):
    """Confirms the order before the scheduler can postpone it."""

    orders: FakeOrders = field(default_factory=FakeOrders)

    def publish(self, message: OrderMessage) -> None:
        super().publish(message)
        order = self.orders.orders[message.order_id]
        self.orders.orders[message.order_id] = replace(order, status=OrderStatus.CONFIRMED)


def test_an_order_confirmed_meanwhile_is_not_postponed_and_no_failure() -> None:
    orders = stored(order_aged(timedelta(minutes=6)))

    assert resend(orders, PromptProcessor(orders=orders)) == 1

    assert orders.postponed == {}


@dataclass
class ThrottledOrders(FakeOrders):
    def postpone(self, order_id: str, *, until: str) -> None:
        raise UnavailableError("the service is busy; try again")


def test_a_throttled_postponement_is_logged_and_holds_up_no_other_order(log: Log) -> None:
    first, second = order_aged(timedelta(minutes=7)), order_aged(timedelta(minutes=6))
    publisher = FakePublisher()

    sent = resend(ThrottledOrders({o.order_id: o for o in (first, second)}), publisher)

    assert sent == len(publisher.sent) == 2
    warned = log.lines("order sent again but not postponed")
    assert [line["order_id"] for line in warned] == [first.order_id, second.order_id]


def test_short_of_time_the_rest_is_left_to_the_next_run(counted: Counted, log: Log) -> None:
    orders = stored(*(order_aged(timedelta(minutes=6, seconds=n)) for n in range(5)))
    publisher = FakePublisher()

    assert resend(orders, publisher, left=timedelta(seconds=8)) == 3

    (line,) = log.lines("out of time; the next run sends the other orders")
    assert (line["level"], line["sent"], line["failed"]) == ("WARNING", 3, 0)
    assert counted.total("OrdersResent") == 3
    assert resend(orders, publisher) == 2
    assert {message.order_id for message in publisher.sent} == set(orders.orders)
