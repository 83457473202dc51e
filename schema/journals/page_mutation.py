"""Writing a whole journal page in one go: every cell that changed, or none of them, and every refusal by its cell."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import strawberry
from strawberry.types import Info, get_object_definition
from strawberry.types.arguments import InputContext

from auth.permissions import Permission as P
from domain.records.attendance import AttendanceCode
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.engine.mutations.user_errors import UserError, invalid
from schema.journals.audited import Audited
from schema.journals.journal import Journal
from schema.journals.marks import KeptMark
from schema.journals.page_cells import NO_KEY, AttendanceChange, CellChange, MarkChange, key_in
from schema.journals.page_state import PageState
from schema.journals.page_writing import CellWriting
from schema.scales import MarkScale

if TYPE_CHECKING:
    from schema.engine.context import Context

LINES_MOST, CELLS_MOST = 60, 60

SEEN = "Version that you saw (версия, которую вы видели); null: you saw nothing there."
REASON = "Why (причина); a deputy head must say it."
KEEP = (
    "Keep marks that the window or somebody's newer version refuses, to settle them later (сохранить отклонённые"
    " отметки)."
)
NOTED = "When it was noted on the device (когда замечено на устройстве); for marks that are kept."
SLOT = "Id of the column (колонка); left out: the lesson's first one, which is made if there is none yet."


@strawberry.input(description="A mark in a cell (отметка в клетке). Without a value the mark is withdrawn.")
class CellMarkInput:
    """Part of JournalPageCellInput."""

    value: int | None = asked("The mark (отметка); null withdraws what stands (снять).", None)
    scale: MarkScale = asked("On which scale (шкала).", MarkScale.FIVE_POINT)
    remark: str | None = asked("Remark (примечание); left out: the one that stands is kept.")
    position: int = asked("First or second mark of the cell (место в клетке).", 1)
    version: int | None = asked(SEEN, None)


@strawberry.input(description="Attendance in a cell (посещаемость в клетке). Without a code what stands is taken back.")
class CellAttendanceInput:
    """Part of JournalPageCellInput."""

    code: AttendanceCode | None = asked("What it means (значение); null takes it back (снять).", None)
    note: str | None = asked(
        "The paper behind it (основание), for those who set reasons; left out: the one that stands is kept."
    )
    version: int | None = asked(SEEN, None)


@strawberry.input(description="A cell of the page (клетка): a column, and what to write there.")
class JournalPageCellInput:
    """Part of JournalPageLineInput."""

    lesson_id: strawberry.ID | None = asked("Id of the lesson (урок); may be left out where `slotId` is given.", None)
    slot_id: strawberry.ID | None = asked(SLOT, None)
    mark: CellMarkInput | None = asked("The mark (отметка); left out: marks are not touched.", None)
    attendance: CellAttendanceInput | None = asked("Attendance (посещаемость); left out: it is not touched.", None)


def _cell_input(kind: type[Any], given: Mapping[str, Any], _: InputContext) -> JournalPageCellInput:
    """Make a cell of what graphql-core has read already: Strawberry's general way takes 0.3 s for a whole page."""
    mark, attendance = given.get("mark"), given.get("attendance")
    return JournalPageCellInput(
        lesson_id=given.get("lessonId"),
        slot_id=given.get("slotId"),
        mark=None if mark is None else CellMarkInput(**mark),
        attendance=None if attendance is None else CellAttendanceInput(**attendance),
    )


get_object_definition(JournalPageCellInput, strict=True).from_input = _cell_input


@strawberry.input(description="A student's line of the page (строка), with the cells to write; at most 60.")
class JournalPageLineInput:
    """Part of WriteJournalPageInput."""

    line_id: strawberry.ID = strawberry.field(description="Id of the line (строка журнала).")
    cells: list[JournalPageCellInput] = strawberry.field(description="Its cells (клетки), at most 60.")


@strawberry.input(description="Cells of a journal page to write (записать страницу журнала): all of them, or none.")
class WriteJournalPageInput:
    """Input of writeJournalPage."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    journal_id: strawberry.ID = strawberry.field(description="Id of the page (страница журнала).")
    lines: list[JournalPageLineInput] = strawberry.field(description="Its lines (строки), at most 60.")
    reason: str | None = asked(REASON, None)
    keep_refused: bool = asked(KEEP, default=False)
    noted_at: datetime | None = asked(NOTED, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the writing of a page (результат записи страницы).")
class JournalPagePayload:
    """Payload of writeJournalPage."""

    journal: Journal | None = value("The page as you may see it now (страница журнала).", PUBLIC)
    kept_marks: list[KeptMark] = value("Marks that were refused and kept (отклонённые отметки).", PUBLIC, usually=10)
    user_errors: list[UserError] = value("Why nothing was written; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@computed(
    "Write cells of a journal page (записать страницу журнала): marks, attendance or both, up to 60 x 60 cells. All are"
    " written or none, and every refused cell is named by its path.",
    Access(write=P.MARK_WRITE),
    sensitivity=Sensitivity.P2,
    cost=100,
)
async def write_journal_page(self: Any, info: Info, input: input_of(WriteJournalPageInput)) -> JournalPagePayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.writeJournalPage."""
    context, given = cast("Context", info.context), cast("WriteJournalPageInput", input)

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        _check_size(context, given)
        return key_in(context, "Journal", given.journal_id), _changes(context, given)

    async def done(page: PageState, *_: Any) -> Outcome:
        return [f"Journal:{page.journal.id}"]

    writing = CellWriting(context, given, Audited.PAGE_WRITE, cells, done, "journalId")
    answer = await writing.answer("writeJournalPage", results=1)
    return JournalPagePayload(
        journal=answer.found[0],
        kept_marks=answer.proposals,
        user_errors=answer.errors,
        client_mutation_id=given.client_mutation_id,
    )


def _check_size(context: "Context", given: WriteJournalPageInput) -> None:
    told = context.say(
        f"At most {LINES_MOST} lines with {CELLS_MOST} cells each: send the page in parts.",
        f"Не больше {LINES_MOST} строк по {CELLS_MOST} клеток: отправьте страницу частями.",
    )
    if len(given.lines) > LINES_MOST:
        raise invalid("PAGE_TOO_LARGE", told, "lines")
    for number, line in enumerate(given.lines):
        if len(line.cells) > CELLS_MOST:
            raise invalid("PAGE_TOO_LARGE", told, "lines", str(number), "cells")


def _changes(context: "Context", given: WriteJournalPageInput) -> list[CellChange]:
    return [
        _change(context, cell, key_in(context, "JournalLine", line.line_id), ("input", "lines", str(row)), str(place))
        for row, line in enumerate(given.lines)
        for place, cell in enumerate(line.cells)
    ]


def _change(
    context: "Context", cell: JournalPageCellInput, line: UUID | None, path: tuple[str, ...], place: str
) -> CellChange:
    mark, attendance = cell.mark, cell.attendance
    return CellChange(
        path=(*path, "cells", place),
        line_path=path,
        line=line or NO_KEY,
        lesson=key_in(context, "Lesson", cell.lesson_id),
        slot=key_in(context, "AssessmentSlot", cell.slot_id),
        mark=MarkChange(mark.value, mark.version, mark.scale, mark.remark, mark.position) if mark else None,
        attendance=AttendanceChange(attendance.code, attendance.version, attendance.note) if attendance else None,
    )
