"""Callers: from a connection, HTTP or WebSocket, to who is asking. The one place where bearer and cookie meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from api.authentication import authenticate
from api.sessions.cookies import SessionCookies
from api.sessions.errors import SessionEnded, SessionsAway
from api.sessions.forgery import CSRF_HEADER, refuse_forgery
from api.sessions.sessions import Sessions
from auth.claims import VerifiedClaims
from auth.verified_tokens import VerifiedTokens
from auth.viewer import Caller

READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Identity:
    """Who asks. `caller` None: nobody signed in.

    `expires_at` is when this must be asked again: a bearer token is over then; a session may go on (identify again),
    and may have ended before (`Callers.lives`).
    """

    caller: Caller | None = None
    expires_at: datetime | None = None
    session_id: UUID | None = None
    signed_in_at: datetime | None = None
    """When the person last proved who they are: a renewed token keeps it."""


ANONYMOUS = Identity()


@dataclass(frozen=True)
class Callers:
    """Knows tokens and sessions. `origin` is our own, as browsers write it; no `sessions`: cookies mean nothing."""

    verifier: VerifiedTokens
    cookies: SessionCookies
    sessions: Sessions | None
    origin: str

    async def identify(
        self, connection: HTTPConnection, *, authorization: str | None = None, csrf: str | None = None
    ) -> Identity:
        """Who asks over this connection.

        A request has its token in the header `Authorization` or its cookie with `X-CSRF-Token`. A socket's first
        message may bring both instead: `authorization` ("Bearer ...") and `csrf`. Where there is a token, the cookie
        is not looked at. By GET the cookie is not looked at either: a link, an image or a cache of another site must
        not get an answer meant for a person; such a request is anonymous.

        Raises InvalidToken and SessionEnded (401), ForgedRequest (403), KeysUnavailable, ProviderAway and SessionsAway
        (503); `api.authentication.refusal` turns each into an answer. Bad credentials are never served as nobody.
        """
        headers = connection.headers if authorization is None else Headers({"authorization": authorization})
        claims = await authenticate(headers, self.verifier)
        if claims is not None:
            return Identity(caller_of(claims), claims.expires_at, signed_in_at=claims.auth_time)
        cookie = self.cookies.session(connection)
        if cookie is None or self.sessions is None or _is_reading(connection.scope):
            return ANONYMOUS
        refuse_forgery(connection, cookie, connection.headers.get(CSRF_HEADER) if csrf is None else csrf, self.origin)
        try:
            session, claims = await self.sessions.use(cookie)
        except (DBAPIError, PoolTimeoutError) as error:
            raise SessionsAway from error
        return Identity(caller_of(claims), claims.expires_at, session.id, claims.auth_time)

    async def signed_in(self, connection: HTTPConnection) -> bool:
        """Whether a live session stands behind the cookie: for pages that are the same for whoever is signed in.

        Such a page holds nothing of a person, so that reading it needs no CSRF token; and it does not count as use.
        """
        cookie = self.cookies.session(connection)
        if cookie is None or self.sessions is None:
            return False
        try:
            await self.sessions.find(cookie)
        except SessionEnded:
            return False
        return True

    async def lives(self, identity: Identity) -> bool:
        """Whether the session behind an identity has not ended meanwhile; a bearer token cannot be ended early."""
        if identity.session_id is None or self.sessions is None:
            return True
        return await self.sessions.rows.lives(identity.session_id)


def caller_of(claims: VerifiedClaims) -> Caller:
    """Who a verified token speaks for."""
    return Caller(claims.issuer, claims.subject, claims.client_id, claims.scopes, claims.level, claims.trusted)


def _is_reading(scope: Mapping[str, object]) -> bool:
    return scope["type"] == "http" and scope["method"] in READING
