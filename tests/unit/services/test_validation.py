"""Validation of bodies: every field named as the client wrote it."""

import pytest

from services.api.problems import FieldError
from services.api.validation import violations

LINE = {"item_id": "mug", "quantity": 1}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param([], FieldError("body", "must be object"), id="not an object"),
        pytest.param({}, FieldError("items", "is required"), id="field missing"),
        pytest.param(
            {"items": []}, FieldError("items", "must contain at least 1 items"), id="too few"
        ),
        pytest.param(
            {"items": [LINE] * 21},
            FieldError("items", "must contain less than or equal to 20 items"),
            id="too many",
        ),
        pytest.param(
            {"items": [LINE, {"item_id": "mug"}]},
            FieldError("items[1].quantity", "is required"),
            id="field of an entry missing",
        ),
        pytest.param(
            {"items": [LINE | {"quantity": 0}]},
            FieldError("items[0].quantity", "must be bigger than or equal to 1"),
            id="too small",
        ),
        pytest.param(
            {"items": [LINE | {"quantity": 100}]},
            FieldError("items[0].quantity", "must be smaller than or equal to 99"),
            id="too large",
        ),
        pytest.param(
            {"items": [LINE | {"quantity": True}]},
            FieldError("items[0].quantity", "must be integer"),
            id="a boolean is no number",
        ),
        pytest.param(
            {"items": [LINE | {"quantity": 1.5}]},
            FieldError("items[0].quantity", "must be integer"),
            id="a fraction is no integer",
        ),
        pytest.param(
            {"items": [LINE | {"item_id": "mug\n"}]},
            FieldError("items[0].item_id", "must match pattern ^[A-Za-z0-9_-]{1,64}$"),
            id="a trailing newline is not ignored",
        ),
        pytest.param(
            {"items": [LINE | {"price": 1}]},
            FieldError("items[0].price", "is not a field of this request"),
            id="unknown field of an entry",
        ),
        pytest.param(
            {"items": [LINE], "data": 1},
            FieldError("data", "is not a field of this request"),
            id="unknown field",
        ),
    ],
)
def test_a_wrong_order_names_the_field(body: object, expected: FieldError) -> None:
    assert violations(body, schema="PlaceOrder") == [expected]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "A" * 101}, "name"),
        ({"name": None}, "name"),
        ({"name": "Ada", "email": "ada"}, "email"),
        ({"name": "Ada", "email": "a b@c"}, "email"),
    ],
)
def test_a_wrong_profile_names_the_field(body: object, field: str) -> None:
    assert {error.field for error in violations(body, schema="PutProfile")} == {field}


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ("PlaceOrder", {"items": [LINE] * 20}),
        ("PlaceOrder", {"items": [{"item_id": "A-b_9", "quantity": 99.0}]}),
        ("PutProfile", {"name": "Ada"}),
        ("PutProfile", {"name": "Ada", "email": None}),
        ("PutProfile", {"name": "Åsa 三", "email": "ada@example.com"}),
    ],
)
def test_a_valid_body_has_no_violations(schema: str, body: object) -> None:
    assert violations(body, schema=schema) == []


def test_all_wrong_fields_are_named_at_once() -> None:
    body = {"items": [{"quantity": 0}, {"item_id": "", "quantity": 1}]}

    assert [error.field for error in violations(body, schema="PlaceOrder")] == [
        "items[0].item_id",
        "items[0].quantity",
        "items[1].item_id",
    ]


def test_no_more_than_twenty_are_reported() -> None:
    assert len(violations({"items": [{}] * 500}, schema="PlaceOrder")) == 20
