"""An authorization request that waits for a person: to sign in, or to agree."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.sealing import fingerprint, new_secret

_OPEN = text("""
    insert into provider.interactions (id_hash, browser_hash, client_id, parameters, login_required, session_id,
                                       expires_at)
    values (:id_hash, :browser_hash, :client_id, cast(:parameters as jsonb), :login_required, :session_id,
            provider.now() + :lifetime)
""")
_FIND = text("""
    select client_id, parameters, login_required, session_id, created_at from provider.interactions
    where id_hash = :id_hash and browser_hash = :browser_hash and finished_at is null and expires_at > provider.now()
""")
_SIGNED_IN = text(
    "update provider.interactions set session_id = :session_id, login_required = false where id_hash = :id_hash"
)
_FINISH = text("""
    update provider.interactions set finished_at = provider.now()
    where id_hash = :id_hash and finished_at is null and expires_at > provider.now() returning 1
""")


@dataclass(frozen=True)
class Interaction:
    """A waiting request: its number in addresses and forms, and the parameters of the request as they were checked."""

    id: str
    client_id: str
    parameters: dict[str, str]
    login_required: bool
    session_id: UUID | None
    created_at: datetime


class Interactions:
    """Waiting requests in the database, each bound to the browser that began it."""

    def __init__(self, engine: AsyncEngine, lifetime: timedelta) -> None:
        self._engine = engine
        self._lifetime = lifetime

    async def open(
        self, browser: str, client_id: str, parameters: dict[str, str], *, login_required: bool, session_id: UUID | None
    ) -> str:
        """Keep a request until its person has answered; returns the number for the address of the page."""
        interaction_id = new_secret()
        values = {
            "id_hash": fingerprint(interaction_id),
            "browser_hash": fingerprint(browser),
            "client_id": client_id,
            "parameters": json.dumps(parameters),
            "login_required": login_required,
            "session_id": session_id,
            "lifetime": self._lifetime,
        }
        async with self._engine.begin() as connection:
            await connection.execute(_OPEN, values)
        return interaction_id

    async def find(self, interaction_id: str, browser: str) -> Interaction | None:
        """The live request of this number, if this browser began it."""
        values = {"id_hash": fingerprint(interaction_id), "browser_hash": fingerprint(browser)}
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, values)).mappings().one_or_none()
        return Interaction(id=interaction_id, **row) if row else None

    async def signed_in(self, interaction_id: str, session_id: UUID) -> None:
        """Note that its person has signed in, into this session."""
        async with self._engine.begin() as connection:
            await connection.execute(_SIGNED_IN, {"id_hash": fingerprint(interaction_id), "session_id": session_id})

    async def finish(self, interaction_id: str) -> bool:
        """Take the request off the list; False when somebody (the Back button) did so before."""
        async with self._engine.begin() as connection:
            row = await connection.execute(_FINISH, {"id_hash": fingerprint(interaction_id)})
            return row.one_or_none() is not None
