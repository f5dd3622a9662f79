"""What one signed-in customer does: look at the items, look at one, order it, read the order back.

`blueprint load` runs it; by hand: `LOAD_TOKEN=... locust -f loadtests/locustfile.py --host https://...`.
"""

import itertools
import os
import uuid
from collections.abc import Iterator
from typing import Any

from locust import HttpUser, between, task
from locust.exception import StopUser

TIMEOUT_SECONDS = 29  # the gateway gives up at 30


class Customer(HttpUser):
    """About one request a second, as a person clicks."""

    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        self.client.headers["Authorization"] = f"Bearer {os.environ['LOAD_TOKEN']}"
        self.item_ids = self._item_ids()

    @task(3)
    def browse(self) -> None:
        self._get("/items", name="/items")
        item_id = next(self.item_ids)
        item = self._get(f"/items/{item_id}", name="/items/{item_id}")
        if item is not None and item["item_id"] != item_id:
            self._fail("GET", "/items/{item_id}", f"asked for {item_id}, got {item['item_id']}")

    @task(1)
    def order(self) -> None:
        wanted = {"item_id": next(self.item_ids), "quantity": 1}
        placed = self._answer(
            "POST",
            "/orders",
            name="/orders",
            expected=201,
            json={"items": [wanted]},
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        if placed is None:
            return
        read = self._get(f"/orders/{placed['order_id']}", name="/orders/{order_id}")
        if read is not None and read["total_cents"] != placed["total_cents"]:
            self._fail("GET", "/orders/{order_id}", "the order read back costs another sum")

    def _item_ids(self) -> Iterator[str]:
        page = self._get("/items", name="/items")
        if page is None:
            raise StopUser
        if not page["items"]:
            self._fail("GET", "/items", "there are no items to order: `blueprint seed` makes some")
            raise StopUser
        return itertools.cycle([item["item_id"] for item in page["items"]])

    def _get(self, path: str, *, name: str) -> Any:
        return self._answer("GET", path, name=name, expected=200)

    def _answer(self, method: str, path: str, *, name: str, expected: int, **arguments: Any) -> Any:
        """The JSON body of an answer that is as expected; None, and a failure, for any other."""
        with self.client.request(
            method, path, name=name, timeout=TIMEOUT_SECONDS, catch_response=True, **arguments
        ) as response:
            if response.status_code != expected:
                response.failure(f"{response.status_code}, not {expected}")
                return None
            try:
                return response.json()
            except ValueError:
                response.failure("the answer is not JSON")
                return None

    def _fail(self, method: str, name: str, reason: str) -> None:
        """Count an answer that is wrong in what it says."""
        self.environment.events.request.fire(
            request_type=method,
            name=name,
            response_time=0,
            response_length=0,
            exception=AssertionError(reason),
            context={},
        )
