"""Each saved query finds, in logs that our handlers really wrote, the rows planted for it and no others."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from blueprint.insights.answering import Row, answer
from blueprint.insights.checking import log_fields
from blueprint.insights.discovery import LogEvent
from blueprint.observability import queries
from tests.observability import logs
from tests.observability.logs import NOON, access, log, report

SAVED = queries.read()
ACCESS = f"{logs.ACCOUNT}:{logs.ACCESS_GROUP}"

REPORTS = [
    report("api", used_mb=96, of_mb=512, init_ms=400.0),
    report("api", used_mb=128, of_mb=512, init_ms=600.0),
    report("api", used_mb=90, of_mb=512),
    report("api", used_mb=91, of_mb=512),
    report("processor", used_mb=248, of_mb=256, init_ms=300.0),
    report("scheduler", used_mb=60, of_mb=256),
]
REQUESTS = [
    access("GET /health", 200, responseLatency="3", integrationLatency="2"),
    access(
        "POST /orders",
        500,
        authorizer__claims__sub="ada",
        responseLatency="3100",
        integrationLatency="3000",
        integrationErrorMessage="Internal server error",
        requestId="slow-1",
    ),
    access("POST /orders", 503, authorizer__claims__sub="ada", at=timedelta(minutes=3)),
    access("GET /orders", 502, authorizer__claims__sub="ada", at=timedelta(minutes=2)),
    access("GET /orders", 504, authorizer__claims__sub="bob", at=timedelta(minutes=1)),
    access("GET /orders", 200, authorizer__claims__sub="bob", requestId="unannounced"),
    access("GET /orders", 404, authorizer__claims__sub="bob"),
    access("GET /health", 500, responseLatency="7", integrationLatency="-"),
    access("POST /orders", 429, integrationLatency="-", responseLatency="1"),
    access("POST /orders", 429, at=timedelta(minutes=1), authorizer__claims__sub="eve"),
    access("GET /orders", 429, at=timedelta(minutes=7), authorizer__claims__sub="eve"),
]
SLOW = [
    access("GET /items", 200, responseLatency=str(ms), requestId=f"slow-{ms}")
    for ms in range(1971, 2001)
]


def ask(name: str, events: Iterable[LogEvent], value: str | None = None) -> list[Row]:
    """What the saved query finds in those of `events` that lie in its log groups."""
    saved = SAVED[name]
    groups = {logs.group(role) for role in logs.ROLES if saved.reads(role)}
    if saved.reads(queries.ACCESS):
        groups.add(logs.ACCESS_GROUP)
    return answer(saved.query(value), [event for event in events if event.log_group in groups])


def lines(role: str, message: str) -> list[dict[str, Any]]:
    """The recorded lines of `role` with this message."""
    documents = [json.loads(line) for line in logs.recorded()[role]]
    return [document for document in documents if document.get("message") == message]


def at(role: str, message: str, *, number: int = -1) -> datetime:
    """When `role` wrote the line with this message; of several the last, or the one with this number."""
    return logs.written_at(json.dumps(lines(role, message)[number]))


def errors_by_type() -> list[Row]:
    def row(role: str, error_type: str, text: str, errors: int) -> Row:
        known = lines(role, text)
        seen = at(role, text) if known else runtime_line("scheduler").timestamp
        return {
            "@log": log(role),
            "error_type": error_type,
            "text": text,
            "errors": errors,
            "last_seen": seen,
        }

    return [
        row("processor", "MessageError", "message not understood", 3),
        row("api", "ZeroDivisionError", "request failed", 2),
        row("processor", "NotFoundError", "order not confirmed", 2),
        row("api", "PublishError", "order not announced; the scheduler will", 1),
        row("api", "UnavailableError", "request not served", 1),
        row("scheduler", "PublishError", "order not sent again", 1),
        row("scheduler", "ResendError", "1 of 1 pending orders could not be sent again", 1),
    ]


def runtime_line(role: str) -> LogEvent:
    """What Lambda's runtime wrote when the handler of `role` raised."""
    (event,) = (
        event
        for event in logs.functions()
        if event.log_group == logs.group(role) and "errorType" in event.message
    )
    return event


def requests_by_route() -> list[Row]:
    def row(
        route: str, counts: tuple[int, int, int], latencies: tuple[int, int], function: int
    ) -> Row:
        names = ("requests", "client_errors", "server_errors", "p50_ms", "p99_ms")
        figures = dict(zip(names, (*counts, *latencies), strict=True))
        return {"routeKey": route, **figures, "function_p99_ms": function}

    return [
        row("GET /orders", (5, 2, 2), (20, 20), 15),
        row("POST /orders", (4, 2, 2), (20, 3100), 3000),
        row("GET /health", (2, 0, 1), (3, 7), 2),
    ]


def slowest_requests() -> list[Row]:
    """Of those planted the 25 slowest: the one that says why it is, and 24 others."""

    def row(request_id: str, route: str, figures: tuple[str, str, str], error: str) -> Row:
        names = ("status", "latency", "integrationLatency")
        return {
            "@timestamp": NOON,
            "requestId": request_id,
            "routeKey": route,
            **dict(zip(names, figures, strict=True)),
            "integrationError": error,
        }

    failed = row("slow-1", "POST /orders", ("500", "3100", "3000"), "Internal server error")
    others = [
        row(f"slow-{ms}", "GET /items", ("200", str(ms), "15"), "-") for ms in range(2000, 1976, -1)
    ]
    return [failed, *others]


def users_with_most_5xx() -> list[Row]:
    return [
        {"sub": "ada", "failures": 3, "routes": 2, "last_seen": NOON + timedelta(minutes=3)},
        {"sub": "bob", "failures": 1, "routes": 1, "last_seen": NOON + timedelta(minutes=1)},
    ]


def cold_starts() -> list[Row]:
    def row(role: str, invocations: int, starts: list[float]) -> Row:
        share: Row = {
            "@log": log(role),
            "invocations": invocations,
            "cold_starts": len(starts),
            "percent": len(starts) * 100 / invocations,
        }
        if starts:
            share |= {"average_ms": sum(starts) / len(starts), "longest_ms": max(starts)}
        return share

    return [row("api", 4, [400, 600]), row("processor", 1, [300]), row("scheduler", 1, [])]


def memory() -> list[Row]:
    def row(role: str, configured: int, peak: int) -> Row:
        return {
            "@log": log(role),
            "configured_mb": configured,
            "peak_mb": peak,
            "p95_mb": peak,
            "peak_percent": peak / configured * 100,
        }

    return [row("processor", 256, 248), row("api", 512, 128), row("scheduler", 256, 60)]


def throttled_requests() -> list[Row]:
    def row(minutes: int, route: str, turned_away: int, callers: int) -> Row:
        figures: Row = {"turned_away": turned_away, "callers": callers}
        return {"started": NOON + timedelta(minutes=minutes), "routeKey": route, **figures}

    return [row(5, "GET /orders", 1, 1), row(0, "POST /orders", 2, 2)]


def batch_item_failures() -> list[Row]:
    def row(message_id: str, message: str, error_type: str, deliveries: int) -> Row:
        seen = at("processor", message)
        figures: Row = {"failures": deliveries, "deliveries": deliveries, "error_type": error_type}
        return {"message_id": message_id, "message": message, **figures, "last_seen": seen}

    return [
        row("poison", "message not understood", "MessageError", 3),
        row("lost", "order not confirmed", "NotFoundError", 2)
        | {"order_id": "01KARF5TC0W3V6T8Q1ZC4N5XHE"},
    ]


def one_trace() -> list[Row]:
    placed = lines("api", "order placed")[0]
    return [
        {"@timestamp": NOON, "@log": log("processor"), "what": "platform.report"},
        {
            "@timestamp": at("api", "order placed", number=0),
            "@log": log("api"),
            "what": "order placed",
            "level": "INFO",
            "correlation_id": "placed",
            "order_id": placed["order_id"],
        },
    ]


def one_correlation_id() -> list[Row]:
    placed, failed = "order placed", "order not announced; the scheduler will"
    order: Row = {"@log": log("api"), "order_id": lines("api", placed)[1]["order_id"]}
    return [
        {"@timestamp": NOON, "@log": ACCESS, "outcome": "200", "what": "GET /orders"},
        order | {"@timestamp": at("api", placed, number=1), "outcome": "INFO", "what": placed},
        order
        | {"@timestamp": at("api", failed), "outcome": "ERROR", "what": failed}
        | {"exception_name": "PublishError"},
    ]


EXPECTED: dict[str, Callable[[], list[Row]]] = {
    "errors-by-type": errors_by_type,
    "requests-by-route": requests_by_route,
    "slowest-requests": slowest_requests,
    "users-with-most-5xx": users_with_most_5xx,
    "cold-starts": cold_starts,
    "memory": memory,
    "one-trace": one_trace,
    "one-correlation-id": one_correlation_id,
    "throttled-requests": throttled_requests,
    "batch-item-failures": batch_item_failures,
}


def planted(name: str) -> tuple[list[LogEvent], str | None]:
    """The lines that the query `name` is asked about, and what takes the place of its placeholder."""
    everything = [*logs.functions(), *REPORTS, *REQUESTS]
    match name:
        case "slowest-requests":
            return everything + SLOW, None
        case "one-trace":
            trace = lines("api", "order placed")[0]["xray_trace_id"]
            return [*everything, report("processor", used_mb=90, of_mb=256, trace=trace)], trace
        case "one-correlation-id":
            return everything, "unannounced"
        case _:
            return everything, None


def test_every_saved_query_has_its_planted_rows() -> None:
    assert set(EXPECTED) == set(SAVED)


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_query_finds_the_planted_rows_and_no_others(name: str) -> None:
    events, value = planted(name)

    assert ask(name, events, value) == EXPECTED[name]()


@pytest.mark.parametrize(
    ("name", "key"),
    [(name, key) for name, saved in SAVED.items() for key in log_fields(saved.query())],
)
def test_a_saved_query_notices_when_a_key_that_it_reads_is_renamed(name: str, key: str) -> None:
    events, value = planted(name)

    assert ask(name, logs.renamed(events, key), value) != EXPECTED[name]()


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_query_that_has_no_lines_has_no_rows(name: str) -> None:
    assert ask(name, []) == []


def test_a_placeholder_is_asked_for_by_the_queries_that_need_a_value() -> None:
    placeholders = {name: saved.placeholder for name, saved in SAVED.items() if saved.placeholder}

    assert placeholders == {"one-trace": "TRACE_ID", "one-correlation-id": "CORRELATION_ID"}
