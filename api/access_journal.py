"""The access journal: who opened whose personal data. Special data is recorded before the answer, the rest in batches.

Ordinary readings wait in a bounded queue for at most a second; a crash loses at most what waits there. When the queue
is full, a request writes its own entry: readings may be slowed down, not forgotten.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.records import AccessEntry
from domain.sensitivity import Sensitivity
from schema.engine.context import Context

QUEUE = 10_000
BATCH_SECONDS = 1.0


class AccessJournal:
    """Writes entries through the application's role, which may add to the journal and nothing else."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE)

    @property
    def waiting(self) -> int:
        """How many entries wait to be written."""
        return self._waiting.qsize()

    async def record(self, context: Context) -> None:
        """Record what an answer holds. Raises when special data could not be recorded: then there is no answer."""
        readings = context.executor.readings
        if readings.special:
            await self._write([_entry(context, Sensitivity.P3, readings.special)])
        if readings.personal or (_preview(context) and not readings.special):
            await self._later(_entry(context, Sensitivity.P2, readings.personal))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write batches beside the requests; what waits at the end is written too."""
        task = asyncio.create_task(self._write_batches())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.flush()

    async def flush(self) -> None:
        """Write everything that waits now."""
        batch = []
        while not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        if batch:
            await self._write(batch)

    async def _later(self, entry: dict[str, Any]) -> None:
        try:
            self._waiting.put_nowait(entry)
        except asyncio.QueueFull:
            await self._write([entry])

    async def _write_batches(self) -> None:
        while True:
            await asyncio.sleep(BATCH_SECONDS)
            try:
                await self.flush()
            except Exception:
                structlog.get_logger(__name__).exception("access journal: a batch could not be written")

    async def _write(self, entries: list[dict[str, Any]]) -> None:
        try:
            async with self._engine.begin() as connection:
                # Inline: the application may add to the journal, not read what it added.
                await connection.execute(insert(AccessEntry).inline(), entries)
        except Exception:
            # A database that is away for a moment must not cost entries: they wait for the next batch.
            for entry in entries:
                if entry["sensitivity"] < Sensitivity.P3 and not self._waiting.full():
                    self._waiting.put_nowait(entry)
            raise


def _entry(context: Context, sensitivity: Sensitivity, read: dict[str, set[Any]]) -> dict[str, Any]:
    viewer = context.viewer
    return {
        "happened_at": context.clock(),
        "request_id": context.request_id,
        "actor_id": viewer.person_id,
        "client_id": viewer.caller.client_id if viewer.caller else None,
        "operation": context.operation,
        "roles": sorted({held.role.value for held in viewer.assignments if held.id or held.service_client_id}),
        "organisation_ids": sorted({held.organisation_id for held in viewer.assignments if held.organisation_id}),
        "sensitivity": int(sensitivity),
        "fields": sorted(read),
        "subject_ids": sorted(set().union(*read.values())),
        "preview_role": _preview(context),
    }


def _preview(context: Context) -> str | None:
    """As which role the person looks, where it is a preview: such answers are recorded, whatever they hold."""
    caller = context.viewer.caller
    return caller.preview.role.value if caller and caller.preview else None
