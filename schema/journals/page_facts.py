"""Cells of a page as the rules of the domain want them: facts, and no more."""

from collections.abc import Sequence
from uuid import UUID

import strawberry

from domain.writing.cells import (
    AttendanceWrite,
    CellWrite,
    MarkWrite,
    about_a_reason,
    beside_absences,
)
from domain.writing.refusals import Refused
from domain.writing.stays import stay_of
from schema.journals.page_cells import AttendanceChange, Cell
from schema.journals.page_state import PageState, is_make_up


def cell_write(cell: Cell, page: PageState) -> CellWrite:
    """The facts of a cell that is to be written."""
    mark, attendance = cell.change.mark, cell.change.attendance
    return CellWrite(
        place=_place(cell),
        column=cell.column,
        held_on=cell.lesson.held_on,
        status=cell.lesson.status,
        stay=stay_of(cell.line),
        make_up=is_make_up(cell.slot),
        due_on=None if cell.slot is None else cell.slot.due_on,
        marks=() if mark is None else (MarkWrite(mark.value, mark.scale, mark.position),),
        attendance=None if attendance is None else AttendanceWrite(attendance.code, _is_reason(cell, attendance, page)),
    )


def absences_beside(cells: Sequence[Cell], page: PageState) -> list[tuple[Cell, Refused]]:
    """Cells in which a mark would stand beside an absence."""
    lines = {cell.line.id for cell in cells}
    codes = {place: code for line in lines for place, code in page.attended[line].items()}
    marks = {place: lesson for line in lines for place, lesson in page.marked[line].items()}
    found = beside_absences([cell_write(cell, page) for cell in cells], codes, marks)
    return [(cells[number], refused) for number, refused in found]


def about_reason(cell: Cell, page: PageState) -> bool:
    """Whether the attendance of a cell is about a reason of absence."""
    attendance = cell.change.attendance
    return attendance is not None and _is_reason(cell, attendance, page)


def _is_reason(cell: Cell, attendance: AttendanceChange, page: PageState) -> bool:
    stands = page.attendance.get(_place(cell))
    noted = attendance.note is not strawberry.UNSET
    return about_a_reason(attendance.code, stands.code if stands else None, noted=noted)


def _place(cell: Cell) -> tuple[UUID, UUID]:
    return cell.line.id, cell.lesson.id
