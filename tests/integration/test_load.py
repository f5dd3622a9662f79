"""Locust drives an API that this test serves: what the users ask, what is counted, and what reaches Locust."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.load import locust, results
from blueprint.load.profiles import Profile

# Each user chooses by chance what to do next; so many do not all choose the same.
QUICK = Profile("quick", "twelve users, a moment", 12, 12, 5, 0)


@dataclass
class Shop:
    """An API with two items; `statuses` overrules the answer of a method and path."""

    statuses: dict[str, int] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(
        default_factory=lambda: [{"item_id": "mug"}, {"item_id": "pen"}]
    )
    total_read: int = 1250
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    orders: dict[str, Any] = field(default_factory=dict)
    url: str = ""

    def answer(self, method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        self.seen.append((method, path, headers))
        route = f"{method} /{path.split('/')[2]}" + ("/" if path.count("/") > 2 else "")
        if route in self.statuses:
            return self.statuses[route], {}
        if route == "GET /items":
            return 200, {"items": self.items, "next_cursor": None}
        if route == "GET /items/":
            return 200, {"item_id": path.rpartition("/")[2]}
        if route == "POST /orders":
            assert body["items"][0]["quantity"] == 1
            identifier = f"order{len(self.orders)}"
            self.orders[identifier] = body
            return 201, {"order_id": identifier, "total_cents": 1250}
        return 200, {"order_id": path.rpartition("/")[2], "total_cents": self.total_read}


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            status, document = made.answer(self.command, self.path, dict(self.headers), body)
            text = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/api"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def test_users_browse_order_and_read_their_orders_back(shop: Shop, tmp_path: Path) -> None:
    reports = tmp_path / "reports"

    routes = locust.run(QUICK, url=shop.url, token="t0ken", reports=reports)

    results.require(routes, QUICK)
    counts = {route.name: route.requests for route in routes}
    assert {"GET /items", "GET /items/{item_id}"} <= set(counts)
    assert sum(counts.values()) == len(shop.seen)
    assert {headers["Authorization"] for _, _, headers in shop.seen} == {"Bearer t0ken"}
    assert all(path.startswith("/api/") for _, path, _ in shop.seen)
    assert (reports / "report.html").stat().st_size > 1000
    listed = (reports / "stats_stats.csv").read_text()
    assert "/items/{item_id}" in listed


def test_every_order_has_a_key_of_its_own(shop: Shop, tmp_path: Path) -> None:
    locust.run(QUICK, url=shop.url, token="t", reports=tmp_path / "reports")

    keys = [headers["Idempotency-Key"] for method, _, headers in shop.seen if method == "POST"]
    read = [path for method, path, _ in shop.seen if method == "GET" and "/orders/" in path]
    assert keys
    assert len(set(keys)) == len(keys)
    assert {path.rpartition("/")[2] for path in read} == set(shop.orders)


def test_failed_requests_are_counted_and_judged_by_the_profile(shop: Shop, tmp_path: Path) -> None:
    shop.statuses["GET /items/"] = 500

    routes = locust.run(QUICK, url=shop.url, token="t", reports=tmp_path / "reports")

    failed = {route.name for route in routes if route.failures}
    assert failed == {"GET /items/{item_id}"}
    with pytest.raises(BlueprintError, match=r"profile quick: \d+ of \d+ requests failed"):
        results.require(routes, QUICK)


@pytest.mark.parametrize("statuses", [{}, {"GET /items": 401}], ids=["no items", "bad token"])
def test_users_who_cannot_begin_are_failures(
    shop: Shop, tmp_path: Path, statuses: dict[str, int]
) -> None:
    shop.items = []
    shop.statuses = statuses

    routes = locust.run(QUICK, url=shop.url, token="t", reports=tmp_path / "reports")

    assert sum(route.failures for route in routes) >= QUICK.users


def test_credentials_and_settings_of_the_shell_do_not_reach_locust(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "secret")
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("LOCUST_USERS", "9000")

    env = locust._environment("t")

    assert "secret" not in env.values()
    assert "LOCUST_USERS" not in env
    assert env["LOAD_TOKEN"] == "t"


def test_a_run_that_locust_itself_refuses_is_an_error(shop: Shop, tmp_path: Path) -> None:
    broken = Profile("broken", "no users at all", 1, -1, 1, 0)

    with pytest.raises(BlueprintError, match="Locust ended with"):
        locust.run(broken, url=shop.url, token="t", reports=tmp_path / "reports")
