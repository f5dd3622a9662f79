"""Opaque pagination cursors.

A cursor holds only the sort key at which the next page starts. The partition always comes from
the caller's identity, so a forged cursor moves a caller within their own data and nowhere else.
"""

import base64
import binascii
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class CursorError(ValueError):
    """The text is not a cursor that `encode` made."""


def encode(sort_key: str) -> str:
    return base64.urlsafe_b64encode(sort_key.encode()).rstrip(b"=").decode()


def decode(cursor: str) -> str:
    """The sort key within, or CursorError. Only the canonical spelling is accepted."""
    if not _ALPHABET.fullmatch(cursor):
        raise CursorError("not base64url")
    try:
        sort_key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise CursorError("not base64url of ASCII text") from error
    if encode(sort_key) != cursor:
        raise CursorError("not in canonical form")
    return sort_key
