"""Signing keys: for each algorithm one that waits, one that signs, and those that signed before."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anyio import to_thread
from joserfc.jwk import ECKey, RSAKey, import_key
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.sealing import CannotUnsealError, seal, unseal

ALGORITHMS = ("ES256", "RS256")
PREVIOUS_KEPT = timedelta(days=1)
"""How long a key that no longer signs stays published: far longer than any token or anybody's cache of keys."""

Key = ECKey | RSAKey

_LOCK = text("select pg_advisory_xact_lock(hashtext('provider.signing_keys'))")
_ALL = text("""
    select kid, alg, state, public_jwk, sealed_private from provider.signing_keys
    order by alg, array_position(array['current', 'next', 'previous'], state), created_at desc
""")
_STATES = text("select state from provider.signing_keys where alg = :alg")
_DUE = text("""
    select alg from provider.signing_keys where state = 'current' and current_since < provider.now() - :period
    and exists (select 1 from provider.signing_keys n where n.alg = signing_keys.alg and n.state = 'next'
                and n.created_at < provider.now() - :notice)
""")
_ADD = text("""
    insert into provider.signing_keys (kid, alg, state, public_jwk, sealed_private, current_since)
    values (:kid, :alg, :state, cast(:public_jwk as jsonb), :sealed_private,
            case when :state = 'current' then provider.now() end)
""")
# The private half is erased in the moment in which the key stops to sign.
_RETIRE = text("""
    update provider.signing_keys set state = 'previous', previous_since = provider.now(), sealed_private = null
    where alg = :alg and state = 'current'
""")
_PROMOTE = text(
    "update provider.signing_keys set state = 'current', current_since = provider.now()"
    " where alg = :alg and state = 'next'"
)
_FORGET = text("""
    delete from provider.signing_keys
    where alg = :alg and state = 'previous' and previous_since < provider.now() - :kept
    and kid <> (select kid from provider.signing_keys k where k.alg = :alg and k.state = 'previous'
                order by k.previous_since desc limit 1)
""")


@dataclass(frozen=True)
class SigningKey:
    """One key; `private` is there for the current key alone."""

    kid: str
    alg: str
    state: str
    public: dict[str, Any]
    private: Key | None


class SigningKeys:
    """Keys in the database, private halves sealed. Processes share them; an advisory lock orders their changes."""

    def __init__(self, engine: AsyncEngine, secret_key: str) -> None:
        self._engine = engine
        self._secret_key = secret_key

    async def load(self) -> list[SigningKey]:
        """All keys, of each algorithm the current one first. Raises CannotUnsealError if the secret key is another."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_ALL)).all()
        return [
            SigningKey(kid, alg, state, public, self._unseal(kid, bytes(sealed)) if state == "current" else None)
            for kid, alg, state, public, sealed in rows
        ]

    async def ensure(self) -> None:
        """Make the first keys of each algorithm; does nothing where they are."""
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK)
            for alg in ALGORITHMS:
                states = set((await connection.execute(_STATES, {"alg": alg})).scalars())
                for state in ("current", "next"):
                    if state not in states:
                        await self._add(connection, alg, state)

    async def rotate(self, alg: str) -> None:
        """The waiting key signs from now on, the one that signed is only published, a new one begins to wait."""
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK)
            await self._rotate(connection, alg)

    async def rotate_due(self, period: timedelta, notice: timedelta) -> list[str]:
        """Rotate where the current key is older than `period` and the next has been published for `notice`.

        Safe to call often and from many processes: whoever comes second finds nothing due. Returns the algorithms.
        """
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK)
            due = list((await connection.execute(_DUE, {"period": period, "notice": notice})).scalars())
            for alg in due:
                await self._rotate(connection, alg)
        return due

    async def _rotate(self, connection: AsyncConnection, alg: str) -> None:
        await connection.execute(_RETIRE, {"alg": alg})
        await connection.execute(_PROMOTE, {"alg": alg})
        await self._add(connection, alg, "next")
        await connection.execute(_FORGET, {"alg": alg, "kept": PREVIOUS_KEPT})

    async def _add(self, connection: AsyncConnection, alg: str, state: str) -> None:
        key = await to_thread.run_sync(_GENERATORS[alg])
        kid = key.thumbprint()
        names = {"kid": kid, "alg": alg, "use": "sig"}
        values = {
            "kid": kid,
            "alg": alg,
            "state": state,
            "public_jwk": json.dumps(key.as_dict(private=False) | names),
            "sealed_private": seal(
                self._secret_key, _purpose(kid), json.dumps(key.as_dict(private=True) | names).encode()
            ),
        }
        await connection.execute(_ADD, values)

    def _unseal(self, kid: str, sealed: bytes) -> Key:
        try:
            private = unseal(self._secret_key, _purpose(kid), sealed)
        except CannotUnsealError:
            raise CannotUnsealError(
                "The signing keys in the database were sealed with another secret key. "
                "Give the server that key back, or delete the rows of provider.signing_keys: tokens signed so far end."
            ) from None
        key = import_key(json.loads(private))
        assert isinstance(key, ECKey | RSAKey)
        return key


_GENERATORS: dict[str, Callable[[], Key]] = {
    "ES256": lambda: ECKey.generate_key("P-256", private=True),
    "RS256": lambda: RSAKey.generate_key(2048, private=True),
}


def _purpose(kid: str) -> str:
    return "signing key " + kid
