"""The worker: takes up runs from the queue and carries them out, one at a time, in the name of whoever started them.

Every transaction is told who asks and asks again whether they still may. What a batch does and what is kept of it is
committed together: killed between any two statements, a run goes on where its last commit stands.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.imports.carrying import Carrying, RightsLostError
from api.imports.runs import CancelledError, Run, RunLostError, claim, let_go, settle
from auth.snils_index import SnilsIndex
from auth.viewers import Viewers
from domain.imports.issues import UnreadableFileError
from domain.records.imports import ImportStatus

IDLE_SECONDS = 1.0
MOST_ATTEMPTS = 5
LOST = "55000"
"""SQLSTATE by which the database says that another worker holds the run."""


class ImportWorker:
    """Works off the queue; several processes may each have one."""

    def __init__(self, engine: AsyncEngine, viewers: Viewers, clock: Callable[[], datetime], snils: SnilsIndex) -> None:
        self._engine = engine
        self._viewers = viewers
        self._clock = clock
        self._snils = snils
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work beside the requests. What is under way at the end is left to whoever comes next."""
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def drain(self) -> None:
        """Carry out everything that waits now."""
        while await self.work_once():
            pass

    async def work_once(self, only_run: UUID | None = None) -> bool:
        """Take up one run, if one waits, and carry it out. Tells whether there was one."""
        async with self._turn:
            async with self._engine.begin() as connection:
                run = await claim(connection, uuid4(), only_run)
            if run is None:
                return False
            await self._guarded(run)
            return True

    async def _work(self) -> None:
        while True:
            try:
                await self.drain()
            except (DBAPIError, PoolTimeoutError, OSError) as error:
                structlog.get_logger(__name__).warning("imports:waiting", reason=type(error).__name__)
            await asyncio.sleep(IDLE_SECONDS)

    async def _guarded(self, run: Run) -> None:
        """Carry a run out, and note how it ended where it did not come to its end."""
        try:
            await self._carry_out(run)
        except RunLostError:
            return
        except CancelledError:
            await self._settle(run, ImportStatus.CANCELLED)
        except RightsLostError:
            await self._settle(run, ImportStatus.FAILED, "RIGHTS_LOST")
        except UnreadableFileError as error:
            issues = [error.issue.noted(personal=run.personal)]
            await self._settle(run, ImportStatus.FAILED, error.issue.code.value, issues)
        except asyncio.CancelledError:
            await self._let_go(run)
            raise
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            await self._interrupted(run, error)
        except Exception as error:
            structlog.get_logger(__name__).error("imports:internal", run=str(run.id), exc_info=error)
            await self._settle(run, ImportStatus.FAILED, "INTERNAL")

    async def _carry_out(self, run: Run) -> None:
        if run.cancelled:
            raise CancelledError
        await Carrying(self._engine, self._viewers, self._clock, run, self._snils).carry_out()

    async def _interrupted(self, run: Run, error: Exception) -> None:
        """The database was away, full or busy: again after 2, 4, 8 and 16 s, but not for ever."""
        if getattr(getattr(error, "orig", None), "sqlstate", None) == LOST:
            return
        structlog.get_logger(__name__).warning("imports:interrupted", run=str(run.id), reason=type(error).__name__)
        if run.attempts >= MOST_ATTEMPTS:
            await self._settle(run, ImportStatus.FAILED, "INTERRUPTED")
        else:
            await self._let_go(run, rest_seconds=2**run.attempts)

    async def _settle(
        self, run: Run, status: ImportStatus, failure: str | None = None, issues: list[dict[str, object]] | None = None
    ) -> None:
        async with self._engine.begin() as connection:
            await settle(connection, run, status, failure, **({} if issues is None else {"issues": issues}))

    async def _let_go(self, run: Run, rest_seconds: int = 0) -> None:
        try:
            async with self._engine.begin() as connection:
                await let_go(connection, run, rest_seconds)
        except (DBAPIError, PoolTimeoutError, OSError):
            return  # the lease ends by itself
