"""Queue messages: what is sent is understood, what is not is refused without being quoted."""

import pytest

from services.core.errors import MessageError
from services.core.messages import OrderMessage

MESSAGE = OrderMessage("01KARF5TC0W3V6T8Q1ZC4N5XHE", "request-1")


def test_a_message_survives_the_queue() -> None:
    assert OrderMessage.from_json(MESSAGE.to_json()) == MESSAGE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ("{}", "order_id is not an order identifier"),
        ('{"order_id": 7, "correlation_id": "r"}', "order_id is not an order identifier"),
        ('{"order_id": "secret", "correlation_id": "r"}', "order_id is not an order identifier"),
        ('{"order_id": "01KARF5TC0W3V6T8Q1ZC4N5XHE"}', "correlation_id is missing"),
        (
            '{"order_id": "01KARF5TC0W3V6T8Q1ZC4N5XHE", "correlation_id": ""}',
            "correlation_id is missing",
        ),
    ],
)
def test_another_body_is_refused_and_not_quoted(body: str, reason: str) -> None:
    with pytest.raises(MessageError, match=reason) as refusal:
        OrderMessage.from_json(body)

    assert "secret" not in str(refusal.value)
