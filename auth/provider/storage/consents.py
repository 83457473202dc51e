"""What a person allowed a client to do."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_COVERS = text("""
    select 1 from provider.consents where subject = :subject and client_id = :client_id and revoked_at is null
    and scopes @> cast(:scopes as text[])
""")
_GRANT = text("""
    insert into provider.consents as c (subject, client_id, scopes) values (:subject, :client_id, :scopes)
    on conflict (subject, client_id) do update set granted_at = provider.now(), revoked_at = null,
        scopes = case when c.revoked_at is null
                      then array(select distinct unnest(c.scopes || excluded.scopes)) else excluded.scopes end
""")
_REVOKE = text("""
    update provider.consents set revoked_at = provider.now()
    where subject = :subject and client_id = :client_id and revoked_at is null returning 1
""")
_REVOKE_FAMILIES = text("""
    update provider.refresh_families set revoked_at = provider.now(), revoked_because = 'consent'
    where subject = :subject and client_id = :client_id and revoked_at is null
""")
_GIVEN = text("""
    select c.client_id, k.name, c.scopes from provider.consents c join provider.clients k using (client_id)
    where c.subject = :subject and c.revoked_at is null order by c.granted_at
""")


class Consents:
    """Consents in the database, one for each person and client."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def cover(self, subject: str, client_id: str, scopes: Collection[str]) -> bool:
        """Whether a live consent allows all these scopes."""
        values = {"subject": subject, "client_id": client_id, "scopes": list(scopes)}
        async with self._engine.connect() as connection:
            return (await connection.execute(_COVERS, values)).one_or_none() is not None

    async def grant(self, subject: str, client_id: str, scopes: Collection[str]) -> None:
        """Add these scopes to what the person allows the client."""
        values = {"subject": subject, "client_id": client_id, "scopes": list(scopes)}
        async with self._engine.begin() as connection:
            await connection.execute(_GRANT, values)

    async def revoke(self, subject: str, client_id: str) -> bool:
        """Take a consent back, and with it the client's refresh tokens. False when there was none."""
        values = {"subject": subject, "client_id": client_id}
        async with self._engine.begin() as connection:
            revoked = (await connection.execute(_REVOKE, values)).one_or_none() is not None
            await connection.execute(_REVOKE_FAMILIES, values)
        return revoked

    async def given(self, subject: str) -> list[tuple[str, str, list[str]]]:
        """Live consents of a person: client identifier, name, scopes."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_GIVEN, {"subject": subject})).all()
        return [(row.client_id, row.name, list(row.scopes)) for row in rows]
