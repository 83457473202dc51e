"""Cells of a page: what stands, what the file says, and the versions that follow from the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.imports.page_columns import PageTarget, TargetColumn
from api.imports.page_lines import Line
from api.imports.source import Setting
from domain.imports.issues import Issue, IssueCode
from domain.imports.journal_pages import Entry
from domain.records.attendance import AttendanceCode
from domain.records.facts import Origin
from domain.records.imports import RowOutcome
from domain.records.marks import MarkScale

MARKS = text(
    "select distinct on (slot_id, journal_line_id, position) slot_id, journal_line_id, position, mark_id, version,"
    " value, scale, origin, weight from mark_version"
    " where school_year = :year and slot_id = any(:slots) and journal_line_id = any(:lines)"
    " order by slot_id, journal_line_id, position, version desc"
)
MARKED = text(
    "select distinct m.lesson_id, m.journal_line_id from mark m join assessment_slot s on s.id = m.slot_id"
    " join work_type w on w.id = s.work_type_id"
    " where m.school_year = :year and m.lesson_id = any(:lessons) and m.journal_line_id = any(:lines)"
    " and w.code <> 'MAKE_UP'"
)
ATTENDANCE = text(
    "select distinct on (lesson_id, student_id) lesson_id, student_id, record_id, version, code, origin"
    " from attendance_version where school_year = :year and lesson_id = any(:lessons) and student_id = any(:students)"
    " order by lesson_id, student_id, version desc"
)
# Only places in two short lists travel for each cell; everything else is looked up where it is.
_PLACES = (
    " from unnest(cast(:places as int[]), cast(:columns as int[]), cast(:versions as int[]), cast(:known as uuid[]),"
    " cast(:{value}s as {kind}[]){more}) as c (place, place_of_column, version, known, {value}{more_names})"
    " join unnest(cast(:line_ids as uuid[])) with ordinality as n (id, place) on n.place = c.place"
    " join journal_line l on l.id = n.id"
    " join unnest(cast(:lesson_ids as uuid[]), cast(:slot_ids as uuid[]), cast(:days as date[]),"
    " cast(:weights as int[])) with ordinality as e (lesson_id, slot_id, held_on, weight, place)"
    " on e.place = c.place_of_column"
)
_WRITTEN = (
    ", version, recorded_by_id, assignment_id, role, origin, import_run_id, school_year, lesson_id, journal_line_id,"
    " student_id, organisation_id, class_group_id, subject_group_id, held_on"
)
_VALUES = (
    ", c.version, :person, :assignment, :role, 'IMPORTED', :run, l.school_year, e.lesson_id, l.id, l.student_id,"
    " l.organisation_id, l.class_group_id, l.subject_group_id, e.held_on"
)
ADD_MARKS = text(
    f"insert into mark_version (mark_id, value, slot_id, position, weight{_WRITTEN})"
    f" select coalesce(c.known, uuidv7()), c.value, e.slot_id, c.position, e.weight{_VALUES}"
    + _PLACES.format(value="value", kind="int", more=", cast(:positions as int[])", more_names=", position")
)
# The paper behind an absence stays with it whatever letter a file has.
ADD_ATTENDANCE = text(
    f"insert into attendance_version (record_id, code, note{_WRITTEN})"
    f" select coalesce(c.known, uuidv7()), c.code, a.note{_VALUES}"
    + _PLACES.format(value="code", kind="text", more="", more_names="")
    + " left join attendance_record a on a.school_year = l.school_year and a.id = c.known"
)


@dataclass(frozen=True)
class Standing:
    """The newest version of every cell that has one, by slot or lesson and line; and where marks stand."""

    marks: Mapping[tuple[UUID | None, UUID, int], Any]
    attendance: Mapping[tuple[UUID | None, UUID], Any]
    marked: frozenset[tuple[UUID | None, UUID]]


@dataclass(slots=True)
class _Cell:
    """A cell of the file where it meets the page: the line's place from 1, the column's index from 0."""

    place: int
    index: int
    line: Line
    column: TargetColumn
    entry: Entry


@dataclass
class _Wanted:
    """Cells to be written, as columns of numbers: line, column of the page, position, version, value."""

    places: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    known: list[UUID | None] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, cell: "_Cell", position: int, standing: Any, known: UUID | None, value: Any) -> None:
        self.places.append(cell.place)
        self.columns.append(cell.index + 1)
        self.positions.append(position)
        self.versions.append(1 if standing is None else standing.version + 1)
        self.known.append(known)
        self.values.append(value)

    def extend(self, other: "_Wanted") -> None:
        for name, values in vars(self).items():
            values.extend(getattr(other, name))


class Cells:
    """Compares rows with what stands, collects what is new, and writes it in two statements."""

    def __init__(
        self,
        setting: Setting,
        target: PageTarget,
        columns: Sequence[TargetColumn],
        lines: Mapping[UUID, Line],
    ) -> None:
        self._setting, self._target, self._columns, self._lines = setting, target, columns, lines
        self._line_ids: list[UUID] = []
        self._marks, self._attendance = _Wanted(), _Wanted()

    async def look(self, connection: AsyncConnection, lines: Sequence[UUID]) -> Standing:
        """What stands in the cells of these lines."""
        usable = [column for column in self._columns if column.lesson_id]
        given = {"year": self._target.school_year, "lines": list(lines)}
        lessons = {**given, "lessons": [column.lesson_id for column in usable]}
        students = {**lessons, "students": [self._lines[line].student_id for line in lines]}
        slots = {**given, "slots": [column.slot_id for column in usable]}
        marks = await connection.execute(MARKS, slots)
        attendance = await connection.execute(ATTENDANCE, students)
        marked = await connection.execute(MARKED, lessons)
        return Standing(
            {(row.slot_id, row.journal_line_id, row.position): row for row in marks},
            {(row.lesson_id, row.student_id): row for row in attendance},
            frozenset((row.lesson_id, row.journal_line_id) for row in marked),
        )

    def compare(
        self, line_id: UUID, wanted: Sequence[tuple[int, Entry]], standing: Standing
    ) -> tuple[RowOutcome, list[Issue]]:
        """Compare a row, and collect its new cells unless some cell keeps the whole row out."""
        line, issues = self._lines[line_id], []
        marks, attendance = _Wanted(), _Wanted()
        self._line_ids.append(line_id)
        place = len(self._line_ids)
        for index, entry in wanted:
            cell = _Cell(place, index, line, self._columns[index], entry)
            code = self._obstacle(cell, standing)
            code = code or self._compare_marks(marks, cell, standing)
            code = code or self._compare_attendance(attendance, cell, standing)
            if code is not None:
                issues.append(Issue(code, cell.column.title))
        if issues:
            return RowOutcome.REJECTED, issues
        self._marks.extend(marks)
        self._attendance.extend(attendance)
        return _outcome(list(chain(marks.versions, attendance.versions))), []

    def _obstacle(self, cell: _Cell, standing: Standing) -> IssueCode | None:
        line, column, entry = cell.line, cell.column, cell.entry
        if line.left_on is not None and column.held_on >= line.left_on:
            return IssueCode.PUPIL_HAS_LEFT
        if column.make_up:
            return None
        stands = standing.attendance.get((column.lesson_id, line.student_id))
        code = entry.attendance or (AttendanceCode(stands.code) if stands and stands.code else None)
        has_mark = bool(entry.marks) or (column.lesson_id, line.id) in standing.marked
        absent = code is not None and code is not AttendanceCode.LATE
        return IssueCode.MARK_WITH_ABSENCE if has_mark and absent else None

    def _compare_marks(self, wanted: _Wanted, cell: _Cell, standing: Standing) -> IssueCode | None:
        for position, value in enumerate(cell.entry.marks, start=1):
            stands = standing.marks.get((cell.column.slot_id, cell.line.id, position))
            if stands is not None:
                if stands.value == value and stands.scale == MarkScale.FIVE_POINT:
                    continue
                if not self._may_replace(stands):
                    return IssueCode.HAND_SET
            wanted.add(cell, position, stands, stands.mark_id if stands else None, value)
        return None

    def _compare_attendance(self, wanted: _Wanted, cell: _Cell, standing: Standing) -> IssueCode | None:
        code = cell.entry.attendance
        if code is None:
            return None
        stands = standing.attendance.get((cell.column.lesson_id, cell.line.student_id))
        if stands is not None:
            if stands.code == code:
                return None
            if not self._may_replace(stands):
                return IssueCode.HAND_SET
        wanted.add(cell, 1, stands, stands.record_id if stands else None, code.value)
        return None

    def _may_replace(self, stands: Any) -> bool:
        """What a file brought in a file may change; what somebody set, or took back, only when that is asked for."""
        return bool(self._setting.run.overwrite or stands.origin == Origin.IMPORTED)

    async def write(self, connection: AsyncConnection) -> None:
        """Add the versions collected so far, each kind in one statement."""
        if self._marks.places:
            given = {"values": self._marks.values, "positions": self._marks.positions}
            await connection.execute(ADD_MARKS, self._given(self._marks) | given)
        if self._attendance.places:
            await connection.execute(ADD_ATTENDANCE, self._given(self._attendance) | {"codes": self._attendance.values})

    def _given(self, wanted: _Wanted) -> dict[str, Any]:
        run = self._setting.run
        return {
            "places": wanted.places,
            "columns": wanted.columns,
            "versions": wanted.versions,
            "known": wanted.known,
            "line_ids": self._line_ids,
            "lesson_ids": [column.lesson_id for column in self._columns],
            "slot_ids": [column.slot_id for column in self._columns],
            "days": [column.held_on for column in self._columns],
            "weights": [column.weight for column in self._columns],
            "person": run.started_by_id,
            "assignment": run.assignment_id,
            "role": run.role.value,
            "run": run.id,
        }


def _outcome(versions: Sequence[int]) -> RowOutcome:
    if not versions:
        return RowOutcome.UNCHANGED
    return RowOutcome.CHANGED if max(versions) > 1 else RowOutcome.CREATED
