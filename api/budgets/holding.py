"""Holding: the part of one budget that this process has leased, and spends without asking anybody."""

import asyncio
import math
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.budgets.ledger import Lease, Ledger
from domain import clock
from domain.errors import RateLimited
from schema.engine.limits.purse import Balance

WINDOW_SECONDS = 60
BLOCKS = 50
"""A lease is a fiftieth of the budget, or as much as a request needs."""
TRUST_SECONDS = 1.0
"""How long a process goes on by itself when the ledger cannot be asked."""


@dataclass
class Holding:
    """`hand`: points leased and not spent; `outside`: those that nobody had leased when we last looked."""

    key: bytes
    most: int
    hand: int = 0
    outside: int = 0
    until: float = 0.0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def take(self, points: int, ledger: Ledger) -> None:
        """Spend points. Raises RateLimited, and then spends none."""
        if not self._spend(points):
            async with self._turn:  # many at once make one lease
                while not self._spend(points):
                    await self._lease(points, ledger)

    def give_back(self, points: int) -> None:
        """What was taken for a request that another budget refuses."""
        self.hand += points

    def balance(self) -> Balance:
        """How much is left until when; a window that is over is a new one."""
        now = _clock()
        fresh = now >= self.until
        left = self.most if fresh else self.hand + self.outside
        seconds = WINDOW_SECONDS if fresh else self.until - now
        return Balance(self.most, left, clock.now() + timedelta(seconds=math.ceil(seconds)))

    def _spend(self, points: int) -> bool:
        if self.hand < points or _clock() >= self.until:
            return False
        self.hand -= points
        return True

    async def _lease(self, points: int, ledger: Ledger) -> None:
        """Lease enough for these points. Raises RateLimited when there is not as much."""
        if _clock() >= self.until:
            self.hand, self.outside = 0, self.most
        if self.outside > 0:
            wanted = max(points - self.hand, self.most // BLOCKS)
            began = _clock()
            lease = await self._leased(wanted, ledger)
            self.hand += lease.granted
            self.outside = max(0, self.most - lease.spent)
            self.until = began + lease.seconds
        if self.hand < points:
            raise RateLimited(max(1, math.ceil(self.until - _clock())))

    async def _leased(self, wanted: int, ledger: Ledger) -> Lease:
        try:
            return await ledger.lease(self.key, wanted, self.most, WINDOW_SECONDS)
        except (SQLAlchemyError, OSError) as error:
            # A counter that is away must not be a second cause of refusal.
            structlog.get_logger(__name__).warning("budget:away", reason=type(error).__name__)
            return Lease(wanted, 0, TRUST_SECONDS)


def _clock() -> float:
    return asyncio.get_running_loop().time()
