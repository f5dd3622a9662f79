"""Values of fields: what counts as a number, how two compare, in which order they are sorted."""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

Value: TypeAlias = str | int | float | bool | datetime | None
SortKey: TypeAlias = tuple[object, ...]

# Only a value of digits (with sign, fraction, exponent) is a number; "1_000", "nan" and " 1" are texts.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CHUNK = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)


def number(value: Value) -> int | float | None:
    """`value` as a number, in JSON or as a text of digits; None where it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return milliseconds(value)
    if not _NUMBER.fullmatch(value):
        return None
    return int(value) if value.lstrip("+-").isdigit() else float(value)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, which is what CloudWatch computes with."""
    return round(moment.timestamp() * 1000)


def moment(milliseconds_since_1970: float) -> datetime:
    return datetime.fromtimestamp(milliseconds_since_1970 / 1000, UTC)


def text(value: Value) -> str | None:
    """`value` as CloudWatch shows it; None where the field is missing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return (
            value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03}"
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """Numbers by their value, all else as text; None, which no filter lets through, where it cannot be said.

    That is so for a missing field, and for the order of a number and a text.
    """
    if left is None or right is None:
        return None
    a, b = number(left), number(right)
    if a is not None and b is not None:
        return _SIGNS[sign](a, b)
    if sign not in {"=", "!="} and (a is None) != (b is None):
        return None
    return _SIGNS[sign](text(left), text(right))


def sort_key(value: Value) -> SortKey:
    """Ascending order as CloudWatch documents it: texts before numbers, digits within a text by length, then value.

    Where a missing field goes is not documented; here it comes first.
    """
    if value is None:
        return (0,)
    if (found := number(value)) is not None:
        return (2, found)
    return (1, tuple(_chunk_key(chunk) for chunk in _CHUNK.findall(text(value) or "")))


def _chunk_key(chunk: str) -> tuple[str, int, str]:
    return ("0", len(chunk), chunk) if chunk.isdigit() else (chunk, 0, "")
