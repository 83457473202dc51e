"""The journal: a page per subject group and period, its lessons, lines, marks and attendance.

A fact about a lesson freezes its anchors when it is written: who may read an old page does not change because a
child moved to another class.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, Uuid, text
from sqlmodel import Field

from domain.anchors import Anchor, Via
from domain.records.base import (
    ClassGroupId,
    Internal,
    OrganisationId,
    Personal,
    PersonId,
    Record,
    Special,
    SubjectGroupId,
    choice,
    key,
    moment,
    reference,
)
from domain.records.classes import SubjectGroup
from domain.records.organisations import Provenance


class Journal(Record, table=True):
    """A page of the journal (страница журнала): subject group x grading period."""

    __table_args__ = (UniqueConstraint("subject_group_id", "grading_period_id"),)

    id: Internal[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id")
    school_year: Internal[int]
    class_group_id: ClassGroupId = reference("class_group.id")
    subject_group_id: SubjectGroupId = reference("subject_group.id")
    subject_id: Internal[UUID] = reference("subject.id")
    grading_period_id: Internal[UUID] = reference("grading_period.id")
    class_name: Internal[str]
    provenance: Internal[Provenance] = choice(Provenance, default=Provenance.ENTERED)
    source: Internal[str | None] = None


class LessonStatus(StrEnum):
    """What became of a lesson."""

    PLANNED = "PLANNED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"
    REPLACED = "REPLACED"


class Lesson(Record, table=True):
    """A dated lesson (урок): a column of the page."""

    __table_args__ = (
        UniqueConstraint("journal_id", "held_on", "number"),
        Index("ix_lesson_page", "journal_id", "held_on", "number"),
    )

    id: Internal[UUID] = key()
    journal_id: Internal[UUID] = reference("journal.id", index=False)
    organisation_id: OrganisationId = reference("organisation.id")
    school_year: Internal[int]
    class_group_id: ClassGroupId = reference("class_group.id")
    subject_group_id: SubjectGroupId = reference("subject_group.id")
    held_on: Internal[date]
    number: Internal[int] = 1
    status: Internal[LessonStatus] = choice(LessonStatus, default=LessonStatus.HELD)
    slot_code: Internal[str | None] = None
    topic: Internal[str | None] = None
    homework: Internal[str | None] = None


class JournalLine(Record, table=True):
    """A student's line of the page, with the name as it stood there.

    The three sums are exact integers kept by a trigger in the transaction of the mark: the weighted mean of a line
    is `mark_sum / weight_sum`, and no reader has to load the marks for it.
    """

    __tablename__ = "journal_line"
    __table_args__ = (
        UniqueConstraint("journal_id", "student_id"),
        Index("ix_journal_line_page", "journal_id", "number", "id"),
    )

    id: Internal[UUID] = key()
    journal_id: Internal[UUID] = reference("journal.id", index=False)
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    school_year: Internal[int]
    class_group_id: ClassGroupId = reference("class_group.id")
    subject_group_id: SubjectGroupId = reference("subject_group.id")
    number: Internal[int]
    student_name: Personal[str]
    left_on: Personal[date | None] = None
    mark_sum: Personal[int] = Field(default=0, sa_column_kwargs={"server_default": "0"})
    weight_sum: Personal[int] = Field(default=0, sa_column_kwargs={"server_default": "0"})
    mark_count: Personal[int] = Field(default=0, sa_column_kwargs={"server_default": "0"})


class LessonFact(Record):
    """What is noted of a student in a lesson. Partitioned by school year, keyed (school_year, id).

    The anchors are those of the student when it was noted; `held_on` is the day of the lesson, kept by a trigger.
    """

    id: Internal[UUID] = Field(default=None, sa_type=Uuid, sa_column_kwargs={"server_default": text("uuidv7()")})
    school_year: Internal[int]
    lesson_id: Internal[UUID]
    journal_line_id: Internal[UUID]
    student_id: PersonId
    organisation_id: OrganisationId
    class_group_id: ClassGroupId
    subject_group_id: SubjectGroupId
    held_on: Internal[date] = Field(default=None, nullable=False)


class Mark(LessonFact, table=True):
    """A mark (отметка) of a student in a lesson."""

    __table_args__ = (
        PrimaryKeyConstraint("school_year", "id"),
        CheckConstraint("value between 1 and 5", name="mark_value"),
        CheckConstraint("weight between 0 and 100", name="mark_weight"),
        ForeignKeyConstraint(["lesson_id"], ["lesson.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["journal_line_id"], ["journal_line.id"], ondelete="RESTRICT"),
        Index("ix_mark_line", "journal_line_id", "lesson_id"),
        Index("ix_mark_lesson", "lesson_id"),
        Index("ix_mark_student", "student_id", "school_year"),
        {"postgresql_partition_by": "RANGE (school_year)"},
    )

    value: Personal[int]
    weight: Personal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})
    remark: Personal[str | None] = None
    recorded_by_id: Internal[UUID | None] = None
    assignment_id: Internal[UUID | None] = None
    recorded_at: Internal[datetime] = moment(default_now=True)


class AttendanceCode(StrEnum):
    """Meaning first; the letter is for the page."""

    ABSENT_UNEXCUSED = "ABSENT_UNEXCUSED"
    ABSENT_EXCUSED = "ABSENT_EXCUSED"
    ABSENT_ILLNESS = "ABSENT_ILLNESS"
    LATE = "LATE"


class AttendanceRecord(LessonFact, table=True):
    """That a student was absent or late. The note behind it (a doctor's paper, a family matter) is special (P3)."""

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
    recorded_by_id: Internal[UUID | None] = None
    recorded_at: Internal[datetime] = moment(default_now=True)


# A family reads a page as long as its child has a line on it, also after the child has left the group.
Journal.via = (Via("id", JournalLine, "journal_id", (Anchor.PERSON,)),)
Lesson.via = (Via("journal_id", JournalLine, "journal_id", (Anchor.PERSON,)),)
SubjectGroup.via = (*SubjectGroup.via, Via("id", JournalLine, "subject_group_id", (Anchor.PERSON,)))
