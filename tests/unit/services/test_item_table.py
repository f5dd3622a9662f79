"""Reading a batch of items from a throttled table, which moto cannot imitate."""

from typing import Any, cast

import pytest

from services.core.errors import UnavailableError
from services.core.repository import ItemTable

STORED = {
    item_id: {
        "item_id": {"S": item_id},
        "name": {"S": item_id},
        "description": {"S": ""},
        "price_cents": {"N": "100"},
        "currency": {"S": "EUR"},
    }
    for item_id in ("cap", "mug", "pen")
}


class ThrottledDynamoDB:
    """Answers at most `per_call` keys of a batch, and gives the others back."""

    def __init__(self, *, per_call: int) -> None:
        self._per_call = per_call
        self.calls = 0
        self.consistent: list[bool] = []

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        self.calls += 1
        self.consistent.append(request["RequestItems"]["table"].get("ConsistentRead", False))
        keys = request["RequestItems"]["table"]["Keys"]
        done, rest = keys[: self._per_call], keys[self._per_call :]
        found = [STORED[key["PK"]["S"].removeprefix("ITEM#")] for key in done]
        return {
            "Responses": {"table": found},
            "UnprocessedKeys": {"table": {"Keys": rest}} if rest else {},
        }


def table(client: ThrottledDynamoDB, pauses: list[float]) -> ItemTable:
    return ItemTable(cast("Any", client), "table", sleep=pauses.append)


def test_keys_left_over_are_asked_for_again_after_a_growing_pause() -> None:
    client, pauses = ThrottledDynamoDB(per_call=1), list[float]()

    items = table(client, pauses).get_many(["pen", "mug", "cap", "mug"])

    assert sorted(items) == ["cap", "mug", "pen"]
    assert client.calls == 3
    assert pauses == [0.1, 0.2]


def test_a_table_that_stays_throttled_is_unavailable() -> None:
    client, pauses = ThrottledDynamoDB(per_call=0), list[float]()

    with pytest.raises(UnavailableError, match="busy"):
        table(client, pauses).get_many(["mug"])

    assert client.calls == 4


def test_a_batch_is_read_consistently_and_so_is_what_was_left_over() -> None:
    client = ThrottledDynamoDB(per_call=1)

    table(client, []).get_many(["pen", "mug"])

    assert client.consistent == [True, True]
