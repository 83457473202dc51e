"""Which clients a session has reached: those who are told when it ends."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

_ADD = text("""
    insert into provider.session_clients (session_id, client_id, sid) values (:session_id, :client_id, :session_id)
    on conflict do nothing
""")
_HAND_ON = text("""
    insert into provider.session_clients (session_id, client_id, sid)
    select :heir, client_id, sid from provider.session_clients where session_id = :id on conflict do nothing
""")
_TOLD = text("""
    select s.client_id, s.sid, c.backchannel_logout_uri as address
    from provider.session_clients s join provider.clients c on c.client_id = s.client_id
    where s.session_id = :id and c.backchannel_logout_uri is not null order by s.client_id, s.sid
""")


class SessionClients:
    """Rows of provider.session_clients."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, session_id: UUID, client_id: str) -> None:
        """A client got an id_token that names this session."""
        async with self._engine.begin() as connection:
            await connection.execute(_ADD, {"session_id": session_id, "client_id": client_id})

    async def hand_on(self, session_id: UUID, heir: UUID) -> None:
        """The person signed in anew in the same browser: the end of that session is told under the old name too."""
        async with self._engine.begin() as connection:
            await connection.execute(_HAND_ON, {"id": session_id, "heir": heir})

    async def told(self, session_id: UUID) -> Sequence[Row[tuple[str, UUID, str]]]:
        """Clients that asked to be told: `client_id`, `sid`, `address`."""
        async with self._engine.connect() as connection:
            return (await connection.execute(_TOLD, {"id": session_id})).all()
