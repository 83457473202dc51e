"""A writing transaction in somebody's name, outside a GraphQL request: with the rights they have at its beginning."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.entering import entered
from auth.viewer import Caller, Viewer
from auth.viewers import Viewers


@asynccontextmanager
async def writing_as(
    caller: Caller, engine: AsyncEngine, viewers: Viewers
) -> AsyncIterator[tuple[AsyncConnection, Viewer]]:
    """Begin a transaction that was told who writes; it is committed unless an error leaves it."""
    async with entered(engine, viewers, await viewers.viewer(caller), writes=True) as begun:
        yield begun.connection, begun.viewer
