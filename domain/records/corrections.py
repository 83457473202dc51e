"""When pages are shut, and who opened them again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime
from sqlmodel import Field

from domain.records.base import (
    ClassGroupId,
    Internal,
    OrganisationId,
    Public,
    Record,
    SubjectGroupId,
    key,
    moment,
    reference,
)


class PeriodClosing(Record, table=True):
    """That a grading period was closed before it would have closed by itself (закрытие периода)."""

    __tablename__ = "period_closing"

    id: Public[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id")
    grading_period_id: Public[UUID] = Field(
        foreign_key="grading_period.id", unique=True, nullable=False, ondelete="RESTRICT"
    )
    closed_at: Public[datetime] = moment(default_now=True)


class Reopening(Record, table=True):
    """A page opened again for a while (повторное открытие), by whom and why. Ended, never deleted."""

    __table_args__ = (CheckConstraint("until > opened_at", name="reopening_moments"),)

    id: Internal[UUID] = key()
    journal_id: Internal[UUID] = reference("journal.id")
    organisation_id: OrganisationId = reference("organisation.id")
    school_year: Internal[int]
    class_group_id: ClassGroupId = reference("class_group.id", index=False)
    subject_group_id: SubjectGroupId = reference("subject_group.id", index=False)
    reason: Internal[str]
    opened_by_id: Internal[UUID]
    assignment_id: Internal[UUID]
    opened_at: Internal[datetime] = Field(default=None, sa_type=DateTime(timezone=True), nullable=False)
    until: Internal[datetime] = Field(default=None, sa_type=DateTime(timezone=True), nullable=False)
    ended_at: Internal[datetime | None] = moment()
    ended_by_id: Internal[UUID | None] = None
