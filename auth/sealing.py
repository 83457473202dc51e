"""Secrets at rest: made here, kept as a hash, or sealed with a key that is not in the database."""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class CannotUnsealError(Exception):
    """The sealed value was made with another key, for another purpose, or was changed."""


def new_secret() -> str:
    """256 random bits, as 43 characters that are safe in addresses, headers and cookies."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> bytes:
    """What we keep of a random secret: 32 bytes. Fast on purpose: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def bound_token(secret: str, purpose: str) -> str:
    """A token that only the holder of the secret can have and that serves one purpose."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def seal(secret_key: str, purpose: str, value: bytes) -> bytes:
    """Encrypt with AES-256-GCM under a key derived for this purpose alone; the nonce stands in front."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(secret_key, purpose).encrypt(nonce, value, None)


def unseal(secret_key: str, purpose: str, sealed: bytes) -> bytes:
    """Decrypt what `seal` made with the same key and purpose. Raises CannotUnsealError."""
    try:
        return _cipher(secret_key, purpose).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except InvalidTag:
        raise CannotUnsealError("Sealed with another secret key.") from None


def derived_key(secret_key: str, purpose: str) -> bytes:
    """A key of 256 bits for this purpose alone: whoever has it knows neither the secret nor any other key."""
    # "provider" for all purposes: what was sealed under this name must stay readable.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"vhod provider " + purpose.encode())
    return derived.derive(secret_key.encode())


def _cipher(secret_key: str, purpose: str) -> AESGCM:
    return AESGCM(derived_key(secret_key, purpose))
