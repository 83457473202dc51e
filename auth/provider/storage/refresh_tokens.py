"""Refresh tokens: each is used once and names its successor; all that come from one sign-in are a family."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.provider.config import Lifetimes
from auth.sealing import fingerprint, new_secret, seal, unseal

_COLUMNS = "f.id as family_id, f.client_id, f.session_id, f.subject, f.amr, f.auth_time, f.scope"

_FIND = text(f"""
    select {_COLUMNS} from provider.refresh_tokens t join provider.refresh_families f on f.id = t.family_id
    where t.token_hash = :token_hash
""")  # noqa: S608 - a constant
# The lock on the family makes one queue of all calls with any of its tokens. clock_timestamp(), not now():
# a transaction that waited for the lock began before the one that used the token.
_LOCK_FAMILY = text("""
    select 1 from provider.refresh_families
    where id = (select family_id from provider.refresh_tokens where token_hash = :token_hash) for update
""")
_STATE = text("""
    select t.family_id, t.sealed_successor, t.used_at is null as unused,
           f.revoked_at is not null as revoked,
           least(t.expires_at, f.expires_at) <= provider.clock_timestamp() as expired,
           t.used_at > provider.clock_timestamp() - cast(:grace as interval) and s.used_at is null as in_grace
    from provider.refresh_tokens t join provider.refresh_families f on f.id = t.family_id
         left join provider.refresh_tokens s on s.token_hash = t.successor_hash
    where t.token_hash = :token_hash
""")
_ADD = text("""
    insert into provider.refresh_tokens (token_hash, family_id, expires_at)
    select :token_hash, f.id, least(f.expires_at, provider.clock_timestamp() + :idle)
    from provider.refresh_families f where f.id = :family_id
""")
_USE = text("""
    update provider.refresh_tokens
    set used_at = provider.clock_timestamp(), successor_hash = :successor_hash, sealed_successor = :sealed
    where token_hash = :token_hash and used_at is null
""")
# A sealed successor older than the grace window serves nobody any more.
_FORGET_SUCCESSORS = text("""
    update provider.refresh_tokens set sealed_successor = null
    where family_id = :family_id and sealed_successor is not null
    and used_at < provider.clock_timestamp() - cast(:grace as interval)
""")
_REVOKE = text("""
    update provider.refresh_families set revoked_at = provider.now(), revoked_because = :why
    where id = :family_id and revoked_at is null
""")


@dataclass(frozen=True)
class RefreshGrant:
    """What a refresh token stands for. The methods are the interface that Authlib's grant calls."""

    family_id: UUID
    client_id: str
    session_id: UUID | None
    subject: str
    amr: Sequence[str]
    auth_time: datetime
    scope: str

    def check_client(self, client: object) -> bool:
        """Whether the token was given to this client."""
        return getattr(client, "client_id", None) == self.client_id

    def get_scope(self) -> str:
        """The most that a refresh can give."""
        return self.scope


class RefreshRefusedError(Exception):
    """The token is expired, revoked or was used before; `reused` when the family has been revoked for it just now."""

    def __init__(self, *, reused: bool = False) -> None:
        super().__init__("refresh refused")
        self.reused = reused


class RefreshTokens:
    """Refresh tokens in the database, as hashes."""

    def __init__(self, engine: AsyncEngine, lifetimes: Lifetimes, secret_key: str) -> None:
        self._engine = engine
        self._lifetimes = lifetimes
        self._secret_key = secret_key

    async def find(self, token: str) -> RefreshGrant | None:
        """What this token stands for, used or not; says nothing about whether it may be used."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, {"token_hash": fingerprint(token)})).mappings().one_or_none()
        return RefreshGrant(**row) if row else None

    async def first(self, family_id: UUID) -> str:
        """The first token of a family."""
        async with self._engine.begin() as connection:
            return await self._add(connection, family_id)

    async def rotate(self, token: str) -> str:
        """Use a token up and return its successor. Raises RefreshRefusedError.

        Within the grace window a repeated call gets the same successor, as long as nobody has used that one:
        a lost answer or two tabs must not sign a person out. Any other repetition revokes the whole family.
        """
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK_FAMILY, {"token_hash": fingerprint(token)})
            state = await self._state(connection, token)
            if state is None or state.revoked or state.expired:
                raise RefreshRefusedError
            if state.unused:
                return await self._use(connection, token, state.family_id)
            if state.in_grace and state.sealed_successor:
                return unseal(self._secret_key, _purpose(token), bytes(state.sealed_successor)).decode()
            await connection.execute(_REVOKE, {"family_id": state.family_id, "why": "token_reuse"})
        raise RefreshRefusedError(reused=True)

    async def revoke(self, family_id: UUID, why: str) -> None:
        """End a family: no token of it will work again."""
        async with self._engine.begin() as connection:
            await connection.execute(_REVOKE, {"family_id": family_id, "why": why})

    async def _state(self, connection: AsyncConnection, token: str) -> "Row[tuple[object, ...]] | None":
        values = {"token_hash": fingerprint(token), "grace": self._lifetimes.refresh_grace}
        return (await connection.execute(_STATE, values)).one_or_none()

    async def _use(self, connection: AsyncConnection, token: str, family_id: UUID) -> str:
        successor = await self._add(connection, family_id)
        sealed = seal(self._secret_key, _purpose(token), successor.encode())
        values = {"token_hash": fingerprint(token), "successor_hash": fingerprint(successor), "sealed": sealed}
        await connection.execute(_USE, values)
        grace = self._lifetimes.refresh_grace
        await connection.execute(_FORGET_SUCCESSORS, {"family_id": family_id, "grace": grace})
        return successor

    async def _add(self, connection: AsyncConnection, family_id: UUID) -> str:
        token = new_secret()
        values = {"token_hash": fingerprint(token), "family_id": family_id, "idle": self._lifetimes.refresh_idle}
        await connection.execute(_ADD, values)
        return token


def _purpose(token: str) -> str:
    """Sealed under the presented token as well: neither the database nor our key alone gives the successor away."""
    return "refresh successor " + token
