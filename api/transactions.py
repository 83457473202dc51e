"""A writing transaction in somebody's name, outside a GraphQL request: with the rights they have at its beginning."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth.row_context import enter
from auth.viewer import Caller, Viewer
from auth.viewers import Viewers

RELOADS = 5


class UnsettledRightsError(RuntimeError):
    """A person's rights changed again and again while a transaction began."""


@asynccontextmanager
async def writing_as(
    caller: Caller, engine: AsyncEngine, viewers: Viewers
) -> AsyncIterator[tuple[AsyncConnection, Viewer]]:
    """Begin a transaction that was told who writes; it is committed unless an error leaves it."""
    viewer = await viewers.viewer(caller)
    for _ in range(RELOADS):
        async with engine.connect() as connection, connection.begin():
            if await enter(connection, viewer, writes=True):
                yield connection, viewer
                return
        viewer = await viewers.reload(caller)
    raise UnsettledRightsError
