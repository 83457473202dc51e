"""The keys in use by this process: read from the database, kept for seconds, rotated without a restart."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from joserfc.jwt import decode, encode

from auth.provider.config import Lifetimes
from auth.provider.storage.events import SecurityEvents
from auth.provider.storage.signing_keys import ALGORITHMS, SigningKey, SigningKeys

FRESH_SECONDS = 10.0
LONGEST_TOKEN = 16 * 1024


class KeyRing:
    """Signs and verifies our own tokens.

    A process that has not yet heard of a rotation signs with the key before: it is published for another day.
    """

    def __init__(
        self,
        keys: SigningKeys,
        events: SecurityEvents,
        lifetimes: Lifetimes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._events = events
        self._lifetimes = lifetimes
        self._clock = clock
        self._loaded: Sequence[SigningKey] = ()
        self._loaded_at = float("-inf")

    async def prepare(self) -> None:
        """Make the first keys, if there are none, and read all: a wrong secret key shows at the start, not later."""
        await self._keys.ensure()
        await self._fresh()

    async def rotate(self, alg: str) -> None:
        """Change the signing key now. Nobody notices: the new one has been published all the time."""
        await self._keys.rotate(alg)
        await self._note_rotation(alg)

    async def jwks(self) -> dict[str, Any]:
        """The public halves of all keys: next, current and previous."""
        return {"keys": [key.public for key in await self._fresh()]}

    async def sign(self, alg: str, typ: str, claims: dict[str, Any]) -> str:
        """A compact JWS with `kid`, by the current key of this algorithm."""
        current = next(key for key in await self._fresh() if key.alg == alg and key.state == "current")
        assert current.private is not None
        return encode({"alg": alg, "typ": typ, "kid": current.kid}, claims, current.private, [alg])

    async def verify(self, token: str, typ: str) -> dict[str, Any] | None:
        """Claims of a token of this type that we signed, whatever their times say; None for anything else."""
        if len(token) > LONGEST_TOKEN:
            return None
        keys = KeySet([import_key(key.public) for key in await self._fresh()])
        try:
            decoded = decode(token, keys, list(ALGORITHMS))
        except (JoseError, ValueError, TypeError, KeyError):
            return None
        ours = decoded.header.get("typ") == typ and "kid" in decoded.header
        return dict(decoded.claims) if ours else None

    async def _fresh(self) -> Sequence[SigningKey]:
        if self._clock() - self._loaded_at > FRESH_SECONDS:
            # Stamped first: while one request waits for the database, the others go on with what is known.
            self._loaded_at = self._clock()
            try:
                await self._rotate_due()
                self._loaded = await self._keys.load()
            except BaseException:
                self._loaded_at = float("-inf")
                raise
        return self._loaded or await self._keys.load()

    async def _rotate_due(self) -> None:
        for alg in await self._keys.rotate_due(self._lifetimes.key_period, self._lifetimes.key_notice):
            await self._events.record("key_rotation", detail=alg)

    async def _note_rotation(self, alg: str) -> None:
        self._loaded_at = float("-inf")
        await self._events.record("key_rotation", detail=alg)
