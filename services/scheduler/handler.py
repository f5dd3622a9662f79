"""Entry point of the scheduler: sends orders again that are PENDING for too long."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from services.core import clients
from services.core.model import utc_now
from services.core.observability import logger, metrics
from services.core.orders import resend_pending
from services.core.ports import Orders, Publisher
from services.core.queue import OrderQueue
from services.core.repository import OrderTable
from services.core.settings import SchedulerSettings
from services.core.tracing import traced


@dataclass(frozen=True, slots=True)
class Dependencies:
    orders: Orders
    publisher: Publisher
    pending_after: timedelta


@cache
def dependencies() -> Dependencies:
    settings = SchedulerSettings.read()
    return Dependencies(
        orders=OrderTable(clients.dynamodb(), settings.table_name),
        publisher=OrderQueue(clients.sqs(), settings.queue_url),
        pending_after=settings.pending_after,
    )


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """EventBridge Scheduler event, whose content does not matter; answers {"resent": <orders>}.

    Raises ResendError if some orders could not be sent. EventBridge Scheduler invokes
    asynchronously: Lambda itself retries the event, then gives it to the failures queue, the
    function's on-failure destination. The schedule's dead-letter queue sees only what could not be
    delivered to Lambda.
    """
    wired = dependencies()
    resent = resend_pending(
        pending_after=wired.pending_after,
        orders=wired.orders,
        publisher=wired.publisher,
        clock=utc_now,
        time_left=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()),
    )
    return {"resent": resent}
