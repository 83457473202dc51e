"""Figures of a file taken in: each as a version after what stands, never over what was entered by hand or approved."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from api.imports.rows import RowResult, refused
from api.imports.source import Prepared, Setting
from domain.imports.issues import Issue, IssueCode
from domain.imports.observations import FigureRow, read_figures
from domain.imports.tables import Table, TableRow
from domain.observation_versions import FigureKey, Recorder, differs
from domain.rating_store import HOLD
from domain.records import Indicator, Observation, ObservationVersion
from domain.records.imports import RowOutcome
from domain.scoring.observations import ObservationProvenance
from domain.text import folded

PLACES = text(
    "select id, name, ogrn, oktmo, head_status, region_id from organisation"
    " where ancestor_ids @> array[cast(:top as uuid)]"
)
LOCKED = text(
    "select p.organisation_id, p.indicator_id, p.period from jsonb_to_recordset(cast(:keys as jsonb))"
    " as p (organisation_id uuid, indicator_id uuid, period text)"
    " cross join lateral vhod.observation_decisions(p.organisation_id, p.indicator_id, p.period) d"
    " where d.action = 'APPROVE'"
)
AGREES = frozenset({ObservationProvenance.IMPORTED})
"""What an import may change without being told to overwrite: what an import wrote."""


class Observations:
    """The source of one table of figures, for the organisations at and below the one that the file was sent for."""

    batch_rows = 500

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._seen: dict[FigureKey, int] = {}

    async def prepare(self, connection: AsyncConnection, table: Table) -> Prepared:
        """Read the rows, the places and the indicators. Raises UnreadableFileError."""
        read = read_figures(table)
        places = (await connection.execute(PLACES, {"top": self._setting.run.organisation_id})).all()
        self._by: dict[str, dict[str, list[Any]]] = {name: defaultdict(list) for name in ("ogrn", "oktmo", "name")}
        for place in places:
            for name, key in (("ogrn", place.ogrn), ("oktmo", place.oktmo), ("name", folded(place.name))):
                if key:
                    self._by[name][key].append(place)
        self._region = next((place.region_id for place in places), None)
        columns: Any = select(col(Indicator.id), col(Indicator.code), col(Indicator.unit), col(Indicator.decimals))
        self._indicators = {row.code: row for row in await connection.execute(columns)}
        for number, row in enumerate(read.rows):
            if (key := self._key(row)) is not None:
                self._seen.setdefault(key, number)
        self._order = {row.row.number: number for number, row in enumerate(read.rows)}
        return Prepared(read.rows, read.issues)

    async def take(self, connection: AsyncConnection, rows: Sequence[FigureRow]) -> list[RowResult]:
        """Add a version for each row that changes something."""
        await connection.execute(HOLD, {"region": None if self._region is None else str(self._region)})
        keys = [key for row in rows if (key := self._key(row)) is not None]
        standing, locked = await _standing(connection, keys), await _locked(connection, keys)
        results, added = [], []
        for row in rows:
            result, version = self._result(row, standing, locked)
            results.append(result)
            added += [version] if version else []
        if added:
            await connection.execute(insert(ObservationVersion).inline(), added)
        return results

    def row_of(self, row: FigureRow) -> TableRow:
        """The row as it stood."""
        return row.row

    def _result(
        self, row: FigureRow, standing: dict[FigureKey, Any], locked: set[FigureKey]
    ) -> tuple[RowResult, dict[str, Any] | None]:
        issues, key = [*row.issues, *self._issues(row)], self._key(row)
        if any(issue.code is IssueCode.ORGANISATION_AMBIGUOUS for issue in issues):
            return refused(row.row, issues, RowOutcome.FLAGGED), None
        if key is not None and key in locked:
            issues.append(Issue(IssueCode.FIGURES_LOCKED, "organisation", row.organisation or row.ogrn))
        if key is None or any(issue.fatal for issue in issues):
            return refused(row.row, issues), None
        now, indicator = standing.get(key), self._indicators[row.indicator]
        version = self._recorder.next_version(key, row.said, indicator.unit, indicator.decimals, row.source, now)
        # Where it came from is no part of the value: what was entered by hand is confirmed, not replaced.
        if now is not None and not differs(version | {"provenance": now.provenance}, now):
            return RowResult(row.row, RowOutcome.UNCHANGED, issues, f"Observation:{now.id}"), None
        if now is not None and now.provenance not in AGREES and not self._setting.run.overwrite:
            return refused(row.row, [*issues, Issue(IssueCode.HAND_SET, "value", now.shown)]), None
        outcome = RowOutcome.CREATED if now is None else RowOutcome.CHANGED
        return RowResult(row.row, outcome, issues, f"Observation:{version['observation_id']}"), version

    @property
    def _recorder(self) -> Recorder:
        run = self._setting.run
        return Recorder(
            run.started_by_id, run.assignment_id, run.role, ObservationProvenance.IMPORTED, import_run_id=run.id
        )

    def _key(self, row: FigureRow) -> FigureKey | None:
        places, indicator = self._places(row), self._indicators.get(row.indicator)
        if len(places) != 1 or indicator is None:
            return None
        return FigureKey(places[0].id, indicator.id, row.period)

    def _places(self, row: FigureRow) -> list[Any]:
        """Organisations that a row means: by number before by name, a head before its branches."""
        for name, key in (("ogrn", row.ogrn), ("oktmo", row.oktmo), ("name", folded(row.organisation))):
            if key and (found := self._by[name].get(key)):
                heads = [place for place in found if place.head_status != "BRANCH"]
                return heads if len(heads) == 1 else found
        return []

    def _issues(self, row: FigureRow) -> list[Issue]:
        issues, places, indicator = [], self._places(row), self._indicators.get(row.indicator)
        named = row.organisation or row.ogrn or row.oktmo
        if not places:
            issues.append(Issue(IssueCode.ORGANISATION_UNKNOWN, "organisation", named))
        elif len(places) > 1:
            issues.append(Issue(IssueCode.ORGANISATION_AMBIGUOUS, "organisation", named))
        if indicator is None:
            issues.append(Issue(IssueCode.INDICATOR_UNKNOWN, "indicator", row.indicator))
        elif (problem := row.said.problem(indicator.unit)) is not None and not row.issues:
            issues.append(Issue(IssueCode(problem.value), "value"))
        key = self._key(row)
        if key is not None and self._seen[key] != self._order[row.row.number]:
            issues.append(Issue(IssueCode.ROW_REPEATED, "organisation", named))
        return issues


async def _standing(connection: AsyncConnection, keys: Sequence[FigureKey]) -> dict[FigureKey, Any]:
    table: Any = Observation.__table__  # type: ignore[attr-defined]
    place = tuple_(table.c.organisation_id, table.c.indicator_id, table.c.period)
    rows = await connection.execute(select(table).where(place.in_(keys)))
    return {FigureKey(row.organisation_id, row.indicator_id, row.period): row for row in rows}


async def _locked(connection: AsyncConnection, keys: Sequence[FigureKey]) -> set[FigureKey]:
    given = orjson.dumps([key._asdict() for key in keys], default=str).decode()
    return {FigureKey(*row) for row in await connection.execute(LOCKED, {"keys": given})}
