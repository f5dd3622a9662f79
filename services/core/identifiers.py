"""Order identifiers: ordered by time and impossible to guess."""

import re
import secrets
from datetime import datetime

# Crockford's base 32, as in ULID: digits sort before letters, and no I, L, O or U to misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_RANDOM_BITS = 80
_ORDER_ID = re.compile(f"[0-7][{_ALPHABET}]{{{_LENGTH - 1}}}")


def new_order_id(now: datetime) -> str:
    """26 characters: 48 bits of milliseconds since 1970, then 80 random bits."""
    number = int(now.timestamp() * 1000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    digits = (number >> 5 * place & 31 for place in reversed(range(_LENGTH)))
    return "".join(_ALPHABET[digit] for digit in digits)


def is_order_id(text: str) -> bool:
    return _ORDER_ID.fullmatch(text) is not None
