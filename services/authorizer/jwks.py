"""The issuer's public keys: fetched over HTTP, kept for an hour, refetched when keys rotate."""

import http.client
import json
import urllib.request
from collections.abc import Callable
from typing import Any

from services.authorizer import base64url
from services.authorizer.rsa import PublicKey

TTL_SECONDS = 3600
# An unknown key identifier may mean rotation, or an attacker inventing identifiers: look again,
# but not so often that tokens of anybody's making turn into load on the issuer.
REFETCH_SECONDS = 60
_TIMEOUT_SECONDS = 2
_MAX_BYTES = 64 * 1024


class KeySourceError(Exception):
    """The keys cannot be had. Says nothing about the token: the request must fail, not be denied."""


class KeySet:
    """Keys by identifier. `fetch` gives the JWKS document, `now` monotonic seconds."""

    def __init__(self, *, fetch: Callable[[], bytes], now: Callable[[], float]) -> None:
        self._fetch = fetch
        self._now = now
        self._keys: dict[str, PublicKey] = {}
        self._fetched_at = float("-inf")

    def find(self, key_id: str) -> PublicKey | None:
        """None if the issuer has no such key; KeySourceError if it cannot be asked."""
        age = self._now() - self._fetched_at
        if age >= TTL_SECONDS or (key_id not in self._keys and age >= REFETCH_SECONDS):
            self._keys = _parse(self._fetch())
            self._fetched_at = self._now()
        return self._keys.get(key_id)


def download(url: str) -> bytes:
    """The document at an HTTP(S) address; KeySourceError for any other outcome."""
    # An opener with these handlers alone: no file: or ftp: addresses, no redirects, no proxies.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    try:
        with opener.open(url, timeout=_TIMEOUT_SECONDS) as response:
            if response.status != http.client.OK:
                raise KeySourceError(f"{url} answered {response.status}")
            content: bytes = response.read(_MAX_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise KeySourceError(f"{url} cannot be read: {error}") from error
    return content


def _parse(document: bytes) -> dict[str, PublicKey]:
    try:
        entries = json.loads(document)["keys"]
        keys = {entry["kid"]: _public_key(entry) for entry in entries if _is_signing_key(entry)}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise KeySourceError(f"the key set is malformed: {error!r}") from error
    if not keys:
        raise KeySourceError("the key set holds no RS256 key")
    return keys


def _is_signing_key(entry: dict[str, Any]) -> bool:
    """Key sets may hold keys of other kinds and for other uses; those are not for us."""
    kind = (entry["kty"], entry.get("use", "sig"), entry.get("alg", "RS256"))
    return kind == ("RSA", "sig", "RS256")


def _public_key(entry: dict[str, Any]) -> PublicKey:
    return PublicKey(
        modulus=int.from_bytes(base64url.decode(entry["n"])),
        exponent=int.from_bytes(base64url.decode(entry["e"])),
    )
