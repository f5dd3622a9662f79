"""The authorizer on the gateway's event, with keys served over HTTP."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from services.authorizer import handler
from services.authorizer.jwks import KeySourceError, download
from tests.conftest import Counted, Event, LoadEvent, Log
from tests.fakes import FakeLambdaContext
from tests.issuer import CLIENT, ISSUER, Issuer


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="module")
def jwks_server(issuer: Issuer) -> Iterator[str]:
    """The address of an issuer: /jwks.json is its key set, /moved redirects, else 404."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = {"/jwks.json": 200, "/moved": 302}.get(self.path, 404)
            self.send_response(status)
            self.send_header("Location", "/jwks.json")
            self.end_headers()
            self.wfile.write(issuer.jwks())

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _environment(jwks_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JWKS_URL", f"{jwks_server}/jwks.json")
    monkeypatch.setenv("ISSUER", ISSUER)
    monkeypatch.setenv("CLIENT_IDS", f"{CLIENT},other")
    handler.verifier.cache_clear()
    yield
    handler.verifier.cache_clear()


@pytest.fixture
def event(load_event: LoadEvent) -> Event:
    return load_event("http_api_authorizer")


def authorize(event: Event, **headers: str) -> dict[str, Any]:
    decision: dict[str, Any] = handler.lambda_handler(
        event | {"headers": headers}, FakeLambdaContext()
    )
    return decision


def test_a_genuine_token_is_let_in_with_its_identity(issuer: Issuer, event: Event) -> None:
    token = issuer.token(issuer.claims(now=time.time(), sub="ada"))

    assert authorize(event, authorization=f"Bearer {token}") == {
        "isAuthorized": True,
        "context": {
            "sub": "ada",
            "client_id": CLIENT,
            "scope": "aws.cognito.signin.user.admin",
        },
    }


@pytest.mark.parametrize(
    ("name", "scheme"), [("Authorization", "bearer"), ("AUTHORIZATION", "BEARER")]
)
def test_header_and_scheme_may_have_any_case(
    issuer: Issuer, event: Event, name: str, scheme: str
) -> None:
    token = issuer.token(issuer.claims(now=time.time()))

    assert authorize(event, **{name: f"{scheme} {token}"})["isAuthorized"] is True


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c"])
def test_a_missing_or_bad_credential_is_denied_and_counted(
    event: Event, counted: Counted, header: str
) -> None:
    assert authorize(event, authorization=header) == {"isAuthorized": False}

    assert counted.total("AuthorizationDenied") == 1


def test_a_request_without_headers_is_denied(event: Event, counted: Counted) -> None:
    assert authorize(event) == {"isAuthorized": False}

    assert counted.total("AuthorizationDenied") == 1


def test_the_recorded_event_with_its_forged_token_is_denied(event: Event, log: Log) -> None:
    decision = handler.lambda_handler(event, FakeLambdaContext())

    assert decision == {"isAuthorized": False}
    (line,) = log.lines("authorization denied")
    assert line["reason"] == "wrong signature"
    assert line["correlation_id"] == "Uf3lAiCgIAMEMmQ="


def test_a_machine_client_may_call_what_its_scope_says_and_no_more(
    issuer: Issuer, event: Event, log: Log
) -> None:
    claims = issuer.claims(now=time.time(), scope="orders-api/orders.read")
    header = f"Bearer {issuer.token(claims)}"

    assert authorize(event, authorization=header)["isAuthorized"] is True
    event["routeKey"] = "POST /orders"
    assert authorize(event, authorization=header)["isAuthorized"] is False

    (line,) = log.lines("authorization denied")
    assert (line["route_key"], line["reason"]) == ("POST /orders", "scope missing")


def test_tokens_are_never_logged(issuer: Issuer, event: Event, log: Log) -> None:
    authorize(event, authorization=f"Bearer {issuer.token(issuer.claims(now=0.0))}")

    assert log.lines("authorization denied")[0]["reason"] == "expired"
    assert "eyJ" not in log.text


@pytest.mark.parametrize("path", ["/nothing", "/moved"])
def test_an_issuer_that_cannot_be_asked_fails_the_invocation(
    issuer: Issuer, event: Event, jwks_server: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWKS_URL", f"{jwks_server}{path}")
    token = issuer.token(issuer.claims(now=time.time()))

    with pytest.raises(KeySourceError, match=r"answered (404|302)"):
        authorize(event, authorization=f"Bearer {token}")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/jwks.json", "file:///etc/passwd", "ftp://127.0.0.1/jwks.json"]
)
def test_an_address_that_cannot_be_read_is_an_error_that_names_it(url: str) -> None:
    with pytest.raises(KeySourceError, match=f"{url} cannot be read"):
        download(url)
