"""How an order is shown outside the system: in API responses and in receipts."""

from services.core.model import Order


def order_document(order: Order) -> dict[str, object]:
    """The `Order` schema of the API contract: amounts in cents, times in UTC."""
    return {
        "order_id": order.order_id,
        "status": order.status.value,
        "items": [
            {
                "item_id": line.item_id,
                "quantity": line.quantity,
                "unit_price_cents": line.unit_price_cents,
            }
            for line in order.lines
        ],
        "total_cents": order.total_cents,
        "currency": order.currency,
        "created_at": order.created_at,
        "confirmed_at": order.confirmed_at,
    }


def receipt_document(order: Order) -> dict[str, object]:
    """A confirmed order and whose it is; the same order always gives the same receipt."""
    return {"user_id": order.user_id, **order_document(order)}
