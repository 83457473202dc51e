"""The journal page: lessons across, students down, marks and attendance in the cells, the weighted mean at the end."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Numeric, cast, func
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from domain.records.attendance import AttendanceCode
from domain.records.journals import LessonStatus
from domain.records.organisations import Provenance
from schema.access import Access
from schema.classes import ClassGroup, GradingPeriod, Subject, SubjectGroup
from schema.enums import explained
from schema.lazy import OrganisationLater
from schema.mapping.declare import column, derived, filters, many, mapped, one
from schema.node import Node
from schema.scalars import Points
from schema.users import Student

explained(
    LessonStatus,
    "What became of a lesson (состояние урока).",
    PLANNED="Planned (запланирован).",
    HELD="Held (проведён).",
    CANCELLED="Cancelled (отменён).",
    REPLACED="Replaced by another (заменён).",
)
explained(
    AttendanceCode,
    "Why a student was not there, or not in time (отметка посещаемости): the meaning; letters differ by school.",
    ABSENT_UNEXCUSED="Absent without a valid reason (неуважительная причина, «Н»).",
    ABSENT_EXCUSED="Absent for a valid reason (уважительная причина, «У»).",
    ABSENT_ILLNESS="Absent ill (по болезни, «Б»).",
    LATE="Late (опоздание, «ОП»).",
)


def weighted_mean(row: Any) -> ColumnElement[Any]:
    """SQL twin of domain/scoring/marks.py: sum of mark x weight by sum of weights; null when nothing has weight."""
    return func.round(cast(row.mark_sum, Numeric) / func.nullif(row.weight_sum, 0), 2)


@mapped(
    records.Mark,
    "A mark of a student in a lesson (отметка).",
    Access(P.MARK_SEE),
    key=("school_year", "id"),
)
class Mark(Node):
    """A mark."""

    value: int = column("The mark, 1 to 5 points (отметка).")
    held_on: date = column("Day of the lesson (дата урока).")
    weight: int = column("How much it counts in the mean (вес).")
    remark: str | None = column("Remark of the teacher (примечание).")
    recorded_at: datetime = column("When it was entered (когда выставлена).")
    lesson: "Lesson | None" = one("In which lesson (урок).", by=records.Mark.lesson_id)
    line: "JournalLine | None" = one("On which line (строка журнала).", by=records.Mark.journal_line_id)
    student: Student | None = one("Whose it is (обучающийся).", by=records.Mark.student_id)


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
        "The paper or the family matter behind it (основание): special data, every reading is recorded.",
        Access(P.ATTENDANCE_NOTE_READ, why="Health and family circumstances are for the class and the family only."),
    )
    recorded_at: datetime = column("When it was entered (когда отмечено).")
    lesson: "Lesson | None" = one("In which lesson (урок).", by=records.AttendanceRecord.lesson_id)
    line: "JournalLine | None" = one("On which line (строка журнала).", by=records.AttendanceRecord.journal_line_id)
    student: Student | None = one("Whose it is (обучающийся).", by=records.AttendanceRecord.student_id)


@mapped(
    records.JournalLine,
    "A student's line of a journal page (строка журнала), with the name as it stood there.",
    Access(P.JOURNAL_LINE_SEE),
)
class JournalLine(Node):
    """A line."""

    number: int = column("Number on the page (номер по списку).")
    student_name: str = column("Name as it stood on the page (имя на странице).")
    left_on: date | None = column("Day on which the student left the group (дата выбытия).")
    student: Student | None = one(
        "The student, where you may see the card (обучающийся).", by=records.JournalLine.student_id
    )
    journal: "Journal | None" = one("The page (страница журнала).", by=records.JournalLine.journal_id)
    mean: Points | None = derived(
        "Weighted mean of the line (средневзвешенный балл); null when no mark has weight.",
        weighted_mean,
        "mark_sum",
        "weight_sum",
    )
    mark_sum: int = column("Sum of mark x weight, exact: the numerator of the mean (сумма отметок с весом).")
    weight_sum: int = column("Sum of weights, exact: the denominator of the mean (сумма весов).")
    mark_count: int = column("How many marks there are (число отметок).")
    marks: list[Mark] | None = many(
        "Marks of the line (отметки), by day; at most 400.",
        by=(records.Mark.journal_line_id, records.Mark.school_year),
        match=("id", "school_year"),
        order=("held_on", "id"),
        most=400,
    )
    attendance: list[AttendanceRecord] | None = many(
        "Absences and late arrivals of the line (посещаемость), by day; at most 400.",
        by=(records.AttendanceRecord.journal_line_id, records.AttendanceRecord.school_year),
        match=("id", "school_year"),
        order=("held_on", "id"),
        most=400,
    )


@filters(
    since=("held_on", "From this day on (с какого дня)."),
    until=("held_on", "Up to this day, included (по какой день)."),
)
def _between(
    row: type[records.Lesson], since: date | None = None, until: date | None = None
) -> Iterator[ColumnElement[bool]]:
    """Lessons of these days, both included."""
    if since is not None:
        yield col(row.held_on) >= since
    if until is not None:
        yield col(row.held_on) <= until


@mapped(records.Lesson, "A dated lesson (урок): a column of a journal page.", Access(P.LESSON_SEE))
class Lesson(Node):
    """A lesson."""

    held_on: date = column("Day (дата).")
    number: int = column("Which of the day's lessons in this subject (номер).")
    status: LessonStatus = column("What became of it (состояние).")
    slot_code: str | None = column("Short code of the column as printed (код колонки); not an absence.")
    topic: str | None = column("Topic (тема).")
    homework: str | None = column("Homework given (домашнее задание).", Access(P.HOMEWORK_READ))
    journal: "Journal | None" = one("The page it stands on (страница журнала).", by=records.Lesson.journal_id)
    subject_group: SubjectGroup | None = one("For whom (группа по предмету).", by=records.Lesson.subject_group_id)
    marks: list[Mark] | None = many(
        "Marks given that you may see (отметки); at most 400.",
        by=(records.Mark.lesson_id, records.Mark.school_year),
        match=("id", "school_year"),
        order=("id",),
        most=400,
    )
    attendance: list[AttendanceRecord] | None = many(
        "Who was absent or late, as far as you may see (посещаемость); at most 400.",
        by=(records.AttendanceRecord.lesson_id, records.AttendanceRecord.school_year),
        match=("id", "school_year"),
        order=("id",),
        most=400,
    )


@mapped(
    records.Journal,
    "A page of the journal (страница журнала): a subject group in a grading period.",
    Access(P.JOURNAL_SEE),
)
class Journal(Node):
    """A page."""

    class_name: str = column("Name of the class at that time (класс), such as `7А`.")
    school_year: int = column("Year in which the school year begins (учебный год).")
    provenance: Provenance = column("Where the page comes from (происхождение).")
    source: str | None = column("The source of a published page (источник).")
    subject: Subject | None = one("Subject (предмет).", by=records.Journal.subject_id)
    grading_period: GradingPeriod | None = one("Period (учебный период).", by=records.Journal.grading_period_id)
    class_group: ClassGroup | None = one("Class (класс).", by=records.Journal.class_group_id)
    subject_group: SubjectGroup | None = one("Who is taught (группа по предмету).", by=records.Journal.subject_group_id)
    organisation: OrganisationLater | None = one("Where (организация).", by=records.Journal.organisation_id)
    lessons: list[Lesson] | None = many(
        "Columns: lessons in the order of days (уроки), optionally of some days; at most 200.",
        by=records.Lesson.journal_id,
        order=("held_on", "number", "id"),
        most=200,
        where=_between,
    )
    lines: list[JournalLine] | None = many(
        "Rows: the students' lines that you may see (строки), as numbered; at most 200.",
        by=records.JournalLine.journal_id,
        order=("number", "id"),
        most=200,
    )
