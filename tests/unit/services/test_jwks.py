"""The issuer's keys: how long they are kept, when they are fetched again, what is refused."""

import json
from dataclasses import dataclass, field

import pytest

from services.authorizer.jwks import KeySet, KeySourceError
from tests.issuer import Issuer


@dataclass
class Source:
    """A key set endpoint that counts its visitors, and the clock they go by."""

    document: bytes
    fetches: int = 0
    seconds: float = 1000.0
    keys: KeySet = field(init=False)

    def __post_init__(self) -> None:
        self.keys = KeySet(fetch=self.fetch, now=lambda: self.seconds)

    def fetch(self) -> bytes:
        self.fetches += 1
        return self.document


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


def test_keys_are_fetched_once_and_kept_for_an_hour(issuer: Issuer) -> None:
    source = Source(issuer.jwks())

    for source.seconds in (1000.0, 1030.0, 1061.0, 4599.0):
        assert source.keys.find("k1") is not None
    assert source.fetches == 1

    source.seconds = 4600.0
    source.keys.find("k1")
    assert source.fetches == 2


def test_a_rotated_key_is_found_by_fetching_again(issuer: Issuer) -> None:
    source = Source(issuer.jwks())
    source.keys.find("k1")
    source.document = Issuer(issuer.key, key_id="k2").jwks()
    source.seconds += 60

    assert source.keys.find("k2") is not None
    assert source.keys.find("k1") is None


def test_invented_key_identifiers_cause_one_fetch_a_minute(issuer: Issuer) -> None:
    source = Source(issuer.jwks())

    for step in range(180):
        source.seconds = 1000.0 + step
        assert source.keys.find(f"invented-{step}") is None

    assert source.fetches == 3


def test_an_unreachable_source_is_an_error_and_is_asked_again_next_time() -> None:
    issuer, source = Issuer(), Source(b"")

    with pytest.raises(KeySourceError, match="malformed"):
        source.keys.find("k1")
    source.document = issuer.jwks()

    assert source.keys.find("k1") is not None


def test_keys_of_other_kinds_and_uses_are_passed_over(issuer: Issuer) -> None:
    good = issuer.jwk()
    others = [
        good | {"kid": "ec", "kty": "EC"},
        good | {"kid": "enc", "use": "enc"},
        good | {"kid": "rs512", "alg": "RS512"},
    ]
    source = Source(json.dumps({"keys": [*others, good]}).encode())

    found = {kid: source.keys.find(kid) is not None for kid in ("k1", "ec", "enc", "rs512")}

    assert found == {"k1": True, "ec": False, "enc": False, "rs512": False}


@pytest.mark.parametrize(
    "document",
    [
        b"<html>",
        b"[]",
        b'{"keys": 7}',
        b'{"keys": [7]}',
        b'{"keys": [{"kid": "k1", "kty": "RSA"}]}',
        b'{"keys": [{"kid": "k1", "kty": "RSA", "n": "***", "e": "AQAB"}]}',
        b'{"keys": [{"kid": "k1", "kty": "RSA", "n": "AQAB", "e": "AQAB"}]}',
    ],
)
def test_a_malformed_key_set_is_an_error(document: bytes) -> None:
    with pytest.raises(KeySourceError, match="the key set is malformed"):
        Source(document).keys.find("k1")


def test_a_key_set_without_a_usable_key_is_an_error() -> None:
    with pytest.raises(KeySourceError, match="holds no RS256 key"):
        Source(b'{"keys": []}').keys.find("k1")
