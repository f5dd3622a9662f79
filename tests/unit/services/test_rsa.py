"""RS256 in pure Python, against the `cryptography` package as the oracle."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from services.authorizer.rsa import PublicKey

MESSAGE = b"header.payload"


@pytest.fixture(scope="module", params=[2048, 2050])
def private_key(request: pytest.FixtureRequest) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=request.param)


def ours(key: rsa.RSAPrivateKey) -> PublicKey:
    numbers = key.public_key().public_numbers()
    return PublicKey(numbers.n, numbers.e)


def accepted_by_oracle(key: rsa.RSAPrivateKey, message: bytes, signature: bytes) -> bool:
    try:
        key.public_key().verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def test_a_genuine_signature_is_accepted(private_key: rsa.RSAPrivateKey) -> None:
    signature = private_key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())

    assert ours(private_key).verify(MESSAGE, signature)


def test_verdicts_agree_with_cryptography_on_damaged_signatures(
    private_key: rsa.RSAPrivateKey,
) -> None:
    key = ours(private_key)
    genuine = private_key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    for position in range(len(genuine)):
        damaged = bytearray(genuine)
        damaged[position] ^= 1 << position % 8
        candidate = bytes(damaged)
        assert key.verify(MESSAGE, candidate) == accepted_by_oracle(private_key, MESSAGE, candidate)


@pytest.mark.parametrize(
    ("padder", "digest"),
    [
        pytest.param(padding.PKCS1v15(), hashes.SHA384(), id="SHA-384"),
        pytest.param(padding.PKCS1v15(), hashes.SHA512(), id="SHA-512"),
        pytest.param(padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256(), id="PSS"),
    ],
)
def test_a_signature_of_another_algorithm_is_refused(
    private_key: rsa.RSAPrivateKey,
    padder: padding.PKCS1v15 | padding.PSS,
    digest: hashes.HashAlgorithm,
) -> None:
    signature = private_key.sign(MESSAGE, padder, digest)

    assert not ours(private_key).verify(MESSAGE, signature)


def raw_sign(key: rsa.RSAPrivateKey, block: bytes) -> bytes:
    """What a signer would make of an arbitrary block: the RSA operation without any padding."""
    numbers = key.private_numbers()
    modulus = numbers.public_numbers.n
    size = (modulus.bit_length() + 7) // 8
    return pow(int.from_bytes(block.rjust(size, b"\x00")), numbers.d, modulus).to_bytes(size)


def encoded(key: rsa.RSAPrivateKey, message: bytes) -> bytes:
    """The genuine padded block, recovered from a genuine signature."""
    numbers = key.public_key().public_numbers()
    signature = int.from_bytes(key.sign(message, padding.PKCS1v15(), hashes.SHA256()))
    size = (numbers.n.bit_length() + 7) // 8
    return pow(signature, numbers.e, numbers.n).to_bytes(size)


def test_a_block_with_rubbish_after_the_digest_is_refused(private_key: rsa.RSAPrivateKey) -> None:
    """Bleichenbacher's forgery: short padding, then digest, then free bytes."""
    block = encoded(private_key, MESSAGE)
    digest_info = block[-51:]
    short = b"\x00\x01" + b"\xff" * 8 + b"\x00" + digest_info
    forged = raw_sign(private_key, short + b"\x00" * (len(block) - len(short)))

    assert not ours(private_key).verify(MESSAGE, forged)
    assert not accepted_by_oracle(private_key, MESSAGE, forged)


@pytest.mark.parametrize("position", [1, 2, 100, -52, -51, -1])
def test_a_block_with_one_other_byte_is_refused(
    private_key: rsa.RSAPrivateKey, position: int
) -> None:
    block = bytearray(encoded(private_key, MESSAGE))
    block[position] ^= 0x01
    forged = raw_sign(private_key, bytes(block))

    assert not ours(private_key).verify(MESSAGE, forged)
    assert not accepted_by_oracle(private_key, MESSAGE, forged)


def test_a_signature_of_another_length_is_refused(private_key: rsa.RSAPrivateKey) -> None:
    genuine = private_key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())

    for candidate in (b"", genuine[1:], genuine[:-1], b"\x00" + genuine, genuine + b"\x00"):
        assert not ours(private_key).verify(MESSAGE, candidate)


def test_a_signature_beyond_the_modulus_is_refused() -> None:
    """s and s + n give the same block; only the smaller one is a signature."""
    # 2050 bits leave six to spare in 257 bytes, so that the twin always fits.
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2050)
    key = ours(private_key)
    genuine = private_key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    twin = (int.from_bytes(genuine) + key.modulus).to_bytes(257)

    assert key.verify(MESSAGE, genuine)
    assert not key.verify(MESSAGE, twin)


@pytest.mark.parametrize("bits", [1024, 2047, 8193])
def test_keys_too_short_or_too_long_are_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="2048 to 8192 bits"):
        PublicKey((1 << bits - 1) + 1, 65537)


@pytest.mark.parametrize("exponent", [0, 1, 2, 65536, (1 << 40) + 1])
def test_unusable_exponents_are_refused(exponent: int) -> None:
    with pytest.raises(ValueError, match="public exponent"):
        PublicKey((1 << 2047) + 1, exponent)
