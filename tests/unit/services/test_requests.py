"""Reading requests: identity, page and body, and what is answered when one is amiss."""

import base64
import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from services.api import requests
from services.api.problems import RequestError
from services.core import cursor
from tests.conftest import Event, LoadEvent


@pytest.fixture
def order_event(load_event: LoadEvent) -> Event:
    return load_event("http_api_place_order")


def view(event: Event, **changes: Any) -> APIGatewayProxyEventV2:
    return APIGatewayProxyEventV2(event | changes)


def test_the_caller_is_the_subject_of_the_gateways_jwt(order_event: Event) -> None:
    assert requests.caller(view(order_event)) == "74c8a4f8-2031-70d5-6ad6-0f3b6f2c1e55"


def test_the_caller_is_the_subject_from_the_lambda_authorizer(load_event: LoadEvent) -> None:
    event = load_event("http_api_list_orders")

    assert requests.caller(view(event)) == "7machine9example2client4id"


@pytest.mark.parametrize("authorizer", [None, {}, {"jwt": {"claims": {}}}, {"lambda": {"sub": ""}}])
def test_a_request_without_identity_is_unauthorized(
    order_event: Event, authorizer: Event | None
) -> None:
    context = order_event["requestContext"] | {"authorizer": authorizer}

    with pytest.raises(RequestError, match="carries no identity") as refusal:
        requests.caller(view(order_event, requestContext=context))

    assert refusal.value.status == 401


@pytest.mark.parametrize("name", ["idempotency-key", "Idempotency-Key", "IDEMPOTENCY-KEY"])
def test_the_idempotency_key_is_found_in_any_case(order_event: Event, name: str) -> None:
    assert requests.idempotency_key(view(order_event, headers={name: " key 1 "})) == "key 1"


@pytest.mark.parametrize("key", [None, "", "  ", "k" * 129, "schlüssel", "a\x00b"])
def test_a_missing_or_unusable_idempotency_key_names_the_header(
    order_event: Event, key: str | None
) -> None:
    headers = {} if key is None else {"idempotency-key": key}

    with pytest.raises(RequestError, match="Idempotency-Key header is required") as refusal:
        requests.idempotency_key(view(order_event, headers=headers))

    assert refusal.value.status == 400
    assert refusal.value.errors[0].field == "Idempotency-Key"


def test_a_page_has_twenty_entries_by_default(order_event: Event) -> None:
    assert requests.limit(view(order_event)) == 20


@pytest.mark.parametrize("text", ["1", "100"])
def test_the_limit_may_be_one_to_a_hundred(order_event: Event, text: str) -> None:
    assert requests.limit(view(order_event, queryStringParameters={"limit": text})) == int(text)


@pytest.mark.parametrize("text", ["0", "101", "-1", "+5", " 5", "1_0", "5,6", "\u0665", "ten", ""])
def test_any_other_limit_is_refused_by_name(order_event: Event, text: str) -> None:
    with pytest.raises(RequestError, match="limit must be a whole number from 1 to 100") as refusal:
        requests.limit(view(order_event, queryStringParameters={"limit": text}))

    assert refusal.value.errors[0].field == "limit"


def test_without_a_cursor_the_listing_starts_at_the_beginning(order_event: Event) -> None:
    assert requests.page_start(view(order_event), is_valid=str.isalpha) is None


@pytest.mark.parametrize("text", ["", "%%%", cursor.encode("123")])
def test_a_cursor_of_another_listing_is_refused_by_name(order_event: Event, text: str) -> None:
    event = view(order_event, queryStringParameters={"cursor": text})

    with pytest.raises(RequestError, match="cursor must be the next_cursor") as refusal:
        requests.page_start(event, is_valid=str.isalpha)

    assert refusal.value.status == 400
    assert refusal.value.errors[0].field == "cursor"


def test_a_body_may_arrive_in_base64(order_event: Event) -> None:
    encoded = base64.b64encode(order_event["body"].encode()).decode()
    event = view(order_event, body=encoded, isBase64Encoded=True)

    assert requests.body(event, schema="PlaceOrder") == json.loads(order_event["body"])


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        pytest.param(None, 400, "the body is missing", id="none"),
        pytest.param("", 400, "the body is missing", id="empty"),
        pytest.param('{"items": [', 400, "not JSON: line 1 column 12", id="cut off"),
        pytest.param("[" * 16_000, 400, "not JSON in UTF-8", id="nested without end"),
        pytest.param('{"name": NaN}', 400, "not JSON in UTF-8", id="NaN"),
        pytest.param(r'{"name": "\ud800"}', 400, "not JSON in UTF-8", id="half a character"),
        pytest.param('{"name": "' + "é" * 8192, 413, "exceeds 16384 bytes", id="too large"),
    ],
)
def test_an_unreadable_body_is_refused(
    order_event: Event, body: str | None, status: int, detail: str
) -> None:
    with pytest.raises(RequestError, match=detail) as refusal:
        requests.body(view(order_event, body=body), schema="PutProfile")

    assert refusal.value.status == status


def test_a_body_that_is_not_text_is_refused(order_event: Event) -> None:
    event = view(order_event, body=base64.b64encode(b"\xff\xfe").decode(), isBase64Encoded=True)

    with pytest.raises(RequestError, match="not JSON in UTF-8"):
        requests.body(event, schema="PutProfile")
