"""The one tree of organisations: region, municipality, organisation, branch. Public (P0)."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, Computed, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from domain.records.base import OrganisationId, Public, Record, choice, key, reference


class OrganisationKind(StrEnum):
    """What a node of the tree is."""

    REGION = "REGION"
    MUNICIPALITY = "MUNICIPALITY"
    EDUCATION_AUTHORITY = "EDUCATION_AUTHORITY"
    SCHOOL = "SCHOOL"
    PRESCHOOL = "PRESCHOOL"
    VOCATIONAL = "VOCATIONAL"
    EXTRA_EDUCATION = "EXTRA_EDUCATION"


class IdentifierStatus(StrEnum):
    """What the check digit of a registry number says. A bad number is flagged and kept, never rejected."""

    VALID = "VALID"
    CHECK_DIGIT_FAILED = "CHECK_DIGIT_FAILED"
    MALFORMED = "MALFORMED"
    MISSING = "MISSING"
    AS_HEAD_ORGANISATION = "AS_HEAD_ORGANISATION"


class HeadStatus(StrEnum):
    """Whether an organisation is a head, a branch of a known head, or a branch whose head is not known."""

    HEAD = "HEAD"
    BRANCH = "BRANCH"
    HEAD_UNRESOLVED = "HEAD_UNRESOLVED"


class Provenance(StrEnum):
    """Where a row comes from."""

    PUBLISHED = "PUBLISHED"
    SYNTHETIC = "SYNTHETIC"
    ENTERED = "ENTERED"


class RegistryIssueCode(StrEnum):
    """What is wrong with a row of a register, in a form that a program can act on."""

    OGRN_MISSING = "OGRN_MISSING"
    OGRN_CHECK_DIGIT_FAILED = "OGRN_CHECK_DIGIT_FAILED"
    INN_MISSING = "INN_MISSING"
    INN_CHECK_DIGIT_FAILED = "INN_CHECK_DIGIT_FAILED"
    COLUMNS_SLIPPED = "COLUMNS_SLIPPED"
    HEAD_UNRESOLVED = "HEAD_UNRESOLVED"
    POSSIBLE_DUPLICATE = "POSSIBLE_DUPLICATE"
    MUNICIPALITY_UNKNOWN = "MUNICIPALITY_UNKNOWN"
    NAME_CUT = "NAME_CUT"


class Organisation(Record, table=True):
    """A node of the tree. `ancestor_ids` (itself included) is kept by a trigger: a subtree is one array test."""

    __table_args__ = (
        Index("ix_organisation_ancestor_ids", "ancestor_ids", postgresql_using="gin"),
        Index("ix_organisation_sorted", "fold", "id"),
    )

    id: OrganisationId = key()
    kind: Public[OrganisationKind] = choice(OrganisationKind)
    name: Public[str]
    short_name: Public[str | None] = None
    parent_id: Public[UUID | None] = reference("organisation.id", nullable=True)
    branch_of_id: Public[UUID | None] = reference("organisation.id", nullable=True)
    region_id: Public[UUID | None] = reference("organisation.id", nullable=True)
    municipality_id: Public[UUID | None] = reference("organisation.id", nullable=True)
    ancestor_ids: Public[list[UUID]] = Field(sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}"))
    oktmo: Public[str | None] = Field(default=None, index=True)
    ogrn: Public[str | None] = Field(default=None, index=True)
    ogrn_status: Public[IdentifierStatus] = choice(IdentifierStatus, default=IdentifierStatus.MISSING)
    inn: Public[str | None] = Field(default=None, index=True)
    inn_status: Public[IdentifierStatus] = choice(
        IdentifierStatus, default=IdentifierStatus.MISSING, check="inn_status_word"
    )
    head_status: Public[HeadStatus] = choice(HeadStatus, default=HeadStatus.HEAD)
    time_zone: Public[str]
    provenance: Public[Provenance] = choice(Provenance)
    source: Public[str | None] = None
    fold: Public[str | None] = Field(
        default=None,
        sa_column=Column(Text(collation="C"), Computed("fold_text(name)", persisted=True), nullable=True),
    )


class RegistryIssue(Record, table=True):
    """One thing that is wrong with a published row of the register, with the value as it was printed."""

    __tablename__ = "registry_issue"

    id: Public[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id")
    code: Public[RegistryIssueCode] = choice(RegistryIssueCode)
    column_name: Public[str]
    raw: Public[str]
