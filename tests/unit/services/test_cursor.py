"""Cursors: what went in comes out, and nothing else is accepted."""

import pytest

from services.core import cursor


@pytest.mark.parametrize("key", ["mug", "01KARF5TC0W3V6T8Q1ZC4N5XHE", "a", "ab", "abc", "abcd"])
def test_a_sort_key_survives_the_round_trip(key: str) -> None:
    assert cursor.decode(cursor.encode(key)) == key


def test_a_cursor_needs_no_escaping_in_a_url() -> None:
    assert cursor.encode("~~~???>>>").replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("bXVn=", id="padded"),
        pytest.param("bX Vn", id="a character that Python's decoder skips"),
        pytest.param("bXV", id="spare bits set"),
        pytest.param("b", id="impossible length"),
        pytest.param("w6k", id="not ASCII"),
        pytest.param("YWFh" * 100, id="too long"),
    ],
)
def test_text_that_encode_did_not_make_is_refused(text: str) -> None:
    with pytest.raises(cursor.CursorError, match=r"base64url|canonical"):
        cursor.decode(text)
