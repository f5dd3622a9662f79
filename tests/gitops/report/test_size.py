"""Blocks go in whole or not at all."""

from blueprint.report import size


def test_blocks_that_fit_are_taken_in_order_and_one_too_long_is_passed_over() -> None:
    blocks = {"a": "x" * 40, "b": "x" * 90, "c": "x" * 40, "d": "x" * 40}

    assert size.fitting(blocks, 84) == {"a", "c"}
    assert size.fitting(blocks, 83) == {"a"}


def test_size_is_counted_in_bytes() -> None:
    assert size.of("ü") == 2
    assert size.fitting({"a": "üü"}, 5) == set()


def test_missing_parts_leave_no_gap() -> None:
    assert size.joined(["one", None, "", "two"]) == "one\n\ntwo"
