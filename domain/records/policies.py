"""What a school settles for itself: its policy on marks, its kinds of work, its working days. Public: local acts."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from domain.records.base import OrganisationId, Public, Record, choice, key, reference


class OrganisationPolicy(Record, table=True):
    """Settings of one organisation. One that has no row goes by the defaults, which stand here.

    The two cut-offs of a mark are kept in hundredths of a point: 450 means that a mean of 4.50 proposes a 5.
    """

    __tablename__ = "organisation_policy"
    __table_args__ = (
        CheckConstraint("lesson_mark_days between 0 and 366", name="policy_lesson_mark_days"),
        CheckConstraint("homework_mark_days between 0 and 366", name="policy_homework_mark_days"),
        CheckConstraint("period_close_working_days between 0 and 60", name="policy_period_close_working_days"),
        CheckConstraint("reopening_hours between 1 and 168", name="policy_reopening_hours"),
        CheckConstraint("working_days_a_week in (5, 6)", name="policy_working_days_a_week"),
        CheckConstraint(
            "100 < cut_off_3 and cut_off_3 < cut_off_4 and cut_off_4 < cut_off_5 and cut_off_5 <= 500",
            name="policy_cut_offs",
        ),
        CheckConstraint("least_marks between 1 and 20", name="policy_least_marks"),
    )

    organisation_id: OrganisationId = Field(foreign_key="organisation.id", primary_key=True, ondelete="RESTRICT")
    version: Public[int] = Field(default=1, sa_column_kwargs={"server_default": "1"})
    lesson_mark_days: Public[int] = Field(default=7, sa_column_kwargs={"server_default": "7"})
    homework_mark_days: Public[int] = Field(default=7, sa_column_kwargs={"server_default": "7"})
    period_close_working_days: Public[int] = Field(default=3, sa_column_kwargs={"server_default": "3"})
    reopening_hours: Public[int] = Field(default=48, sa_column_kwargs={"server_default": "48"})
    homeroom_writes_marks: Public[bool] = Field(default=False, sa_column_kwargs={"server_default": "false"})
    working_days_a_week: Public[int] = Field(default=5, sa_column_kwargs={"server_default": "5"})
    cut_off_5: Public[int] = Field(default=450, sa_column_kwargs={"server_default": "450"})
    cut_off_4: Public[int] = Field(default=350, sa_column_kwargs={"server_default": "350"})
    cut_off_3: Public[int] = Field(default=250, sa_column_kwargs={"server_default": "250"})
    least_marks: Public[int] = Field(default=3, sa_column_kwargs={"server_default": "3"})


class WorkCode(StrEnum):
    """The kinds of work that every school knows. Its own name, letter and weight for each are its policy."""

    LESSON = "LESSON"
    HOMEWORK = "HOMEWORK"
    INDEPENDENT = "INDEPENDENT"
    TEST = "TEST"
    LABORATORY = "LABORATORY"
    PROJECT = "PROJECT"
    DICTATION = "DICTATION"
    CREDIT = "CREDIT"
    MAKE_UP = "MAKE_UP"


CATALOGUE = {code: UUID(f"019aa000-0000-7000-8000-{number:012d}") for number, code in enumerate(WorkCode, start=1)}
"""Ids of the catalogue's kinds of work, the same in every database."""


class WorkType(Record, table=True):
    """A kind of work (вид работы). Rows without an organisation are the catalogue; a school's own row goes before."""

    __tablename__ = "work_type"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code", postgresql_nulls_not_distinct=True),
        CheckConstraint("weight between 0 and 100", name="work_type_weight"),
    )

    id: Public[UUID] = key()
    organisation_id: OrganisationId | None = reference("organisation.id", nullable=True)
    code: Public[WorkCode] = choice(WorkCode)
    name: Public[str]
    letter: Public[str]
    weight: Public[int]


class CalendarDay(Record, table=True):
    """A day that is free, or worked, otherwise than the week and the Labour Code say; holds for all below the node."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("organisation_id", "day"),)

    id: Public[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    day: Public[date]
    working: Public[bool]
    name: Public[str]
