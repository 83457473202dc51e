"""What became of rows, and how it is kept: result by result, with the row as it stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.imports.issues import Issue
from domain.imports.tables import TableRow
from domain.records.imports import RowOutcome

KEEP = text(
    "with given as (select uuidv7() as id, g.* from jsonb_to_recordset(cast(:results as jsonb))"
    "  as g (source_row integer, outcome text, issues jsonb, cells jsonb, object_id text)),"
    " kept as (insert into import_row (id, run_id, organisation_id, source_row, outcome, issues, raw, object_id)"
    "  select id, :run, :organisation, source_row, outcome, issues, case when not :personal then cells end, object_id"
    "  from given)"
    " insert into import_source_row (id, organisation_id, cells) select id, :organisation, cells from given"
    " where :personal"
)


@dataclass(frozen=True)
class RowResult:
    """What became of one row; `object_id` is the global id of what it is about."""

    row: TableRow
    outcome: RowOutcome
    issues: Sequence[Issue] = ()
    object_id: str | None = None


def refused(row: TableRow, issues: Sequence[Issue], outcome: RowOutcome = RowOutcome.REJECTED) -> RowResult:
    """A row that stays out."""
    return RowResult(row, outcome, issues)


async def keep_results(
    connection: AsyncConnection, run: UUID, organisation: UUID, results: Sequence[RowResult], *, personal: bool
) -> None:
    """Keep results in the transaction of their effects."""
    written = orjson.dumps([_written(result, personal=personal) for result in results]).decode()
    given = {"results": written, "run": run, "organisation": organisation, "personal": personal}
    await connection.execute(KEEP, given)


def _written(result: RowResult, *, personal: bool) -> dict[str, object]:
    return {
        "source_row": result.row.number,
        "outcome": result.outcome.value,
        "issues": [issue.noted(personal=personal) for issue in result.issues],
        "cells": result.row.cells,
        "object_id": result.object_id,
    }
