"""Marks: the columns they stand in, what stands now, every version of it, and what was refused but not lost."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from domain.anchors import Anchor
from domain.records.base import (
    ClassGroupId,
    Internal,
    OrganisationId,
    Personal,
    PersonId,
    Record,
    SubjectGroupId,
    Via,
    choice,
    key,
    moment,
    reference,
    word,
)
from domain.records.facts import LessonFact
from domain.records.journals import JournalLine
from domain.roles import Role


class MarkScale(StrEnum):
    """On which scale a mark is given. Only the five-point scale enters a mean."""

    FIVE_POINT = "FIVE_POINT"
    PASS_FAIL = "PASS_FAIL"  # noqa: S105 - a scale of marks
    NOT_ASSESSED = "NOT_ASSESSED"
    EXEMPT = "EXEMPT"


LESSON_SCALE = (
    "(scale = 'FIVE_POINT' and value between 1 and 5) or (scale = 'PASS_FAIL' and value in (0, 1) and weight = 0)"
)


class AssessmentSlot(Record, table=True):
    """A column for marks in a lesson (колонка журнала): a kind of work, with its weight. A lesson may have several.

    `due_lesson_id`: homework given in this column's lesson is due in that one; its marks are judged by that day.
    """

    __tablename__ = "assessment_slot"
    __table_args__ = (
        UniqueConstraint("lesson_id", "number"),
        CheckConstraint("weight between 0 and 100", name="slot_weight"),
    )

    id: Internal[UUID] = key()
    lesson_id: Internal[UUID] = reference("lesson.id", index=False)
    journal_id: Internal[UUID] = reference("journal.id")
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    school_year: Internal[int]
    class_group_id: ClassGroupId = reference("class_group.id", index=False)
    subject_group_id: SubjectGroupId = reference("subject_group.id", index=False)
    number: Internal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})
    work_type_id: Internal[UUID] = reference("work_type.id")
    weight: Internal[int]
    code: Internal[str | None] = None
    title: Internal[str | None] = None
    due_lesson_id: Internal[UUID | None] = reference("lesson.id", nullable=True)
    version: Internal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})


class MarkFact(LessonFact):
    """A mark in its cell: line x slot x position. Two marks for one work (5/4) are two positions of one slot."""

    slot_id: Internal[UUID]
    position: Internal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})
    scale: Internal[MarkScale] = word(MarkScale, default=MarkScale.FIVE_POINT)
    weight: Personal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})
    remark: Personal[str | None] = None


class Mark(MarkFact, table=True):
    """A mark (отметка) that stands now. The application only adds versions; a trigger keeps this table."""

    __table_args__ = (
        PrimaryKeyConstraint("school_year", "id"),
        UniqueConstraint("school_year", "slot_id", "journal_line_id", "position"),
        CheckConstraint(LESSON_SCALE, name="mark_scale"),
        CheckConstraint("weight between 0 and 100", name="mark_weight"),
        CheckConstraint("position between 1 and 2", name="mark_position"),
        ForeignKeyConstraint(["lesson_id"], ["lesson.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["journal_line_id"], ["journal_line.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["slot_id"], ["assessment_slot.id"], ondelete="RESTRICT"),
        Index("ix_mark_line", "journal_line_id", "lesson_id"),
        Index("ix_mark_lesson", "lesson_id"),
        Index("ix_mark_student", "student_id", "school_year"),
        {"postgresql_partition_by": "RANGE (school_year)"},
    )

    value: Personal[int]


class MarkVersion(MarkFact, table=True):
    """What stood in a cell from one moment on: only ever added to. No value: the mark was withdrawn then."""

    __tablename__ = "mark_version"
    __table_args__ = (
        PrimaryKeyConstraint("school_year", "id"),
        UniqueConstraint("school_year", "slot_id", "journal_line_id", "position", "version"),
        CheckConstraint(f"value is null or {LESSON_SCALE}", name="mark_version_scale"),
        CheckConstraint("version > 0", name="mark_version_number"),
        ForeignKeyConstraint(["slot_id"], ["assessment_slot.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["journal_line_id"], ["journal_line.id"], ondelete="RESTRICT"),
        Index("ix_mark_version_mark", "mark_id", "version"),
        Index("ix_mark_version_line", "journal_line_id", "recorded_at"),
        {"postgresql_partition_by": "RANGE (school_year)"},
    )

    mark_id: Internal[UUID] = Field(default=None, sa_column_kwargs={"server_default": text("uuidv7()")})
    value: Personal[int | None] = None


class KeptMark(Record, table=True):
    """A mark that could not be written (the window was closed, somebody was quicker): kept, and shown to its author
    and to whoever may reopen the page.
    """

    __tablename__ = "mark_proposal"
    __table_args__ = (CheckConstraint(f"value is null or {LESSON_SCALE}", name="mark_proposal_scale"),)

    id: Internal[UUID] = key()
    school_year: Internal[int]
    student_id: PersonId = reference("person.id", index=False)
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    class_group_id: ClassGroupId = reference("class_group.id", index=False)
    subject_group_id: SubjectGroupId = reference("subject_group.id")
    lesson_id: Internal[UUID] = reference("lesson.id", index=False)
    journal_line_id: Internal[UUID] = reference("journal_line.id")
    slot_id: Internal[UUID] = reference("assessment_slot.id", index=False)
    position: Internal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})
    scale: Internal[MarkScale] = choice(MarkScale, default=MarkScale.FIVE_POINT, check="mark_proposal_scale_word")
    weight: Internal[int] = Field(default=0, sa_column_kwargs={"server_default": "0"})
    value: Personal[int | None] = None
    remark: Personal[str | None] = None
    refused_with: Internal[str]
    noted_at: Internal[datetime | None] = Field(default=None, sa_type=DateTime(timezone=True))
    recorded_by_id: Internal[UUID]
    assignment_id: Internal[UUID | None] = None
    role: Internal[Role | None] = word(Role)
    recorded_at: Internal[datetime] = moment(default_now=True)
    settled_at: Internal[datetime | None] = moment()
    settled_by_id: Internal[UUID | None] = None


AssessmentSlot.via = (Via("journal_id", JournalLine, "journal_id", (Anchor.PERSON,)),)
