"""Attendance: who was absent or late, by meaning, and every version of it."""

from datetime import date, datetime

from auth.permissions import Permission as P
from domain import records
from domain.records.attendance import AttendanceCode
from schema.engine.access.rule import Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, many, mapped, one
from schema.engine.node import Node
from schema.named_later import JournalLineLater, LessonLater
from schema.origins import Origin
from schema.people.roles import Role
from schema.people.users import Assignment, StaffMember, Student

explained(
    AttendanceCode,
    "Why a student was not there, or not in time (отметка посещаемости): the meaning; letters differ by school.",
    ABSENT_UNEXCUSED="Absent without a valid reason (неуважительная причина, «Н»).",
    ABSENT_EXCUSED="Absent for a valid reason (уважительная причина, «У»).",
    ABSENT_ILLNESS="Absent ill (по болезни, «Б»).",
    LATE="Late (опоздание, «ОП»).",
)

NOTE_RULE = Access(P.ATTENDANCE_NOTE_READ, why="Health and family circumstances are for the class and the family only.")


@mapped(
    records.AttendanceVersion,
    "What stood for a student in a lesson from one moment on (версия посещаемости). Never changed or removed.",
    Access(P.ATTENDANCE_SEE),
    key=("school_year", "id"),
)
class AttendanceVersion(Node):
    """A version of a record of attendance."""

    version: int = column("Number of the version, from 1 (версия).")
    code: AttendanceCode | None = column("What it meant from then on (значение); null: it was taken back (снято).")
    note: str | None = column(
        "The paper or the family matter behind it (основание): special data, every reading is recorded.", NOTE_RULE
    )
    held_on: date = column("Day of the lesson (дата урока).")
    recorded_at: datetime = column("When it was written (когда записано).")
    recorded_by: StaffMember | None = one("Who wrote it (кем записано).", by=records.AttendanceVersion.recorded_by_id)
    role: Role | None = column("Under which role (от имени какой роли).")
    assignment: Assignment | None = one(
        "Under which assignment, where you may see it (назначение).", by=records.AttendanceVersion.assignment_id
    )
    reason: str | None = column("Why it was corrected (причина исправления).")
    origin: Origin = column("How it came in (как внесено).")
    lesson: LessonLater | None = one("In which lesson (урок).", by=records.AttendanceVersion.lesson_id)


@mapped(
    records.AttendanceRecord,
    "That a student was absent or late (посещаемость).",
    Access(P.ATTENDANCE_SEE),
    key=("school_year", "id"),
)
class AttendanceRecord(Node):
    """A record of attendance."""

    held_on: date = column("Day of the lesson (дата урока).")
    code: AttendanceCode = column("What it means (значение).")
    note: str | None = column(
        "The paper or the family matter behind it (основание): special data, every reading is recorded.", NOTE_RULE
    )
    version: int = column("Version: send it back when you correct the record (версия).")
    recorded_at: datetime = column("When it was entered (когда отмечено).")
    recorded_by: StaffMember | None = one("Who entered it (кем отмечено).", by=records.AttendanceRecord.recorded_by_id)
    role: Role | None = column("Under which role (от имени какой роли).")
    reason: str | None = column("Why it was corrected (причина исправления).")
    origin: Origin = column("How it came in (как внесено).")
    lesson: LessonLater | None = one("In which lesson (урок).", by=records.AttendanceRecord.lesson_id)
    line: JournalLineLater | None = one("On which line (строка журнала).", by=records.AttendanceRecord.journal_line_id)
    student: Student | None = one("Whose it is (обучающийся).", by=records.AttendanceRecord.student_id)
    history: list[AttendanceVersion] | None = many(
        "All its versions (история), oldest first; at most 100.",
        by=(records.AttendanceVersion.record_id, records.AttendanceVersion.school_year),
        match=("id", "school_year"),
        order=("version", "id"),
        usually=3,
    )
