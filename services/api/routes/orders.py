"""/orders: place an order, and read one's own."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from services.api import requests
from services.api.dependencies import dependencies
from services.core import cursor, orders
from services.core.identifiers import is_order_id
from services.core.model import PlaceOrder, RequestedLine
from services.core.representation import order_document

router = APIGatewayHttpRouter()


@router.post("/orders")
def place_order() -> Response[dict[str, Any]]:
    event, wired = router.current_event, dependencies()
    command = PlaceOrder(
        user_id=requests.caller(event),
        idempotency_key=requests.idempotency_key(event),
        # JSON has one kind of number: 2.0 is a valid integer, and arrives as a float.
        lines=tuple(
            RequestedLine(line["item_id"], int(line["quantity"]))
            for line in requests.body(event, schema="PlaceOrder")["items"]
        ),
        correlation_id=event.request_context.request_id,
    )
    placement = orders.place_order(
        command,
        orders=wired.orders,
        items=wired.items,
        publisher=wired.publisher,
        clock=wired.clock,
    )
    headers = {"Location": f"{event.raw_path}/{placement.order_id}"}
    if placement.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(
        status_code=HTTPStatus.CREATED.value,
        content_type=content_types.APPLICATION_JSON,
        headers={**headers},
        body=placement.document,
    )


@router.get("/orders")
def list_orders() -> dict[str, Any]:
    page = orders.list_orders(
        requests.caller(router.current_event),
        limit=requests.limit(router.current_event),
        after=requests.page_start(router.current_event, is_valid=is_order_id),
        orders=dependencies().orders,
    )
    return {
        "orders": [order_document(order) for order in page.entries],
        "next_cursor": cursor.encode(page.next_key) if page.next_key else None,
    }


@router.get("/orders/<order_id>")
def get_order(order_id: str) -> dict[str, Any]:
    user_id = requests.caller(router.current_event)
    return order_document(orders.get_order(user_id, order_id, orders=dependencies().orders))
