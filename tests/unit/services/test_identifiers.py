"""Order identifiers: their order, their shape, their randomness."""

from datetime import UTC, datetime, timedelta

import pytest

from services.core.identifiers import is_order_id, new_order_id

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_later_orders_have_greater_identifiers() -> None:
    moments = [NOON + timedelta(milliseconds=step) for step in (0, 1, 2, 1000, 86_400_000)]

    identifiers = [new_order_id(moment) for moment in moments]

    assert identifiers == sorted(identifiers)


def test_identifiers_of_one_moment_do_not_repeat() -> None:
    assert len({new_order_id(NOON) for _ in range(1000)}) == 1000


def test_a_new_identifier_is_one() -> None:
    assert all(is_order_id(new_order_id(NOON)) for _ in range(100))


@pytest.mark.parametrize(
    "text", ["", "01KARF5TC0", "81KARF5TC0W3V6T8Q1ZC4N5XHE", "01KARF5TC0W3V6T8Q1ZC4N5XHI", "é" * 26]
)
def test_other_text_is_not_an_identifier(text: str) -> None:
    assert not is_order_id(text)


def test_a_trailing_newline_is_not_ignored() -> None:
    assert not is_order_id(new_order_id(NOON) + "\n")
