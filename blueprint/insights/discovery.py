"""Which fields CloudWatch Logs Insights finds in a log event."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blueprint.insights.values import Value

# "CloudWatch Logs Insights can extract a maximum of 200 log event fields from a JSON log."
MOST_FIELDS = 200

_OF_EVERY_EVENT = frozenset({"@timestamp", "@message", "@logStream", "@log"})
# Found in the START, END and REPORT lines of the text format. AWS does not document them for JSON's platform events,
# whose own keys are used instead: record.metrics.durationMs and the like.
_OF_LAMBDA = frozenset(
    {
        "@type",
        "@requestId",
        "@duration",
        "@billedDuration",
        "@initDuration",
        "@memorySize",
        "@maxMemoryUsed",
        "@xrayTraceId",
        "@xraySegmentId",
    }
)
GENERATED = _OF_EVERY_EVENT | _OF_LAMBDA

_PLATFORM_LINE = re.compile(r"(START|END|REPORT) RequestId: (\S+)")
_REPORTED = {
    "@duration": re.compile(r"\tDuration: ([\d.]+) ms"),
    "@billedDuration": re.compile(r"\tBilled Duration: ([\d.]+) ms"),
    "@initDuration": re.compile(r"\tInit Duration: ([\d.]+) ms"),
}
_MEMORY = {
    "@memorySize": re.compile(r"\tMemory Size: (\d+) MB"),
    "@maxMemoryUsed": re.compile(r"\tMax Memory Used: (\d+) MB"),
}
_TRACE = {
    "@xrayTraceId": re.compile(r"XRAY TraceId: (\S+)"),
    "@xraySegmentId": re.compile(r"SegmentId: (\S+)"),
}
_MEGABYTE = 1_000_000  # CloudWatch shows 128 MB as 1.28E8


@dataclass(frozen=True)
class LogEvent:
    """A line of a log as CloudWatch stores it; `timestamp` must know its zone."""

    timestamp: datetime
    message: str
    log_group: str
    log_stream: str = "2026/11/23/[7]0123456789abcdef0123456789abcdef"
    account_id: str = "000000000000"


def fields(event: LogEvent) -> dict[str, Value]:
    """Every field of `event` by its name, those of nested JSON with dots: record.metrics.durationMs, items.0.id."""
    found: dict[str, Value] = {
        "@timestamp": event.timestamp,
        "@message": event.message,
        "@logStream": event.log_stream,
        "@log": f"{event.account_id}:{event.log_group}",
    }
    found.update(_platform_fields(event.message))
    for count, (name, value) in enumerate(_json_fields(event.message)):
        if count == MOST_FIELDS:
            break
        found[name] = value
    return found


def _platform_fields(message: str) -> Iterator[tuple[str, Value]]:
    line = _PLATFORM_LINE.match(message)
    if not line:
        return
    yield "@type", line[1]
    yield "@requestId", line[2]
    for name, pattern in _REPORTED.items():
        if figure := pattern.search(message):
            yield name, float(figure[1])
    for name, pattern in _MEMORY.items():
        if figure := pattern.search(message):
            yield name, int(figure[1]) * _MEGABYTE
    for name, pattern in _TRACE.items():
        if figure := pattern.search(message):
            yield name, figure[1]


def _json_fields(message: str) -> Iterator[tuple[str, Value]]:
    """The fields of the first JSON object in `message`."""
    start = message.find("{")
    if start < 0:
        return
    try:
        document, _ = json.JSONDecoder().raw_decode(message, start)
    except ValueError:
        return
    yield from _flattened("", document)


def _flattened(name: str, value: Any) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from _flattened(f"{name}.{key}" if name else _discovered(str(key)), inner)
    elif value is not None:
        yield name, value


def _discovered(name: str) -> str:
    """A key that begins with @ is told from the generated fields by a second one."""
    return f"@{name}" if name.startswith("@") else name
