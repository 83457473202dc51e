"""What was brought in from files: the file, each run over it, and what became of every row."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from domain.records.base import Internal, OrganisationId, Personal, Record, choice, key, moment, reference, word
from domain.roles import Role


class ImportKind(StrEnum):
    """What a file holds."""

    JOURNAL_PAGE = "JOURNAL_PAGE"
    ORGANISATIONS = "ORGANISATIONS"
    PEOPLE = "PEOPLE"
    OBSERVATIONS = "OBSERVATIONS"


class ImportMode(StrEnum):
    """What a row that cannot be taken in means for the others."""

    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    ROW_BY_ROW = "ROW_BY_ROW"


class ImportStatus(StrEnum):
    """How far a run is. REFUSED: all or nothing was asked for, and some row could not be taken in."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class RowOutcome(StrEnum):
    """What became of a row. FLAGGED: kept aside with nothing written, since only a person can decide."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REJECTED = "REJECTED"
    FLAGGED = "FLAGGED"


def _notes() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]"))


def _count() -> Any:
    return Field(default=0, sa_column_kwargs={"server_default": "0"})


class ImportFile(Record, table=True):
    """A file as it was sent. Its bytes are read by the run that works on it, and by nobody else."""

    __tablename__ = "import_file"
    __table_args__ = (CheckConstraint("size = length(content) and size <= 10485760", name="import_file_size"),)

    id: Internal[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id")
    name: Internal[str]
    media_type: Internal[str]
    size: Internal[int]
    sha256: Internal[str]
    content: Personal[bytes] = Field(sa_type=LargeBinary)
    uploaded_by_id: Internal[UUID]
    uploaded_at: Internal[datetime] = moment(default_now=True)


class ImportRun(Record, table=True):
    """One run over a file, durable: whoever takes it up goes on after the `done` rows of those before.

    `caller` is through which account and client it was started: its rights are worked out anew when it runs. `token`
    and `lease_until` say which worker holds it, and until when others leave it alone.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_waiting", "requested_at", postgresql_where="status in ('QUEUED', 'RUNNING')"),
    )

    id: Internal[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id")
    file_id: Internal[UUID] = reference("import_file.id")
    kind: Internal[ImportKind] = choice(ImportKind)
    mode: Internal[ImportMode] = choice(ImportMode)
    dry_run: Internal[bool] = Field(default=False, sa_column_kwargs={"server_default": "false"})
    overwrite: Internal[bool] = Field(default=False, sa_column_kwargs={"server_default": "false"})
    options: Internal[dict[str, Any]] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    status: Internal[ImportStatus] = choice(ImportStatus, default=ImportStatus.QUEUED)
    total: Internal[int | None] = None
    done: Internal[int] = _count()
    created: Internal[int] = _count()
    changed: Internal[int] = _count()
    unchanged: Internal[int] = _count()
    rejected: Internal[int] = _count()
    flagged: Internal[int] = _count()
    warned: Internal[int] = _count()
    issues: Internal[list[dict[str, Any]]] = _notes()
    sheet: Internal[str | None] = None
    header_row: Internal[int | None] = None
    columns: Internal[list[dict[str, Any]]] = _notes()
    started_by_id: Internal[UUID]
    assignment_id: Internal[UUID]
    role: Internal[Role | None] = word(Role)
    caller: Internal[dict[str, Any]] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    requested_at: Internal[datetime] = moment(default_now=True)
    started_at: Internal[datetime | None] = moment()
    finished_at: Internal[datetime | None] = moment()
    cancel_requested_at: Internal[datetime | None] = moment()
    failure_code: Internal[str | None] = None
    attempts: Internal[int] = _count()
    token: Internal[UUID | None] = None
    lease_until: Internal[datetime | None] = Field(default=None, sa_type=DateTime(timezone=True))


class ImportRow(Record, table=True):
    """What became of one row of the file. `raw` is kept here only where the file is a public register."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("run_id", "source_row"),
        Index("ix_import_row_outcome", "run_id", "outcome", "source_row"),
    )

    id: Internal[UUID] = key()
    run_id: Internal[UUID] = reference("import_run.id", index=False)
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    source_row: Internal[int]
    outcome: Internal[RowOutcome] = choice(RowOutcome)
    issues: Internal[list[dict[str, Any]]] = _notes()
    raw: Internal[list[str] | None] = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    object_id: Internal[str | None] = None


class ImportSourceRow(Record, table=True):
    """A row about people as it stood in the file, under the id of its ImportRow: for those who import people."""

    __tablename__ = "import_source_row"

    id: Internal[UUID] = key()
    organisation_id: OrganisationId = reference("organisation.id", index=False)
    cells: Personal[list[str]] = Field(sa_column=Column(JSONB, nullable=False))
