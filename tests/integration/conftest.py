"""The AWS of the integration tests: moto, with the table, queue and bucket of the blueprint."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from services.api import dependencies as api_dependencies
from services.api.handler import lambda_handler
from services.core import clients
from services.core.model import Item
from services.processor import handler as processor
from services.scheduler import handler as scheduler
from tests.conftest import Event, LoadEvent
from tests.fakes import CAP, MUG, PEN, FakeLambdaContext
from tests.integration.api import Api

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

TABLE, QUEUE, BUCKET = "acme-orders", "acme-orders", "acme-receipts"


@dataclass(frozen=True)
class Aws:
    """Another pair of eyes on the same account, apart from the clients of the services."""

    dynamodb: "DynamoDBClient"
    sqs: "SQSClient"
    s3: "S3Client"
    queue_url: str

    def record(self, partition: str, sort: str) -> dict[str, Any] | None:
        key = {"PK": {"S": partition}, "SK": {"S": sort}}
        return self.dynamodb.get_item(TableName=TABLE, Key=key).get("Item")

    def record_count(self) -> int:
        return self.dynamodb.scan(TableName=TABLE, Select="COUNT")["Count"]

    def create_queue(self) -> None:
        self.sqs.create_queue(QueueName=QUEUE)

    def delete_queue(self) -> None:
        self.sqs.delete_queue(QueueUrl=self.queue_url)

    def receive(self) -> list[str]:
        """The bodies of the messages in the queue, which is empty afterwards."""
        bodies: list[str] = []
        while messages := self._some_messages():
            bodies += [message["Body"] for message in messages]
            for message in messages:
                self.sqs.delete_message(
                    QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"]
                )
        return bodies

    def _some_messages(self) -> list[Any]:
        answer = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        return list(answer.get("Messages", []))

    def receipt(self, user_id: str, order_id: str) -> bytes:
        key = f"receipts/{user_id}/{order_id}.json"
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    with mock_aws():
        sqs = boto3.client("sqs")
        queue_url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        account = Aws(boto3.client("dynamodb"), sqs, boto3.client("s3"), queue_url)
        account.s3.create_bucket(Bucket=BUCKET)
        _create_table(account.dynamodb)
        for item in (MUG, PEN, CAP):
            account.dynamodb.put_item(TableName=TABLE, Item=_item_record(item))
        monkeypatch.setenv("TABLE_NAME", TABLE)
        monkeypatch.setenv("QUEUE_URL", queue_url)
        monkeypatch.setenv("RECEIPTS_BUCKET", BUCKET)
        monkeypatch.setenv("PENDING_AFTER_SECONDS", "0")
        _forget_clients()
        yield account
        _forget_clients()


@pytest.fixture
def api(aws: Aws, load_event: LoadEvent) -> Api:
    del aws  # must exist before the first request

    def invoke(event: Event) -> Event:
        answer: Event = lambda_handler(event, FakeLambdaContext())
        return answer

    return Api(invoke, load_event("http_api_place_order"), user_id="ada")


@pytest.fixture
def process(load_event: LoadEvent) -> Callable[..., list[str]]:
    """Deliver these bodies as one SQS batch; the indexes of the records that failed."""

    def deliver(*bodies: str) -> list[str]:
        event = load_event("sqs_orders")
        (template,) = event["Records"]
        event["Records"] = [
            template | {"messageId": str(index), "body": body} for index, body in enumerate(bodies)
        ]
        answer = processor.lambda_handler(event, FakeLambdaContext())
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    return deliver


@pytest.fixture
def tick(load_event: LoadEvent) -> Callable[[], dict[str, int]]:
    """Invoke the scheduler, as EventBridge Scheduler does."""

    def invoke() -> dict[str, int]:
        counts: dict[str, int] = scheduler.lambda_handler(
            load_event("scheduler"), FakeLambdaContext()
        )
        return counts

    return invoke


def _forget_clients() -> None:
    """A new execution environment."""
    for cached in (
        clients.dynamodb,
        clients.sqs,
        clients.s3,
        api_dependencies.dependencies,
        processor.dependencies,
        scheduler.dependencies,
    ):
        cached.cache_clear()


def _create_table(dynamodb: "DynamoDBClient") -> None:
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("PK", "SK", "GSI1PK", "GSI1SK")
        ],
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "GSI1",
                "KeySchema": [
                    {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                    {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def _item_record(item: Item) -> dict[str, Any]:
    """Written out, not through services.core.records: this is what seeds the table from outside."""
    return {
        "PK": {"S": f"ITEM#{item.item_id}"},
        "SK": {"S": "METADATA"},
        "GSI1PK": {"S": "ITEM"},
        "GSI1SK": {"S": item.item_id},
        "item_id": {"S": item.item_id},
        "name": {"S": item.name},
        "description": {"S": item.description},
        "price_cents": {"N": str(item.price_cents)},
        "currency": {"S": item.currency},
    }
