"""VerifiedTokens: what is remembered of a token, and for how long."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from auth.claims import VerifiedClaims
from auth.errors import InvalidToken, Reason
from auth.tokens import Verifier
from auth.verified_tokens import KEPT_FOR, VerifiedTokens

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Examiner:
    """Takes every token for good but one, and counts how often it is asked."""

    def __init__(self, serves: timedelta) -> None:
        self.asked: list[str] = []
        self.until = NOW + serves

    async def verify(self, token: str) -> VerifiedClaims:
        """Its subject is the token itself."""
        self.asked.append(token)
        if token == "bad":
            raise InvalidToken(Reason.SIGNATURE)
        return VerifiedClaims("issuer", token, "client", frozenset(), None, (), None, True, self.until, None)


def remembering(examiner: Examiner, moments: list[datetime]) -> VerifiedTokens:
    """By a clock that shows the last of the moments."""
    return VerifiedTokens(cast("Verifier", examiner), lambda: moments[-1])


async def test_token_is_examined_once_a_minute() -> None:
    """Its claims are its own, and nobody else's."""
    examiner, moments = Examiner(timedelta(hours=1)), [NOW]
    tokens = remembering(examiner, moments)
    subjects = [(await tokens.verify(token)).subject for token in ("one", "two", "one", "two")]
    moments.append(NOW + KEPT_FOR)
    await tokens.verify("one")

    assert subjects == ["one", "two", "one", "two"]
    assert examiner.asked == ["one", "two", "one"]


async def test_token_is_not_remembered_past_its_end() -> None:
    """Within its leeway it is examined each time."""
    examiner, moments = Examiner(timedelta(seconds=5)), [NOW]
    tokens = remembering(examiner, moments)
    await tokens.verify("one")
    moments.append(NOW + timedelta(seconds=5))
    await tokens.verify("one")
    await tokens.verify("one")

    assert examiner.asked == ["one"] * 3


async def test_bad_token_is_bad_each_time() -> None:
    """A refusal is never remembered."""
    examiner = Examiner(timedelta(hours=1))
    tokens = remembering(examiner, [NOW])
    for _ in range(2):
        with pytest.raises(InvalidToken):
            await tokens.verify("bad")

    assert examiner.asked == ["bad", "bad"]
