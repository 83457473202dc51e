"""Reading: the short transaction of one event's answer, under the rights that its reader has at that moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncEngine

from api.access_journal import AccessJournal
from api.budgets.budgets import Budgets
from auth.entering import entered
from auth.viewer import Caller, Viewer
from auth.viewers import Viewers
from schema import Contract
from schema.engine.context import Context, renew_context, rest_context


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
        begun = await opened.enter_async_context(entered(self.engine, self.viewers, viewer))
        renew_context(context, begun.viewer, begun.connection, self.contract.types)
        opened.push_async_callback(context.statements.drain)

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
