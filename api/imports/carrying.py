"""Carrying out one run: at once and perhaps undone, or batch by batch with every batch committed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api.imports.journal_pages import JournalPages
from api.imports.observations import Observations
from api.imports.organisations import Organisations
from api.imports.people import PeopleOfSchool
from api.imports.rows import RowResult, keep_results, refused
from api.imports.runs import Run, content_of, counts_of, note, note_reading, noted, settle
from api.imports.source import Prepared, Setting, Source
from api.transactions import writing_as
from auth.permissions import holds
from auth.snils_index import SnilsIndex
from auth.viewer import Viewer
from auth.viewers import Viewers
from domain.imports import journal_pages, observations, organisations, people
from domain.imports.headers import HeaderWords
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.tables import Table, read_table
from domain.records import AuditEntry
from domain.records.imports import ImportKind, ImportMode, ImportStatus
from domain.writing.refusals import RefusedError
from schema.imports.audited import Audited
from schema.imports.starting import NEEDED

SOURCES: dict[ImportKind, Callable[[Setting], Source]] = {
    ImportKind.JOURNAL_PAGE: JournalPages,
    ImportKind.ORGANISATIONS: Organisations,
    ImportKind.PEOPLE: PeopleOfSchool,
    ImportKind.OBSERVATIONS: Observations,
}
WORDS: dict[ImportKind, HeaderWords] = {
    ImportKind.JOURNAL_PAGE: journal_pages.WORDS,
    ImportKind.ORGANISATIONS: organisations.WORDS,
    ImportKind.PEOPLE: people.WORDS,
    ImportKind.OBSERVATIONS: observations.WORDS,
}
# Imports may take longer than requests, but neither for ever nor idle.
WITHIN_RUN = text(
    "select set_config('vhod.import_run', :run, true), set_config('statement_timeout', '120s', true),"
    " set_config('lock_timeout', '30s', true), set_config('idle_in_transaction_session_timeout', '60s', true)"
)


class RightsLostError(Exception):
    """Whoever started the run may not do this any more."""


class Carrying:
    """One run on its way through a worker."""

    def __init__(
        self, engine: AsyncEngine, viewers: Viewers, clock: Callable[[], datetime], run: Run, snils: SnilsIndex
    ) -> None:
        self._engine = engine
        self._viewers = viewers
        self._clock = clock
        self._run = run
        self._snils = snils

    async def carry_out(self) -> None:
        """Do the work, from where an earlier worker came to."""
        table = await self._table()
        await (self._at_once(table) if self._run.at_once else self._by_batches(table))

    async def _table(self) -> Table:
        async with self._engine.begin() as connection:
            content = await content_of(connection, self._run)
        # Reading a large file takes a while: requests go on meanwhile.
        return await asyncio.to_thread(read_table, content, WORDS[self._run.kind])

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[tuple[AsyncConnection, Viewer]]:
        """A transaction of the starter with the rights they have now. Raises RightsLostError."""
        async with writing_as(self._run.caller, self._engine, self._viewers) as (connection, viewer):
            self._require_rights(viewer)
            await connection.execute(WITHIN_RUN, {"run": str(self._run.id)})
            yield connection, viewer

    def _require_rights(self, viewer: Viewer) -> None:
        """The very assignment under which it was started must still hold, and still have the permission."""
        permission = NEEDED[self._run.kind]
        held = [one for one in viewer.assignments if one.id == self._run.assignment_id]
        mine = viewer.person_id == self._run.started_by_id and permission in viewer.permitted
        if not mine or not any(holds(one.role, one.reach, permission) for one in held):
            raise RightsLostError

    def _source(self, viewer: Viewer) -> Source:
        return SOURCES[self._run.kind](Setting(self._run, viewer, self._clock(), self._snils))

    async def _by_batches(self, table: Table) -> None:
        async with self._transaction() as (connection, viewer):
            source = self._source(viewer)
            prepared = await _prepared(connection, source, table)
            await note_reading(connection, self._run, table, prepared.days)
            await note(connection, self._run, total=len(prepared.rows), issues=self._noted(prepared))
        done = self._run.done
        for batch in batches(prepared.rows[done:], source.batch_rows):
            async with self._transaction() as (connection, _):
                results = await self._taken(connection, source, batch)
                await self._keep(connection, results)
                done += len(batch)
                await note(connection, self._run, done=done, **counts_of(results))
        async with self._transaction() as (connection, viewer):
            await self._finish(connection, viewer, ImportStatus.DONE)

    async def _at_once(self, table: Table) -> None:
        self._run = self._run.from_start()
        async with self._transaction() as (connection, viewer):
            source = self._source(viewer)
            effects = await connection.begin_nested()
            prepared = await _prepared(connection, source, table)
            results = await self._all_taken(connection, source, prepared)
            counts = counts_of(results)
            refusing = self._run.mode is ImportMode.ALL_OR_NOTHING and counts["rejected"] + counts["flagged"] > 0
            await (effects.rollback() if self._run.dry_run or refusing else effects.commit())
            await self._keep(connection, results)
            await note_reading(connection, self._run, table, prepared.days)
            ended = ImportStatus.REFUSED if refusing else ImportStatus.DONE
            told = {"total": len(results), "done": len(results), "issues": self._noted(prepared)}
            await self._finish(connection, viewer, ended, **told, **counts)

    async def _all_taken(self, connection: AsyncConnection, source: Source, prepared: Prepared) -> list[RowResult]:
        results: list[RowResult] = []
        await self._tell(len(prepared.rows), 0)
        for batch in batches(prepared.rows, source.batch_rows):
            results += await self._taken(connection, source, batch)
            await self._tell(len(prepared.rows), len(results))
        return results

    async def _tell(self, total: int, done: int) -> None:
        """Tell others how far it is, beside the transaction that they cannot look into."""
        async with self._engine.begin() as connection:
            await note(connection, self._run, total=total, done=done)

    async def _taken(self, connection: AsyncConnection, source: Source, rows: Sequence[Any]) -> list[RowResult]:
        """Take rows in. When the database itself refuses, find out which row it was, by halves."""
        try:
            async with connection.begin_nested():
                return await source.take(connection, rows)
        except (IntegrityError, DataError, RefusedError) as error:
            if len(rows) == 1:
                code = IssueCode(error.refused.code) if isinstance(error, RefusedError) else IssueCode.NOT_ACCEPTED
                return [refused(source.row_of(rows[0]), [Issue(code)])]
        half = len(rows) // 2
        first = await self._taken(connection, source, rows[:half])
        return first + await self._taken(connection, source, rows[half:])

    async def _keep(self, connection: AsyncConnection, results: Sequence[RowResult]) -> None:
        run = self._run
        await keep_results(connection, run.id, run.organisation_id, results, personal=run.personal)

    async def _finish(self, connection: AsyncConnection, viewer: Viewer, status: ImportStatus, **told: Any) -> None:
        run = self._run
        detail = {"kind": run.kind.value, "status": status.value, "dry_run": run.dry_run, "overwrite": run.overwrite}
        entry = {
            "happened_at": self._clock(),
            "request_id": f"import:{run.id}",
            "actor_id": viewer.person_id,
            "assignment_id": run.assignment_id,
            "client_id": run.caller.client_id,
            "organisation_id": run.organisation_id,
            "action": Audited.IMPORT_CARRY_OUT.value,
            "object_id": run.id,
            "detail": detail,
        }
        await connection.execute(insert(AuditEntry).inline().values(**entry))
        await settle(connection, run, status, **told)

    def _noted(self, prepared: Prepared) -> list[dict[str, Any]]:
        return noted(prepared.issues, personal=self._run.personal)


async def _prepared(connection: AsyncConnection, source: Source, table: Table) -> Prepared:
    """What the source makes of the table, with what was noticed while reading it.

    Raises UnreadableFileError; where the header is to blame it says what was read as one.
    """
    try:
        prepared = await source.prepare(connection, table)
    except UnreadableFileError as error:
        raise error.about(table.read_as_header) from None
    return replace(prepared, issues=[*table.issues, *prepared.issues])


def batches(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Rows in their order, `size` at a time."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
