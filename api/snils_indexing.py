"""SNILS indexing: gives every stored number its keyed hash, at the start of the server and after a demo is loaded.

Whatever wrote a number without its hash, or with that of an earlier secret, is found by an index and mended in batches;
several processes at once take different rows.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import ARRAY, URL, LargeBinary, String, Uuid, bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api.database import make_engine
from auth.snils_index import SnilsIndex

BATCH = 2_000
WAITING = text("select id, snils from vhod.snils_not_indexed(:key_id, :after_key_id, :most)")
INDEX = text("select vhod.index_snils(:ids, :numbers, :hashes)").bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("numbers", type_=ARRAY(String)),
    bindparam("hashes", type_=ARRAY(LargeBinary)),
)


async def index_all(engine: AsyncEngine, index: SnilsIndex) -> int:
    """Index what is not indexed, batch by batch, each committed. Gives how many numbers that were."""
    done = 0
    while True:
        async with engine.begin() as connection:
            indexed = await index_batch(connection, index)
        done += indexed
        if indexed < BATCH:
            return done


async def index_batch(connection: AsyncConnection, index: SnilsIndex) -> int:
    """Index some in the transaction of this connection, which nobody has been told of who asks."""
    asked = {"key_id": index.key_id, "after_key_id": index.after_key_id, "most": BATCH}
    rows = (await connection.execute(WAITING, asked)).all()
    if rows:
        hashes = [index.hash(row.snils) for row in rows]
        told = {"ids": [row.id for row in rows], "numbers": [row.snils for row in rows], "hashes": hashes}
        await connection.execute(INDEX, told)
    return len(rows)


@asynccontextmanager
async def indexing(engine: AsyncEngine, index: SnilsIndex) -> AsyncIterator[None]:
    """Index once, beside the first requests. What is not done at the end is left to the next start."""
    task = asyncio.create_task(_index_once(engine, index))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def index_database(url: URL, index: SnilsIndex) -> None:
    """Index a database that no server of ours serves yet, as the application."""
    engine = make_engine(url, pool_size=1)
    try:
        await index_all(engine, index)
    finally:
        await engine.dispose()


async def _index_once(engine: AsyncEngine, index: SnilsIndex) -> None:
    log = structlog.get_logger(__name__)
    try:
        if done := await index_all(engine, index):
            log.info("snils:indexed", people=done)
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        log.warning("snils:not indexed", reason=type(error).__name__)
