"""The boto3 clients, made on first use and kept, and what their failures mean to the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore import exceptions as aws
from botocore.config import Config

from services.core.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# boto3's own 60 s would outlive the api function's 25 s and the gateway's 30 s, hiding which call
# hung. Two attempts of 1 + 2 s and a pause of at most 1 s give a call up after 7 s, which leaves
# the function time to answer 503 itself.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
    tcp_keepalive=True,
)

THROTTLING_CODES = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_CONFIG)


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=_CONFIG)


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=_CONFIG)


@contextmanager
def aws_call() -> Iterator[None]:
    """Throttling, a 5xx or silence of AWS becomes UnavailableError; any other error passes."""
    try:
        yield
    except aws.ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if error.response["Error"]["Code"] in THROTTLING_CODES or status >= 500:
            raise UnavailableError("the service is busy; try again") from error
        raise
    except (aws.ConnectionError, aws.HTTPClientError) as error:
        raise UnavailableError("the service did not answer in time; try again") from error
