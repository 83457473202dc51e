"""Listener: one connection of this process that hears of commits, and hands what they changed to the hub."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from api.events.ended_sessions import CHANNEL as SESSION_ENDED
from api.events.ended_sessions import EndedSessions
from api.events.hub import Hub
from domain.horizon import Horizon
from schema.engine.stream.outbox import CHANNEL, COLUMNS, event_of

LOOK_SECONDS = 5.0
"""How often it looks although nobody called: a connection that died without a word is noticed by it."""
MOST = 20_000
KEPT = "14 days"
CLEAN_SECONDS = 3600.0
LONGEST_REST = 10.0
SINCE = (
    f"select pg_current_snapshot()::text as horizon, {COLUMNS}"  # noqa: S608 - made of constants
    " from (select cast(%s as pg_snapshot) as seen) s left join lateral vhod.outbox_since(s.seen, %s) o on true"
)


class Listener:
    """Tells the hub everything that is committed, each event once, in whatever order transactions end.

    Ends of browsers' sessions are told as they come; one that comes while the connection is lost is not: sockets look
    for themselves, too.
    """

    def __init__(self, url: URL, hub: Hub, sessions: EndedSessions) -> None:
        """Take the address of an engine of api/database.py."""
        self._how = PGDialect_psycopg().create_connect_args(url)[1]  # type: ignore[no-untyped-call]
        self._hub, self._sessions = hub, sessions
        self._seen: Horizon | None = None
        self._cleaned = 0.0
        self.listening = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen beside the requests; a lost connection is opened again, and nothing is lost with it."""
        task = asyncio.create_task(self._listen_for_ever())
        try:
            yield
        finally:
            self._hub.stop()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen_for_ever(self) -> None:
        rest = 0.1
        while True:
            try:
                async with await self._connected() as connection:
                    rest = 0.1
                    await self._listen(connection)
            except (psycopg.Error, OSError) as error:
                self.listening.clear()
                structlog.get_logger(__name__).warning("events:waiting", reason=type(error).__name__)
                await asyncio.sleep(rest)
                rest = min(2 * rest, LONGEST_REST)

    async def _connected(self) -> AsyncConnection[Any]:
        return await AsyncConnection.connect(
            **self._how, autocommit=True, application_name="vhod events", connect_timeout=5, row_factory=dict_row
        )

    async def _listen(self, connection: AsyncConnection[Any]) -> None:
        await connection.execute(f"listen {CHANNEL}")
        await connection.execute(f"listen {SESSION_ENDED}")
        while True:
            await self._clean(connection)
            await self._look(connection)
            self.listening.set()
            # What was called while we looked comes at once; several calls are one look.
            async for called in connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
                if called.channel == SESSION_ENDED:
                    self._sessions.tell(called.payload)

    async def _look(self, connection: AsyncConnection[Any]) -> None:
        if self._seen is None:
            found = await (await connection.execute("select pg_current_snapshot()::text as horizon")).fetchone()
            self._seen = Horizon.parse(found["horizon"]) if found else None
            return
        asked = await connection.execute(SINCE, [str(self._seen), MOST + 1])
        rows = await asked.fetchall()
        horizon = Horizon.parse(rows[0]["horizon"])
        if len(rows) > MOST:
            self._hub.lose(horizon)
        elif rows[0]["kind"] is not None:
            self._hub.publish([event_of(row) for row in rows], horizon)
        self._seen = horizon

    async def _clean(self, connection: AsyncConnection[Any]) -> None:
        if time.monotonic() - self._cleaned > CLEAN_SECONDS or not self._cleaned:
            self._cleaned = time.monotonic()
            await connection.execute("select vhod.forget_outbox(cast(%s as interval))", [KEPT])
