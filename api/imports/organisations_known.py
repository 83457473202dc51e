"""Organisations that rows of a register may be: found by what identifies them, equal ones by their order."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.imports.organisations import RegisterRow
from domain.records.organisations import HeadStatus, IdentifierStatus
from domain.registry import RegistryRow
from domain.text import folded


@dataclass(frozen=True)
class OrganisationRow:
    """A row of the register, and which of several equal ones it is, from 0."""

    register_row: RegisterRow
    ordinal: int

    @property
    def entry(self) -> RegistryRow:
        """What the register says."""
        return self.register_row.entry


class Standing:
    """Organisations of the region that rows of a batch may be."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows
        self._alike: dict[Hashable, list[Any]] = defaultdict(list)
        for row in rows:
            self._alike[likeness(row, row.municipality)].append(row)

    def find(self, row: OrganisationRow, source: str) -> Any:
        """The organisation that a row is; None when it is new."""
        entry = row.entry
        alike = self._alike.get(likeness(entry, entry.municipality), [])
        if row.ordinal < len(alike):
            return alike[row.ordinal]
        if not entry.is_branch and entry.ogrn and entry.ogrn_status is IdentifierStatus.VALID:
            heads = [one for one in self._rows if one.ogrn == entry.ogrn and one.head_status == HeadStatus.HEAD]
            if len(heads) == 1:
                return heads[0]
        same = [one for one in self._rows if one.source == source and folded(one.name) == folded(entry.name)]
        return same[0] if len(same) == 1 else None

    def head_like(self, entry: RegistryRow) -> UUID | None:
        """The head that an earlier batch, or an earlier run, took in."""
        alike = self._alike.get(likeness(entry, entry.municipality), [])
        return alike[0].id if alike else None

    def only_head(self, entry: RegistryRow) -> UUID | None:
        """The one organisation that is no branch and has the OGRN or INN of this row."""
        heads = [row for row in self._rows if row.head_status == HeadStatus.HEAD]
        found = {
            row.id for row in heads if (entry.ogrn and row.ogrn == entry.ogrn) or (entry.inn and row.inn == entry.inn)
        }
        return found.pop() if len(found) == 1 else None

    def municipality_of(self, organisation: UUID) -> str | None:
        """Name of the municipality of a known organisation."""
        return next((row.municipality for row in self._rows if row.id == organisation), None)


def likeness(row: Any, municipality: str | None) -> Hashable:
    """Everything that a register prints to tell an organisation by; equal rows are told apart by their order."""
    return folded(municipality or ""), row.oktmo, row.ogrn, row.inn, row.name
