"""Whose row it is: lines of the page found by number, by name, or by both where they agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from domain.imports.issues import Issue, IssueCode
from domain.imports.journal_pages import PageRow
from domain.person_names import contradicting
from domain.records import JournalLine, Person
from domain.text import folded
from schema.engine.statements import Statements


async def lines_of(statements: Statements, journal: UUID) -> Sequence[Any]:
    """All lines of a page that the transaction may see, in the order of their numbers."""
    table: Any = JournalLine.__table__  # type: ignore[attr-defined]
    whose = col(Person.id) == col(JournalLine.student_id)
    found: Any = select(table, col(Person.middle_name).label("patronymic")).outerjoin(Person, whose)
    order = (col(JournalLine.number), col(JournalLine.id))
    return await statements(found.where(col(JournalLine.journal_id) == journal).order_by(*order), {})


class LineFinder:
    """Finds lines; says why where there is none, or not exactly one."""

    def __init__(self, lines: Iterable[Any]) -> None:
        self._lines = list(lines)
        self._by_number: dict[int, list[Any]] = defaultdict(list)
        for line in self._lines:
            self._by_number[line.number].append(line)

    def find(self, row: PageRow) -> tuple[Any | None, tuple[Issue, ...]]:
        """The line of a row."""
        if row.number is None and not row.name:
            return None, ()  # the reader has said so already
        if row.number is None:
            alike = [line for line in self._lines if is_name_of(row.name or "", line.student_name)]
            fitting = [line for line in alike if not _contradicts(row, line)]
            return self._agreed(row, *self._one(fitting or alike, row.name or ""))
        line, issues = self._one(self._by_number.get(row.number, []), str(row.number))
        if line is not None and row.name and not is_name_of(row.name, line.student_name):
            return None, (Issue(IssueCode.NUMBER_AND_NAME_DIFFER, "pupil", row.name),)
        return self._agreed(row, line, issues)

    def _agreed(
        self, row: PageRow, line: Any | None, issues: tuple[Issue, ...]
    ) -> tuple[Any | None, tuple[Issue, ...]]:
        """The line unless the patronymic is another: a parallel class's file must not write to the wrong child."""
        if line is not None and _contradicts(row, line):
            return None, (Issue(IssueCode.PATRONYMIC_DIFFERS, "pupil", row.name),)
        return line, issues

    def _one(self, found: list[Any], wanted: str) -> tuple[Any | None, tuple[Issue, ...]]:
        if len(found) == 1:
            return found[0], ()
        code = IssueCode.PUPIL_AMBIGUOUS if found else IssueCode.PUPIL_UNKNOWN
        return None, (Issue(code, "pupil", wanted),)


def _contradicts(row: PageRow, line: Any) -> bool:
    return contradicting(" ".join(_parts(row.name or "")[2:]), line.patronymic)


def is_name_of(written: str, stands: str) -> bool:
    """Whether a written name may mean the one on the page: the last name whole, the others whole or as initials."""
    ours, theirs = _parts(written), _parts(stands)
    if not ours or not theirs or ours[0] != theirs[0]:
        return False
    return all(_agree(a, b) for a, b in zip(ours[1:], theirs[1:], strict=False))


def _parts(name: str) -> list[str]:
    return [part for part in folded(name.replace(".", ". ")).split() if part != "."]


def _agree(a: str, b: str) -> bool:
    if a.endswith(".") or b.endswith("."):
        return a[0] == b[0]
    return a == b
