"""Ratings as they were stored: a version, its entries, and what is doubtful about them. Public: published figures."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from domain.records.base import Internal, OrganisationId, Public, Record, choice, key, moment, reference, word
from domain.records.observations import PERIOD
from domain.records.organisations import OrganisationKind
from domain.roles import Role


class Rating(Record, table=True):
    """One version of a rating (рейтинг) of all organisations of a kind in a region; without one, of the regions.

    `known_at`: it was made from what was known at that moment. `canonical` are the bytes by which two versions are
    the same; `digest` is their SHA-256.
    """

    __table_args__ = (
        UniqueConstraint(
            "methodology_code", "period", "region_id", "rated_kind", "version",
            name="rating_version", postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(PERIOD, name="rating_period"),
        CheckConstraint("version > 0", name="rating_number"),
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


class RatingEntry(Record, table=True):
    """The place of an organisation in a section. Exact numbers, and as they are shown; null: no data for them.

    `position` counts all entries of the section from the first place down; `tied` is how many share the place.
    `known` of `needed` inputs were there.
    """

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

    __tablename__ = "rating_remark"

    id: Public[UUID] = key()
    rating_id: Public[UUID] = reference("rating.id")
    entry_id: Public[UUID | None] = reference("rating_entry.id", nullable=True)
    position: Public[int]
    code: Public[str]
    place: Public[str]
    message: Public[str]
    english_message: Public[str]
