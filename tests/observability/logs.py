"""The logs of a stack: what its handlers really write, and the lines that Lambda and the gateway write around them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from blueprint import paths
from blueprint.insights.discovery import LogEvent

PREFIX = "acme-useast1-prod"
ACCOUNT = "000000000000"
ROLES = ("api", "processor", "scheduler", "authorizer")
ACCESS_GROUP = f"/aws/apigateway/{PREFIX}"
# When the planted lines were written: before any recorded one, whose times are those of the test's own run.
NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)

_STAGE = paths.COMPONENTS / "apigateway" / "stage.tf"
# What the recorder's process inherits; everything else is as the lambda component, and Lambda itself, set it.
_INHERITED = ("PATH", "HOME", "LANG")


def group(role: str) -> str:
    return f"/aws/lambda/{PREFIX}-{role}"


def log(role: str) -> str:
    """The group of `role` as Logs Insights names it in @log."""
    return f"{ACCOUNT}:{group(role)}"


@cache
def recorded() -> Mapping[str, tuple[str, ...]]:
    """Every line that each role's handler wrote to standard output, in order; nothing may be on standard error."""
    running = {
        role: subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.observability.recorder", role],
            cwd=paths.ROOT,
            env=_environment(role),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for role in ROLES
    }
    return {role: _lines(role, process) for role, process in running.items()}


def _lines(role: str, process: "subprocess.Popen[str]") -> tuple[str, ...]:
    written, complaints = process.communicate(timeout=120)
    assert (process.returncode, complaints) == (0, ""), f"{role}: {complaints}"
    return tuple(written.splitlines())


def _environment(role: str) -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "POWERTOOLS_SERVICE_NAME": role,
        "POWERTOOLS_METRICS_NAMESPACE": PREFIX,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "STAGE": "prod",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_LAMBDA_FUNCTION_NAME": f"{PREFIX}-{role}",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "TABLE_NAME": f"{PREFIX}-orders",
        "QUEUE_URL": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{PREFIX}-orders",
        "RECEIPTS_BUCKET": f"{PREFIX}-receipts-{ACCOUNT}",
        "PENDING_AFTER_SECONDS": "300",
        "JWKS_URL": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ex4mpl3Id/.well-known/jwks.json",
        "ISSUER": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ex4mpl3Id",
        "CLIENT_IDS": "2lf9example5client7id3abc",
    }


def functions() -> list[LogEvent]:
    """The recorded lines as CloudWatch stores them, each at the time that it says of itself."""
    return [
        LogEvent(written_at(line), line, group(role), account_id=ACCOUNT)
        for role, lines in recorded().items()
        for line in lines
    ]


def written_at(line: str) -> datetime:
    document = json.loads(line)
    if "_aws" in document:
        return datetime.fromtimestamp(document["_aws"]["Timestamp"] / 1000, UTC)
    return datetime.fromisoformat(document["timestamp"])


def report(
    role: str, *, used_mb: int, of_mb: int, init_ms: float | None = None, trace: str = "1-0-0"
) -> LogEvent:
    """The line with which Lambda ends an invocation in JSON format: Telemetry API, schema 2022-12-13."""
    metrics: dict[str, float] = {
        "durationMs": 101.51,
        "billedDurationMs": 102,
        "memorySizeMB": of_mb,
        "maxMemoryUsedMB": used_mb,
    }
    record = {
        "requestId": "8f507cfc-3a1b-4a2c-9d5e-6f7a8b9c0d1e",
        "metrics": metrics | ({"initDurationMs": init_ms} if init_ms is not None else {}),
        "tracing": {
            "spanId": "3f4a5b6c7d8e9f0a",
            "type": "X-Amzn-Trace-Id",
            "value": f"Root={trace};Parent=1a2b3c4d5e6f7a8b;Sampled=1",
        },
        "status": "success",
    }
    line = {"time": "2020-01-01T12:00:00.000Z", "type": "platform.report", "record": record}
    return LogEvent(NOON, json.dumps(line), group(role), account_id=ACCOUNT)


def access(route: str, status: int, *, at: timedelta = timedelta(), **context: str) -> LogEvent:
    """A line of the access log in the component's own format; what the request did not have is a dash.

    `context` are variables of the gateway without `$context.`, their dots written as two underscores.
    """
    known = {
        "requestId": "Uf3k5j4OoAMEPbQ=",
        "requestTime": "01/Jan/2020:12:00:00 +0000",
        "routeKey": route,
        "status": str(status),
        "responseLatency": "20",
        "integrationLatency": "15",
    } | {name.replace("__", "."): value for name, value in context.items()}
    line = {key: known.get(variable, "-") for key, variable in access_keys().items()}
    return LogEvent(NOON + at, json.dumps(line), ACCESS_GROUP, account_id=ACCOUNT)


@cache
def access_keys() -> Mapping[str, str]:
    """Each key of the access log and the variable of the gateway that it shows, as stage.tf has them."""
    found = re.search(
        r"format = jsonencode\(\{(.*?)\}\)", _STAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found, f"{_STAGE.name} has no access log format"
    # Of a key that depends on the kind of authorizer, the first: that of the JWT authorizer.
    keys = dict(
        re.findall(
            r"^\s*(\w+)\s*=[^\n\"]*(?:\"jwt\" \? )?\"\$context\.([\w.]+)\"", found[1], re.MULTILINE
        )
    )
    assert len(keys) == len([row for row in found[1].splitlines() if "=" in row])
    return keys


def renamed(events: Iterable[LogEvent], key: str) -> list[LogEvent]:
    """The same lines, had whoever writes them called `key` (dotted where it is nested) something else."""
    return [
        LogEvent(
            event.timestamp,
            json.dumps(_renamed(json.loads(event.message), key.split("."))),
            event.log_group,
            account_id=event.account_id,
        )
        for event in events
    ]


def _renamed(document: dict[str, Any], path: list[str]) -> dict[str, Any]:
    first, *rest = path
    if first not in document:
        return document
    if rest:
        return document | {first: _renamed(document[first], rest)}
    return {(f"{first}_renamed" if key == first else key): value for key, value in document.items()}
