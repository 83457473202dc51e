"""Keys of new rows, made before the rows: what is added is often invisible until its links are there."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

KEYS = text("select uuidv7() from generate_series(1, :count)")


async def new_keys(connection: AsyncConnection, count: int) -> Sequence[UUID]:
    """So many time-ordered keys."""
    return list((await connection.scalars(KEYS, {"count": count})).all()) if count else []
