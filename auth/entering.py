"""Entering: a transaction of which the database knows the viewer, with the rights that they have at its beginning."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction

from auth.row_context import enter
from auth.viewer import Viewer
from auth.viewers import Viewers

RELOADS = 5


class UnsettledRightsError(RuntimeError):
    """A person's rights changed again and again while a transaction began."""


@dataclass(frozen=True)
class Entered:
    """A transaction that has begun, and its viewer as the database knows them."""

    connection: AsyncConnection
    transaction: AsyncTransaction
    viewer: Viewer


@asynccontextmanager
async def entered(
    engine: AsyncEngine, viewers: Viewers, viewer: Viewer, *, writes: bool = False
) -> AsyncIterator[Entered]:
    """Begin a transaction in a viewer's name; it is committed unless an error leaves it.

    One that reads sees one snapshot, in which the viewer's version was compared: nothing out of date is answered.
    Whoever is out of date is loaded anew. Raises UnsettledRightsError.
    """
    level = "READ COMMITTED" if writes else "REPEATABLE READ"
    for _ in range(RELOADS):
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level=level, postgresql_readonly=not writes)
            async with connection.begin() as transaction:
                if await enter(connection, viewer, writes=writes):
                    yield Entered(connection, transaction, viewer)
                    return
        # Only now that the connection is given back: whoever kept it while waiting for another would stop the pool.
        viewer = await viewers.again(viewer)
    raise UnsettledRightsError
