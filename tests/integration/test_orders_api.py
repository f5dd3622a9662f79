"""Orders over the API: placed, replayed, refused, read, paged."""

import json
import time

import pytest

from services.api.handler import lambda_handler
from services.core import cursor
from tests.conftest import Counted, LoadEvent
from tests.fakes import FakeLambdaContext
from tests.integration.api import Api
from tests.integration.conftest import TABLE, Aws


def test_an_order_is_stored_announced_and_answered(api: Api, aws: Aws) -> None:
    answer = api.place(("mug", 2), ("pen", 1))

    assert answer.status == 201
    order_id = answer.body["order_id"]
    assert answer.headers["Location"] == f"/orders/{order_id}"
    assert "Idempotent-Replayed" not in answer.headers
    assert answer.body["status"] == "PENDING"
    assert answer.body["total_cents"] == 2699
    assert [json.loads(body) for body in aws.receive()] == [
        {"order_id": order_id, "correlation_id": "Uf3k5j4OoAMEPbQ="}
    ]


def test_an_order_has_the_keys_of_the_design(api: Api, aws: Aws) -> None:
    order_id = api.place(("mug", 1)).body["order_id"]

    authoritative = aws.record(f"ORDER#{order_id}", "METADATA")
    listed = aws.record("USER#ada", f"ORDER#{order_id}")
    assert authoritative is not None
    assert listed is not None
    assert authoritative["GSI1PK"] == {"S": "ORDER_STATUS#PENDING"}
    assert authoritative["GSI1SK"] == authoritative["created_at"]
    assert listed["status"] == {"S": "PENDING"}
    assert "GSI1PK" not in listed


def test_the_same_request_again_gets_the_first_answer(api: Api, aws: Aws, counted: Counted) -> None:
    first = api.place(("mug", 2))
    stored, sent = aws.record_count(), len(aws.receive())

    again = api.place(("mug", 2))

    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (aws.record_count(), sent, aws.receive()) == (stored, 1, [])
    assert counted.total("OrdersPlaced") == 1
    assert counted.total("OrderReplayed") == 1


def test_spacing_and_key_order_do_not_make_another_request(api: Api) -> None:
    first = api.place(("mug", 2))
    body = '{ "items": [ {"quantity": 2.0, "item_id": "mug"} ] }'

    again = api.request("POST", "/orders", body=body, headers={"idempotency-key": "key-1"})

    assert again.body == first.body


def test_the_same_key_with_another_body_is_refused(api: Api, aws: Aws) -> None:
    api.place(("mug", 2))
    stored = aws.record_count()

    answer = api.place(("mug", 3))

    assert answer.status == 422
    assert "Idempotency-Key was used" in answer.body["detail"]
    assert aws.record_count() == stored


def test_an_expired_record_that_still_lingers_does_not_count(api: Api, aws: Aws) -> None:
    first = api.place(("mug", 2))
    aws.dynamodb.update_item(
        TableName=TABLE,
        Key={"PK": {"S": "IDEMPOTENCY#ada#key-1"}, "SK": {"S": "METADATA"}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 1)}},
    )

    answer = api.place(("mug", 3))

    assert answer.status == 201
    assert answer.body["order_id"] != first.body["order_id"]


def test_an_idempotency_record_expires_in_a_day(api: Api, aws: Aws) -> None:
    api.place(("mug", 1))

    record = aws.record("IDEMPOTENCY#ada#key-1", "METADATA")

    assert record is not None
    assert int(record["expires_at"]["N"]) - time.time() == pytest.approx(86_400, abs=60)


def test_a_missing_idempotency_key_names_the_header(api: Api) -> None:
    answer = api.place(("mug", 1), key=None)

    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == "Idempotency-Key"


def test_an_unknown_item_names_the_field_and_stores_nothing(api: Api, aws: Aws) -> None:
    stored = aws.record_count()

    answer = api.place(("mug", 1), ("unicorn", 1))

    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == "items[1].item_id"
    assert aws.record_count() == stored


def test_an_invalid_quantity_names_the_field(api: Api) -> None:
    answer = api.place(("mug", 0))

    assert answer.status == 422
    assert answer.body["errors"] == [
        {"field": "items[0].quantity", "message": "must be bigger than or equal to 1"}
    ]


def test_ones_own_order_can_be_read(api: Api) -> None:
    placed = api.place(("mug", 1))

    answer = api.get(placed.headers["Location"])

    assert (answer.status, answer.body) == (200, placed.body)


def test_another_users_order_is_not_found(api: Api) -> None:
    location = api.place(("mug", 1)).headers["Location"]

    answer = api.signed_in_as("eve").get(location)

    assert answer.status == 404
    assert answer.body["detail"] == "no such order among your orders"


@pytest.mark.parametrize("order_id", ["01KARF5TC0W3V6T8Q1ZC4N5XHE", "x", "PROFILE", "a" * 3000])
def test_an_order_that_does_not_exist_is_not_found(api: Api, order_id: str) -> None:
    assert api.get(f"/orders/{order_id}").status == 404


def test_orders_are_listed_newest_first_and_page_by_page(api: Api) -> None:
    placed = []
    for number in range(5):
        placed.append(api.place(("mug", 1), key=f"key-{number}").body["order_id"])
        time.sleep(0.002)  # identifiers are ordered by the millisecond
    api.signed_in_as("eve").place(("pen", 1))
    api.put("/users/me", {"name": "Ada"})

    listed, query = [], {"limit": "2"}
    for _ in range(3):
        page = api.get("/orders", **query).body
        listed.append([order["order_id"] for order in page["orders"]])
        query["cursor"] = page["next_cursor"]

    newest = placed[::-1]
    assert listed == [newest[:2], newest[2:4], newest[4:]]
    assert query["cursor"] is None


def test_a_cursor_taken_from_another_user_shows_only_ones_own_orders(api: Api) -> None:
    own = api.place(("mug", 1)).body["order_id"]
    eve = api.signed_in_as("eve")
    stolen = [eve.place(("pen", 1), key=f"key-{n}").body["order_id"] for n in range(3)]

    page = api.get("/orders", cursor=cursor.encode(max(stolen))).body

    assert {order["order_id"] for order in page["orders"]} <= {own}


@pytest.mark.parametrize(
    "forged", ["***", cursor.encode("USER#eve"), cursor.encode("ORDER#1"), cursor.encode("PROFILE")]
)
def test_a_forged_cursor_is_refused_by_name(api: Api, forged: str) -> None:
    answer = api.get("/orders", cursor=forged)

    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_an_impossible_limit_is_refused_by_name(api: Api, limit: str) -> None:
    answer = api.get("/orders", limit=limit)

    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == "limit"


def test_a_machine_client_has_orders_of_its_own(api: Api, aws: Aws) -> None:
    api.place(("mug", 1))
    machine = api.signed_in_as("7machine9example2client4id")

    machine.place(("pen", 1))

    assert len(machine.get("/orders").body["orders"]) == 1
    assert len(aws.receive()) == 2


def test_the_location_of_an_order_starts_with_the_stage(load_event: LoadEvent, aws: Aws) -> None:
    """A stage other than $default is the first part of every path."""
    del aws
    event = load_event("http_api_place_order")
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/v1/orders"
    event["requestContext"]["stage"] = "v1"

    answer = lambda_handler(event, FakeLambdaContext())

    order_id = json.loads(answer["body"])["order_id"]
    assert answer["headers"]["Location"] == f"/v1/orders/{order_id}"
