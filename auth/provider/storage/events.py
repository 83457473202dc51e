"""The journal of security events. It names subjects by number only: no names, addresses, tokens or cookies."""

from typing import Protocol, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_RECORD = text("""
    insert into provider.security_events (kind, subject, client_id, session_id, family_id, detail)
    values (:kind, :subject, :client_id, :session_id, :family_id, :detail)
""")


class EventNames(TypedDict, total=False):
    """What an event may name. Never put in what a person typed."""

    subject: str
    client_id: str
    session_id: UUID
    family_id: UUID
    detail: str


class Named(Protocol):
    """A code or refresh token: both know their subject, client and family."""

    @property
    def subject(self) -> str: ...  # noqa: D102 - a protocol
    @property
    def client_id(self) -> str: ...  # noqa: D102 - a protocol
    @property
    def family_id(self) -> UUID: ...  # noqa: D102 - a protocol


def names_of(thing: Named) -> EventNames:
    """What an event about this code or token names."""
    return {"subject": thing.subject, "client_id": thing.client_id, "family_id": thing.family_id}


class SecurityEvents:
    """Append-only: nothing here changes or removes an event."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def record(self, kind: str, **names: Unpack[EventNames]) -> None:
        """Write one event; the kinds are a CHECK of the table."""
        absent = dict.fromkeys(EventNames.__annotations__)
        async with self._engine.begin() as connection:
            await connection.execute(_RECORD, {"kind": kind, **absent, **names})
