"""ReadConnections: connections of the compiled read path; who asks and what is asked go out in one round trip.

Each transaction is one pipeline: it has a snapshot of its own, writes nothing, and ends with the pipeline.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.read_pipeline import ReadPipeline, Sent
from auth.row_context import ENTER, settings_of
from auth.viewer import Caller, Viewer
from domain.recent import Recent
from schema.engine.compiled.parameters import DIALECT

WAIT_SECONDS = 5
SETTINGS_KEPT = 2_000
GENERIC = "set plan_cache_mode = force_generic_plan"
"""Planning such a statement for each set of values takes several times as long as running it."""
SNAPSHOT = "set session characteristics as transaction isolation level repeatable read, read only"

_ENTER = ENTER.compile(dialect=DIALECT)
ENTER_TEXT, ENTER_NAMES = str(_ENTER), tuple(getattr(_ENTER, "positiontup", None) or ())


class ReadConnections:
    """At most `size` connections, made when they are needed; `url` is that of an engine of api/database.py."""

    def __init__(self, url: URL, *, size: int) -> None:
        self._how = PGDialect_psycopg().create_connect_args(url)[1]  # type: ignore[no-untyped-call]
        self._places = asyncio.Semaphore(size)
        self._idle: deque[ReadPipeline] = deque()
        self._settings: Recent[Caller | None, tuple[Viewer, Sent]] = Recent(SETTINGS_KEPT)

    async def read(self, viewer: Viewer, text: str, values: Sequence[Any]) -> tuple[bytes | None, ...] | None:
        """The one row of a statement as this viewer sees it; None when the viewer is out of date: reload, ask again.

        Cells are text as it came. Raises psycopg.Error, UnicodeError for what is no text, PoolTimeout when all are busy
        for long.
        """
        async with self._place():
            while self._idle:
                # The one used last: of those unused for long the database may have lost sight.
                pipeline = self._idle.pop()
                try:
                    return await self._asked(pipeline, viewer, text, values)
                except psycopg.OperationalError:
                    if not pipeline.connection.broken:
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

    async def _connected(self) -> ReadPipeline:
        made = await AsyncConnection.connect(
            **self._how, autocommit=True, application_name="vhod reads", connect_timeout=WAIT_SECONDS
        )
        await made.execute(SNAPSHOT)
        await made.execute(GENERIC)
        return ReadPipeline(made)

    async def _asked(
        self, pipeline: ReadPipeline, viewer: Viewer, text: str, values: Sequence[Any]
    ) -> tuple[bytes | None, ...] | None:
        """Both in one transaction: the settings hold no longer than that."""
        try:
            entered, row = await pipeline.ask(self._entering(pipeline, viewer), pipeline.dumped(text, values))
        except (psycopg.Error, UnicodeError):
            await self._give_back(pipeline)
            raise
        except BaseException:
            # Whoever stops waiting leaves an answer on its way: nobody else may get it.
            await pipeline.abandon()
            raise
        self._idle.append(pipeline)
        return row if viewer.person_id is None or int(entered[3] or 0) == viewer.version else None

    async def _give_back(self, pipeline: ReadPipeline) -> None:
        if pipeline.whole:
            self._idle.append(pipeline)
        else:
            await pipeline.close()

    def _entering(self, pipeline: ReadPipeline, viewer: Viewer) -> Sent:
        """What the policies read, worked out once for as long as the viewer is the same."""
        kept = self._settings.get(viewer.caller)
        if kept is None or kept[0] is not viewer:
            found = settings_of(viewer)
            kept = viewer, pipeline.dumped(ENTER_TEXT, [found[name] for name in ENTER_NAMES])
            self._settings.keep(viewer.caller, kept)
        return kept[1]
