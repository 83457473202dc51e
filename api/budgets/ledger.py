"""Ledger: what is spent of every budget, kept in PostgreSQL so that it holds for all processes together."""

import random
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

CLEAN_ONE_IN = 1_000

# A window begins with its first lease: not everybody's ends at the same moment. old.* are PostgreSQL 18's.
LEASE = text(
    "insert into budget.spending as kept (key, until, spent)"
    " values (:key, vhod.now() + make_interval(secs => :seconds), least(cast(:wanted as bigint), :most))"
    " on conflict (key) do update set"
    " until = case when kept.until <= vhod.now() then excluded.until else kept.until end,"
    " spent = case when kept.until <= vhod.now() then excluded.spent"
    " else greatest(kept.spent, least(kept.spent + :wanted, :most)) end"
    " returning new.spent - case when old.until > vhod.now() then old.spent else 0 end as granted,"
    " new.spent as spent, extract(epoch from new.until - vhod.now()) as seconds"
)
FORGET = text("delete from budget.spending where until < vhod.now() - interval '1 hour'")


@dataclass(frozen=True)
class Lease:
    """Points that a process may now spend by itself, what is leased in all, seconds until the window is over."""

    granted: int
    spent: int
    seconds: float


class Ledger(Protocol):
    """Where leases come from."""

    async def lease(self, key: bytes, wanted: int, most: int, seconds: int) -> Lease:
        """Lease up to `wanted` points of a budget of `most` points in so many seconds, less when less is left."""


@dataclass(frozen=True)
class DatabaseLedger:
    """The table `budget.spending`; the engine is nobody else's, so that no request waits for itself."""

    engine: AsyncEngine

    async def lease(self, key: bytes, wanted: int, most: int, seconds: int) -> Lease:
        """One statement, atomic: two processes never lease the same point."""
        async with self.engine.begin() as connection:
            given = {"key": key, "wanted": wanted, "most": most, "seconds": seconds}
            row = (await connection.execute(LEASE, given)).one()
            if random.randrange(CLEAN_ONE_IN) == 0:  # noqa: S311 - no secret
                await connection.execute(FORGET)
        return Lease(row.granted, row.spent, float(row.seconds))
