"""The DynamoDB table, one method per access pattern.

Every read by key and every read of a user's own partition is strongly consistent: a caller who
has just written sees what they wrote. Reads through GSI1 cannot be; they only list.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from services.core import records
from services.core.clients import THROTTLING_CODES, aws_call
from services.core.errors import ConflictError, IdempotencyKeyTakenError, UnavailableError
from services.core.messages import OrderMessage
from services.core.model import Item, Order, OrderStatus, Page, PlacementRecord, Profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
    )

_INDEX = "GSI1"
_IS_NEW = "attribute_not_exists(PK)"
_BATCH_GET_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class _Table:
    client: "DynamoDBClient"
    name: str

    def _get(
        self, key: "dict[str, AttributeValueTypeDef]"
    ) -> "dict[str, AttributeValueTypeDef] | None":
        with aws_call():
            answer = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True)
        return answer.get("Item")


@dataclass(frozen=True, slots=True)
class ItemTable(_Table):
    sleep: Callable[[float], None] = time.sleep

    def get(self, item_id: str) -> Item | None:
        record = self._get(records.item_key(item_id))
        return None if record is None else records.item_from(record)

    def get_many(self, item_ids: Iterable[str]) -> dict[str, Item]:
        """At most 100 identifiers, DynamoDB's limit for one batch."""
        keys = [records.item_key(item_id) for item_id in sorted(set(item_ids))]
        found: dict[str, Item] = {}
        for attempt in range(_BATCH_GET_ATTEMPTS):
            if attempt:
                self.sleep(0.05 * 2**attempt)
            with aws_call():
                answer = self.client.batch_get_item(
                    RequestItems={self.name: {"Keys": keys, "ConsistentRead": True}}
                )
            for record in answer["Responses"].get(self.name, []):
                item = records.item_from(record)
                found[item.item_id] = item
            # A throttled batch is a 200 with keys left over.
            left_over = answer.get("UnprocessedKeys", {}).get(self.name)
            if not left_over:
                return found
            keys = list(left_over["Keys"])
        raise UnavailableError("the service is busy; try again")

    def list_page(self, *, limit: int, after: str | None) -> Page[Item]:
        query: QueryInputTypeDef = {
            "TableName": self.name,
            "IndexName": _INDEX,
            "KeyConditionExpression": "GSI1PK = :partition",
            "ExpressionAttributeValues": {":partition": {"S": records.ITEM_PARTITION}},
            "Limit": limit,
        }
        if after is not None:
            query["ExclusiveStartKey"] = records.item_index_key(after)
        with aws_call():
            answer = self.client.query(**query)
        items = tuple(records.item_from(record) for record in answer["Items"])
        return Page(items, items[-1].item_id if "LastEvaluatedKey" in answer else None)


@dataclass(frozen=True, slots=True)
class ProfileTable(_Table):
    def get(self, user_id: str) -> Profile | None:
        record = self._get(records.profile_key(user_id))
        return None if record is None else records.profile_from(record)

    def put(self, profile: Profile) -> None:
        with aws_call():
            self.client.put_item(TableName=self.name, Item=records.profile_record(profile))


@dataclass(frozen=True, slots=True)
class OrderTable(_Table):
    def find_placement(self, user_id: str, idempotency_key: str) -> PlacementRecord | None:
        record = self._get(records.placement_key(user_id, idempotency_key))
        return None if record is None else records.placement_from(record)

    def add(self, order: Order, placement: PlacementRecord, *, now: datetime) -> None:
        try:
            self._write(
                {
                    "Put": {
                        "TableName": self.name,
                        "Item": records.placement_record(placement),
                        # TTL deletes within days; an expired record no longer counts.
                        "ConditionExpression": f"{_IS_NEW} OR expires_at <= :now",
                        "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
                    }
                },
                self._put_new(records.order_record(order)),
                self._put_new(records.user_order_record(order)),
            )
        except _ConditionFailedError as error:
            raise IdempotencyKeyTakenError("Idempotency-Key was used a moment ago") from error

    def get(self, order_id: str) -> Order | None:
        record = self._get(records.order_key(order_id))
        return None if record is None else records.order_from(record)

    def get_for_user(self, user_id: str, order_id: str) -> Order | None:
        record = self._get(records.user_order_key(user_id, order_id))
        return None if record is None else records.order_from(record)

    def list_for_user(self, user_id: str, *, limit: int, after: str | None) -> Page[Order]:
        query: QueryInputTypeDef = {
            "TableName": self.name,
            "KeyConditionExpression": "PK = :partition AND begins_with(SK, :prefix)",
            "ExpressionAttributeValues": {
                ":partition": {"S": records.user_partition(user_id)},
                ":prefix": {"S": records.ORDER_SORT_PREFIX},
            },
            "ScanIndexForward": False,
            "ConsistentRead": True,
            "Limit": limit,
        }
        if after is not None:
            query["ExclusiveStartKey"] = records.user_order_key(user_id, after)
        with aws_call():
            answer = self.client.query(**query)
        orders = tuple(records.order_from(record) for record in answer["Items"])
        return Page(orders, orders[-1].order_id if "LastEvaluatedKey" in answer else None)

    def confirm(self, order: Order, *, confirmed_at: str) -> bool:
        change = "SET #status = :confirmed, confirmed_at = :at"
        values: dict[str, AttributeValueTypeDef] = {
            ":pending": {"S": OrderStatus.PENDING.value},
            ":confirmed": {"S": OrderStatus.CONFIRMED.value},
            ":at": {"S": confirmed_at},
        }
        try:
            self._write(
                self._update_if_pending(
                    records.order_key(order.order_id),
                    # Nobody lists confirmed orders: out of the index, they cost it nothing.
                    f"{change} REMOVE GSI1PK, GSI1SK",
                    values,
                ),
                self._update_if_pending(
                    records.user_order_key(order.user_id, order.order_id), change, values
                ),
            )
        except _ConditionFailedError:
            return False
        return True

    def pending_before(self, announced_before: str) -> Iterator[OrderMessage]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            IndexName=_INDEX,
            KeyConditionExpression="GSI1PK = :partition AND GSI1SK < :before",
            ExpressionAttributeValues={
                ":partition": {"S": records.PENDING_PARTITION},
                ":before": {"S": announced_before},
            },
            ProjectionExpression="order_id, correlation_id",
        )
        with aws_call():
            for page in pages:
                for record in page["Items"]:
                    yield OrderMessage(record["order_id"]["S"], record["correlation_id"]["S"])

    def postpone(self, order_id: str, *, until: str) -> None:
        exceptions = self.client.exceptions
        try:
            with aws_call():
                self.client.update_item(
                    TableName=self.name,
                    Key=records.order_key(order_id),
                    UpdateExpression="SET GSI1SK = :until",
                    ConditionExpression="#status = :pending",
                    ExpressionAttributeNames={"#status": "status"},
                    ExpressionAttributeValues={
                        ":until": {"S": until},
                        ":pending": {"S": OrderStatus.PENDING.value},
                    },
                )
        except (
            exceptions.ConditionalCheckFailedException,
            exceptions.TransactionConflictException,
        ):
            # The processor was faster, or is just confirming it: nothing left to postpone.
            return

    def _put_new(self, item: "dict[str, AttributeValueTypeDef]") -> "TransactWriteItemTypeDef":
        return {"Put": {"TableName": self.name, "Item": item, "ConditionExpression": _IS_NEW}}

    def _update_if_pending(
        self,
        key: "dict[str, AttributeValueTypeDef]",
        change: str,
        values: "dict[str, AttributeValueTypeDef]",
    ) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self.name,
                "Key": key,
                "UpdateExpression": change,
                "ConditionExpression": "#status = :pending",
                "ExpressionAttributeNames": {"#status": "status"},
                "ExpressionAttributeValues": values,
            }
        }

    def _write(self, *actions: "TransactWriteItemTypeDef") -> None:
        """All or nothing. boto3 adds a request token, so its own retries cannot write twice."""
        try:
            with aws_call():
                self.client.transact_write_items(TransactItems=actions)
        except self.client.exceptions.TransactionCanceledException as error:
            raise _cancellation(error) from error


class _ConditionFailedError(Exception):
    """A condition of the transaction did not hold."""


def _cancellation(error: ClientError) -> Exception:
    """What a cancelled transaction means; one action's reason is enough to cancel all."""
    codes = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
    if "TransactionConflict" in codes:
        return ConflictError("the same records are being written; repeat the request")
    if codes & THROTTLING_CODES:
        return UnavailableError("the service is busy; try again")
    if "ConditionalCheckFailed" in codes:
        return _ConditionFailedError()
    return error
