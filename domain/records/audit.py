"""What was changed, who opened whose personal data, and which requests were carried out: only ever added to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from domain.records.base import Internal, OrganisationId, Personal, PersonId, Record, key, moment


class AuditEntry(Record, table=True):
    """One change, `subject:object:action`, written in the transaction of the change."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_organisation", "organisation_id", "happened_at", "id"),
        Index("ix_audit_entry_moment", "happened_at", "id"),
    )

    id: Internal[UUID] = key()
    happened_at: Internal[datetime] = moment(default_now=True)
    request_id: Internal[str]
    actor_id: Personal[UUID | None] = None
    assignment_id: Internal[UUID | None] = None
    client_id: Internal[str | None] = None
    organisation_id: OrganisationId | None = None
    action: Internal[str]
    object_id: Internal[UUID | None] = None
    detail: Personal[dict[str, Any]] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )


class AccessEntry(Record, table=True):
    """One reading of personal data outside one's own class or child, or of special data. Values are never kept.

    Every answer to a preview (`preview_role`) has one, whatever it holds.
    """

    __tablename__ = "access_entry"

    id: Internal[UUID] = key()
    happened_at: Internal[datetime] = moment(default_now=True)
    request_id: Internal[str]
    actor_id: Personal[UUID | None] = None
    client_id: Internal[str | None] = None
    operation: Internal[str | None] = None
    roles: Internal[list[str]] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    sensitivity: Internal[int]
    fields: Internal[list[str]] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    subject_ids: Personal[list[UUID]] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    preview_role: Internal[str | None] = None
    organisation_ids: Internal[list[UUID]] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )


class MutationKey(Record, table=True):
    """What a mutation did under its idempotency key (person, client, UUID): a retry finds it and does nothing again."""

    __tablename__ = "mutation_key"

    person_id: PersonId = Field(primary_key=True, foreign_key="person.id")
    client_id: Internal[str] = Field(primary_key=True)
    key: Internal[UUID] = Field(primary_key=True)
    input_hash: Internal[str]
    object_id: Internal[UUID | None] = None
    objects: Internal[list[str]] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    happened_at: Internal[datetime] = moment(default_now=True)
