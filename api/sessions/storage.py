"""Rows of session.browser_session: found by the hash of a cookie, ended, never opened again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.events.ended_sessions import CHANNEL
from auth.sealing import fingerprint, new_secret

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""A session in use is written to at most so often."""
RENEWAL = timedelta(seconds=10)
"""How long one process may keep the others from asking the provider for the next tokens."""

_COLUMNS = """
    id, issuer, subject, sealed, tokens_version, tokens_expire_at, created_at, last_seen_at, expires_at,
    least(last_seen_at + cast(:idle as interval), expires_at) as until,
    last_seen_at < vhod.now() - :seen_every as unseen
"""
_LIVES = "ended_at is null and expires_at > vhod.now() and last_seen_at > vhod.now() - cast(:idle as interval)"

_START = text("""
    insert into session.browser_session (cookie_hash, issuer, subject, sealed, tokens_expire_at, provider_sid,
                                         expires_at)
    values (:cookie_hash, :issuer, :subject, :sealed, :tokens_expire_at, :provider_sid, vhod.now() + :absolute)
""")
_FIND = text(f"select {_COLUMNS} from session.browser_session where cookie_hash = :cookie_hash and {_LIVES}")  # noqa: S608
_SEEN = text("update session.browser_session set last_seen_at = vhod.now() where id = :id and ended_at is null")
# Sockets of the session are closed at once, in whichever process they are.
_TELL = f"pg_notify('{CHANNEL}', id::text)"
_END = text(f"""
    update session.browser_session set ended_at = vhod.now(), sealed = ''
    where cookie_hash = :cookie_hash and ended_at is null returning {_TELL}
""")  # noqa: S608 - a constant
_LIVES_STILL = text(f"select exists (select from session.browser_session where id = :id and {_LIVES})")  # noqa: S608
# Whoever gets the row asks the provider; the others go on with what they have, or wait for the next version.
_CLAIM = text("""
    update session.browser_session set renewing_until = vhod.now() + :renewal
    where id = :id and tokens_version = :version and ended_at is null
    and (renewing_until is null or renewing_until < vhod.now()) returning true
""")
_RENEW = text("""
    update session.browser_session set sealed = :sealed, tokens_expire_at = :tokens_expire_at, renewing_until = null,
           tokens_version = tokens_version + 1, provider_sid = :provider_sid
    where id = :id and tokens_version = :version and ended_at is null
""")
# Two that tidy up at the same time must not wait for each other.
_FORGET_OLD = text("""
    delete from session.browser_session where id in (
        select id from session.browser_session where expires_at < vhod.now() - interval '1 day'
        limit 1000 for update skip locked)
""")
_OF_PERSON = text(f"""
    select id, created_at, last_seen_at from session.browser_session
    where issuer = :issuer and subject = :subject and {_LIVES} order by last_seen_at desc, id
""")  # noqa: S608 - a constant
_END_OF_PERSON = text(f"""
    update session.browser_session set ended_at = vhod.now(), sealed = ''
    where id = :id and issuer = :issuer and subject = :subject and ended_at is null returning true, {_TELL}
""")  # noqa: S608 - a constant

_HEAR = text("""
    insert into session.logout_token (jti_hash, expires_at) values (:jti_hash, vhod.now() + interval '1 hour')
    on conflict do nothing returning true
""")
_FORGET_HEARD = text("""
    delete from session.logout_token where jti_hash in (
        select jti_hash from session.logout_token where expires_at < vhod.now() limit 1000 for update skip locked)
""")
_END_BY_PROVIDER = text(f"""
    update session.browser_session set ended_at = vhod.now(), sealed = ''
    where issuer = :issuer and ended_at is null
    and coalesce(provider_sid = cast(:sid as text), cast(:sid as text) is null)
    and coalesce(subject = cast(:subject as text), true) returning {_TELL}
""")  # noqa: S608 - a constant


@dataclass(frozen=True)
class SessionRow:
    """A live session. `until` is when it ends if it is not used again; `sealed` holds its tokens."""

    id: UUID
    issuer: str
    subject: str
    sealed: bytes
    tokens_version: int
    tokens_expire_at: datetime
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    until: datetime
    unseen: bool


class SessionRows:
    """Sessions in the database; the browser holds a random cookie, we its hash. All times are the database's."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def start(self, cookie: str, values: dict[str, object], replaced: str | None) -> None:
        """Open a session under a new cookie, and end the one that this browser had (no fixation)."""
        async with self._engine.begin() as connection:
            await connection.execute(_FORGET_OLD)
            if replaced:
                await connection.execute(_END, {"cookie_hash": fingerprint(replaced)})
            given = {"cookie_hash": fingerprint(cookie), "absolute": ABSOLUTE}
            await connection.execute(_START, values | given)

    async def find(self, cookie: str) -> SessionRow | None:
        """The live session of this cookie; None when unknown, ended, idle or too old."""
        values = {"cookie_hash": fingerprint(cookie), "idle": IDLE, "seen_every": SEEN_EVERY}
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, values)).mappings().one_or_none()
        return SessionRow(**{**row, "sealed": bytes(row["sealed"])}) if row else None

    async def lives(self, session_id: UUID) -> bool:
        """Whether the session has not ended."""
        async with self._engine.connect() as connection:
            return bool(await connection.scalar(_LIVES_STILL, {"id": session_id, "idle": IDLE}))

    async def of_person(self, row: SessionRow) -> list[tuple[UUID, datetime, datetime]]:
        """Live sessions of the same person: id, beginning, last use; the one used last first."""
        values = {"issuer": row.issuer, "subject": row.subject, "idle": IDLE}
        async with self._engine.connect() as connection:
            return [
                (each.id, each.created_at, each.last_seen_at) for each in await connection.execute(_OF_PERSON, values)
            ]

    async def end_of_person(self, session_id: UUID, row: SessionRow) -> bool:
        """End another session of the same person; False when there is none such."""
        values = {"id": session_id, "issuer": row.issuer, "subject": row.subject}
        async with self._engine.begin() as connection:
            return bool((await connection.execute(_END_OF_PERSON, values)).scalar_one_or_none())

    async def seen(self, session_id: UUID) -> None:
        """The session was used now."""
        async with self._engine.begin() as connection:
            await connection.execute(_SEEN, {"id": session_id})

    async def claim(self, row: SessionRow) -> bool:
        """Whether it is us who may ask for the tokens after these."""
        values = {"id": row.id, "version": row.tokens_version, "renewal": RENEWAL}
        async with self._engine.begin() as connection:
            return bool((await connection.execute(_CLAIM, values)).scalar_one_or_none())

    async def renew(self, row: SessionRow, sealed: bytes, tokens_expire_at: datetime, sid: str | None) -> None:
        """Keep the next tokens, and what the provider calls its session by now."""
        values = {
            "id": row.id, "version": row.tokens_version, "sealed": sealed, "tokens_expire_at": tokens_expire_at,
            "provider_sid": sid,
        }  # fmt: skip
        async with self._engine.begin() as connection:
            await connection.execute(_RENEW, values)

    async def end(self, cookie: str) -> None:
        """End the session of this cookie, and forget its tokens."""
        async with self._engine.begin() as connection:
            await connection.execute(_END, {"cookie_hash": fingerprint(cookie)})

    async def end_by_provider(self, issuer: str, sid: str | None, subject: str | None, token_id: str) -> int | None:
        """End the sessions that a logout token names; how many. None: this token was heard before."""
        values = {"issuer": issuer, "sid": sid, "subject": subject}
        async with self._engine.begin() as connection:
            await connection.execute(_FORGET_HEARD)
            heard = await connection.execute(_HEAR, {"jti_hash": fingerprint(f"{issuer} {token_id}")})
            if heard.scalar_one_or_none() is None:
                return None
            return len((await connection.execute(_END_BY_PROVIDER, values)).all())


def new_cookie() -> str:
    """The value of a new session's cookie."""
    return new_secret()
