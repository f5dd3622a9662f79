"""X-Ray tracing of a handler and of its AWS calls, where there is an X-Ray daemon.

Kept apart from `observability`, because the X-Ray SDK imports botocore: a function that makes no
AWS calls leaves it out, and still gets the segments that Lambda itself records.
"""

import os
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Tracer

Handler = Callable[..., Any]


def traced(handler: Handler) -> Handler:
    """The handler within a subsegment; unchanged, and without loading the SDK, if tracing is off.

    Lambda announces its daemon in AWS_XRAY_DAEMON_ADDRESS; POWERTOOLS_TRACE_DISABLED overrules.
    """
    if not os.environ.get("AWS_XRAY_DAEMON_ADDRESS") or _is_disabled():
        return handler
    tracer = Tracer(patch_modules=("botocore",))
    # A response may hold personal data, and traces are read by more people than the table is.
    return tracer.capture_lambda_handler(handler, capture_response=False)


def _is_disabled() -> bool:
    return os.environ.get("POWERTOOLS_TRACE_DISABLED", "").lower() in {"1", "true", "yes", "on"}
