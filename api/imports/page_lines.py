"""Whose row it is: lines of the page found by number, by name, or by both where they agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.imports.issues import Issue, IssueCode
from domain.imports.journal_pages import PageRow
from domain.person_names import contradicting
from domain.text import folded

LINES = text(
    "select l.id, l.number, l.student_name as name, l.student_id, l.left_on, p.middle_name as patronymic"
    " from journal_line l left join person p on p.id = l.student_id where l.journal_id = :journal"
    " order by l.number, l.id"
)


@dataclass(frozen=True)
class Line:
    """A line of the page, as far as finding and writing it needs."""

    id: UUID
    number: int
    name: str
    student_id: UUID
    left_on: date | None
    patronymic: str | None = None


async def lines_of(connection: AsyncConnection, journal: UUID) -> Sequence[Line]:
    """All lines of a page that the transaction may see, in the order of their numbers."""
    return [Line(**row._mapping) for row in await connection.execute(LINES, {"journal": journal})]


class LineFinder:
    """Finds lines; says why where there is none, or not exactly one."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = list(lines)
        self._by_number: dict[int, list[Line]] = defaultdict(list)
        for line in self._lines:
            self._by_number[line.number].append(line)

    def find(self, row: PageRow) -> tuple[Line | None, tuple[Issue, ...]]:
        """The line of a row."""
        if row.number is None and not row.name:
            return None, ()  # the reader has said so already
        if row.number is None:
            alike = [line for line in self._lines if is_name_of(row.name or "", line.name)]
            fitting = [line for line in alike if not _contradicts(row, line)]
            return self._agreed(row, *self._one(fitting or alike, row.name or ""))
        line, issues = self._one(self._by_number.get(row.number, []), str(row.number))
        if line is not None and row.name and not is_name_of(row.name, line.name):
            return None, (Issue(IssueCode.NUMBER_AND_NAME_DIFFER, "pupil", row.name),)
        return self._agreed(row, line, issues)

    def _agreed(
        self, row: PageRow, line: Line | None, issues: tuple[Issue, ...]
    ) -> tuple[Line | None, tuple[Issue, ...]]:
        """The line unless the patronymic is another: a parallel class's file must not write to the wrong child."""
        if line is not None and _contradicts(row, line):
            return None, (Issue(IssueCode.PATRONYMIC_DIFFERS, "pupil", row.name),)
        return line, issues

    def _one(self, found: list[Line], wanted: str) -> tuple[Line | None, tuple[Issue, ...]]:
        if len(found) == 1:
            return found[0], ()
        code = IssueCode.PUPIL_AMBIGUOUS if found else IssueCode.PUPIL_UNKNOWN
        return None, (Issue(code, "pupil", wanted),)


def _contradicts(row: PageRow, line: Line) -> bool:
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
