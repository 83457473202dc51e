"""Organisations of a register taken in: found again by what identifies them, added where they are new, never merged.

A row that was taken in before is found by everything that the register prints of it; equal rows are told apart by
their order. A head is also found by its OGRN, a row of the same file and line by its name.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from api.imports.keys import new_keys
from api.imports.organisations_known import OrganisationRow, Standing, likeness
from api.imports.rows import RowResult, refused
from api.imports.source import Prepared, Setting
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.organisations import RegisterRow, read_register
from domain.imports.tables import Table, TableRow
from domain.records import Organisation, RegistryIssue
from domain.records.imports import RowOutcome
from domain.records.organisations import HeadStatus, OrganisationKind, Provenance, RegistryIssueCode
from domain.registry import RegistryRow, RowKey
from domain.text import folded

PLACE = text("select id, name, time_zone, kind from organisation where id = :place")
LOCK = text("select pg_advisory_xact_lock(hashtextextended('organisations of ' || :place, 0))")
MUNICIPALITIES = text("select id, name, oktmo from organisation where region_id = :region and kind = 'MUNICIPALITY'")
STANDING = text(
    "select o.id, o.name, o.kind, o.oktmo, o.ogrn, o.ogrn_status, o.inn, o.inn_status, o.head_status, o.branch_of_id,"
    " o.source, o.provenance, m.name as municipality from organisation o"
    " left join organisation m on m.id = o.municipality_id"
    " where o.region_id = :region and o.kind not in ('REGION', 'MUNICIPALITY')"
    " and (o.name = any(:names) or o.ogrn = any(:ogrns) or o.inn = any(:inns)) order by o.source, o.id"
)
ISSUES = text("select organisation_id, code, column_name, raw from registry_issue where organisation_id = any(:ids)")
REGISTRY_CODES = frozenset(RegistryIssueCode)
AMENDED = ("name", "oktmo", "ogrn", "ogrn_status", "inn", "inn_status", "head_status", "branch_of_id")


class Organisations:
    """The source of one register."""

    batch_rows = 200

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._ids: dict[RowKey, UUID] = {}

    async def prepare(self, connection: AsyncConnection, table: Table) -> Prepared:
        """Read the register, and find the region. Raises UnreadableFileError."""
        found = await connection.execute(PLACE, {"place": self._setting.run.organisation_id})
        self._region = found.one()
        if self._region.kind != OrganisationKind.REGION:
            raise UnreadableFileError(IssueCode.REGION_UNKNOWN)
        known = await connection.execute(MUNICIPALITIES, {"region": self._region.id})
        rows = read_register(table, region=self._region.name, municipalities=[row.name for row in known])
        self._entries = {row.entry.key: row.entry for row in rows}
        return Prepared(_counted(rows))

    async def take(self, connection: AsyncConnection, rows: Sequence[OrganisationRow]) -> list[RowResult]:
        """Add what is new; heads before their branches."""
        await connection.execute(LOCK, {"place": str(self._region.id)})
        good = [row for row in rows if not self._fatal(row)]
        self._places = await self._municipalities(connection, good)
        self._standing = await self._look(connection, good)
        results: dict[int, RowResult] = {}
        for part in ([r for r in good if r.entry.head is None], [r for r in good if r.entry.head is not None]):
            results |= await self._take_part(connection, part)
        for row in rows:
            if fatal := self._fatal(row):
                results[row.register_row.row.number] = refused(row.register_row.row, fatal)
        return [results[row.register_row.row.number] for row in rows]

    def row_of(self, row: OrganisationRow) -> TableRow:
        """The row as it stood."""
        return row.register_row.row

    def _fatal(self, row: OrganisationRow) -> list[Issue]:
        issues = list(row.register_row.issues)
        if folded(row.entry.region) != folded(self._region.name):
            issues.append(Issue(IssueCode.OTHER_REGION, "region", row.entry.region))
        return issues if any(issue.fatal for issue in issues) else []

    async def _municipalities(self, connection: AsyncConnection, rows: Sequence[OrganisationRow]) -> dict[str, UUID]:
        """Ids by folded name; those that the register names and nobody knew are added."""
        found = await connection.execute(MUNICIPALITIES, {"region": self._region.id})
        places = {folded(row.name): row.id for row in found}
        codes: dict[str, set[str]] = defaultdict(set)
        for entry in self._entries.values():
            codes[entry.municipality].update([entry.oktmo[:5] + "000"] if entry.oktmo else [])
        missing = list(dict.fromkeys(r.entry.municipality for r in rows if folded(r.entry.municipality) not in places))
        keys = await new_keys(connection, len(missing))
        made = [
            self._node(key, OrganisationKind.MUNICIPALITY, name, self._region.id)
            | {"oktmo": next(iter(codes[name])) if len(codes[name]) == 1 else None}
            for key, name in zip(keys, missing, strict=True)
        ]
        if made:
            await connection.execute(insert(Organisation).inline(), made)
        return places | {folded(row["name"]): row["id"] for row in made}

    def _node(self, key: UUID, kind: OrganisationKind, name: str, parent: UUID) -> dict[str, Any]:
        return {
            "id": key,
            "kind": kind,
            "name": name,
            "parent_id": parent,
            "time_zone": self._region.time_zone,
            "provenance": Provenance.PUBLISHED,
            "source": self._setting.run.file_name,
            "ancestor_ids": [],  # kept by the database
        }

    async def _look(self, connection: AsyncConnection, rows: Sequence[OrganisationRow]) -> "Standing":
        heads = [self._entries[row.entry.head] for row in rows if row.entry.head]
        entries = [*(row.entry for row in rows), *heads]
        given = {
            "region": self._region.id,
            "names": list({entry.name for entry in entries}),
            "ogrns": list({entry.ogrn for entry in entries if entry.ogrn}),
            "inns": list({entry.inn for entry in entries if entry.inn}),
        }
        return Standing((await connection.execute(STANDING, given)).all())

    async def _take_part(self, connection: AsyncConnection, rows: Sequence[OrganisationRow]) -> dict[int, RowResult]:
        keys = await new_keys(connection, len(rows))
        added, changed, problems, results = [], [], [], {}
        for row, key in zip(rows, keys, strict=True):
            values, issues = self._values(row)
            stands = self._standing.find(row, self._source(row))
            outcome = self._outcome(stands, values)
            identifier = key if stands is None else stands.id
            if outcome is RowOutcome.REJECTED:
                result = refused(self.row_of(row), [Issue(IssueCode.HAND_SET, "name", row.entry.name), *issues])
                results[self.row_of(row).number] = result
                continue
            self._ids[row.entry.key] = identifier
            if outcome is RowOutcome.CREATED:
                added.append(self._node(key, row.entry.kind, row.entry.name, self._parent(row)) | values)
            if outcome is RowOutcome.CHANGED:
                changed.append((identifier, {name: values[name] for name in AMENDED}))
            if outcome is not RowOutcome.UNCHANGED:
                problems += [(identifier, issue) for issue in issues]
            results[self.row_of(row).number] = RowResult(
                self.row_of(row), outcome, issues, f"Organisation:{identifier}"
            )
        await self._write(connection, added, changed, problems)
        return results

    def _outcome(self, stands: Any, values: Mapping[str, Any]) -> RowOutcome:
        if stands is None:
            return RowOutcome.CREATED
        if all(getattr(stands, name) == values[name] for name in AMENDED):
            return RowOutcome.UNCHANGED
        by_hand = stands.provenance == Provenance.ENTERED and not self._setting.run.overwrite
        return RowOutcome.REJECTED if by_hand else RowOutcome.CHANGED

    def _values(self, row: OrganisationRow) -> tuple[dict[str, Any], list[Issue]]:
        """The columns that the register decides, and what is wrong with them once heads elsewhere are known."""
        entry, issues = row.entry, list(row.register_row.issues)
        head = self._head(entry)
        if head is not None:
            issues = [issue for issue in issues if issue.code is not IssueCode.HEAD_UNRESOLVED]
        status = HeadStatus.BRANCH if head is not None else entry.head_status
        values = {
            "name": entry.name,
            "oktmo": entry.oktmo,
            "ogrn": entry.ogrn,
            "ogrn_status": entry.ogrn_status,
            "inn": entry.inn,
            "inn_status": entry.inn_status,
            "head_status": status,
            "branch_of_id": head,
            "source": self._source(row),
        }
        return values, issues

    def _head(self, entry: RegistryRow) -> UUID | None:
        """The head organisation: of the same file, or the only known one with the number that the branch prints."""
        if not entry.is_branch:
            return None
        if entry.head is not None:
            return self._ids.get(entry.head) or self._standing.head_like(self._entries[entry.head])
        return self._standing.only_head(entry)

    def _parent(self, row: OrganisationRow) -> UUID:
        """A branch stands below its head, unless that would move it out of the municipality it was printed in."""
        entry = row.entry
        head = self._head(entry)
        place = self._places[folded(entry.municipality)]
        if head is None:
            return place
        known = self._entries[entry.head].municipality if entry.head else self._standing.municipality_of(head)
        return head if known is not None and folded(known) == folded(entry.municipality) else place

    def _source(self, row: OrganisationRow) -> str:
        return f"{self._setting.run.file_name}, строка {row.entry.key.line}"

    async def _write(
        self,
        connection: AsyncConnection,
        added: list[dict[str, Any]],
        changed: list[tuple[UUID, dict[str, Any]]],
        problems: list[tuple[UUID, Issue]],
    ) -> None:
        if added:
            await connection.execute(insert(Organisation).inline(), added)
        for identifier, values in changed:
            await connection.execute(update(Organisation).where(col(Organisation.id) == identifier).values(**values))
        new = await _new_problems(connection, problems)
        if new:
            await connection.execute(insert(RegistryIssue).inline(), new)


def _counted(rows: Iterable[RegisterRow]) -> list[OrganisationRow]:
    """Number equal rows in the order of the file, in which they were taken in before."""
    rows = list(rows)
    seen: Counter[Hashable] = Counter()
    ordinals: dict[int, int] = {}
    for row in sorted(rows, key=lambda one: one.row.number):
        alike = likeness(row.entry, row.entry.municipality)
        ordinals[row.row.number] = seen[alike]
        seen[alike] += 1
    return [OrganisationRow(row, ordinals[row.row.number]) for row in rows]


async def _new_problems(connection: AsyncConnection, problems: Iterable[tuple[UUID, Issue]]) -> list[dict[str, Any]]:
    """Issues of the register that are not noted of an organisation yet."""
    wanted = {
        (identifier, issue.code.value, issue.column or "", issue.value or ""): None
        for identifier, issue in problems
        if issue.code.value in REGISTRY_CODES
    }
    found = await connection.execute(ISSUES, {"ids": list({key[0] for key in wanted})})
    known = {(row.organisation_id, row.code, row.column_name, row.raw) for row in found}
    return [
        {"organisation_id": key[0], "code": RegistryIssueCode(key[1]), "column_name": key[2], "raw": key[3]}
        for key in wanted
        if key not in known
    ]
