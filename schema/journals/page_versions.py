"""Versions of marks and attendance, columns and proposals: added in one statement each, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import strawberry
from sqlalchemy import text

from domain.records.facts import Origin
from domain.records.marks import MarkScale
from domain.records.policies import CATALOGUE, WorkCode
from schema.journals.page_cells import NO_KEY, Cell
from schema.journals.page_state import PageState

if TYPE_CHECKING:
    from auth.viewer import LiveAssignment
    from schema.engine.statements import Statements

LINE = ("id", "student_id", "organisation_id", "class_group_id", "subject_group_id")

WRITTEN = """organisation_id, class_group_id, subject_group_id, student_id, journal_line_id, lesson_id, held_on,
  version, assignment_id, role, school_year, recorded_by_id, recorded_at, reason, origin, import_run_id"""
# Lines, lessons and authors travel once; a cell names each of them by its place.
GIVEN = """l.organisation_id, l.class_group_id, l.subject_group_id, l.student_id, l.id, e.id, e.held_on, c.version,
  b.id, b.role, :school_year, cast(:recorded_by_id as uuid), cast(:recorded_at as timestamptz), cast(:reason as text),
  :origin, cast(:import_run_id as uuid)
from jsonb_to_recordset(cast(:cells as jsonb)) c (line int, lesson int, author int, version int, {columns})
join jsonb_to_recordset(cast(:lines as jsonb)) l (place int, id uuid, student_id uuid, organisation_id uuid,
  class_group_id uuid, subject_group_id uuid) on l.place = c.line
join jsonb_to_recordset(cast(:lessons as jsonb)) e (place int, id uuid, held_on date) on e.place = c.lesson
join jsonb_to_recordset(cast(:authors as jsonb)) b (place int, id uuid, role text) on b.place = c.author"""

ADD_MARKS = f"""
insert into mark_version (mark_id, slot_id, position, scale, value, weight, remark, {WRITTEN})
select coalesce(c.mark_id, uuidv7()), c.slot_id, c.position, c.scale, c.value, c.weight, c.remark,
  {GIVEN.format(columns="mark_id uuid, slot_id uuid, position int, scale text, value int, weight int, remark text")}
returning mark_id, journal_line_id, slot_id, position
"""
ADD_ATTENDANCE = f"""
insert into attendance_version (record_id, code, note, {WRITTEN})
select coalesce(c.record_id, uuidv7()), c.code, c.note,
  {GIVEN.format(columns="record_id uuid, code text, note text")}
returning record_id, journal_line_id, lesson_id
"""
ADD_SLOTS = """
insert into assessment_slot (lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                             number, work_type_id, weight, code)
select l.id, l.journal_id, l.organisation_id, l.school_year, l.class_group_id, l.subject_group_id, 1, w.id, w.weight,
       coalesce(cast(:slot_code as text), l.slot_code)
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


@dataclass(frozen=True)
class Author:
    """Who writes, when, why, and from where: by hand, or from the file of a run."""

    person_id: UUID
    recorded_at: datetime
    reason: str | None = None
    origin: Origin = Origin.ENTERED
    import_run_id: UUID | None = None


class Writer:
    """Adds what was judged sound. A cell that already says what is to be written gets no new version.

    A column that has to be made gets `slot_code`, or the code that the lesson has for its columns.
    """

    def __init__(self, statements: "Statements", page: PageState, author: Author, slot_code: str | None = None) -> None:
        self.statements, self.page, self.author, self.slot_code = statements, page, author, slot_code

    async def write(self, cells: Sequence[Cell]) -> Written:
        """Add columns that are missing, then marks, then attendance."""
        written = Written()
        await self._add_slots(cells, written)
        await self._add_marks([cell for cell in cells if cell.change.mark is not None], written)
        await self._add_attendance([cell for cell in cells if cell.change.attendance is not None], written)
        return written

    async def _add_slots(self, cells: Sequence[Cell], written: Written) -> None:
        marked = [cell for cell in cells if cell.change.mark is not None and cell.change.mark.value is not None]
        lessons = {cell.lesson.id for cell in marked if cell.slot is None}
        made = await add_slots(self.statements, lessons, self.slot_code)
        for cell in cells:
            cell.slot = cell.slot or made.get(cell.lesson.id)
        written.slots = len(made)

    async def _add_marks(self, cells: Sequence[Cell], written: Written) -> None:
        drafts = _Drafts()
        for cell in (one for one in cells if one.slot is not None):
            stands = self.page.marks.get(_mark_key(cell))
            if stands is not None:
                written.marks[_mark_key(cell)] = stands.mark_id
            drafts.add(cell, cell.mark_by, mark_draft(cell, self.page))
        for found in await self._add(ADD_MARKS, drafts):
            written.marks[found.journal_line_id, found.slot_id, found.position] = found.mark_id
        written.withdrawn = sum(one["value"] is None for one in drafts.cells)
        written.given = len(drafts.cells) - written.withdrawn
        written.students |= drafts.students

    async def _add_attendance(self, cells: Sequence[Cell], written: Written) -> None:
        drafts = _Drafts()
        for cell in cells:
            stands = self.page.attendance.get((cell.line.id, cell.lesson.id))
            if stands is not None:
                written.attendance[cell.line.id, cell.lesson.id] = stands.record_id
            drafts.add(cell, cell.attendance_by, attendance_draft(cell, self.page))
        for found in await self._add(ADD_ATTENDANCE, drafts):
            written.attendance[found.journal_line_id, found.lesson_id] = found.record_id
        written.attended = len(drafts.cells)
        written.students |= drafts.students

    async def _add(self, statement: str, drafts: "_Drafts") -> Sequence[Any]:
        if not drafts.cells:
            return ()
        filled = text(statement).bindparams(
            school_year=self.page.journal.school_year,
            recorded_by_id=self.author.person_id,
            recorded_at=self.author.recorded_at,
            reason=self.author.reason,
            origin=self.author.origin.value,
            import_run_id=self.author.import_run_id,
            **drafts.parameters(),
        )
        return await self.statements.write(filled)


@dataclass
class _Drafts:
    """Versions to be added, with the lines, lessons and authors that they name by place."""

    cells: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    lessons: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    authors: dict[UUID | None, dict[str, Any]] = field(default_factory=dict)

    @property
    def students(self) -> set[UUID]:
        """Whose versions these are."""
        return {line["student_id"] for line in self.lines.values()}

    def add(self, cell: Cell, by: "LiveAssignment | None", draft: dict[str, Any] | None) -> None:
        """Add the draft of a cell; None where nothing would change."""
        if draft is None:
            return
        line = {name: getattr(cell.line, name) for name in LINE}
        author = {"id": by.id if by else None, "role": by.role.value if by else None}
        places = {
            "line": _placed(self.lines, cell.line.id, line),
            "lesson": _placed(self.lessons, cell.lesson.id, {"id": cell.lesson.id, "held_on": cell.lesson.held_on}),
            "author": _placed(self.authors, author["id"], author),
        }
        self.cells.append(draft | places)

    def parameters(self) -> dict[str, str]:
        """What the statement is given."""
        tables = {"lines": self.lines, "lessons": self.lessons, "authors": self.authors}
        written = {name: orjson.dumps(list(rows.values())).decode() for name, rows in tables.items()}  # type: ignore[attr-defined]
        return written | {"cells": orjson.dumps(self.cells).decode()}


def _placed(rows: dict[Any, dict[str, Any]], key: Any, row: dict[str, Any]) -> int:
    found = rows.setdefault(key, row)
    return found.setdefault("place", len(rows))  # type: ignore[no-any-return]


def mark_draft(cell: Cell, page: PageState) -> dict[str, Any] | None:
    """The version that the mark of a cell comes to; None where it changes nothing."""
    change, slot = cell.change.mark, cell.slot
    if change is None:
        return None
    stands = None if slot is None else page.marks.get(_mark_key(cell))
    remark = kept(change.remark, stands.remark if stands else None)
    weight = slot.weight if slot is not None and change.scale is MarkScale.FIVE_POINT else 0
    now = (change.value, change.scale, weight, remark)
    before = (stands.value, stands.scale, stands.weight, stands.remark) if stands else (None,)
    if now == before or (change.value is None and before[0] is None):
        return None
    return {
        "mark_id": stands.mark_id if stands else None,
        "version": stands.version + 1 if stands else 1,
        "slot_id": None if slot is None else slot.id,
        "position": change.position,
        "scale": change.scale.value,
        "value": change.value,
        "weight": weight,
        "remark": remark,
    }


def attendance_draft(cell: Cell, page: PageState) -> dict[str, Any] | None:
    """The version that the attendance of a cell comes to; None where it changes nothing."""
    change = cell.change.attendance
    if change is None:
        return None
    stands = page.attendance.get((cell.line.id, cell.lesson.id))
    note = kept(change.note, stands.note if stands else None) if change.code is not None else None
    before = (stands.code, stands.note) if stands else (None, None)
    if (change.code, note) == before or (change.code is None and before[0] is None):
        return None
    return {
        "record_id": stands.record_id if stands else None,
        "version": stands.version + 1 if stands else 1,
        "code": change.code.value if change.code else None,
        "note": note,
    }


def _mark_key(cell: Cell) -> tuple[UUID, UUID, int]:
    position = cell.change.mark.position if cell.change.mark else 1
    return cell.line.id, cell.slot.id if cell.slot is not None else NO_KEY, position


async def add_slots(statements: "Statements", lessons: set[UUID], slot_code: str | None = None) -> dict[UUID, Any]:
    """Make the first column of lessons that have none: for work in the lesson. Gives them by lesson."""
    if not lessons:
        return {}
    code = WorkCode.LESSON
    statement = text(ADD_SLOTS).bindparams(
        lessons=sorted(lessons), catalogue=CATALOGUE[code], code=code.value, slot_code=slot_code
    )
    return {row.lesson_id: row for row in await statements.write(statement)}


def kept(given: Any, stands: str | None) -> str | None:
    """A text that is given, or the one that stands where none is."""
    return stands if given is strawberry.UNSET else given
