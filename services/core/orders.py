"""What can be done with orders: place, read, confirm, and send again what was left behind."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.core.errors import (
    ConflictError,
    IdempotencyKeyReusedError,
    IdempotencyKeyTakenError,
    InvalidFieldError,
    NotFoundError,
    PublishError,
    ResendError,
    UnavailableError,
)
from services.core.identifiers import is_order_id, new_order_id
from services.core.messages import OrderMessage
from services.core.model import (
    Clock,
    Order,
    OrderLine,
    OrderStatus,
    Page,
    PlacementRecord,
    PlaceOrder,
    timestamp,
)
from services.core.observability import Outcome, count, logger
from services.core.ports import Items, Orders, Publisher, Receipts
from services.core.representation import order_document

IDEMPOTENCY_PERIOD = timedelta(hours=24)
# Kept back of the invocation: two calls for the order at hand, which take milliseconds unless AWS
# stalls, then logs and metrics.
RESEND_RESERVE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Placement:
    """The answer to a placement: the order's document as of its first answer."""

    order_id: str
    document: dict[str, object]
    replayed: bool


def place_order(
    command: PlaceOrder, *, orders: Orders, items: Items, publisher: Publisher, clock: Clock
) -> Placement:
    """Store the order, then announce it.

    Storing is idempotent on the command's key for 24 hours; a repeated command gets the first
    answer and changes nothing. An order that cannot be announced stays PENDING, and the scheduler
    announces it later.

    Raises InvalidFieldError, IdempotencyKeyReusedError, ConflictError, UnavailableError.
    """
    now = clock()
    earlier = orders.find_placement(command.user_id, command.idempotency_key)
    if earlier is not None and not earlier.is_expired(now):
        return _replay(earlier, command)

    order = _price(command, items=items, now=now)
    record = PlacementRecord(
        user_id=command.user_id,
        idempotency_key=command.idempotency_key,
        fingerprint=command.fingerprint(),
        document=order_document(order),
        expires_at=int((now + IDEMPOTENCY_PERIOD).timestamp()),
    )
    try:
        orders.add(order, record, now=now)
    except IdempotencyKeyTakenError as race_lost:
        winner = orders.find_placement(command.user_id, command.idempotency_key)
        if winner is None:
            raise ConflictError("a request with this key is being processed") from race_lost
        return _replay(winner, command)
    count(Outcome.ORDERS_PLACED)
    logger.info("order placed", order_id=order.order_id, line_count=len(order.lines))
    _announce(order, publisher=publisher)
    return Placement(order.order_id, record.document, replayed=False)


def get_order(user_id: str, order_id: str, *, orders: Orders) -> Order:
    """The caller's own order; NotFoundError for anybody else's."""
    order = orders.get_for_user(user_id, order_id) if is_order_id(order_id) else None
    if order is None:
        raise NotFoundError("no such order among your orders")
    return order


def list_orders(user_id: str, *, limit: int, after: str | None, orders: Orders) -> Page[Order]:
    """The caller's orders, newest first."""
    return orders.list_for_user(user_id, limit=limit, after=after)


def confirm_order(order_id: str, *, orders: Orders, receipts: Receipts, clock: Clock) -> Order:
    """Confirm the order once, and write its receipt.

    The receipt is written whether or not this call made the transition: the call that made it may
    have died before it could. Raises NotFoundError, ConflictError, UnavailableError.
    """
    order = _authoritative(order_id, orders)
    if order.status is OrderStatus.PENDING:
        confirmed_at = timestamp(clock())
        if orders.confirm(order, confirmed_at=confirmed_at):
            count(Outcome.ORDERS_CONFIRMED)
            logger.info("order confirmed")
            order = replace(order, status=OrderStatus.CONFIRMED, confirmed_at=confirmed_at)
        else:
            order = _authoritative(order_id, orders)
            if order.status is OrderStatus.PENDING:
                raise ConflictError("the order's two records disagree about its status")
    receipts.put(order)
    count(Outcome.RECEIPTS_WRITTEN)
    logger.info("receipt written")
    return order


def resend_pending(
    *,
    pending_after: timedelta,
    orders: Orders,
    publisher: Publisher,
    clock: Clock,
    time_left: Callable[[], timedelta],
) -> int:
    """Announce every order that is PENDING and unannounced for longer than `pending_after`.

    Each is then due again only after another `pending_after`: an order that cannot be confirmed
    does not fill the queue. With less than RESEND_RESERVE of `time_left` no more are started, and
    the next run finds the others. Returns how many were sent; ResendError if some could not be,
    after the others were tried.
    """
    announced_before = timestamp(clock() - pending_after)
    sent, failed = 0, 0
    for message in orders.pending_before(announced_before):
        if time_left() < RESEND_RESERVE:
            logger.warning(
                "out of time; the next run sends the other orders", sent=sent, failed=failed
            )
            break
        with logger.append_context_keys(
            order_id=message.order_id, correlation_id=message.correlation_id
        ):
            try:
                publisher.publish(message)
            except PublishError:
                failed += 1
                logger.exception("order not sent again")
                continue
            sent += 1
            try:
                orders.postpone(message.order_id, until=timestamp(clock()))
            except UnavailableError:
                # Failing the invocation would make Lambda repeat it, and send the order once more.
                logger.warning("order sent again but not postponed", exc_info=True)
    if sent:
        count(Outcome.ORDERS_RESENT, sent)
    logger.info("pending orders sent again", sent=sent, failed=failed)
    if failed:
        raise ResendError(f"{failed} of {sent + failed} pending orders could not be sent again")
    return sent


def _replay(record: PlacementRecord, command: PlaceOrder) -> Placement:
    if record.fingerprint != command.fingerprint():
        raise IdempotencyKeyReusedError(
            "Idempotency-Key was used for an order with other items; use a new key for a new order"
        )
    order_id = str(record.document["order_id"])
    count(Outcome.ORDER_REPLAYED)
    logger.info("order replayed", order_id=order_id)
    return Placement(order_id, record.document, replayed=True)


def _price(command: PlaceOrder, *, items: Items, now: datetime) -> Order:
    """The order at today's prices. InvalidFieldError for an unknown item or mixed currencies."""
    known = items.get_many({line.item_id for line in command.lines})
    lines: list[OrderLine] = []
    currency = ""
    for index, wish in enumerate(command.lines):
        field = f"items[{index}].item_id"
        item = known.get(wish.item_id)
        if item is None:
            raise InvalidFieldError(field, "no such item; GET /items lists what can be ordered")
        currency = currency or item.currency
        if item.currency != currency:
            raise InvalidFieldError(
                field, f"is priced in {item.currency}, items[0] in {currency}; order them apart"
            )
        lines.append(OrderLine(item.item_id, wish.quantity, item.price_cents))
    return Order(
        order_id=new_order_id(now),
        user_id=command.user_id,
        status=OrderStatus.PENDING,
        lines=tuple(lines),
        total_cents=sum(line.quantity * line.unit_price_cents for line in lines),
        currency=currency,
        created_at=timestamp(now),
        confirmed_at=None,
        correlation_id=command.correlation_id,
    )


def _announce(order: Order, *, publisher: Publisher) -> None:
    try:
        publisher.publish(OrderMessage(order.order_id, order.correlation_id))
    except PublishError:
        count(Outcome.ORDER_PUBLISH_FAILED)
        logger.exception("order not announced; the scheduler will", order_id=order.order_id)


def _authoritative(order_id: str, orders: Orders) -> Order:
    order = orders.get(order_id)
    if order is None:
        raise NotFoundError("no such order")
    return order
