"""Access tokens: what a JWT must prove before its claims are believed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.authorizer import base64url
from services.authorizer.rsa import PublicKey

LEEWAY_SECONDS = 30  # clocks differ


class TokenError(Exception):
    """The token proves nothing. The message is a constant: it is logged, the token never is."""


@dataclass(frozen=True, slots=True)
class Identity:
    subject: str
    client_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """`find_key` gives the issuer's key of an identifier, or None; its errors pass through."""

    find_key: Callable[[str], PublicKey | None]
    issuer: str
    client_ids: frozenset[str]
    now: Callable[[], float]

    def verify(self, token: str) -> Identity:
        """Who presents the token, or TokenError."""
        return self._identity(self._signed_claims(token))

    def _signed_claims(self, token: str) -> dict[str, Any]:
        parts = token.split(".")
        if len(parts) != 3:
            raise TokenError("not a JWT")
        header = _json_object(parts[0])
        # Only what is expected, never what the token asks for: `none` and HS256 signed with the
        # public key are the classic forgeries. `crit` demands extensions we do not have.
        if header.get("alg") != "RS256" or "crit" in header:
            raise TokenError("not signed with RS256")
        key_id = header.get("kid")
        key = self.find_key(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise TokenError("unknown key")
        if not key.verify(f"{parts[0]}.{parts[1]}".encode(), _decode(parts[2])):
            raise TokenError("wrong signature")
        return _json_object(parts[1])

    def _identity(self, claims: dict[str, Any]) -> Identity:
        now = self.now()
        if claims.get("iss") != self.issuer:
            raise TokenError("other issuer")
        if not _number(claims, "exp") > now - LEEWAY_SECONDS:  # so, NaN is refused as well
            raise TokenError("expired")
        if "nbf" in claims and not _number(claims, "nbf") <= now + LEEWAY_SECONDS:
            raise TokenError("not valid yet")
        # An ID token of the same pool is signed by the same key, and is no permission.
        if claims.get("token_use") != "access":
            raise TokenError("not an access token")
        client_id = claims.get("client_id")
        if not isinstance(client_id, str) or client_id not in self.client_ids:
            raise TokenError("other client")
        subject, scope = claims.get("sub"), claims.get("scope", "")
        if not isinstance(subject, str) or not subject or not isinstance(scope, str):
            raise TokenError("malformed claims")
        return Identity(subject, client_id, frozenset(scope.split()))


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenError("malformed claims")
    return value


def _json_object(part: str) -> dict[str, Any]:
    try:
        content = json.loads(_decode(part))
    except (ValueError, RecursionError) as error:
        raise TokenError("not a JWT") from error
    if not isinstance(content, dict):
        raise TokenError("not a JWT")
    return content


def _decode(part: str) -> bytes:
    try:
        return base64url.decode(part)
    except ValueError as error:
        raise TokenError("not a JWT") from error
