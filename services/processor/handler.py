"""Entry point of the processor: confirms each order of an SQS batch, apart from the others."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.core import clients
from services.core.errors import MessageError
from services.core.messages import OrderMessage
from services.core.model import utc_now
from services.core.observability import logger, metrics
from services.core.orders import confirm_order
from services.core.ports import Orders, Receipts
from services.core.receipts import ReceiptBucket
from services.core.repository import OrderTable
from services.core.settings import ProcessorSettings
from services.core.tracing import traced


@dataclass(frozen=True, slots=True)
class Dependencies:
    orders: Orders
    receipts: Receipts


@cache
def dependencies() -> Dependencies:
    settings = ProcessorSettings.read()
    return Dependencies(
        orders=OrderTable(clients.dynamodb(), settings.table_name),
        receipts=ReceiptBucket(clients.s3(), settings.receipts_bucket),
    )


def confirm_record(record: SQSRecord) -> None:
    """Any exception fails this record alone: SQS delivers it again, and at last to the DLQ."""
    with logger.append_context_keys(
        message_id=record.message_id,
        receive_count=record.attributes.approximate_receive_count,
    ):
        try:
            message = OrderMessage.from_json(record.body)
        except MessageError:
            logger.exception("message not understood")
            raise
        with logger.append_context_keys(
            correlation_id=message.correlation_id, order_id=message.order_id
        ):
            _confirm(message.order_id)


def _confirm(order_id: str) -> None:
    wired = dependencies()
    try:
        confirm_order(order_id, orders=wired.orders, receipts=wired.receipts, clock=utc_now)
    except Exception:
        logger.exception("order not confirmed")
        raise


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """SQS event; answers with the identifiers of the records to deliver again."""
    # A batch that failed as a whole is reported like any other: raising would add nothing but a
    # trace that quotes every record.
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(
        event=event, record_handler=confirm_record, processor=processor, context=context
    )
