"""Attendance: who was absent or late, by meaning, and every version of it."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlmodel import Field

from domain.records.base import Internal, Personal, Special, choice
from domain.records.facts import LessonFact


class AttendanceCode(StrEnum):
    """Meaning first; the letter is for the page."""

    ABSENT_UNEXCUSED = "ABSENT_UNEXCUSED"
    ABSENT_EXCUSED = "ABSENT_EXCUSED"
    ABSENT_ILLNESS = "ABSENT_ILLNESS"
    LATE = "LATE"


class AttendanceRecord(LessonFact, table=True):
    """That a student was absent or late, as it stands now; a trigger keeps this table from the versions.

    The note behind it (a doctor's paper, a family matter) is special (P3).
    """

    __tablename__ = "attendance_record"
    __table_args__ = (
        PrimaryKeyConstraint("school_year", "id"),
        UniqueConstraint("school_year", "lesson_id", "student_id"),
        ForeignKeyConstraint(["lesson_id"], ["lesson.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["journal_line_id"], ["journal_line.id"], ondelete="RESTRICT"),
        Index("ix_attendance_line", "journal_line_id", "lesson_id"),
        Index("ix_attendance_student", "student_id", "school_year"),
        {"postgresql_partition_by": "RANGE (school_year)"},
    )

    code: Personal[AttendanceCode] = choice(AttendanceCode)
    note: Special[str | None] = None


class AttendanceVersion(LessonFact, table=True):
    """What stood for a student in a lesson from one moment on: only ever added to. No code: it was taken back then."""

    __tablename__ = "attendance_version"
    __table_args__ = (
        PrimaryKeyConstraint("school_year", "id"),
        UniqueConstraint("school_year", "lesson_id", "student_id", "version"),
        CheckConstraint("version > 0", name="attendance_version_number"),
        ForeignKeyConstraint(["lesson_id"], ["lesson.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["journal_line_id"], ["journal_line.id"], ondelete="RESTRICT"),
        Index("ix_attendance_version_record", "record_id", "version"),
        Index("ix_attendance_version_line", "journal_line_id", "recorded_at"),
        {"postgresql_partition_by": "RANGE (school_year)"},
    )

    record_id: Internal[UUID] = Field(default=None, sa_column_kwargs={"server_default": text("uuidv7()")})
    code: Personal[AttendanceCode | None] = choice(AttendanceCode, nullable=True, check="attendance_version_code_word")
    note: Special[str | None] = None
