"""Registers of organisations in a file: recognised by their header, read by domain/registry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.imports.headers import HeaderWords
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.tables import Formula, Table, TableRow
from domain.registry import RegistryProblem, RegistryRow, compare, parse_myschool, parse_sferum
from domain.registry.myschool import HEADER as MYSCHOOL
from domain.registry.sferum import HEADER as SFERUM

WORDS = HeaderWords(
    meaning=lambda title: title.casefold() if title.casefold() in {*MYSCHOOL, *SFERUM} else None,
    is_complete=lambda names: {*MYSCHOOL} <= {*names} or {*SFERUM} <= {*names},
    strict=lambda name: "назван" in name or "наимен" in name,
)


@dataclass(frozen=True)
class RegisterRow:
    """A row of the register with its cells as they stood; heads and branches point at each other by key."""

    row: TableRow
    entry: RegistryRow
    issues: tuple[Issue, ...]


def read_register(table: Table, *, region: str, municipalities: Iterable[str]) -> Sequence[RegisterRow]:
    """Read a register of «Моя школа» or Sferum. `municipalities` are those known already in the region.

    Heads come before their branches, otherwise the order is that of the file. Raises UnreadableFileError.
    """
    # A column without a title means nothing, wherever it stands.
    titled = [place for place, title in enumerate(table.header.cells) if title]
    header = tuple(table.header[place].casefold() for place in titled)
    lines = [header, *(tuple(row[place] for place in titled) for row in table.rows)]
    if header == MYSCHOOL:
        entries = compare(parse_myschool(lines))
    elif header == SFERUM:
        entries = compare(parse_sferum(lines, region=region, municipalities=municipalities))
    else:
        raise UnreadableFileError(IssueCode.HEADER_UNKNOWN)
    found = [
        RegisterRow(row, entry, tuple(_issues(row, entry))) for row, entry in zip(table.rows, entries, strict=True)
    ]
    return sorted(found, key=lambda one: one.entry.head is not None)


def _issues(row: TableRow, entry: RegistryRow) -> Iterable[Issue]:
    yield from row.issues
    yield from (issue_of(problem) for problem in entry.problems)
    if not entry.name:
        yield Issue(IssueCode.VALUE_MISSING, "name")
    if any(isinstance(cell, Formula) for cell in row.cells):
        yield Issue(IssueCode.FORMULA, None, next(cell for cell in row.cells if isinstance(cell, Formula)))


def issue_of(problem: RegistryProblem) -> Issue:
    """A problem of the register is told and keeps nobody out."""
    return Issue(IssueCode(problem.code.value), problem.column, problem.raw, fatal=False)
