"""Who is signed in at the provider, in which browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.provider.config import Lifetimes
from auth.sealing import fingerprint, new_secret

_COLUMNS = "id, subject, amr, auth_time"

_START = text(f"""
    insert into provider.sessions (cookie_hash, subject, amr, expires_at)
    values (:cookie_hash, :subject, :amr, provider.now() + :lifetime) returning {_COLUMNS}
""")  # noqa: S608 - a constant
_TOUCH = text(f"""
    update provider.sessions set last_seen_at = provider.now()
    where cookie_hash = :cookie_hash and ended_at is null
    and expires_at > provider.now() and last_seen_at > provider.now() - :idle
    returning {_COLUMNS}
""")  # noqa: S608 - a constant
_LIVE = text(f"""
    select {_COLUMNS} from provider.sessions
    where subject = :subject and ended_at is null
    and expires_at > provider.now() and last_seen_at > provider.now() - :idle
    order by auth_time desc
""")  # noqa: S608 - a constant
_END = text("""
    update provider.sessions set ended_at = provider.now() where id = :id and ended_at is null returning subject
""")
_END_BY_COOKIE = text("""
    update provider.sessions set ended_at = provider.now() where cookie_hash = :cookie_hash and ended_at is null
    returning id, subject
""")
_REVOKE_FAMILIES = text("""
    update provider.refresh_families set revoked_at = provider.now(), revoked_because = :why
    where session_id = :id and revoked_at is null
""")
_HAND_ON_FAMILIES = text("update provider.refresh_families set session_id = :heir where session_id = :id")
_FORGET_CODES = text("delete from provider.authorization_codes where session_id = :id and used_at is null")


@dataclass(frozen=True)
class Session:
    """A person signed in: `id` is public (`sid`), `amr` says how, `auth_time` when."""

    id: UUID
    subject: str
    amr: Sequence[str]
    auth_time: datetime


class Sessions:
    """Sessions in the database; the browser holds a random cookie, we its hash."""

    def __init__(self, engine: AsyncEngine, lifetimes: Lifetimes) -> None:
        self._engine = engine
        self._lifetimes = lifetimes

    async def start(self, subject: str, amr: Sequence[str], replaced_cookie: str | None) -> tuple[str, Session]:
        """Open a session under a new cookie value and end the one that this browser had (no fixation).

        Refresh families of the same person move to the new session, so that its logout ends them too;
        those of another person end: on a shared computer the next pupil must not leave the last one's door open.
        """
        cookie = new_secret()
        values = {"subject": subject, "amr": list(amr), "lifetime": self._lifetimes.session_absolute}
        async with self._engine.begin() as connection:
            row = (await connection.execute(_START, values | {"cookie_hash": fingerprint(cookie)})).mappings().one()
            session = Session(**row)
            if replaced_cookie:
                await self._replace(connection, replaced_cookie, session)
        return cookie, session

    async def _replace(self, connection: AsyncConnection, cookie: str, heir: Session) -> None:
        old = (await connection.execute(_END_BY_COOKIE, {"cookie_hash": fingerprint(cookie)})).one_or_none()
        if old is None:
            return
        if old.subject == heir.subject:
            await connection.execute(_HAND_ON_FAMILIES, {"id": old.id, "heir": heir.id})
        else:
            await connection.execute(_FORGET_CODES, {"id": old.id})
            await connection.execute(_REVOKE_FAMILIES, {"id": old.id, "why": "switch"})

    async def touch(self, cookie: str | None) -> Session | None:
        """The live session of this cookie; it counts as used now. None when unknown, ended, idle or too old."""
        if not cookie:
            return None
        values = {"cookie_hash": fingerprint(cookie), "idle": self._lifetimes.session_idle}
        async with self._engine.begin() as connection:
            row = (await connection.execute(_TOUCH, values)).mappings().one_or_none()
        return Session(**row) if row else None

    async def live(self, subject: str) -> list[Session]:
        """Where a person is signed in, the last first."""
        values = {"subject": subject, "idle": self._lifetimes.session_idle}
        async with self._engine.connect() as connection:
            return [Session(**row) for row in (await connection.execute(_LIVE, values)).mappings()]

    async def end(self, session_id: UUID) -> str | None:
        """End the session, its refresh families and its unused codes. Returns the subject, None if it was over."""
        async with self._engine.begin() as connection:
            subject: str | None = (await connection.execute(_END, {"id": session_id})).scalar_one_or_none()
            # Codes first: this waits for one that is being redeemed, whose family is then there to be revoked.
            await connection.execute(_FORGET_CODES, {"id": session_id})
            await connection.execute(_REVOKE_FAMILIES, {"id": session_id, "why": "logout"})
        return subject
