"""Versions of marks and attendance, columns and proposals: added in one statement each, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import strawberry
from sqlalchemy import TextClause, text

from domain.records.marks import MarkScale
from domain.records.policies import CATALOGUE, WorkCode
from schema.journals.page_rules import Cell
from schema.journals.page_state import PageState

if TYPE_CHECKING:
    from auth.viewer import LiveAssignment
    from schema.engine.context import Context

ANCHORS = """organisation_id uuid, class_group_id uuid, subject_group_id uuid, student_id uuid, journal_line_id uuid,
  lesson_id uuid, held_on date, version int, assignment_id uuid, role text"""
WRITTEN = "school_year, recorded_by_id, recorded_at, reason, origin"
GIVEN = ":school_year, cast(:recorded_by_id as uuid), cast(:recorded_at as timestamptz), cast(:reason as text), :origin"
COPIED = """organisation_id, class_group_id, subject_group_id, student_id, journal_line_id, lesson_id, held_on, version,
  assignment_id, role"""

ADD_MARKS = f"""
insert into mark_version (mark_id, slot_id, position, scale, value, weight, remark, {COPIED}, {WRITTEN})
select coalesce(mark_id, uuidv7()), slot_id, position, scale, value, weight, remark, {COPIED}, {GIVEN}
from jsonb_to_recordset(cast(:rows as jsonb)) given
  (mark_id uuid, slot_id uuid, position int, scale text, value int, weight int, remark text, {ANCHORS})
returning mark_id, journal_line_id, slot_id, position
"""  # noqa: S608 - made of constants
ADD_ATTENDANCE = f"""
insert into attendance_version (record_id, code, note, {COPIED}, {WRITTEN})
select coalesce(record_id, uuidv7()), code, note, {COPIED}, {GIVEN}
from jsonb_to_recordset(cast(:rows as jsonb)) given (record_id uuid, code text, note text, {ANCHORS})
returning record_id, journal_line_id, lesson_id
"""  # noqa: S608 - made of constants
ADD_SLOTS = """
insert into assessment_slot (lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                             number, work_type_id, weight, code)
select l.id, l.journal_id, l.organisation_id, l.school_year, l.class_group_id, l.subject_group_id, 1, w.id, w.weight,
       l.slot_code
from lesson l
cross join lateral (
  select id, weight from work_type
  where id = :catalogue or (organisation_id = l.organisation_id and code = :code)
  order by organisation_id nulls last limit 1
) w
where l.id = any(:lessons)
returning id, lesson_id, weight
"""


@dataclass
class Written:
    """What came of the writing: ids by cell, and how many versions of each kind were added."""

    marks: dict[tuple[UUID, UUID, int], UUID] = field(default_factory=dict)
    attendance: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)
    slots: int = 0
    given: int = 0
    withdrawn: int = 0
    attended: int = 0
    students: set[UUID] = field(default_factory=set)


class Writer:
    """Adds what was judged sound. A cell that already says what is to be written gets no new version."""

    def __init__(self, context: "Context", page: PageState, reason: str | None) -> None:
        self.context, self.page, self.reason = context, page, reason

    async def write(self, cells: Sequence[Cell]) -> Written:
        """Add columns that are missing, then marks, then attendance."""
        written = Written()
        await self._add_slots(cells, written)
        await self._add_marks([cell for cell in cells if cell.change.mark is not None], written)
        await self._add_attendance([cell for cell in cells if cell.change.attendance is not None], written)
        return written

    async def _add_slots(self, cells: Sequence[Cell], written: Written) -> None:
        marked = [cell for cell in cells if cell.change.mark is not None and cell.change.mark.value is not None]
        made = await add_slots(self.context, {cell.lesson.id for cell in marked if cell.slot is None})
        for cell in cells:
            cell.slot = cell.slot or made.get(cell.lesson.id)
        written.slots = len(made)

    async def _add_marks(self, cells: Sequence[Cell], written: Written) -> None:
        rows = [row for cell in cells if (row := self._mark(cell, written)) is not None]
        for found in await self._add(ADD_MARKS, rows):
            written.marks[found.journal_line_id, found.slot_id, found.position] = found.mark_id
        written.withdrawn = sum(row["value"] is None for row in rows)
        written.given = len(rows) - written.withdrawn

    async def _add_attendance(self, cells: Sequence[Cell], written: Written) -> None:
        rows = [row for cell in cells if (row := self._attendance(cell, written)) is not None]
        for found in await self._add(ADD_ATTENDANCE, rows):
            written.attendance[found.journal_line_id, found.lesson_id] = found.record_id
        written.attended = len(rows)

    async def _add(self, statement: str, rows: list[dict[str, Any]]) -> Sequence[Any]:
        return await self.context.statements.write(self._filled(statement, rows)) if rows else ()

    def _filled(self, statement: str, rows: list[dict[str, Any]]) -> TextClause:
        return text(statement).bindparams(
            rows=orjson.dumps(rows).decode(),
            school_year=self.page.journal.school_year,
            recorded_by_id=self.context.viewer.person_id,
            recorded_at=self.context.clock(),
            reason=self.reason,
            origin="ENTERED",
        )

    def _mark(self, cell: Cell, written: Written) -> dict[str, Any] | None:
        change, slot = cell.change.mark, cell.slot
        if change is None or slot is None:
            return None
        key = (cell.line.id, slot.id, change.position)
        stands = self.page.marks.get(key)
        if stands is not None:
            written.marks[key] = stands.mark_id
        remark = kept(change.remark, stands.remark if stands else None)
        weight = slot.weight if change.scale is MarkScale.FIVE_POINT else 0
        now = (change.value, change.scale, weight, remark)
        before = (stands.value, stands.scale, stands.weight, stands.remark) if stands else (None,)
        if now == before or (change.value is None and before[0] is None):
            return None
        written.students.add(cell.line.student_id)
        return {
            **_anchors(cell, cell.mark_by),
            "mark_id": stands.mark_id if stands else None,
            "version": stands.version + 1 if stands else 1,
            "slot_id": slot.id,
            "position": change.position,
            "scale": change.scale.value,
            "value": change.value,
            "weight": weight,
            "remark": remark,
        }

    def _attendance(self, cell: Cell, written: Written) -> dict[str, Any] | None:
        change, key = cell.change.attendance, (cell.line.id, cell.lesson.id)
        if change is None:
            return None
        stands = self.page.attendance.get(key)
        if stands is not None:
            written.attendance[key] = stands.record_id
        note = kept(change.note, stands.note if stands else None) if change.code is not None else None
        before = (stands.code, stands.note) if stands else (None, None)
        if (change.code, note) == before or (change.code is None and before[0] is None):
            return None
        written.students.add(cell.line.student_id)
        return {
            **_anchors(cell, cell.attendance_by),
            "record_id": stands.record_id if stands else None,
            "version": stands.version + 1 if stands else 1,
            "code": change.code.value if change.code else None,
            "note": note,
        }


async def add_slots(context: "Context", lessons: set[UUID]) -> dict[UUID, Any]:
    """Make the first column of lessons that have none: for work in the lesson. Gives them by lesson."""
    if not lessons:
        return {}
    code = WorkCode.LESSON
    statement = text(ADD_SLOTS).bindparams(lessons=sorted(lessons), catalogue=CATALOGUE[code], code=code.value)
    return {row.lesson_id: row for row in await context.statements.write(statement)}


def kept(given: Any, stands: str | None) -> str | None:
    """A text that is given, or the one that stands where none is."""
    return stands if given is strawberry.UNSET else given


def _anchors(cell: Cell, by: "LiveAssignment | None") -> dict[str, Any]:
    return {
        "organisation_id": cell.line.organisation_id,
        "class_group_id": cell.line.class_group_id,
        "subject_group_id": cell.line.subject_group_id,
        "student_id": cell.line.student_id,
        "journal_line_id": cell.line.id,
        "lesson_id": cell.lesson.id,
        "held_on": cell.lesson.held_on,
        "assignment_id": by.id if by else None,
        "role": by.role.value if by else None,
    }
