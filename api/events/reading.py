"""Reading: the short transaction of one event's answer, under the rights that its reader has at that moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api.access_journal import AccessJournal
from api.budgets.budgets import Budgets
from auth.row_context import enter
from auth.viewer import Caller, Viewer
from auth.viewers import Viewers
from schema import Contract
from schema.engine.context import Context, renew_context, rest_context

RELOADS = 5


class UnsettledRightsError(RuntimeError):
    """A person's rights changed again and again while an answer began."""


@dataclass(frozen=True)
class Readings:
    """What answers of events are read with, by as many connections as there are places.

    `openings` are for whoever begins to follow, `places` for news: however many begin at once, news need not wait.
    """

    contract: Contract
    engine: AsyncEngine
    viewers: Viewers
    journal: AccessJournal
    budgets: Budgets
    openings: asyncio.Semaphore = field(repr=False)
    places: asyncio.Semaphore = field(repr=False)

    async def viewer(self, caller: Caller) -> Viewer:
        """The viewer of whoever begins to follow; waits for its turn, however long."""
        async with self.openings:
            return await self.viewers.viewer(caller)

    async def pay(self, context: Context, caller: Caller) -> None:
        """Pay for one more answer as for the first. Raises RateLimited: the stream ends, its cursor goes on later."""
        context.purse = self.budgets.purse(caller, None)
        await context.purse.take(context.cost.requested if context.cost else 1)

    @asynccontextmanager
    async def reading(self, context: Context, caller: Caller, *, first: bool = False) -> AsyncIterator[None]:
        """Open the context for one answer. `context.settle` ends it, with what was read recorded; so does leaving."""
        async with AsyncExitStack() as opened:
            await opened.enter_async_context(self.openings if first else self.places)
            await self._open(opened, context, caller)
            context.settle = self._settling(opened, context)
            try:
                yield
            finally:
                if context.settle is not _settled:  # nothing was answered
                    rest_context(context, self.contract.types)

    async def _open(self, opened: AsyncExitStack, context: Context, caller: Caller) -> None:
        viewer = await self.viewers.viewer(caller)
        for _ in range(RELOADS):
            async with AsyncExitStack() as trial:
                connection = await self._begun(trial)
                if await enter(connection, viewer):
                    renew_context(context, viewer, connection, self.contract.types)
                    await opened.enter_async_context(trial.pop_all())
                    opened.push_async_callback(context.statements.drain)
                    return
            viewer = await self.viewers.reload(caller)
        raise UnsettledRightsError

    async def _begun(self, opened: AsyncExitStack) -> AsyncConnection:
        connection = await opened.enter_async_context(self.engine.connect())
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        await opened.enter_async_context(connection.begin())
        return connection

    def _settling(self, opened: AsyncExitStack, context: Context) -> Callable[[], Awaitable[None]]:
        async def settle() -> None:
            await opened.aclose()
            readings = context.executor.readings
            if readings.personal or readings.special:
                await self.journal.record(context)
            context.settle = _settled
            rest_context(context, self.contract.types)

        return settle


async def _settled() -> None:
    """Everything of the answer is over."""
