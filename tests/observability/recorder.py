"""Runs the handler of one role, in a process of its own as Lambda does, and prints what it writes.

python -m tests.observability.recorder ROLE, with the environment that `logs.recorded` gives it. Entry point, logger
and environment variables are those of production. Only what lies behind the ports (table, queue, bucket, keys) is a
stand-in, and fails where a line about a failure is wanted.
"""

import copy
import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.core.errors import UnavailableError
from services.core.identifiers import new_order_id
from services.core.model import Item, Order, OrderLine, OrderStatus, Page, timestamp
from tests.fakes import FakeItems, FakeLambdaContext, FakeOrders, FakePublisher, FakeReceipts

Event = dict[str, Any]
Handler = Callable[[Event, FakeLambdaContext], Any]

_EVENTS = Path(__file__).parents[1] / "events"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class FailingItems(FakeItems):
    """The catalogue of items, of which the list fails while there is an `error`."""

    error: Exception | None = None

    def list_page(self, *, limit: int, after: str | None) -> Page[Item]:
        if self.error:
            raise self.error
        return super().list_page(limit=limit, after=after)


@dataclass
class Lambda:
    """What surrounds a handler: a request id, a trace and a context per invocation, a line for what it raises."""

    role: str
    handler: Handler
    invocations: int = 0
    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)

    def invoke(self, event: Event) -> None:
        self.invocations += 1
        self.patch.setenv(
            "_X_AMZN_TRACE_ID", f"Root={self.trace};Parent=1a2b3c4d5e6f7a8b;Sampled=1"
        )
        context = FakeLambdaContext(
            function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
            aws_request_id=f"8f507cfc-3a1b-4a2c-9d5e-{self.invocations:012}",
        )
        try:
            self.handler(event, context)
        except Exception as error:
            print(_unhandled(error, context.aws_request_id), flush=True)

    @property
    def trace(self) -> str:
        return f"1-692250a3-{self.role.encode().hex():0>20}{self.invocations:04}"


def _unhandled(error: Exception, request_id: str) -> str:
    """The line that Lambda's Python runtime writes in JSON format for what a handler raises."""
    return json.dumps(
        {
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "level": "ERROR",
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": request_id,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
    )


def api(patch: pytest.MonkeyPatch) -> None:
    from services.api import dependencies, handler

    items, orders, publisher = FailingItems(), FakeOrders(), FakePublisher()
    patch.setattr(dependencies, "ItemTable", lambda *_: items)
    patch.setattr(dependencies, "OrderTable", lambda *_: orders)
    patch.setattr(dependencies, "OrderQueue", lambda *_: publisher)
    function = Lambda("api", handler.lambda_handler)

    def request(route: str, correlation_id: str, *, key: str = "") -> None:
        event = _event("http_api_place_order")
        method, path = route.split(" ")
        context = event["requestContext"]
        context["http"] |= {"method": method, "path": path}
        context["requestId"] = correlation_id
        event |= {"rawPath": path, "routeKey": route}
        event["headers"]["idempotency-key"] = key
        function.invoke(event)

    request("POST /orders", "placed", key="first")
    request("POST /orders", "replayed", key="first")
    publisher.is_down = True
    request("POST /orders", "unannounced", key="second")
    request("GET /orders/01KARF5TC0W3V6T8Q1ZC4N5XHE", "refused")
    items.error = ZeroDivisionError("division by zero")
    request("GET /items", "failed")
    request("GET /items", "failed-again")
    items.error = UnavailableError("the table does not answer")
    request("GET /items", "unavailable")


def processor(patch: pytest.MonkeyPatch) -> None:
    from services.processor import handler

    placed = _order("placed")
    orders = FakeOrders({placed.order_id: placed})
    patch.setattr(handler, "OrderTable", lambda *_: orders)
    patch.setattr(handler, "ReceiptBucket", lambda *_: FakeReceipts())
    function = Lambda("processor", handler.lambda_handler)
    good = {"order_id": placed.order_id, "correlation_id": placed.correlation_id}
    lost = {"order_id": "01KARF5TC0W3V6T8Q1ZC4N5XHE", "correlation_id": "lost"}
    for deliveries in (1, 2, 3):
        bodies = [json.dumps(good), "not json"] if deliveries == 1 else ["not json"]
        if deliveries < 3:
            bodies.append(json.dumps(lost))
        event = _event("sqs_orders")
        (template,) = event["Records"]
        event["Records"] = [_record(template, body, deliveries) for body in bodies]
        function.invoke(event)


def scheduler(patch: pytest.MonkeyPatch) -> None:
    from services.scheduler import handler

    resent, refused = _order("resent"), _order("refused")
    orders, publisher = FakeOrders({resent.order_id: resent}), FakePublisher()
    patch.setattr(handler, "OrderTable", lambda *_: orders)
    patch.setattr(handler, "OrderQueue", lambda *_: publisher)
    function = Lambda("scheduler", handler.lambda_handler)
    # The first run ends well: Powertools counts no cold start for a first run that raises.
    function.invoke(_event("scheduler"))
    orders.orders = {refused.order_id: refused}
    publisher.refused = {refused.order_id}
    function.invoke(_event("scheduler"))


def authorizer(patch: pytest.MonkeyPatch) -> None:
    from services.authorizer import handler

    del patch  # a request without a token needs no key
    event = _event("http_api_authorizer") | {"headers": {}}
    event["requestContext"]["requestId"] = "denied"
    Lambda("authorizer", handler.lambda_handler).invoke(event)


def _event(name: str) -> Event:
    event: Event = json.loads((_EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return event


def _record(template: Event, body: str, deliveries: int) -> Event:
    """A message keeps its id over its deliveries; here the id is what the body says."""
    record = copy.deepcopy(template)
    record["attributes"]["ApproximateReceiveCount"] = str(deliveries)
    name = json.loads(body)["correlation_id"] if body.startswith("{") else "poison"
    return record | {"messageId": name, "body": body}


def _order(correlation_id: str) -> Order:
    return Order(
        order_id=new_order_id(LONG_AGO),
        user_id="ada",
        status=OrderStatus.PENDING,
        lines=(OrderLine("mug", 1, 1250),),
        total_cents=1250,
        currency="EUR",
        created_at=timestamp(LONG_AGO),
        confirmed_at=None,
        correlation_id=correlation_id,
    )


ROLES = {"api": api, "processor": processor, "scheduler": scheduler, "authorizer": authorizer}

if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patched:
        if sys.argv[1] != "authorizer":  # which leaves boto3 out of its package
            from services.core import clients

            for service in ("dynamodb", "sqs", "s3"):
                patched.setattr(clients, service, lambda: None)
        ROLES[sys.argv[1]](patched)
