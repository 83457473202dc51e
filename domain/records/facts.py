"""What facts have in common: how they were written, and to which lesson and student they belong.

A fact about a lesson freezes its anchors when it is written: who may read an old page does not change because a
child moved to another class.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import DateTime, Uuid, text
from sqlmodel import Field

from domain.records.base import ClassGroupId, Internal, OrganisationId, PersonId, Record, SubjectGroupId, word
from domain.roles import Role


class Origin(StrEnum):
    """How a fact came in."""

    ENTERED = "ENTERED"
    IMPORTED = "IMPORTED"
    DERIVED = "DERIVED"


class Written(Record):
    """Which version this is, who wrote it, when, under which role, and why. Rows from a seed name nobody."""

    version: Internal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})
    recorded_by_id: Internal[UUID | None] = None
    assignment_id: Internal[UUID | None] = None
    role: Internal[Role | None] = word(Role)
    recorded_at: Internal[datetime] = Field(
        default=None,
        sa_type=DateTime(timezone=True),
        nullable=False,
        sa_column_kwargs={"server_default": text("vhod.now()")},
    )
    reason: Internal[str | None] = None
    origin: Internal[Origin] = word(Origin, default=Origin.ENTERED)
    import_run_id: Internal[UUID | None] = None


class LessonFact(Written):
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
