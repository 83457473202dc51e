"""A journal page taken in: cells compared with what stands, new ones written as versions, set-based.

History is not stopped by the correction window: whoever has `journals:import` brings it in under their own name, and
every version says which run it came from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from api.imports.page_cells import Cells, Standing
from api.imports.page_columns import ensure_columns, find_target, look_at_columns
from api.imports.page_lines import LineFinder, lines_of
from api.imports.rows import RowResult, refused
from api.imports.source import Prepared, Setting
from domain.imports.issues import Issue, IssueCode, UnreadableFileError
from domain.imports.journal_pages import Page, PageColumn, PageRow, YearOf, read_page
from domain.imports.tables import Table, TableRow


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
        self._target, self._page = target, page
        self._columns = await look_at_columns(connection, target, page.columns, options, today)
        self._lines = {line.id: line for line in await lines_of(connection, target.id)}
        rows = list(self._found(page))
        issues = [*page.issues, *(column.issue for column in self._columns if column.issue)]
        return Prepared(rows, issues, {column.place + 1: column.held_on for column in page.columns})

    async def take(self, connection: AsyncConnection, rows: Sequence[LineRow]) -> list[RowResult]:
        """Write what is new; a row with anything that cannot be written stays out as a whole."""
        await self._target.lock(connection)
        self._columns = await ensure_columns(connection, self._setting, self._target, self._columns)
        cells = Cells(self._setting, self._target, self._columns, self._lines)
        standing = await cells.look(connection, [row.line_id for row in rows if row.line_id])
        results = [self._result(row, cells, standing) for row in rows]
        await cells.write(connection)
        return results

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

    def _result(self, row: LineRow, cells: Cells, standing: Standing) -> RowResult:
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
        outcome, problems = cells.compare(row.line_id, wanted, standing)
        object_id = f"JournalLine:{row.line_id}"
        return RowResult(row.page_row.row, outcome, [*issues, *problems], object_id)


def read_dated(table: Table) -> Sequence[PageColumn]:
    """Columns whose dates say their year themselves; none where no date does."""
    try:
        return read_page(Table(table.header, ())).columns
    except UnreadableFileError:
        return []
