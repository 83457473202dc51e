"""The process that draws ratings: NumPy is loaded there and nowhere else, one job at a time, none for too long."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from multiprocessing import get_context

from domain.errors import Busy, LimitExceeded
from domain.scoring.draws import DrawJob, draw
from domain.scoring.robustness import RankInterval

MOST_WAITING = 4
SECONDS = 8.0
"""Less than a transaction may stand idle."""


class DrawProcess:
    """Draws in a process that starts with the first job. Call it with a job."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def __call__(self, job: DrawJob) -> tuple[RankInterval, ...]:
        """Do a job. Raises Busy when too many wait, LimitExceeded when it takes too long."""
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(SECONDS), self._turn:
                return await self._draw(job)
        except TimeoutError:
            raise LimitExceeded(
                "Drawing takes too long: ask for fewer draws.", "Розыгрыш слишком долгий: уменьшите их число."
            ) from None
        finally:
            self._waiting -= 1

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let the process end with the application."""
        try:
            yield
        finally:
            self._stop()

    async def _draw(self, job: DrawJob) -> tuple[RankInterval, ...]:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._started(), draw, job)
        except asyncio.CancelledError:
            self._stop()  # what nobody waits for any more must not go on
            raise
        except BrokenProcessPool:
            self._stop()
            raise Busy from None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # A new interpreter, not a copy of this process with its connections.
            self._pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
        return self._pool

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
