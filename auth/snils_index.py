"""The index of SNILS: a keyed hash by which a person is found, and which tells nobody the number.

There are about 10^9 numbers: a plain hash of one is undone in minutes, one under a key that is not in the database is
not. The first bytes name the key, so that a new secret is noticed and every hash made anew.
"""

import hashlib
import hmac

from auth.sealing import derived_key

KEY_ID_BYTES = 4


class SnilsIndex:
    """Makes hashes under a key that is derived from the server's secret for this purpose alone."""

    def __init__(self, secret_key: str) -> None:
        self._key = derived_key(secret_key, "snils index")
        self.key_id = hashlib.sha256(self._key).digest()[:KEY_ID_BYTES]

    @property
    def after_key_id(self) -> bytes:
        """The first value after all hashes under this key, for a range of an index."""
        following = (int.from_bytes(self.key_id) + 1) % 256**KEY_ID_BYTES
        return following.to_bytes(KEY_ID_BYTES) if following else b"\xff" * (KEY_ID_BYTES + 32)

    def hash(self, snils: str) -> bytes:
        """The hash of a number, whatever stands between its digits."""
        digits = "".join(character for character in snils if character.isdigit())
        return self.key_id + hmac.digest(self._key, digits.encode(), "sha256")
