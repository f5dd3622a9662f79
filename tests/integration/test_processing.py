"""From the queue to the receipt: processor and scheduler on real payloads."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.core.errors import ResendError
from services.scheduler import handler as scheduler
from tests.conftest import Counted, LoadEvent, Log
from tests.fakes import FakeLambdaContext
from tests.integration.api import Api
from tests.integration.conftest import BUCKET, TABLE, Aws

Process = Callable[..., list[str]]
Tick = Callable[[], dict[str, int]]


def test_an_order_travels_from_the_api_to_its_receipt(
    api: Api, aws: Aws, process: Process, counted: Counted
) -> None:
    placed = api.place(("mug", 2)).body

    assert process(*aws.receive()) == []

    order = api.get(f"/orders/{placed['order_id']}").body
    assert order["status"] == "CONFIRMED"
    assert json.loads(aws.receipt("ada", placed["order_id"])) == {"user_id": "ada", **order}
    authoritative = aws.record(f"ORDER#{placed['order_id']}", "METADATA")
    assert authoritative is not None
    assert not {"GSI1PK", "GSI1SK"} & set(authoritative)
    assert counted.total("OrdersConfirmed") == 1
    assert counted.total("ReceiptsWritten") == 1


def test_a_message_delivered_twice_confirms_once_with_the_same_receipt(
    api: Api, aws: Aws, process: Process, counted: Counted
) -> None:
    order_id = api.place(("mug", 2)).body["order_id"]
    (body,) = aws.receive()
    process(body)
    first = (aws.receipt("ada", order_id), api.get(f"/orders/{order_id}").body)

    assert process(body, body) == []

    assert (aws.receipt("ada", order_id), api.get(f"/orders/{order_id}").body) == first
    assert counted.total("OrdersConfirmed") == 1


def test_a_failure_between_confirmation_and_receipt_is_healed_by_the_retry(
    api: Api, aws: Aws, process: Process, counted: Counted
) -> None:
    order_id = api.place(("mug", 2)).body["order_id"]
    (body,) = aws.receive()
    aws.s3.delete_bucket(Bucket=BUCKET)
    assert process(body) == ["0"]
    order = api.get(f"/orders/{order_id}").body
    assert order["status"] == "CONFIRMED"

    aws.s3.create_bucket(Bucket=BUCKET)
    assert process(body) == []

    assert json.loads(aws.receipt("ada", order_id)) == {"user_id": "ada", **order}
    assert counted.total("OrdersConfirmed") == 1
    assert counted.total("ReceiptsWritten") == 1


def test_one_bad_message_does_not_hold_up_the_others(
    api: Api, aws: Aws, process: Process, log: Log
) -> None:
    for number in range(2):
        api.place(("mug", 1), key=f"key-{number}")
    first, second = aws.receive()
    unknown = json.dumps({"order_id": "01KARF5TC0W3V6T8Q1ZC4N5XHE", "correlation_id": "lost"})

    assert process(first, "not json: secret", unknown, second) == ["1", "2"]

    orders = api.get("/orders").body["orders"]
    assert [order["status"] for order in orders] == ["CONFIRMED", "CONFIRMED"]
    (poison,) = log.lines("message not understood")
    assert (poison["message_id"], poison["receive_count"]) == ("1", "1")
    (orphan,) = log.lines("order not confirmed")
    assert orphan["order_id"] == "01KARF5TC0W3V6T8Q1ZC4N5XHE"
    assert orphan["correlation_id"] == "lost"
    assert "secret" not in log.text


def test_a_batch_that_fails_as_a_whole_is_reported_record_by_record(
    aws: Aws, process: Process
) -> None:
    del aws

    assert process("poison", "poison") == ["0", "1"]


def test_the_processors_lines_carry_the_ids_of_their_own_record(
    api: Api, aws: Aws, process: Process, log: Log
) -> None:
    placed = [api.place(("mug", 1), key=f"key-{n}").body["order_id"] for n in range(2)]

    process(*aws.receive())

    for message in ("order confirmed", "receipt written"):
        lines = log.lines(message)
        assert {line["order_id"] for line in lines} == set(placed)
        assert {line["correlation_id"] for line in lines} == {"Uf3k5j4OoAMEPbQ="}


def test_an_order_whose_records_disagree_is_left_to_the_dead_letter_queue(
    api: Api, aws: Aws, process: Process
) -> None:
    order_id = api.place(("mug", 1)).body["order_id"]
    key = {"PK": {"S": "USER#ada"}, "SK": {"S": f"ORDER#{order_id}"}}
    aws.dynamodb.delete_item(TableName=TABLE, Key=key)

    assert process(*aws.receive()) == ["0"]

    authoritative = aws.record(f"ORDER#{order_id}", "METADATA")
    assert authoritative is not None
    assert authoritative["status"] == {"S": "PENDING"}


def test_an_order_that_was_not_announced_is_sent_again_and_confirmed(
    api: Api, aws: Aws, process: Process, tick: Tick, counted: Counted
) -> None:
    aws.delete_queue()
    placed = api.place(("mug", 2))
    assert placed.status == 201
    assert counted.total("OrderPublishFailed") == 1

    aws.create_queue()
    assert tick() == {"resent": 1}
    process(*aws.receive())

    order_id = placed.body["order_id"]
    assert api.get(f"/orders/{order_id}").body["status"] == "CONFIRMED"
    assert json.loads(aws.receipt("ada", order_id))["order_id"] == order_id
    assert tick() == {"resent": 0}
    assert counted.total("OrdersResent") == 1


def test_a_resent_order_keeps_its_correlation_id(api: Api, aws: Aws, tick: Tick) -> None:
    api.place(("mug", 2))
    (announced,) = aws.receive()

    tick()

    assert aws.receive() == [announced]


def test_without_time_left_nothing_is_sent(
    api: Api, aws: Aws, load_event: LoadEvent, log: Log
) -> None:
    api.place(("mug", 2))
    aws.receive()
    context = FakeLambdaContext(remaining_milliseconds=4_999)

    assert scheduler.lambda_handler(load_event("scheduler"), context) == {"resent": 0}

    assert aws.receive() == []
    assert len(log.lines("out of time; the next run sends the other orders")) == 1


def test_a_resent_order_is_not_due_in_the_next_run(
    api: Api, aws: Aws, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENDING_AFTER_SECONDS", "300")
    order_id = api.place(("mug", 2)).body["order_id"]
    key = {"PK": {"S": f"ORDER#{order_id}"}, "SK": {"S": "METADATA"}}
    aws.dynamodb.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET GSI1SK = :long_ago",
        ExpressionAttributeValues={":long_ago": {"S": "2026-01-01T00:00:00.000Z"}},
    )

    assert [tick(), tick()] == [{"resent": 1}, {"resent": 0}]


def test_a_young_order_is_given_time(
    api: Api, aws: Aws, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENDING_AFTER_SECONDS", "300")
    api.place(("mug", 2))
    aws.receive()

    assert tick() == {"resent": 0}


def test_all_pages_of_pending_orders_are_sent(api: Api, aws: Aws, tick: Tick) -> None:
    template = _pending_record(api, aws)
    padding = {"S": "x" * 100_000}  # 25 records of 100 KB need three pages of 1 MB
    for number in range(24):
        order_id = f"01KARF5TC0W3V6T8Q1ZC4N5X{number:02d}"
        copied = template | {"PK": {"S": f"ORDER#{order_id}"}, "order_id": {"S": order_id}}
        aws.dynamodb.put_item(TableName=TABLE, Item=copied | {"padding": padding})

    assert tick() == {"resent": 25}

    assert len({json.loads(body)["order_id"] for body in aws.receive()}) == 25


def test_a_queue_that_refuses_fails_the_invocation(
    api: Api, aws: Aws, tick: Tick, log: Log
) -> None:
    order_id = api.place(("mug", 2)).body["order_id"]
    aws.delete_queue()

    with pytest.raises(ResendError, match="1 of 1 pending orders"):
        tick()

    assert [line["order_id"] for line in log.lines("order not sent again")] == [order_id]


def _pending_record(api: Api, aws: Aws) -> dict[str, Any]:
    order_id = api.place(("mug", 1)).body["order_id"]
    aws.receive()
    record = aws.record(f"ORDER#{order_id}", "METADATA")
    assert record is not None
    return record
