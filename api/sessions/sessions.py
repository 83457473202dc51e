"""Sessions: begins them at the provider, finds whose a cookie is, keeps the tokens fresh, ends them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from api.identities.facts import facts_of
from api.identities.matching import Matching
from api.sessions.errors import ProviderAway, SessionEnded, SignInFailed
from api.sessions.pending import PendingSignIns
from api.sessions.relying_party import RelyingParty, SignedIn
from api.sessions.storage import SessionRow, SessionRows, new_cookie
from api.sessions.tokens import SessionTokens
from auth.claims import VerifiedClaims
from auth.sealing import CannotUnsealError

RENEW_BEFORE = timedelta(minutes=1)
WAIT_STEPS = 25
WAIT_STEP_SECONDS = 0.2


@dataclass(frozen=True)
class LiveSession:
    """A session with its tokens open."""

    row: SessionRow
    tokens: SessionTokens

    @property
    def id(self) -> UUID:
        """The session's public name; of no use as a cookie."""
        return self.row.id


@dataclass(frozen=True)
class Sessions:
    """The sessions of one server, over one provider."""

    rows: SessionRows
    pending: PendingSignIns
    party: RelyingParty
    matching: Matching
    secret_key: str
    clock: Callable[[], datetime]

    async def begin(self, browser: str, next_page: str, *, fresh: bool) -> str:
        """The provider's address to send this browser to. Raises ProviderAway."""
        address, pending = await self.party.begin(next_page, fresh=fresh)
        await self.pending.add(pending, browser)
        return address

    async def finish(
        self, answer: Mapping[str, str], browser: str | None, replaced: str | None, request_id: str
    ) -> tuple[str, str]:
        """The new session's cookie and the page to go to. Raises SignInFailed and ProviderAway.

        An account that nobody is linked to is matched first: the session already knows whose it is.
        `replaced` is the session this browser had: it ends here, and its cookie is never given to the next one.
        """
        state = answer.get("state")
        pending = await self.pending.take(state, browser) if state and browser else None
        if pending is None:
            raise SignInFailed("state")
        signed_in = await self.party.finish(answer, pending)
        issuer, claims = self.party.client.issuer, signed_in.claims
        about = claims.subject if issuer.subject_claim == ("sub",) else None
        await self.matching.match(claims, facts_of(signed_in.told, about), request_id)
        return await self._start(signed_in, replaced), pending.next_page

    async def find(self, cookie: str) -> LiveSession:
        """The live session of a cookie, as it is. Raises SessionEnded."""
        row = await self.rows.find(cookie)
        if row is None:
            raise SessionEnded
        try:
            return LiveSession(row, SessionTokens.unsealed(self.secret_key, cookie, row.sealed))
        except CannotUnsealError:
            raise SessionEnded from None

    async def use(self, cookie: str) -> tuple[LiveSession, VerifiedClaims]:
        """The session, used now, its tokens renewed where they are about to end. Raises SessionEnded, ProviderAway.

        Also raises what the verifier of tokens raises: InvalidToken and KeysUnavailable.
        """
        session = await self.find(cookie)
        if self.clock() + RENEW_BEFORE >= session.row.tokens_expire_at:
            session = await self._renewed(session, cookie)
        if session.row.unseen:
            await self.rows.seen(session.id)
        return session, await self.party.verifier.verify(session.tokens.access_token)

    async def end(self, cookie: str) -> str | None:
        """End the session; where the browser ends the provider's, too. None: nothing more to end."""
        try:
            session = await self.find(cookie)
        except SessionEnded:
            return None
        await self.rows.end(cookie)
        return await self.party.sign_out_address(session.tokens)

    async def _start(self, signed_in: SignedIn, replaced: str | None) -> str:
        cookie, tokens = new_cookie(), signed_in.tokens
        values: dict[str, object] = {
            "issuer": signed_in.claims.issuer,
            "subject": signed_in.claims.subject,
            "sealed": tokens.sealed(self.secret_key, cookie),
            "tokens_expire_at": signed_in.claims.expires_at,
            "provider_sid": tokens.sid,
        }
        await self.rows.start(cookie, values, replaced)
        structlog.get_logger(__name__).info("session:started")
        return cookie

    async def _renewed(self, session: LiveSession, cookie: str) -> LiveSession:
        """Ask the provider, or wait for whoever asks already: a refresh token may be used once."""
        for _ in range(WAIT_STEPS):
            if await self.rows.claim(session.row):
                return await self._renew(session, cookie)
            if self.clock() < session.row.tokens_expire_at:
                return session  # somebody else asks; these are still good
            await asyncio.sleep(WAIT_STEP_SECONDS)
            found = await self.find(cookie)
            if found.row.tokens_version != session.row.tokens_version:
                return found
        raise ProviderAway

    async def _renew(self, session: LiveSession, cookie: str) -> LiveSession:
        try:
            tokens = await self.party.renew(session.tokens, session.row.subject)
        except SessionEnded:
            if self.clock() < session.row.tokens_expire_at:
                return session  # the provider gives no more, yet what it gave is good to its end
            await self.rows.end(cookie)
            raise
        except ProviderAway:
            if self.clock() < session.row.tokens_expire_at:
                return session
            raise
        await self.rows.renew(session.row, tokens.sealed(self.secret_key, cookie), tokens.expires_at, tokens.sid)
        return await self.find(cookie)
