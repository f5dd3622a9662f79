"""The life of an order over HTTP: placed, replayed, confirmed, receipted, and kept from everybody else."""

import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from .conftest import ORDER, Deployment, User


def test_a_profile_is_stored_and_read_back(alice: User) -> None:
    written = alice.request(
        "PUT", "/users/me", json={"name": "Alice", "email": "alice@example.com"}
    )

    assert written.status_code == 200
    assert alice.get("/users/me").json()["name"] == "Alice"


def test_a_wrong_profile_names_the_field(alice: User) -> None:
    response = alice.request("PUT", "/users/me", json={"name": 7})

    assert response.status_code in (400, 422)
    assert response.headers["Content-Type"].startswith("application/problem+json")
    problem = response.json()
    assert {"type", "title", "status", "detail", "request_id"} <= set(problem)
    assert problem["errors"][0]["field"] == "name"


def test_items_are_listed_page_by_page(alice: User) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = alice.get(
            "/items", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        ).json()
        assert len(page["items"]) <= 2
        seen += [item["item_id"] for item in page["items"]]
        cursor = page.get("next_cursor")
        if not cursor:
            break

    assert seen == ["espresso-machine", "filter-papers", "grinder", "kettle", "scale"]


def test_an_item_that_does_not_exist_is_404(alice: User) -> None:
    assert alice.get("/items/unicorn").status_code == 404


def test_an_order_is_placed_and_the_same_request_again_gets_the_first_answer(alice: User) -> None:
    key = str(uuid.uuid4())

    first = alice.place_order(ORDER, key=key)
    again = alice.place_order(ORDER, key=key)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.json()["status"] == "PENDING"
    assert first.json()["total_cents"] == 2 * 8900 + 650


def test_another_body_under_the_same_key_is_refused(alice: User) -> None:
    key = str(uuid.uuid4())
    alice.place_order(ORDER, key=key)

    response = alice.place_order({"items": [{"item_id": "kettle", "quantity": 1}]}, key=key)

    assert response.status_code in (409, 422)


def test_an_order_without_an_idempotency_key_names_the_header(alice: User) -> None:
    response = alice.request("POST", "/orders", json=ORDER)

    assert response.status_code == 400
    assert "Idempotency-Key" in response.text


def test_a_wrong_order_names_the_field(alice: User) -> None:
    response = alice.place_order({"items": [{"item_id": "kettle", "quantity": 0}]})

    assert response.status_code in (400, 422)
    assert response.json()["errors"][0]["field"] == "items[0].quantity"


def test_the_processor_confirms_an_order_and_writes_its_receipt(
    deployment: Deployment, alice: User, eventually: Callable[..., Any]
) -> None:
    order_id = alice.place_order(ORDER).json()["order_id"]

    eventually(
        lambda: alice.get(f"/orders/{order_id}").json()["status"] == "CONFIRMED",
        f"order {order_id} confirmed",
    )
    receipt = eventually(lambda: _receipt(deployment, order_id), f"receipt of {order_id}")
    assert receipt["order_id"] == order_id
    assert receipt["total_cents"] == 2 * 8900 + 650


def _receipt(deployment: Deployment, order_id: str) -> Any:
    s3, bucket = deployment.client("s3"), deployment.outputs.get("s3", "receipts_bucket")
    for found in s3.list_objects_v2(Bucket=bucket, Prefix="receipts/").get("Contents", []):
        if found["Key"].endswith(f"/{order_id}.json"):
            return json.loads(s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read())
    return None


def test_orders_are_listed_newest_first(alice: User) -> None:
    first = alice.place_order(ORDER).json()["order_id"]
    second = alice.place_order(ORDER).json()["order_id"]

    listed = [order["order_id"] for order in alice.get("/orders").json()["orders"]]

    assert listed.index(second) < listed.index(first)


def test_another_users_order_is_404(alice: User, bob: User) -> None:
    order_id = alice.place_order(ORDER).json()["order_id"]

    assert alice.get(f"/orders/{order_id}").status_code == 200
    assert bob.get(f"/orders/{order_id}").status_code == 404
    assert order_id not in [order["order_id"] for order in bob.get("/orders").json()["orders"]]


def test_a_cursor_of_one_user_shows_another_only_their_own_orders(alice: User, bob: User) -> None:
    theirs = {alice.place_order(ORDER).json()["order_id"] for _ in range(3)}
    cursor = alice.get("/orders", params={"limit": 1}).json()["next_cursor"]

    page = bob.get("/orders", params={"cursor": cursor})

    assert page.status_code == 200
    assert not theirs & {order["order_id"] for order in page.json()["orders"]}


def test_a_cursor_that_is_not_one_of_ours_is_400(alice: User) -> None:
    response = alice.get("/orders", params={"cursor": "VVNFUiNib2I"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "cursor"


def test_the_scheduler_re_sends_an_order_that_stayed_pending(
    deployment: Deployment, alice: User, eventually: Callable[..., Any]
) -> None:
    """As if the message had been lost: the order lies in the table, six minutes old, and nothing is in the queue."""
    order = alice.place_order(ORDER).json()
    order_id = order["order_id"]
    eventually(
        lambda: alice.get(f"/orders/{order_id}").json()["status"] == "CONFIRMED",
        "the first confirmation",
    )
    _make_pending_since(deployment, order_id, datetime.now(UTC) - timedelta(minutes=6))
    assert alice.get(f"/orders/{order_id}").json()["status"] == "PENDING"

    # EventBridge Scheduler runs the function once a minute; nobody calls it here.
    eventually(
        lambda: alice.get(f"/orders/{order_id}").json()["status"] == "CONFIRMED",
        "the scheduler re-sent the order and the processor confirmed it",
        seconds=240,
    )


def _make_pending_since(deployment: Deployment, order_id: str, when: datetime) -> None:
    dynamodb, table = (
        deployment.client("dynamodb"),
        deployment.outputs.get("dynamodb", "table_name"),
    )
    metadata = {"PK": {"S": f"ORDER#{order_id}"}, "SK": {"S": "METADATA"}}
    item = dynamodb.get_item(TableName=table, Key=metadata, ConsistentRead=True)["Item"]
    entry = {"PK": {"S": f"USER#{item['user_id']['S']}"}, "SK": {"S": f"ORDER#{order_id}"}}
    pending = {":status": {"S": "PENDING"}}
    dynamodb.update_item(
        TableName=table,
        Key=metadata,
        UpdateExpression="SET #status = :status, GSI1PK = :index, GSI1SK = :since REMOVE confirmed_at",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            **pending,
            ":index": {"S": "ORDER_STATUS#PENDING"},
            ":since": {"S": when.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
        },
    )
    dynamodb.update_item(
        TableName=table,
        Key=entry,
        UpdateExpression="SET #status = :status REMOVE confirmed_at",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues=pending,
    )


def test_a_poison_message_reaches_the_dead_letter_queue_and_the_good_ones_pass(
    deployment: Deployment, alice: User, eventually: Callable[..., Any]
) -> None:
    sqs = deployment.client("sqs")
    poison = f"not an order {time.time()}"
    sqs.send_message(QueueUrl=deployment.outputs.get("sqs", "queue_url"), MessageBody=poison)
    order_id = alice.place_order(ORDER).json()["order_id"]

    eventually(
        lambda: alice.get(f"/orders/{order_id}").json()["status"] == "CONFIRMED",
        "the good order confirmed",
    )
    dlq = deployment.outputs.get("sqs", "dlq_url")

    def dead() -> bool:
        received = sqs.receive_message(QueueUrl=dlq, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return poison in [message["Body"] for message in received.get("Messages", [])]

    eventually(dead, "the poison message in the dead-letter queue", seconds=240)
