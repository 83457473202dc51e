"""Accounts that signed in and contradict what we hold of the person they seem to be: kept for an administrator."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from domain.records.base import Internal, OrganisationId, Personal, PersonId, Record, key, moment, reference


class IdentityFact(StrEnum):
    """What speaks against an account being a person's. The values themselves are never kept."""

    SNILS = "SNILS"
    SNILS_UNKNOWN = "SNILS_UNKNOWN"
    NAME = "NAME"
    BIRTH_DATE = "BIRTH_DATE"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    ALREADY_LINKED = "ALREADY_LINKED"
    CHILD_ACCOUNT = "CHILD_ACCOUNT"
    ADULT_ACCOUNT = "ADULT_ACCOUNT"
    SEVERAL = "SEVERAL"
    UNLINKED = "UNLINKED"


LINKABLE = frozenset({
    IdentityFact.NAME, IdentityFact.BIRTH_DATE, IdentityFact.SNILS_UNKNOWN, IdentityFact.SEVERAL, IdentityFact.UNLINKED,
})  # fmt: skip
"""An administrator may vouch for one of these where it is all that speaks against; the rest the provider attests."""


class IdentityMismatch(Record, table=True):
    """An account that could be a person's but for some facts, for an organisation that knows the person.

    `account_id` names a row of session.waiting_account. Decided without `decided_by_id`: the account was linked since.
    """

    __tablename__ = "identity_mismatch"
    __table_args__ = (
        UniqueConstraint("account_id", "person_id", "organisation_id", name="identity_mismatch_once"),
        CheckConstraint("cardinality(facts) > 0", name="identity_mismatch_names_facts"),
        CheckConstraint("(decided_at is null) = (linked is null)", name="identity_mismatch_decided"),
        CheckConstraint("decided_by_id is null or decided_by_id <> person_id", name="nobody_links_themselves"),
        Index("ix_identity_mismatch_listed", "noticed_at", "id"),
    )

    id: Internal[UUID] = key()
    account_id: Internal[UUID]
    person_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    person_name: Personal[str]
    facts: Personal[list[str]] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    noticed_at: Internal[datetime] = moment(default_now=True)
    linked: Internal[bool | None] = None
    decided_by_id: Internal[UUID | None] = None
    decided_at: Internal[datetime | None] = moment()
    reason: Internal[str | None] = None
