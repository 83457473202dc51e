"""Rows of a file where they meet the page: as cells to be written, with what the rules say of each."""

from collections.abc import Iterator, Sequence
from typing import Any

from api.imports.page_columns import TargetColumn
from api.imports.source import Setting
from domain.imports.issues import Issue, IssueCode
from domain.imports.journal_pages import Entry
from domain.records.facts import Origin
from domain.records.imports import RowOutcome
from domain.writing.cells import refused
from domain.writing.doors import FILE
from domain.writing.hand_set import refused_replacing
from domain.writing.refusals import Refused
from schema.engine.statements import Statements
from schema.journals.page_cells import AttendanceChange, Cell, CellChange, MarkChange
from schema.journals.page_facts import absences_beside, cell_write
from schema.journals.page_state import PageState
from schema.journals.page_versions import Author, Writer, attendance_draft, mark_draft

Change = tuple[dict[str, Any] | None, Any]
"""What a part of a cell comes to, None where it changes nothing, and what stands in its place."""


class Cells:
    """Asks the rules about rows, collects the cells of those that may come in, and has them written."""

    def __init__(self, setting: Setting, page: PageState, columns: Sequence[TargetColumn]) -> None:
        self._setting, self._page, self._columns = setting, page, columns
        self._by = next(one for one in setting.viewer.assignments if one.id == setting.run.assignment_id)
        self._accepted: list[Cell] = []

    def judge(self, line: Any, wanted: Sequence[tuple[int, Entry]]) -> tuple[RowOutcome, list[Issue]]:
        """Judge a row, and keep its cells for `write` unless some cell keeps the whole row out."""
        cells, titles = [], []
        for index, entry in wanted:
            of_column = list(self._cells(line, self._columns[index], entry))
            cells += of_column
            titles += [self._columns[index].title] * len(of_column)
        changes = [list(self._changed(cell)) for cell in cells]
        found = [
            (title, one)
            for cell, change, title in zip(cells, changes, titles, strict=True)
            for one in self._refused(cell, change)
        ]
        places = {id(cell): title for cell, title in zip(cells, titles, strict=True)}
        found += [(places[id(cell)], one) for cell, one in absences_beside(cells, self._page)]
        if found:
            issues = [Issue(IssueCode(one.code), title) for title, one in dict.fromkeys(found)]
            return RowOutcome.REJECTED, issues
        self._accepted += cells
        return _outcome([draft["version"] for change in changes for draft, _ in change if draft is not None]), []

    def _cells(self, line: Any, column: TargetColumn, entry: Entry) -> Iterator[Cell]:
        """A cell of the file: its marks by position, the attendance with the first of them."""
        marks: list[MarkChange | None] = [
            MarkChange(value, None, position=position) for position, value in enumerate(entry.marks, start=1)
        ]
        attendance = None if entry.attendance is None else AttendanceChange(entry.attendance, None)
        for number, mark in enumerate(marks or [None]):
            path = (column.title,)
            slot = column.slot
            change = CellChange(path, path, line.id, mark=mark, attendance=attendance if number == 0 else None)
            yield Cell(change, line, column.lesson, slot, mark_by=self._by, attendance_by=self._by)

    def _refused(self, cell: Cell, change: Sequence[Change]) -> Iterator[Refused]:
        yield from refused(cell_write(cell, self._page), self._page.facts.times, self._setting.now, FILE)
        overwrite = self._setting.run.overwrite
        for draft, stands in change:
            by_file = stands is None or stands.origin is Origin.IMPORTED
            found = None if draft is None else refused_replacing(by_file=by_file, overwrite=overwrite)
            yield from () if found is None else (found,)

    def _changed(self, cell: Cell) -> Iterator[Change]:
        """The changes of a cell: of its mark, of its attendance."""
        if cell.change.mark is not None:
            key = (cell.line.id, cell.slot.id if cell.slot else None, cell.change.mark.position)
            yield mark_draft(cell, self._page), self._page.marks.get(key)  # type: ignore[arg-type]
        if cell.change.attendance is not None:
            yield attendance_draft(cell, self._page), self._page.attendance.get((cell.line.id, cell.lesson.id))

    async def write(self, statements: Statements) -> None:
        """Add what was collected so far: columns that are missing, marks, attendance."""
        run = self._setting.run
        author = Author(run.started_by_id, self._setting.now, origin=Origin.IMPORTED, import_run_id=run.id)
        await Writer(statements, self._page, author, run.options.get("slot_code")).write(self._accepted)


def _outcome(versions: Sequence[int]) -> RowOutcome:
    if not versions:
        return RowOutcome.UNCHANGED
    return RowOutcome.CHANGED if max(versions) > 1 else RowOutcome.CREATED
