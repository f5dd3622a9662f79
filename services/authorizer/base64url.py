"""Base64url as JSON Web Signatures spell it: no padding, one spelling per value."""

import base64
import binascii
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]+")


def decode(text: str) -> bytes:
    """Raises ValueError for any other spelling.

    Python's decoder skips characters it does not know and ignores spare bits, so that a tampered
    token could decode to the original one.
    """
    if not _ALPHABET.fullmatch(text):
        raise ValueError("not base64url")
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if base64.urlsafe_b64encode(content).rstrip(b"=") != text.encode():
        raise ValueError("not canonical base64url")
    return content
