"""Access tokens: the genuine ones pass, and each way of being wrong has its reason."""

import hashlib
import hmac
from typing import Any

import pytest

from services.authorizer.rsa import PublicKey
from services.authorizer.tokens import Identity, TokenError, TokenVerifier
from tests.issuer import CLIENT, ISSUER, Issuer, base64url, part

NOW = 1_795_392_000.0


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="module")
def verifier(issuer: Issuer) -> TokenVerifier:
    numbers = issuer.key.public_key().public_numbers()
    keys = {"k1": PublicKey(numbers.n, numbers.e)}
    return TokenVerifier(
        find_key=keys.get, issuer=ISSUER, client_ids=frozenset({CLIENT}), now=lambda: NOW
    )


def test_a_genuine_token_tells_who_presents_it(issuer: Issuer, verifier: TokenVerifier) -> None:
    claims = issuer.claims(now=NOW, sub="ada", scope="orders-api/orders.read openid")

    identity = verifier.verify(issuer.token(claims))

    assert identity == Identity("ada", CLIENT, frozenset({"orders-api/orders.read", "openid"}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"iss": "https://evil.example"}, "other issuer", id="other issuer"),
        pytest.param({"exp": int(NOW) - 30}, "expired", id="expired"),
        pytest.param({"exp": float("nan")}, "expired", id="expiry is not a number"),
        pytest.param({"exp": None}, "malformed claims", id="no expiry"),
        pytest.param({"exp": "1795395600"}, "malformed claims", id="expiry is text"),
        pytest.param({"exp": True}, "malformed claims", id="expiry is a boolean"),
        pytest.param({"nbf": int(NOW) + 31}, "not valid yet", id="not valid yet"),
        pytest.param({"token_use": "id"}, "not an access token", id="ID token"),
        pytest.param({"token_use": None}, "not an access token", id="no use"),
        pytest.param({"client_id": "other"}, "other client", id="other client"),
        pytest.param({"client_id": None}, "other client", id="no client"),
        pytest.param({"client_id": [CLIENT]}, "other client", id="list of clients"),
        pytest.param({"sub": None}, "malformed claims", id="no subject"),
        pytest.param({"sub": ""}, "malformed claims", id="empty subject"),
        pytest.param({"scope": ["a"]}, "malformed claims", id="scope is a list"),
    ],
)
def test_a_claim_that_does_not_hold_is_refused(
    issuer: Issuer, verifier: TokenVerifier, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenError, match=f"^{reason}$"):
        verifier.verify(issuer.token(issuer.claims(now=NOW, **changes)))


@pytest.mark.parametrize("changes", [{"exp": int(NOW) - 29}, {"nbf": int(NOW) + 30}])
def test_clocks_may_differ_by_half_a_minute(
    issuer: Issuer, verifier: TokenVerifier, changes: dict[str, Any]
) -> None:
    assert verifier.verify(issuer.token(issuer.claims(now=NOW, **changes))).client_id == CLIENT


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "none"}, "not signed with RS256"),
        ({"alg": "RS512"}, "not signed with RS256"),
        ({"alg": ["RS256"]}, "not signed with RS256"),
        ({"crit": ["exp"]}, "not signed with RS256"),
        ({"kid": "k2"}, "unknown key"),
        ({"kid": None}, "unknown key"),
        ({"kid": ["k1"]}, "unknown key"),
    ],
)
def test_a_header_that_asks_for_something_else_is_refused(
    issuer: Issuer, verifier: TokenVerifier, header: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenError, match=reason):
        verifier.verify(issuer.token(issuer.claims(now=NOW), **header))


def test_hs256_with_the_public_key_as_the_secret_is_refused(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    signed = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(issuer.claims(now=NOW))}"
    tag = hmac.new(issuer.jwks(), signed.encode(), hashlib.sha256).digest()

    with pytest.raises(TokenError, match="not signed with RS256"):
        verifier.verify(f"{signed}.{base64url(tag)}")


def test_a_token_of_another_issuers_key_is_refused(issuer: Issuer, verifier: TokenVerifier) -> None:
    stranger = Issuer(key_id=issuer.key_id)

    with pytest.raises(TokenError, match="wrong signature"):
        verifier.verify(stranger.token(stranger.claims(now=NOW)))


def test_changed_claims_break_the_signature(issuer: Issuer, verifier: TokenVerifier) -> None:
    header, _, signature = issuer.token(issuer.claims(now=NOW)).split(".")

    with pytest.raises(TokenError, match="wrong signature"):
        verifier.verify(f"{header}.{part(issuer.claims(now=NOW, sub='eve'))}.{signature}")


def test_every_change_to_the_last_character_is_refused(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    """Lenient base64 ignores spare bits: several spellings would pass for the same signature."""
    token = issuer.token(issuer.claims(now=NOW))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    for character in set(alphabet) - {token[-1]}:
        with pytest.raises(TokenError, match=r"not a JWT|wrong signature"):
            verifier.verify(token[:-1] + character)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "e30=.e30.c2ln",
        "bm90IGpzb24.e30.c2ln",
        f"{part([])}.e30.c2ln",
        f"{part({'alg': 'RS256', 'kid': 'k1'})}.e30.",
        "é.é.é",
    ],
)
def test_what_is_no_jwt_is_refused(verifier: TokenVerifier, token: str) -> None:
    with pytest.raises(TokenError, match="not a JWT"):
        verifier.verify(token)


@pytest.mark.parametrize("claims", [[], "text", 7, None])
def test_signed_claims_that_are_no_object_are_refused(
    issuer: Issuer, verifier: TokenVerifier, claims: object
) -> None:
    with pytest.raises(TokenError, match="not a JWT"):
        verifier.verify(issuer.token(claims))
