"""One logger and one set of metrics per function.

Service name, namespace and log level come from the POWERTOOLS_* variables of the function. Log
messages are constants; identifiers and counts go in keys; bodies are never logged.
"""

import warnings
from enum import StrEnum

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

# An invocation with nothing to count is normal here; Powertools would print a line for each.
warnings.filterwarnings("ignore", message="No application metrics to publish", module="aws_lambda")

logger = Logger(utc=True, use_rfc3339=True)
metrics = Metrics()


class Outcome(StrEnum):
    """The outcomes somebody would alarm on, by the name of their metric."""

    ORDERS_PLACED = "OrdersPlaced"
    ORDER_REPLAYED = "OrderReplayed"
    ORDER_PUBLISH_FAILED = "OrderPublishFailed"
    ORDERS_CONFIRMED = "OrdersConfirmed"
    RECEIPTS_WRITTEN = "ReceiptsWritten"
    ORDERS_RESENT = "OrdersResent"
    AUTHORIZATION_DENIED = "AuthorizationDenied"


def count(outcome: Outcome, value: int = 1) -> None:
    metrics.add_metric(name=outcome.value, unit=MetricUnit.Count, value=value)
