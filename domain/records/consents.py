"""Other systems that may ask, and who has consented to that: for which of them, for which purpose, until when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint

from domain.records.base import (
    Dated,
    Internal,
    Personal,
    PersonId,
    Public,
    Record,
    choice,
    key,
    moment,
    reference,
    word,
)
from domain.roles import Role


class ConsentPurpose(StrEnum):
    """Purposes of ESIA's consents that concern education, under its mnemonics."""

    EDU_JOURNAL = "EDU_JOURNAL"
    KID_SCHOOL = "KID_SCHOOL"
    KID_EDUCATION = "KID_EDUCATION"


class ServiceClient(Record, table=True):
    """Another system that signs in as itself. One purpose each: whoever has two registers two clients."""

    __tablename__ = "service_client"
    __table_args__ = (
        UniqueConstraint("issuer", "client_id", name="service_client_account"),
        # A consent names both: with consents given, the purpose of a client cannot be changed under them.
        UniqueConstraint("id", "purpose", name="service_client_purpose"),
    )

    id: Public[UUID] = key()
    issuer: Public[str]
    client_id: Public[str]
    name: Public[str]
    purpose: Public[ConsentPurpose] = choice(ConsentPurpose)
    registered_at: Public[datetime] = moment(default_now=True)
    closed_at: Public[datetime | None] = moment()


class Consent(Dated, table=True):
    """That a person's record may be released to another system. Revoked, never deleted.

    `live_until` is kept by a trigger: what a guardian gave ends on the 14th birthday, where the person speaks for
    themselves.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["service_client_id", "purpose"],
            ["service_client.id", "service_client.purpose"],
            name="consent_client_and_purpose",
            ondelete="RESTRICT",
        ),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="consent_dates"),
        CheckConstraint("(revoked_at is null) = (revoked_by_id is null)", name="consent_revoked_by_somebody"),
        Index("ix_consent_client", "service_client_id", "person_id"),
    )

    id: Internal[UUID] = key()
    person_id: PersonId = reference("person.id")
    service_client_id: Internal[UUID]
    purpose: Internal[ConsentPurpose] = choice(ConsentPurpose, check="consent_purpose_word")
    given_by_id: Personal[UUID]
    role: Internal[Role | None] = word(Role)
    given_at: Internal[datetime] = moment(default_now=True)
    revoked_by_id: Personal[UUID | None] = None
    revoked_at: Internal[datetime | None] = moment()
