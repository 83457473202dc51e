"""VerifiedTokens: tokens whose signature was checked a moment ago are not checked again."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from auth.claims import VerifiedClaims
from auth.tokens import Verifier
from domain.recent import Recent

KEPT = 10_000
KEPT_FOR = timedelta(minutes=1)
"""A key that its issuer withdraws may serve on for so long. Rights do not stand here: they are compared every time."""


class VerifiedTokens:
    """Remembers what good tokens say, by their hash, until they end; bad ones are examined each time."""

    def __init__(self, verifier: Verifier, clock: Callable[[], datetime]) -> None:
        """Take who checks signatures, and a clock of aware moments."""
        self._verifier = verifier
        self._clock = clock
        self._kept: Recent[bytes, tuple[datetime, VerifiedClaims]] = Recent(KEPT)

    async def verify(self, token: str) -> VerifiedClaims:
        """Return what the token says, or raise as Verifier does."""
        key = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        kept = self._kept.get(key)
        if kept is not None and self._clock() < kept[0]:
            return kept[1]
        claims = await self._verifier.verify(token)
        # Within its leeway a token is good, but no longer worth remembering.
        self._kept.keep(key, (min(claims.expires_at, self._clock() + KEPT_FOR), claims))
        return claims
