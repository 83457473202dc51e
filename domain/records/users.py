"""Persons, how they sign in, what they may do: identities, dated assignments, guardianships, restrictions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Computed, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from domain.records.base import (
    ClassGroupId,
    Dated,
    Internal,
    OrganisationId,
    Personal,
    PersonId,
    Record,
    Special,
    SubjectGroupId,
    choice,
    key,
    moment,
    reference,
)
from domain.records.organisations import Provenance
from domain.roles import ReachKind, Role


class Gender(StrEnum):
    """As in the person record of ESIA."""

    FEMALE = "FEMALE"
    MALE = "MALE"


class Person(Record, table=True):
    """One human being, whatever roles they have."""

    __table_args__ = (
        Index("ix_person_sorted", "fold", "id"),
        Index("ix_person_snils_not_indexed", "id", postgresql_where=text("snils is not null and snils_index is null")),
    )

    id: PersonId = key()
    last_name: Personal[str]
    first_name: Personal[str]
    middle_name: Personal[str | None] = None
    birth_date: Personal[date | None] = None
    gender: Personal[Gender | None] = choice(Gender, nullable=True)
    snils: Personal[str | None] = Field(default=None, index=True)
    snils_index: Personal[bytes | None] = Field(default=None, index=True)
    """Keyed hash of the SNILS, by which alone a person is looked up; null until the server has made it."""
    phone: Personal[str | None] = None
    email: Personal[str | None] = None
    provenance: Internal[Provenance] = choice(Provenance, default=Provenance.ENTERED)
    fold: Personal[str | None] = Field(
        default=None,
        sa_column=Column(
            Text(collation="C"),
            Computed("fold_text(last_name || ' ' || first_name || ' ' || coalesce(middle_name, ''))", persisted=True),
            nullable=True,
        ),
    )


class ExternalIdentity(Record, table=True):
    """The link from an account at an issuer to a person. Unique, and never moved silently."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Internal[UUID] = key()
    issuer: Internal[str]
    subject: Personal[str]
    person_id: PersonId = reference("person.id")
    linked_at: Internal[datetime] = moment(default_now=True)


class Assignment(Dated, table=True):
    """A role with a reach and dates, and who granted it. Ended, never deleted: writes refer to it."""

    __table_args__ = (
        CheckConstraint("valid_to is null or valid_to > valid_from", name="assignment_dates"),
        CheckConstraint(
            "(reach = 'CLASS_GROUPS') = (class_group_id is not null)"
            " and (reach = 'SUBJECT_GROUPS') = (subject_group_id is not null)"
            " and (reach = 'PERSONS') = (subject_person_id is not null)"
            " and (reach not in ('CLASS_GROUPS', 'SUBJECT_GROUPS', 'ORGANISATION', 'ORGANISATION_TREE')"
            "      or organisation_id is not null)",
            name="assignment_reach_names_its_target",
        ),
        CheckConstraint("reach <> 'PERSONS' or valid_to is not null", name="cases_end"),
        CheckConstraint("granted_by_id is null or granted_by_id <> person_id", name="nobody_grants_to_themselves"),
        CheckConstraint(
            "confirmed_by_id is null"
            " or (confirmed_by_id <> person_id and confirmed_by_id is distinct from granted_by_id)",
            name="confirmed_by_a_second_person",
        ),
    )

    id: Internal[UUID] = key()
    person_id: PersonId = reference("person.id")
    role: Internal[Role] = choice(Role)
    reach: Internal[ReachKind] = choice(ReachKind)
    organisation_id: OrganisationId | None = reference("organisation.id", nullable=True)
    class_group_id: ClassGroupId | None = reference("class_group.id", nullable=True)
    subject_group_id: SubjectGroupId | None = reference("subject_group.id", nullable=True)
    subject_person_id: Personal[UUID | None] = reference("person.id", nullable=True)
    reason: Internal[str | None] = None
    granted_by_id: Internal[UUID | None] = reference("person.id", nullable=True)
    granted_at: Internal[datetime] = moment(default_now=True)
    awaits_confirmation: Internal[bool] = False
    confirmed_by_id: Internal[UUID | None] = reference("person.id", nullable=True)
    confirmed_at: Internal[datetime | None] = moment()
    ended_by_id: Internal[UUID | None] = reference("person.id", nullable=True)
    ended_at: Internal[datetime | None] = moment()


class GuardianshipKind(StrEnum):
    """On what ground somebody represents a child."""

    PARENT = "PARENT"
    ADOPTIVE_PARENT = "ADOPTIVE_PARENT"
    GUARDIAN = "GUARDIAN"


class Guardianship(Dated, table=True):
    """Who legally represents which child, from when to when. Ends on the 18th birthday, or at once by hand."""

    __table_args__ = (
        CheckConstraint("guardian_id <> student_id", name="nobody_guards_themselves"),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="guardianship_dates"),
    )

    id: Internal[UUID] = key()
    guardian_id: PersonId = reference("person.id")
    student_id: PersonId = reference("person.id")
    kind: Personal[GuardianshipKind] = choice(GuardianshipKind)
    ended_at: Internal[datetime | None] = moment()
    ended_by_id: Internal[UUID | None] = None
    end_reason: Internal[str | None] = None


class RestrictionKind(StrEnum):
    """Why somebody may not see a person, whatever else they may."""

    COURT_BAN = "COURT_BAN"
    CONFLICT_OF_INTEREST = "CONFLICT_OF_INTEREST"
    OBJECTION = "OBJECTION"


class Restriction(Dated, table=True):
    """The only negative rule: stands between a person and another, and beats every assignment."""

    __table_args__ = (CheckConstraint("person_id <> subject_person_id", name="nobody_is_banned_from_themselves"),)

    id: Special[UUID] = key()
    person_id: PersonId = reference("person.id")
    subject_person_id: PersonId = reference("person.id")
    kind: Special[RestrictionKind] = choice(RestrictionKind)
    act: Special[str]


class AccessVersion(Record, table=True):
    """Goes up, by triggers, whenever anything changes that decides what a person may see."""

    __tablename__ = "access_version"

    person_id: PersonId = Field(foreign_key="person.id", primary_key=True)
    version: Internal[int] = Field(sa_column_kwargs={"server_default": "1"})


class StaffPosition(Dated, table=True):
    """A person's work at an organisation, as the organisation shows it to its own people."""

    __tablename__ = "staff_position"

    id: Internal[UUID] = key()
    person_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    title: Internal[str]
