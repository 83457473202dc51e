"""Observations: the value of an indicator for an organisation in a period, every version of it, and who approved it.

A value is exact: `value_numerator` over `value_denominator`, in the indicator's unit. `numerator` and `denominator`
are the counts it came from, where there are any. Missing is not zero: then there is a reason and no value.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint, Uuid, text
from sqlmodel import Field

from domain.records.base import Internal, OrganisationId, Record, choice, key, reference, word
from domain.records.facts import Written
from domain.reporting_periods import PERIOD_PATTERN
from domain.roles import Role
from domain.scoring.observations import ObservationProvenance


class NoDataReason(StrEnum):
    """Why there is no value."""

    NOT_REPORTED = "NOT_REPORTED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOBODY_COUNTED = "NOBODY_COUNTED"
    SUPPRESSED = "SUPPRESSED"


class ApprovalAction(StrEnum):
    """What was decided about the figures of an organisation and all below it."""

    APPROVE = "APPROVE"
    UNLOCK = "UNLOCK"


VALUE = (
    "(value_numerator is null) = (value_denominator is null) and (value_numerator is null) = (no_data is not null)"
    " and (value_denominator is null or value_denominator > 0)"
)
COUNTS = "(numerator is null) = (denominator is null)"
PERIOD = f"period ~ '{PERIOD_PATTERN}'"


class ObservationFact(Written):
    """A value in its place: indicator x organisation x period."""

    id: Internal[UUID] = Field(
        default=None, sa_type=Uuid, primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")}
    )
    indicator_id: Internal[UUID] = Field(foreign_key="indicator.id", ondelete="RESTRICT")
    organisation_id: OrganisationId = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    period: Internal[str]
    value_numerator: Internal[Decimal | None] = None
    value_denominator: Internal[Decimal | None] = None
    shown: Internal[str | None] = None
    numerator: Internal[Decimal | None] = None
    denominator: Internal[Decimal | None] = None
    no_data: Internal[NoDataReason | None] = word(NoDataReason)
    provenance: Internal[ObservationProvenance] = word(ObservationProvenance, default=ObservationProvenance.ENTERED)
    source: Internal[str | None] = None


class Observation(ObservationFact, table=True):
    """The value that stands now. The application only adds versions; a trigger keeps this table."""

    __table_args__ = (
        UniqueConstraint("organisation_id", "indicator_id", "period", name="observation_place"),
        CheckConstraint(VALUE, name="observation_value"),
        CheckConstraint(COUNTS, name="observation_counts"),
        CheckConstraint(PERIOD, name="observation_period"),
        Index("ix_observation_indicator", "indicator_id", "period"),
    )


class ObservationVersion(ObservationFact, table=True):
    """What was known from one moment on: only ever added to. `recorded_at` is the database's own clock."""

    __tablename__ = "observation_version"
    __table_args__ = (
        UniqueConstraint("organisation_id", "indicator_id", "period", "version", name="observation_version_place"),
        CheckConstraint(VALUE, name="observation_version_value"),
        CheckConstraint(COUNTS, name="observation_version_counts"),
        CheckConstraint(PERIOD, name="observation_version_period"),
        CheckConstraint("version > 0", name="observation_version_number"),
        Index("ix_observation_version_observation", "observation_id", "version"),
        Index("ix_observation_version_indicator", "indicator_id", "period", "organisation_id", "version"),
    )

    observation_id: Internal[UUID] = Field(default=None, sa_column_kwargs={"server_default": text("uuidv7()")})
    recorded_at: Internal[datetime] = Field(
        default=None,
        sa_type=DateTime(timezone=True),
        nullable=False,
        sa_column_kwargs={"server_default": text("vhod.clock_timestamp()")},
    )


class ObservationApproval(Record, table=True):
    """That the figures of an organisation and all below it were approved (утверждение), or opened again: only added to.

    While the newest decision of a place is APPROVE, nobody writes there: neither those below nor the approver.
    """

    __tablename__ = "observation_approval"
    __table_args__ = (
        CheckConstraint(PERIOD, name="observation_approval_period"),
        CheckConstraint("action = 'APPROVE' or reason is not null", name="observation_approval_reason"),
        Index("ix_observation_approval_place", "organisation_id", "indicator_id", "period", "decided_at"),
    )

    id: Internal[UUID] = key()
    indicator_id: Internal[UUID] = reference("indicator.id")
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    period: Internal[str]
    action: Internal[ApprovalAction] = choice(ApprovalAction)
    reason: Internal[str | None] = None
    decided_by_id: Internal[UUID | None] = None
    assignment_id: Internal[UUID | None] = None
    role: Internal[Role | None] = word(Role)
    decided_at: Internal[datetime] = Field(
        default=None,
        sa_type=DateTime(timezone=True),
        nullable=False,
        sa_column_kwargs={"server_default": text("vhod.clock_timestamp()")},
    )
