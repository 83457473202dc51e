"""The journal: a page per subject group and period, its lessons and lines. Marks and attendance stand in files of
their own.
"""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import DATEMULTIRANGE
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
    reference,
)
from domain.records.classes import SubjectGroup
from domain.records.facts import Written
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
    version: Internal[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})


class LessonVersion(Written, table=True):
    """What stood at a lesson from one moment on: only ever added to; `lesson` is its newest state."""

    __tablename__ = "lesson_version"
    __table_args__ = (UniqueConstraint("lesson_id", "version"),)

    id: Internal[UUID] = key()
    lesson_id: Internal[UUID] = reference("lesson.id", index=False)
    journal_id: Internal[UUID] = reference("journal.id")
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    school_year: Internal[int]
    class_group_id: ClassGroupId = reference("class_group.id", index=False)
    subject_group_id: SubjectGroupId = reference("subject_group.id", index=False)
    status: Internal[LessonStatus] = choice(LessonStatus)
    topic: Internal[str | None] = None
    homework: Internal[str | None] = None


class JournalLine(Record, table=True):
    """A student's line of the page, with the name as it stood there.

    `joined_on` is the first day of who came after the page began, `left_on` the last day of who left; `away` the days
    between leaving and coming back (half-open spans).

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
    joined_on: Personal[date | None] = None
    left_on: Personal[date | None] = None
    away: Personal[Any] = Field(default=None, sa_column=Column(DATEMULTIRANGE))
    mark_sum: Personal[int] = Field(default=0, sa_column_kwargs={"server_default": "0"})
    weight_sum: Personal[int] = Field(default=0, sa_column_kwargs={"server_default": "0"})
    mark_count: Personal[int] = Field(default=0, sa_column_kwargs={"server_default": "0"})


# A family reads a page as long as its child has a line on it, also after the child has left the group.
Journal.via = (Via("id", JournalLine, "journal_id", (Anchor.PERSON,)),)
Lesson.via = (Via("journal_id", JournalLine, "journal_id", (Anchor.PERSON,)),)
LessonVersion.via = Lesson.via
SubjectGroup.via = (*SubjectGroup.via, Via("id", JournalLine, "subject_group_id", (Anchor.PERSON,)))
