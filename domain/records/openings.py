"""Openings of records: of every entry of the access journal one row for each person it names, for those to read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime, Index, Text
from sqlmodel import Field

from domain.records.base import Internal, OrganisationId, Personal, PersonId, Record, key


class RecordOpening(Record, table=True):
    """That somebody opened a person's record: made by a trigger from the access journal, and never changed.

    `organisation_id` is whose work it was: the organisation of the reader's role, where the person is enrolled if it
    is one of several. Who it was by name is kept for those who investigate.
    """

    __tablename__ = "record_opening"
    __table_args__ = (
        Index("ix_record_opening_person", "person_id", "happened_at", "id"),
        Index("ix_record_opening_organisation", "organisation_id", "happened_at", "id"),
    )

    id: Internal[UUID] = key()
    entry_id: Internal[UUID]
    happened_at: Internal[datetime] = Field(sa_type=DateTime(timezone=True), nullable=False)
    person_id: PersonId = Field(foreign_key="person.id", ondelete="RESTRICT")
    organisation_id: OrganisationId | None = Field(
        default=None, foreign_key="organisation.id", ondelete="RESTRICT", nullable=True
    )
    actor_id: Personal[UUID | None] = None
    client_id: Internal[str | None] = None
    roles: Internal[list[str]] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    special: Internal[bool] = False
    fields: Internal[list[str]] = Field(sa_column=Column(ARRAY(Text), nullable=False))
