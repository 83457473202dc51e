"""Rows that differ in nothing but their number: one organisation printed twice, or branches whose names are cut."""

from collections import Counter
from collections.abc import Hashable, Sequence

from domain.records.organisations import RegistryIssueCode
from domain.registry.rows import RegistryProblem, RegistryRow


def flag_duplicates(rows: Sequence[RegistryRow]) -> list[RegistryRow]:
    """Flag every row that has an equal one. Both stay: only a person can tell."""
    seen = Counter(_likeness(row) for row in rows)
    problem = RegistryIssueCode.POSSIBLE_DUPLICATE
    return [
        row.flagged(RegistryProblem(problem, "name", row.name)) if seen[_likeness(row)] > 1 else row for row in rows
    ]


def _likeness(row: RegistryRow) -> Hashable:
    return row.key.register, row.municipality, row.oktmo, row.ogrn, row.inn, row.name
