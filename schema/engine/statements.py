"""Statements of one request, run in turn over one connection, and counted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Executable, Select
from sqlalchemy.ext.asyncio import AsyncConnection

GONE = (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)

Made = TypeVar("Made")


class Statements:
    """Runs statements one after the other: loaders work side by side, a connection does not."""

    def __init__(self, connection: AsyncConnection | None) -> None:
        self._given = connection
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()
        self.count = 0

    async def __call__(self, statement: Select[Any], parameters: dict[str, Any]) -> Sequence[Any]:
        """Give all rows of a statement. Whoever stops waiting does not stop the statement: see `drain`."""
        rows: Sequence[Any] = await self._unstoppable(self._run(statement, parameters))
        return rows

    async def write(self, statement: Executable) -> Sequence[Any]:
        """Run a statement of a mutation; its rows, where it returns any."""
        async with self._turn:
            self.count += 1
            result = await self._connection.execute(statement)
            rows: Sequence[Any] = result.all() if result.returns_rows else ()
            return rows

    async def run(self, work: Callable[[Connection], Made]) -> Made:
        """Do work that has statements of its own, in turn with the others; it counts as one."""
        async with self._turn:
            self.count += 1
            return await self._connection.run_sync(work)

    @asynccontextmanager
    async def all_or_nothing(self) -> AsyncIterator[None]:
        """What is written inside is undone when an error leaves it."""
        async with self._connection.begin_nested():
            yield

    def undone(self) -> bool:
        """Whether all of the transaction will be undone, whatever is asked of the database: COMMIT would not tell."""
        connection = self._connection.sync_connection
        if connection is None or connection.closed or connection.invalidated:
            return True
        driver: Any = connection.connection.driver_connection
        return driver is None or driver.info.transaction_status in GONE

    async def drain(self) -> None:
        """Wait for what still runs. A connection given back in the middle would answer somebody else with it."""
        await asyncio.gather(*self._running, return_exceptions=True)

    @property
    def _connection(self) -> AsyncConnection:
        if self._given is None:
            raise RuntimeError("the transaction of this answer is over")
        return self._given

    async def _unstoppable(self, running: Coroutine[Any, Any, Any]) -> Any:
        task = asyncio.create_task(running)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _run(self, statement: Select[Any], parameters: dict[str, Any]) -> Sequence[Any]:
        async with self._turn:
            self.count += 1
            rows: Sequence[Any] = (await self._connection.execute(statement, parameters)).all()
            return rows
