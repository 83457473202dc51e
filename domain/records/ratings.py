"""Ratings as they were stored: a version, its entries, what is doubtful about them. Public once they are published."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from domain.records.base import (
    Internal,
    OrganisationId,
    Public,
    Publication,
    Record,
    choice,
    key,
    moment,
    reference,
    word,
)
from domain.records.observations import PERIOD
from domain.records.organisations import OrganisationKind
from domain.roles import Role


class RatingState(StrEnum):
    """How far a rating has come: made, told to everybody by a second person, or taken back with a reason."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


class RatingAction(StrEnum):
    """What somebody decided about a rating."""

    PUBLISH = "PUBLISH"
    WITHDRAW = "WITHDRAW"


class Rating(Record, table=True):
    """One version of a rating (рейтинг) of all organisations of a kind in a region; without one, of the regions.

    `known_at`: it was made from what was known at that moment. `canonical` are the bytes by which two versions are
    the same; `digest` is their SHA-256. `state`, `published`, `decided_at`, `withdrawn_because` follow the decisions,
    by a trigger; so does `previous_id`, which is the published version before as soon as this one is published.
    """

    publication: ClassVar[Publication | None] = Publication("published")

    __table_args__ = (
        UniqueConstraint(
            "methodology_code", "period", "region_id", "rated_kind", "version",
            name="rating_version", postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(PERIOD, name="rating_period"),
        CheckConstraint("version > 0", name="rating_number"),
        CheckConstraint("published = (state = 'PUBLISHED')", name="rating_published"),
        CheckConstraint("(state = 'WITHDRAWN') = (withdrawn_because is not null)", name="rating_withdrawn"),
        Index("ix_rating_region", "region_id", "created_at"),
    )  # fmt: skip

    id: Public[UUID] = key()
    methodology_id: Public[UUID] = reference("methodology.id")
    methodology_code: Public[str]
    methodology_digest: Public[str]
    period: Public[str]
    region_id: OrganisationId | None = reference("organisation.id", index=False, nullable=True)
    rated_kind: Public[OrganisationKind] = choice(OrganisationKind)
    version: Public[int]
    previous_id: Public[UUID | None] = reference("rating.id", index=False, nullable=True)
    inputs_digest: Public[str]
    digest: Public[str]
    canonical: Public[bytes] = Field(sa_type=LargeBinary)
    known_at: Public[datetime] = Field(sa_type=DateTime(timezone=True))
    created_at: Public[datetime] = moment(default_now=True)
    created_by_id: Internal[UUID | None] = None
    assignment_id: Internal[UUID | None] = None
    role: Internal[Role | None] = word(Role)
    state: Public[RatingState] = choice(RatingState, default=RatingState.DRAFT)
    published: Public[bool] = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=text("false"))
    )
    decided_at: Public[datetime | None] = moment()
    withdrawn_because: Public[str | None] = None


class RatingDecision(Record, table=True):
    """That a rating was published, by another than had it computed, or withdrawn, with a reason. Only ever added to."""

    __tablename__ = "rating_decision"
    __table_args__ = (CheckConstraint("(action = 'WITHDRAW') = (reason is not null)", name="rating_decision_reason"),)

    id: Internal[UUID] = key()
    rating_id: Internal[UUID] = reference("rating.id")
    region_id: OrganisationId | None = reference("organisation.id", nullable=True)
    action: Internal[RatingAction] = choice(RatingAction)
    reason: Internal[str | None] = None
    decided_by_id: Internal[UUID | None] = None
    assignment_id: Internal[UUID | None] = None
    role: Internal[Role | None] = word(Role)
    decided_at: Internal[datetime] = moment(default_now=True)


class RatingEntry(Record, table=True):
    """The place of an organisation in a section. Exact numbers, and as they are shown; null: no data for them.

    `position` counts all entries of the section from the first place down; `tied` is how many share the place.
    `known` of `needed` inputs were there.
    """

    publication: ClassVar[Publication | None] = Publication("published", "rating_id", Rating)

    __tablename__ = "rating_entry"
    __table_args__ = (
        UniqueConstraint("rating_id", "section", "position"),
        UniqueConstraint("rating_id", "section", "organisation_id"),
        CheckConstraint("rank is null or rank > 0", name="rating_entry_rank"),
        Index("ix_rating_entry_organisation", "organisation_id", "rating_id"),
    )

    id: Public[UUID] = key()
    rating_id: Public[UUID] = reference("rating.id", index=False)
    section: Public[str]
    section_position: Public[int]
    position: Public[int]
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    rated_name: Public[str]
    points_numerator: Public[Decimal | None] = None
    points_denominator: Public[Decimal | None] = None
    points_shown: Public[str | None] = None
    maximum_numerator: Public[Decimal | None] = None
    maximum_denominator: Public[Decimal | None] = None
    percent_numerator: Public[Decimal | None] = None
    percent_denominator: Public[Decimal | None] = None
    percent_shown: Public[str | None] = None
    level_id: Public[UUID | None] = reference("methodology_level.id", nullable=True)
    rank: Public[int | None] = None
    tied: Public[int]
    known: Public[int]
    needed: Public[int]


class RatingRemark(Record, table=True):
    """A doubt about a rating, or about one entry of it, with its place."""

    publication: ClassVar[Publication | None] = Publication("published", "rating_id", Rating)

    __tablename__ = "rating_remark"

    id: Public[UUID] = key()
    rating_id: Public[UUID] = reference("rating.id")
    entry_id: Public[UUID | None] = reference("rating_entry.id", nullable=True)
    position: Public[int]
    code: Public[str]
    place: Public[str]
    message: Public[str]
    english_message: Public[str]
