"""ReadConnections: connections of the compiled read path; who asks and what is asked go out in one round trip.

Each transaction is one pipeline: it has a snapshot of its own, writes nothing, and ends with the pipeline.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.adapt import Buffer, Loader
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from auth.row_context import ENTER, settings_of
from auth.viewer import Caller, Viewer
from schema.compiled.parameters import DIALECT

WAIT_SECONDS = 5
PREPARE_AFTER = 2
"""A statement that comes a second time is prepared: planning one takes longer than running it."""
PREPARED = 200
SETTINGS_KEPT = 2_000
GENERIC = "set plan_cache_mode = force_generic_plan"
"""Planning such a statement for each set of values takes several times as long as running it."""
SNAPSHOT = "set session characteristics as transaction isolation level repeatable read, read only"

_ENTER = ENTER.compile(dialect=DIALECT)
ENTER_TEXT, ENTER_NAMES = str(_ENTER), tuple(getattr(_ENTER, "positiontup", None) or ())


class Bytes(Loader):
    """Text as it came: it goes on to the client as it is."""

    def load(self, data: Buffer) -> bytes:
        """Copy it out of the driver's memory."""
        return bytes(data)


class ReadConnections:
    """At most `size` connections, made when they are needed; `url` is that of an engine of api/database.py."""

    def __init__(self, url: URL, *, size: int) -> None:
        self._how = PGDialect_psycopg().create_connect_args(url)[1]  # type: ignore[no-untyped-call]
        self._places = asyncio.Semaphore(size)
        self._idle: deque[AsyncConnection[Any]] = deque()
        self._settings: dict[Caller | None, tuple[Viewer, list[str]]] = {}

    async def read(self, viewer: Viewer, text: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The one row of a statement as this viewer sees it; None when the viewer is out of date: reload, ask again.

        Text is bytes. Raises psycopg.Error, UnicodeError for what is no text, PoolTimeout when all are busy for long.
        """
        async with self._place():
            while self._idle:
                # The one used last: of those unused for long the database may have lost sight.
                connection = self._idle.pop()
                try:
                    return await self._asked(connection, viewer, text, values)
                except psycopg.OperationalError:
                    if not connection.broken:
                        raise
            return await self._asked(await self._connected(), viewer, text, values)

    async def aclose(self) -> None:
        """Close those that nobody uses."""
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise PoolTimeout("every connection for reading is busy") from None
        try:
            yield
        finally:
            self._places.release()

    async def _connected(self) -> AsyncConnection[Any]:
        made = await AsyncConnection.connect(
            **self._how, autocommit=True, application_name="vhod reads", connect_timeout=WAIT_SECONDS
        )
        made.prepare_threshold, made.prepared_max = PREPARE_AFTER, PREPARED
        made.adapters.register_loader("text", Bytes)
        await made.execute(SNAPSHOT)
        await made.execute(GENERIC)
        return made

    async def _asked(
        self, connection: AsyncConnection[Any], viewer: Viewer, text: str, values: Sequence[Any]
    ) -> tuple[Any, ...] | None:
        try:
            found = await self._piped(connection, self._settings_of(viewer), text, values)
        except (psycopg.Error, UnicodeError):
            await self._give_back(connection)
            raise
        except BaseException:
            # Whoever stops waiting leaves an answer on its way: nobody else may get it.
            await connection.close()
            raise
        self._idle.append(connection)
        version, row = found
        return row if viewer.person_id is None or version == viewer.version else None

    async def _piped(
        self, connection: AsyncConnection[Any], settings: list[str], text: str, values: Sequence[Any]
    ) -> tuple[int, tuple[Any, ...]]:
        """Both in one transaction, which the end of the pipeline closes: the settings hold no longer than that."""
        async with connection.pipeline():
            entered = await AsyncRawCursor(connection).execute(ENTER_TEXT, settings)
            asked = await AsyncRawCursor(connection).execute(text, values)
        told, row = await entered.fetchone(), await asked.fetchone()
        if told is None or row is None:
            raise RuntimeError("a statement that always has a row had none")
        return told[3] or 0, row

    async def _give_back(self, connection: AsyncConnection[Any]) -> None:
        info = connection.info
        whole = not connection.closed and info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        if whole and info.pipeline_status is psycopg.pq.PipelineStatus.OFF:
            self._idle.append(connection)
        else:
            await connection.close()

    def _settings_of(self, viewer: Viewer) -> list[str]:
        """What the policies read, worked out once for as long as the viewer is the same."""
        kept = self._settings.get(viewer.caller)
        if kept is None or kept[0] is not viewer:
            found = settings_of(viewer)
            kept = viewer, [found[name] for name in ENTER_NAMES]
            if len(self._settings) >= SETTINGS_KEPT:
                self._settings.clear()
            self._settings[viewer.caller] = kept
        return kept[1]
