"""RS256 verification (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017 section 8.2.2) in pure Python.

Verification uses public values only, so timing reveals no secret, and the function needs no native
wheel: the same package runs on every architecture.
"""

import hashlib
import hmac
from dataclasses import dataclass

# DER of the DigestInfo that precedes a SHA-256 digest (RFC 8017 section 9.2, note 1).
_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_MIN_BITS = 2048  # RFC 7518 section 3.3
# The verifier's work grows with the key; no provider issues larger ones.
_MAX_BITS = 8192


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA public key; ValueError if RFC 7518 does not allow it for RS256."""

    modulus: int
    exponent: int

    def __post_init__(self) -> None:
        if not _MIN_BITS <= self.modulus.bit_length() <= _MAX_BITS:
            raise ValueError(f"an RS256 key has {_MIN_BITS} to {_MAX_BITS} bits")
        if self.exponent < 3 or self.exponent % 2 == 0 or self.exponent.bit_length() > 32:
            raise ValueError("not a usable RSA public exponent")

    def verify(self, message: bytes, signature: bytes) -> bool:
        size = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature)
        if len(signature) != size or number >= self.modulus:
            return False
        block = pow(number, self.exponent, self.modulus).to_bytes(size)
        # The whole block is built and compared. Parsing the padding of the received one is how
        # forged signatures get accepted (Bleichenbacher, 2006).
        tail = _SHA256_DIGEST_INFO + hashlib.sha256(message).digest()
        expected = b"\x00\x01" + b"\xff" * (size - len(tail) - 3) + b"\x00" + tail
        return hmac.compare_digest(block, expected)
