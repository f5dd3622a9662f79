"""A token issuer for tests: real RS256 keys, tokens and key sets, made with `cryptography`."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ex4mpl3Id"
CLIENT = "2lf9example5client7id3abc"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def part(content: Any) -> str:
    return base64url(json.dumps(content).encode())


@dataclass(frozen=True)
class Issuer:
    """Signs what it is asked to sign, right or wrong."""

    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    key_id: str = "k1"

    def claims(self, *, now: float, **changes: Any) -> dict[str, Any]:
        """Those of a signed-in user for an hour; a change to None leaves the claim out."""
        claims = {
            "sub": "74c8a4f8-2031-70d5-6ad6-0f3b6f2c1e55",
            "iss": ISSUER,
            "client_id": CLIENT,
            "token_use": "access",
            "scope": "aws.cognito.signin.user.admin",
            "iat": int(now),
            "exp": int(now) + 3600,
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, claims: Any, **header: Any) -> str:
        signed = f"{part({'alg': 'RS256', 'kid': self.key_id} | header)}.{part(claims)}"
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64url(signature)}"

    def jwk(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.key_id,
            "n": base64url(numbers.n.to_bytes(256)),
            "e": base64url(numbers.e.to_bytes(3)),
        }

    def jwks(self) -> bytes:
        return json.dumps({"keys": [self.jwk()]}).encode()
