"""A journal page taken in: its cells are judged and written as those of the pen are, and say which run they came from.

What this door is excused from - history is not stopped by a window that closed - stands in domain/writing/doors.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from api.imports.page_cells import Cells
from api.imports.page_columns import by_day, find_target, lessons_of, look_at_columns, make_lessons
from api.imports.page_lines import LineFinder, lines_of
from api.imports.rows import RowResult, refused
from api.imports.source import Prepared, Setting
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.journal_pages import Page, PageColumn, PageRow, YearOf, read_page
from domain.imports.tables import Table, TableRow
from schema.engine.statements import Statements
from schema.journals.page_state import PageState, lock, page_state, slots_of
from schema.journals.windows import page_facts_at


@dataclass(frozen=True)
class LineRow:
    """A row of the file with the line that it is about; without one there are issues that say why."""

    page_row: PageRow
    line_id: UUID | None
    issues: tuple[Issue, ...]


class JournalPages:
    """The source of one page."""

    batch_rows = 100

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    async def prepare(self, connection: AsyncConnection, table: Table) -> Prepared:
        """Find page, lessons and lines. Raises UnreadableFileError without a page to write to."""
        options = self._setting.run.options
        # Which days the file has decides between pages of a group; a year that is not written comes from the page.
        days = [column.held_on for column in read_dated(table)]
        target = await find_target(connection, self._setting.run.organisation_id, options, days)
        if target is None:
            raise UnreadableFileError(IssueCode.TARGET_UNKNOWN)
        page = read_page(table, year_of=YearOf(target.starts_on, target.ends_on))
        today = self._setting.now.astimezone(ZoneInfo(target.zone)).date()
        statements = Statements(connection)
        self._target, self._page, self._today = target, page, today
        self._lines = {line.id: line for line in await lines_of(statements, target.id)}
        lessons = await lessons_of(statements, target.id)
        slots = await slots_of(statements, target.id)
        self._columns = look_at_columns(by_day(lessons, slots), target, page.columns, options, today)
        rows = list(self._found(page))
        issues = [*page.issues, *(column.issue for column in self._columns if column.issue)]
        return Prepared(rows, issues, {column.place + 1: column.held_on for column in page.columns})

    async def take(self, connection: AsyncConnection, rows: Sequence[LineRow]) -> list[RowResult]:
        """Write what is new; a row with anything that cannot be written stays out as a whole."""
        statements = Statements(connection)
        await lock(statements, self._target.id)
        page = await self._standing(statements, {row.line_id for row in rows if row.line_id})
        cells = Cells(self._setting, page, self._columns)
        results = [self._result(row, cells) for row in rows]
        await cells.write(statements)
        return results

    async def _standing(self, statements: Statements, wanted: set[UUID]) -> PageState:
        """The page as it stands now, with the lessons that the columns need."""
        options, target = self._setting.run.options, self._target
        self._lines = {line.id: line for line in await lines_of(statements, target.id)}
        lines = {key: line for key, line in self._lines.items() if key in wanted}
        facts = await page_facts_at(statements, target.id, self._setting.now)
        lessons = await lessons_of(statements, target.id)
        page = await page_state(statements, target, facts, lines, {lesson.id: lesson for lesson in lessons})
        on_page = by_day(lessons, list(page.slots.values()))
        columns = look_at_columns(on_page, target, self._page.columns, options, self._today)
        if await make_lessons(statements, target, on_page, columns):
            return await self._standing(statements, wanted)
        self._columns = columns
        return page

    def row_of(self, row: LineRow) -> TableRow:
        """The row as it stood."""
        return row.page_row.row

    def _found(self, page: Page) -> Iterator[LineRow]:
        finder, seen = LineFinder(self._lines.values()), set()
        for row in page.rows:
            line, issues = finder.find(row)
            if line is not None and line.id in seen:
                issues = (*issues, Issue(IssueCode.ROW_REPEATED, "pupil", row.name or str(row.number)))
            seen.add(line.id if line else None)
            yield LineRow(row, line.id if line else None, (*row.issues, *issues))

    def _result(self, row: LineRow, cells: Cells) -> RowResult:
        issues = list(row.issues)
        wanted = []
        for index, entry in row.page_row.entries:
            column = self._columns[index]
            if column.issue is None:
                wanted.append((index, entry))
            elif column.issue.fatal:
                issues.append(Issue(column.issue.code, column.title, None))
        if row.line_id is None or any(issue.fatal for issue in issues):
            return refused(row.page_row.row, issues)
        outcome, problems = cells.judge(self._lines[row.line_id], wanted)
        object_id = f"JournalLine:{row.line_id}"
        return RowResult(row.page_row.row, outcome, [*issues, *problems], object_id)


def read_dated(table: Table) -> Sequence[PageColumn]:
    """Columns whose dates say their year themselves; none where no date does."""
    try:
        return read_page(Table(table.header, ())).columns
    except UnreadableFileError:
        return []
