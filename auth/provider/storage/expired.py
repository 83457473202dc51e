"""Removes what nobody can use any more, after a while in which it still helps to recognise a second use."""

import time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

EVERY_SECONDS = 600.0

# Order matters: a session goes when neither a code nor a family points to it.
_REMOVALS = [
    text("delete from provider.interactions where expires_at < provider.now() - interval '1 day'"),
    text("delete from provider.authorization_codes where expires_at < provider.now() - interval '1 day'"),
    text("delete from provider.refresh_families where expires_at < provider.now() - interval '1 day'"),
    text("""
        delete from provider.sessions s where s.expires_at < provider.now() - interval '1 day'
        and not exists (select 1 from provider.refresh_families f where f.session_id = s.id)
    """),
    text("delete from provider.login_throttles where last_attempt_at < provider.now() - interval '1 day'"),
]


class Expired:
    """Expired rows. Safe to remove from many processes at once; each does it now and then by itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._due_at = time.monotonic() + EVERY_SECONDS

    async def remove_when_due(self) -> None:
        """Remove, if this process has not done so for ten minutes."""
        if time.monotonic() >= self._due_at:
            self._due_at = time.monotonic() + EVERY_SECONDS
            await self.remove()

    async def remove(self) -> None:
        """Remove now. Security events stay: how long is for the region's rules, not for us."""
        async with self._engine.begin() as connection:
            for removal in _REMOVALS:
                await connection.execute(removal)
