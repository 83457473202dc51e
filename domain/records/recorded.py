"""What entries of registers have in common: who made them, under which role, when. They are only ever added to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, text
from sqlmodel import Field

from domain.records.base import Internal, Record, word
from domain.roles import Role


class Recorded(Record):
    """Who made the entry, when, under which role. Rows from a seed name nobody."""

    recorded_by_id: Internal[UUID | None] = None
    assignment_id: Internal[UUID | None] = None
    role: Internal[Role | None] = word(Role)
    recorded_at: Internal[datetime] = Field(
        default=None,
        sa_type=DateTime(timezone=True),
        nullable=False,
        sa_column_kwargs={"server_default": text("vhod.now()")},
    )
