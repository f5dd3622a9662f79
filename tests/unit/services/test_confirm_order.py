"""Confirming an order: once, with a receipt, whatever fails in between."""

from dataclasses import dataclass, replace

import pytest

from services.core.errors import ConflictError, NotFoundError
from services.core.model import Order, OrderLine, OrderStatus
from services.core.orders import confirm_order
from tests.conftest import Counted
from tests.fakes import FakeClock, FakeOrders, FakeReceipts

PENDING = Order(
    order_id="01KARF5TC0W3V6T8Q1ZC4N5XHE",
    user_id="ada",
    status=OrderStatus.PENDING,
    lines=(OrderLine("mug", 2, 1250),),
    total_cents=2500,
    currency="EUR",
    created_at="2026-11-23T11:59:00.000Z",
    confirmed_at=None,
    correlation_id="request-1",
)
CONFIRMED = replace(PENDING, status=OrderStatus.CONFIRMED, confirmed_at="2026-11-23T12:00:00.000Z")


def confirm(orders: FakeOrders, receipts: FakeReceipts) -> Order:
    return confirm_order(PENDING.order_id, orders=orders, receipts=receipts, clock=FakeClock())


def test_a_pending_order_is_confirmed_and_gets_its_receipt(counted: Counted) -> None:
    orders, receipts = FakeOrders({PENDING.order_id: PENDING}), FakeReceipts()

    order = confirm(orders, receipts)

    assert order == CONFIRMED == orders.orders[PENDING.order_id]
    assert receipts.written == [CONFIRMED]
    assert counted.total("OrdersConfirmed") == 1
    assert counted.total("ReceiptsWritten") == 1


def test_a_second_delivery_confirms_nothing_and_writes_the_same_receipt(counted: Counted) -> None:
    orders, receipts = FakeOrders({PENDING.order_id: PENDING}), FakeReceipts()
    confirm(orders, receipts)

    confirm(orders, receipts)

    assert receipts.written == [CONFIRMED, CONFIRMED]
    assert counted.total("OrdersConfirmed") == 1


def test_a_crash_before_the_receipt_is_healed_by_the_next_delivery(counted: Counted) -> None:
    orders, receipts = FakeOrders({PENDING.order_id: PENDING}), FakeReceipts(is_down=True)
    with pytest.raises(ConnectionError, match="bucket unreachable"):
        confirm(orders, receipts)
    receipts.is_down = False

    confirm(orders, receipts)

    assert receipts.written == [CONFIRMED]
    assert counted.total("OrdersConfirmed") == 1
    assert counted.total("ReceiptsWritten") == 1


@dataclass
class RacedOrders(FakeOrders):
    """Another delivery of the message confirms the order between our read and our write."""

    winner: Order | None = None

    def confirm(self, order: Order, *, confirmed_at: str) -> bool:
        del confirmed_at
        self.orders[order.order_id] = self.winner or order
        return False


def test_the_loser_of_a_race_writes_the_winners_receipt(counted: Counted) -> None:
    winner = replace(CONFIRMED, confirmed_at="2026-11-23T11:59:59.000Z")
    orders, receipts = RacedOrders({PENDING.order_id: PENDING}, winner=winner), FakeReceipts()

    confirm(orders, receipts)

    assert receipts.written == [winner]
    assert counted.total("OrdersConfirmed") == 0


def test_an_order_that_stays_pending_is_an_error_not_a_receipt(counted: Counted) -> None:
    orders, receipts = RacedOrders({PENDING.order_id: PENDING}), FakeReceipts()

    with pytest.raises(ConflictError, match="disagree about its status"):
        confirm(orders, receipts)

    assert receipts.written == []
    assert counted.total("ReceiptsWritten") == 0


def test_an_unknown_order_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="no such order"):
        confirm(FakeOrders(), FakeReceipts())
