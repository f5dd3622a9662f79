"""The fields of a log event are those that AWS documents."""

import json
from datetime import UTC, datetime

from blueprint.insights.discovery import MOST_FIELDS, LogEvent, fields
from blueprint.insights.values import Value

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
REPORT = (
    "REPORT RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c\tDuration: 14.97 ms\tBilled Duration: 15 ms\t"
    "Memory Size: 128 MB\tMax Memory Used: 67 MB\tInit Duration: 203.14 ms\t\n"
    "XRAY TraceId: 1-692250a3-5f2b1c0d3e4f5a6b7c8d9e0f\tSegmentId: 1a2b3c4d5e6f7a8b\tSampled: true\t\n"
)


def found(message: str) -> dict[str, Value]:
    """The fields apart from those that every event has."""
    event = LogEvent(AT, message, "/aws/lambda/shop", "stream", "123456789012")
    generated = {"@timestamp": AT, "@message": message, "@logStream": "stream"}
    known = generated | {"@log": "123456789012:/aws/lambda/shop"}
    all_fields = fields(event)
    assert all_fields.items() >= known.items()
    return {name: value for name, value in all_fields.items() if name not in known}


def test_nested_json_has_dots_and_lists_have_positions() -> None:
    document = {
        "userIdentity": {"type": "IAMUser"},
        "items": [{"instanceId": "i-abcde123"}, "x"],
        "count": 3,
        "ok": True,
        "nothing": None,
        "empty": {},
    }

    assert found(json.dumps(document)) == {
        "userIdentity.type": "IAMUser",
        "items.0.instanceId": "i-abcde123",
        "items.1": "x",
        "count": 3,
        "ok": True,
    }


def test_only_the_first_json_of_a_line_is_looked_into() -> None:
    assert found('INFO {"a": 1} and {"b": 2}') == {"a": 1}


def test_a_line_without_json_has_no_further_fields() -> None:
    assert found("plain {text") == {}


def test_a_key_that_begins_with_an_at_sign_gets_a_second_one() -> None:
    assert found('{"@id": 1, "a": {"@b": 2}}') == {"@@id": 1, "a.@b": 2}


def test_no_more_fields_are_found_than_cloudwatch_extracts() -> None:
    assert len(found(json.dumps({f"k{n}": n for n in range(MOST_FIELDS + 5)}))) == MOST_FIELDS


def test_a_report_in_text_has_lambdas_fields_with_memory_in_bytes() -> None:
    assert found(REPORT) == {
        "@type": "REPORT",
        "@requestId": "76269889-7d50-4d6d-a3f1-9b4f5322f47c",
        "@duration": 14.97,
        "@billedDuration": 15.0,
        "@initDuration": 203.14,
        "@memorySize": 128_000_000,
        "@maxMemoryUsed": 67_000_000,
        "@xrayTraceId": "1-692250a3-5f2b1c0d3e4f5a6b7c8d9e0f",
        "@xraySegmentId": "1a2b3c4d5e6f7a8b",
    }


def test_a_report_in_json_has_its_own_keys_and_none_that_are_generated() -> None:
    document = {"type": "platform.report", "record": {"metrics": {"durationMs": 14.97}}}

    assert found(json.dumps(document)) == {
        "type": "platform.report",
        "record.metrics.durationMs": 14.97,
    }
