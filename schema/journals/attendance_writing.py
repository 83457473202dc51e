"""Recording and taking back attendance, and the reasons of absences."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import strawberry
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.records.attendance import AttendanceCode
from domain.sensitivity import Sensitivity
from domain.writing.cells import REASONS
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.declare import computed, structure, value
from schema.engine.mutations.carry_out import Outcome
from schema.engine.mutations.inputs import ACTING, KEY, asked, input_of
from schema.engine.mutations.user_errors import UserError, invalid, not_found
from schema.journals.attendance import AttendanceRecord
from schema.journals.audited import Audited
from schema.journals.journal import JournalLine
from schema.journals.marks_writing import line_cell
from schema.journals.page_cells import NO_KEY, AttendanceChange, Cell, CellChange, key_in
from schema.journals.page_mutation import REASON, SEEN
from schema.journals.page_state import PageState, one_visible, visible
from schema.journals.page_versions import Written
from schema.journals.page_writing import CellWriting

if TYPE_CHECKING:
    from schema.engine.context import Context


@strawberry.input(description="That a student was absent or late (отметить отсутствие или опоздание).")
class RecordAttendanceInput:
    """Input of recordAttendance."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    line_id: strawberry.ID = strawberry.field(description="Id of the student's line (строка журнала).")
    lesson_id: strawberry.ID = strawberry.field(description="Id of the lesson (урок).")
    code: AttendanceCode = strawberry.field(
        description="What it means (значение). Reasons are set by the homeroom teacher and the deputy head."
    )
    version: int | None = asked(SEEN, None)
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="Attendance to take back (снять отметку об отсутствии). It stays in the history.")
class ClearAttendanceInput:
    """Input of clearAttendance."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    record_id: strawberry.ID = strawberry.field(description="Id of the record (запись о посещаемости).")
    version: int = strawberry.field(description="Version that you saw (версия, которую вы видели).")
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@strawberry.input(description="The reason of an absence (указать причину отсутствия), also ahead of the lesson.")
class ExcuseAbsenceInput:
    """Input of excuseAbsence."""

    client_mutation_id: UUID = strawberry.field(description=KEY)
    line_id: strawberry.ID = strawberry.field(description="Id of the student's line (строка журнала).")
    lesson_id: strawberry.ID = strawberry.field(description="Id of the lesson (урок).")
    code: AttendanceCode = strawberry.field(description="ABSENT_EXCUSED or ABSENT_ILLNESS (причина).")
    note: str | None = asked("The paper behind it (основание); left out: the one that stands is kept.")
    version: int | None = asked(SEEN, None)
    reason: str | None = asked(REASON, None)
    acting_assignment_id: strawberry.ID | None = asked(ACTING, None)


@structure("What became of the change of attendance (результат изменения посещаемости).")
class AttendancePayload:
    """Payload of the three mutations."""

    record: AttendanceRecord | None = value("The record as it stands now (запись); null when none stands.", PUBLIC)
    line: JournalLine | None = value("Its line (строка журнала).", PUBLIC)
    user_errors: list[UserError] = value("Why nothing was written; empty when it was (отказы).", PUBLIC)
    client_mutation_id: UUID = value("The key that you sent (ключ идемпотентности).", PUBLIC)


@computed(
    "Note that a student was absent or late, or correct it (отметить отсутствие или опоздание).",
    Access(write=P.ATTENDANCE_WRITE),
    sensitivity=Sensitivity.P2,
)
async def record_attendance(self: Any, info: Info, input: input_of(RecordAttendanceInput)) -> AttendancePayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.recordAttendance."""
    context, given = cast("Context", info.context), cast("RecordAttendanceInput", input)

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        return await line_cell(context, given, attendance=AttendanceChange(given.code, given.version))

    return await _payload(context, given, "recordAttendance", Audited.ATTENDANCE_RECORD, cells, "lineId")


@computed(
    "Take a record of attendance back (снять отметку об отсутствии): the student was there, in time.",
    Access(write=P.ATTENDANCE_WRITE),
    sensitivity=Sensitivity.P2,
)
async def clear_attendance(self: Any, info: Info, input: input_of(ClearAttendanceInput)) -> AttendancePayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.clearAttendance."""
    context, given = cast("Context", info.context), cast("ClearAttendanceInput", input)

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        newest = await _newest(context, key_in(context, "AttendanceRecord", given.record_id))
        change = AttendanceChange(None, given.version)
        cell = CellChange(("input",), ("input",), newest.journal_line_id, newest.lesson_id, attendance=change)
        line = await one_visible(context, records.JournalLine, P.JOURNAL_LINE_SEE, newest.journal_line_id)
        return (line.journal_id if line is not None else None), [cell]

    return await _payload(context, given, "clearAttendance", Audited.ATTENDANCE_CLEAR, cells, "recordId")


@computed(
    "Set the reason of an absence (указать причину отсутствия), with the paper behind it.",
    Access(write=P.ATTENDANCE_EXCUSE),
    sensitivity=Sensitivity.P3,
)
async def excuse_absence(self: Any, info: Info, input: input_of(ExcuseAbsenceInput)) -> AttendancePayload:  # type: ignore[valid-type]  # noqa: A002
    """Mutation.excuseAbsence."""
    context, given = cast("Context", info.context), cast("ExcuseAbsenceInput", input)

    async def cells() -> tuple[UUID | None, list[CellChange]]:
        if given.code not in REASONS:
            told = context.say("This is not a reason.", "Это не причина отсутствия.")
            raise invalid("NOT_A_REASON", told, "code")
        return await line_cell(context, given, attendance=AttendanceChange(given.code, given.version, given.note))

    return await _payload(context, given, "excuseAbsence", Audited.ATTENDANCE_EXCUSE, cells, "lineId")


async def _payload(
    context: "Context", given: Any, operation: str, action: Audited, cells: Any, page_field: str
) -> AttendancePayload:
    async def done(page: PageState, written_cells: list[Cell], written: Written) -> Outcome:
        [cell] = written_cells
        found = written.attendance.get((cell.line.id, cell.lesson.id), NO_KEY)
        return [f"AttendanceRecord:{page.journal.school_year}:{found}", f"JournalLine:{cell.line.id}"]

    answer = await CellWriting(context, given, action, cells, done, page_field).answer(operation, results=2)
    return AttendancePayload(
        record=answer.found[0],
        line=answer.found[1],
        user_errors=answer.errors,
        client_mutation_id=given.client_mutation_id,
    )


async def _newest(context: "Context", identifier: UUID | None) -> Any:
    """The newest version of a record, also of one that somebody else has taken back in the meantime."""
    version = records.AttendanceVersion
    found = await visible(context, version, P.ATTENDANCE_SEE, col(version.record_id) == (identifier or NO_KEY))
    if not found:
        told = context.say("No record with this id that you may see.", "Нет доступной вам записи о посещаемости.")
        raise not_found(told, "recordId")
    return max(found, key=lambda row: row.version)
