"""A run as a worker holds it, and the queue in the database: taking one up, noting how far it is, letting it go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.imports.rows import RowResult
from auth.viewer import Caller
from domain.imports.issues import DONE, Issue
from domain.imports.tables import Table
from domain.records.imports import ImportKind, ImportMode, ImportStatus, RowOutcome
from domain.roles import Role

LEASE_SECONDS = 60
CLAIM = text("select * from vhod.claim_import(:worker, :seconds, :only_run)")
CONTENT = text("select vhod.import_content(:run, :worker)")
NOTE = text("select vhod.note_import(:run, :worker, :seconds, cast(:noted as jsonb))")

NOTE_READING = text("select vhod.note_import_reading(:run, :worker, cast(:reading as jsonb))")


class RunLostError(RuntimeError):
    """Another worker has taken the run up: whatever this one did since is undone."""


class CancelledError(Exception):
    """Somebody who may has asked for the run to stop."""


@dataclass(frozen=True)
class Run:
    """A run, as it was started, and the token by which this worker holds it."""

    id: UUID
    token: UUID
    organisation_id: UUID
    kind: ImportKind
    mode: ImportMode
    dry_run: bool
    overwrite: bool
    options: dict[str, Any]
    done: int
    started_by_id: UUID
    assignment_id: UUID
    role: Role
    caller: Caller
    attempts: int
    file_name: str
    cancelled: bool
    requested_at: datetime

    @property
    def at_once(self) -> bool:
        """Everything in one transaction: all or nothing, and whatever only tries."""
        return self.dry_run or self.mode is ImportMode.ALL_OR_NOTHING

    @property
    def personal(self) -> bool:
        """Whether the rows are about people."""
        return self.kind not in (ImportKind.ORGANISATIONS, ImportKind.OBSERVATIONS)

    def from_start(self) -> "Run":
        """The same run with nothing done yet: what an interrupted transaction did is undone."""
        return replace(self, done=0)


async def claim(connection: AsyncConnection, worker: UUID, only_run: UUID | None = None) -> Run | None:
    """Take up the run that has waited longest, or one that its worker left; None when there is none."""
    given = {"worker": worker, "seconds": LEASE_SECONDS, "only_run": only_run}
    row = (await connection.execute(CLAIM, given)).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    account = values.pop("caller")
    return Run(
        **values
        | {
            "token": worker,
            "kind": ImportKind(values["kind"]),
            "mode": ImportMode(values["mode"]),
            "role": Role(values["role"]),
            "caller": Caller(**account | {"scopes": frozenset(account["scopes"])}),
        }
    )


async def content_of(connection: AsyncConnection, run: Run) -> bytes:
    """The bytes of the file. Raises RunLostError."""
    found = await connection.scalar(CONTENT, {"run": run.id, "worker": run.token})
    if found is None:
        raise RunLostError
    return bytes(found)


async def note(connection: AsyncConnection, run: Run, **noted: Any) -> None:
    """Note progress in this transaction and keep the lease. Raises CancelledError when the run is to stop."""
    written = orjson.dumps(noted).decode()
    given = {"run": run.id, "worker": run.token, "seconds": LEASE_SECONDS, "noted": written}
    cancelled = await connection.scalar(NOTE, given)
    if cancelled and "status" not in noted:
        raise CancelledError


async def note_reading(connection: AsyncConnection, run: Run, table: Table, days: Mapping[int, date]) -> None:
    """Note how the file was understood: sheet, row of the header, columns. `days` are those of dated columns."""
    columns = [{**vars(one), "day": days.get(one.place)} for one in table.columns]
    reading = {"sheet": table.sheet, "header_row": table.header.number, "columns": columns}
    given = {"run": run.id, "worker": run.token, "reading": orjson.dumps(reading).decode()}
    await connection.execute(NOTE_READING, given)


async def let_go(connection: AsyncConnection, run: Run, rest_seconds: int = 0) -> None:
    """Leave the run to whoever takes it up next, after a rest."""
    given = {"run": run.id, "worker": run.token, "seconds": rest_seconds, "noted": "{}"}
    await connection.execute(NOTE, given)


async def settle(
    connection: AsyncConnection, run: Run, status: ImportStatus, failure: str | None = None, **noted: Any
) -> None:
    """Note how the run ended."""
    ended = {"status": status.value} | ({"failure_code": failure} if failure else {})
    await note(connection, run, **ended, **noted)


def counts_of(results: Iterable[RowResult]) -> dict[str, int]:
    """How many rows came to what. `warned` are those that were taken in with an issue."""
    counts = {outcome.value.lower(): 0 for outcome in RowOutcome} | {"warned": 0}
    for result in results:
        counts[result.outcome.value.lower()] += 1
        taken_in = result.outcome not in (RowOutcome.REJECTED, RowOutcome.FLAGGED)
        counts["warned"] += taken_in and any(issue.code not in DONE for issue in result.issues)
    return counts


def noted(issues: Iterable[Issue], *, personal: bool) -> list[dict[str, Any]]:
    """Issues as they are kept."""
    return [issue.noted(personal=personal) for issue in issues]
