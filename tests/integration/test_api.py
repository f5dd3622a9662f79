"""The API around orders: health, profile, items, and how failures are answered."""

import json
from typing import Any, Protocol

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from services.api.handler import lambda_handler
from services.core import clients
from tests.conftest import Counted, LoadEvent, Log
from tests.fakes import FakeLambdaContext
from tests.integration.api import Api
from tests.integration.conftest import TABLE, Aws


def test_health_needs_no_identity_no_environment_and_no_aws(load_event: LoadEvent) -> None:
    answer = lambda_handler(load_event("http_api_get_health"), FakeLambdaContext())

    assert answer["statusCode"] == 200
    assert answer["body"] == '{"status":"ok","version":"7"}'


def test_health_answers_as_documented(api: Api) -> None:
    assert api.signed_in_as(None).get("/health").body == {"status": "ok", "version": "7"}


def test_a_profile_is_written_and_read_by_its_owner_alone(api: Api) -> None:
    written = api.put("/users/me", {"name": "Ada", "email": "ada@example.com"})

    assert written.body["user_id"] == "ada"
    assert api.get("/users/me").body == written.body
    assert api.signed_in_as("eve").get("/users/me").status == 404


def test_a_profile_that_was_never_written_says_how_to_write_it(api: Api) -> None:
    answer = api.get("/users/me")

    assert answer.status == 404
    assert answer.body["detail"] == "you have no profile yet; PUT /users/me creates it"


def test_writing_a_profile_again_replaces_all_of_it(api: Api) -> None:
    api.put("/users/me", {"name": "Ada", "email": "ada@example.com"})

    api.put("/users/me", {"name": "Ada L."})

    profile = api.get("/users/me").body
    assert (profile["name"], profile["email"]) == ("Ada L.", None)


def test_items_are_listed_page_by_page(api: Api) -> None:
    first = api.get("/items", limit="2").body
    second = api.get("/items", limit="2", cursor=first["next_cursor"]).body

    assert [item["item_id"] for item in first["items"]] == ["cap", "mug"]
    assert [item["item_id"] for item in second["items"]] == ["pen"]
    assert second["next_cursor"] is None


def test_an_item_is_shown_with_its_price(api: Api) -> None:
    assert api.get("/items/mug").body == {
        "item_id": "mug",
        "name": "Mug",
        "description": "Holds coffee",
        "price_cents": 1250,
        "currency": "EUR",
    }


@pytest.mark.parametrize("item_id", ["unicorn", "i" * 3000, "a b"])
def test_an_item_that_does_not_exist_is_not_found(api: Api, item_id: str) -> None:
    assert api.get(f"/items/{item_id}").status == 404


@pytest.mark.parametrize("path", ["/users/me", "/orders"])
def test_a_request_without_identity_is_unauthorized(api: Api, path: str) -> None:
    assert api.signed_in_as(None).get(path).status == 401


@pytest.mark.parametrize("path", ["/", "/nothing", "/orders/1/lines", "/health/"])
def test_an_unknown_path_is_not_found(api: Api, path: str) -> None:
    assert api.get(path).status == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/orders", "GET, POST"),
        ("PATCH", "/orders/01KARF5TC0W3V6T8Q1ZC4N5XHE", "GET"),
        ("POST", "/users/me", "GET, PUT"),
    ],
)
def test_a_wrong_method_says_which_are_right(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = api.request(method, path)

    assert answer.status == 405
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("body", [None, "{", "[1,"])
def test_an_unreadable_body_is_a_bad_request(api: Api, body: str | None) -> None:
    assert api.request("PUT", "/users/me", body=body).status == 400


def test_a_large_body_is_refused_before_it_is_validated(api: Api) -> None:
    assert api.put("/users/me", {"name": "A" * 20_000}).status == 413


def test_every_problem_carries_the_request_id(api: Api) -> None:
    assert api.get("/items/unicorn").body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "no such item; GET /items lists what can be ordered",
        "request_id": "Uf3k5j4OoAMEPbQ=",
    }


class Refuse(Protocol):
    def __call__(self, operation: str, status: int, code: str, **fields: object) -> None: ...


@pytest.fixture
def refuse(aws: Aws) -> Refuse:
    """Make DynamoDB answer an operation with an error, as it would over the wire."""
    del aws

    def register(operation: str, status: int, code: str, **fields: object) -> None:
        document = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **fields}

        def answer(**_: object) -> Any:
            return _response(status, json.dumps(document).encode())

        clients.dynamodb().meta.events.register_first(f"before-send.dynamodb.{operation}", answer)

    return register


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


def _response(status: int, body: bytes) -> AWSResponse:
    headers = HTTPHeaders()
    headers["content-type"] = "application/x-amz-json-1.0"
    return AWSResponse("https://dynamodb.us-east-1.amazonaws.com", status, headers, _Raw(body))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ThrottlingException"),
        (400, "ProvisionedThroughputExceededException"),
        (500, "InternalServerError"),
    ],
)
def test_a_busy_table_is_unavailable_for_a_moment(
    api: Api, refuse: Refuse, log: Log, status: int, code: str
) -> None:
    refuse("GetItem", status, code)

    answer = api.get("/users/me")

    assert answer.status == 503
    assert answer.headers["Retry-After"] == "2"
    (line,) = log.lines("request not served")
    assert line["level"] == "ERROR"


def test_an_unexpected_error_tells_nothing_and_logs_everything(
    api: Api, refuse: Refuse, log: Log
) -> None:
    refuse("GetItem", 400, "AccessDeniedException")

    answer = api.get("/users/me")

    assert answer.status == 500
    assert answer.body["detail"] == "something went wrong; quote the request_id"
    (line,) = log.lines("request failed")
    assert line["correlation_id"] == answer.body["request_id"]
    assert "AccessDeniedException" in line["exception"]


def test_a_missing_setting_is_named_in_the_log_alone(
    api: Api, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TABLE_NAME")

    assert api.get("/users/me").status == 500

    assert (
        "environment variable TABLE_NAME is not set" in log.lines("request failed")[0]["exception"]
    )


@pytest.mark.parametrize(
    ("reason", "status"),
    [("TransactionConflict", 409), ("ThrottlingError", 503), ("ValidationError", 500)],
)
def test_a_cancelled_transaction_is_answered_by_its_reason(
    api: Api, refuse: Refuse, reason: str, status: int
) -> None:
    reasons = [{"Code": "None"}, {"Code": reason}, {"Code": "None"}]
    refuse("TransactWriteItems", 400, "TransactionCanceledException", CancellationReasons=reasons)

    assert api.place(("mug", 1)).status == status


def test_an_execution_environment_counts_its_cold_start_once(
    api: Api, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aws_lambda_powertools.metrics.provider.cold_start.is_cold_start", True)

    api.get("/items")
    api.get("/items")

    assert counted.total("ColdStart") == 1


def test_bodies_and_tokens_are_never_logged(api: Api, log: Log) -> None:
    api.put("/users/me", {"name": "Ada Lovelace", "email": "ada@example.com"})
    api.put("/users/me", {"nickname": "Countess", "name": "Ada Lovelace"})
    api.get("/users/me")
    api.place(("mug", 2))
    api.place(("unicorn", 42), key="key-2")
    api.request("POST", "/orders", body='{"items": "secret"', headers={"idempotency-key": "k"})

    assert len(log.lines()) >= 4
    for secret in ("Lovelace", "ada@example.com", "nickname", "Countess", "unicorn", "secret"):
        assert secret not in log.text
    assert "eyJ" not in log.text


def test_each_line_carries_the_request_id_and_the_order_its_identifier(api: Api, log: Log) -> None:
    order_id = api.place(("mug", 2)).body["order_id"]

    (line,) = log.lines("order placed")
    assert line["correlation_id"] == "Uf3k5j4OoAMEPbQ="
    assert line["order_id"] == order_id
    assert line["line_count"] == 1


def test_a_table_that_is_gone_is_an_error_not_an_empty_listing(api: Api, aws: Aws) -> None:
    aws.dynamodb.delete_table(TableName=TABLE)

    assert api.get("/items").status == 500
