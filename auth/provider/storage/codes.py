"""Authorization codes: one use, bound to client, address and challenge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.provider.storage.sessions import Session
from auth.sealing import fingerprint

_SAVE = text("""
    insert into provider.authorization_codes (code_hash, client_id, session_id, subject, amr, auth_time, redirect_uri,
                                              scope, nonce, code_challenge, expires_at)
    values (:code_hash, :client_id, :session_id, :subject, :amr, :auth_time, :redirect_uri, :scope, :nonce,
            :code_challenge, provider.now() + :lifetime)
""")
_TAKE = text("""
    update provider.authorization_codes set used_at = provider.now() where code_hash = :code_hash and used_at is null
    returning client_id, session_id, subject, amr, auth_time, redirect_uri, scope, nonce, code_challenge, family_id,
              expires_at > provider.now() as live
""")
_START_FAMILY = text("""
    insert into provider.refresh_families (id, client_id, session_id, subject, amr, auth_time, scope, expires_at)
    values (:family_id, :client_id, :session_id, :subject, :amr, :auth_time, :scope, provider.now() + :refresh_lifetime)
""")
_REVOKE_FAMILY_OF = text("""
    update provider.refresh_families f set revoked_at = provider.now(), revoked_because = 'code_reuse'
    from provider.authorization_codes c
    where c.code_hash = :code_hash and f.id = c.family_id and f.revoked_at is null
    returning f.id, f.client_id, f.subject
""")


@dataclass(frozen=True)
class CodeBinding:
    """What a code is bound to, besides the session."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str


@dataclass(frozen=True)
class AuthorizationCode:
    """What a code stands for. The methods are the interface that Authlib's grant calls."""

    client_id: str
    session_id: UUID
    subject: str
    amr: Sequence[str]
    auth_time: datetime
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    family_id: UUID

    @property
    def code_challenge_method(self) -> str:
        """The only method there is."""
        return "S256"

    def get_redirect_uri(self) -> str:
        """Where the code was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What was granted."""
        return self.scope


@dataclass(frozen=True)
class CodeReuse:
    """A code was presented again and its family of refresh tokens has been revoked."""

    family_id: UUID
    client_id: str
    subject: str


class AuthorizationCodes:
    """Codes in the database, as hashes."""

    def __init__(self, engine: AsyncEngine, lifetime: timedelta, refresh_lifetime: timedelta) -> None:
        self._engine = engine
        self._lifetime = lifetime
        self._refresh_lifetime = refresh_lifetime

    async def save(self, code: str, session: Session, binding: CodeBinding) -> None:
        """Keep a new code of this session until it is redeemed or too old."""
        values = {
            "code_hash": fingerprint(code),
            "session_id": session.id,
            "subject": session.subject,
            "amr": list(session.amr),
            "auth_time": session.auth_time,
            "lifetime": self._lifetime,
        }
        values |= vars(binding)
        async with self._engine.begin() as connection:
            await connection.execute(_SAVE, values)

    async def take(self, code: str, client_id: str) -> AuthorizationCode | CodeReuse | None:
        """Redeem a code: of any number of parallel calls exactly one gets it.

        A failed attempt burns the code as well. The family of refresh tokens begins in the same transaction, so a
        second attempt, however early, finds what it has to revoke.
        """
        async with self._engine.begin() as connection:
            row = (await connection.execute(_TAKE, {"code_hash": fingerprint(code)})).mappings().one_or_none()
            if row is None:
                reuse = (await connection.execute(_REVOKE_FAMILY_OF, {"code_hash": fingerprint(code)})).one_or_none()
                return CodeReuse(reuse.id, reuse.client_id, reuse.subject) if reuse else None
            found = dict(row)
            if not found.pop("live") or found["client_id"] != client_id:
                return None
            await connection.execute(_START_FAMILY, found | {"refresh_lifetime": self._refresh_lifetime})
        return AuthorizationCode(**found)
