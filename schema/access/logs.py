"""Logs that people may read: who changed what, and who opened whose record. Never what stood in it."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, filters, mapped, mapping_of, one
from schema.engine.mapping.reference import require_key
from schema.engine.node import Node
from schema.engine.typed_texts import plain
from schema.named_later import OrganisationLater, StudentLater
from schema.organisations.organisation import Organisation
from schema.people.users import StaffMember

_SINCE = ("happened_at", "From this moment on (с какого момента).")
_UNTIL = ("happened_at", "Before this moment (до какого момента).")


@filters(
    since=_SINCE,
    until=_UNTIL,
    organisation=("organisation", "Of this organisation (организация)."),
    action=("action", "This action (действие), as `journal:mark:write`."),
)
def changes_between(
    row: type[records.AuditEntry],
    since: datetime | None = None,
    until: datetime | None = None,
    organisation: strawberry.ID | None = None,
    action: str | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Changes in a span of time, at an organisation, of a kind."""
    yield from _within(row, since, until, organisation)
    if action is not None:
        yield col(row.action) == plain(action)


@filters(since=_SINCE, until=_UNTIL, organisation=("organisation", "Whose work it was (организация)."))
def openings_between(
    row: type[records.RecordOpening],
    since: datetime | None = None,
    until: datetime | None = None,
    organisation: strawberry.ID | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Openings in a span of time, by the people of an organisation."""
    yield from _within(row, since, until, organisation)


def _within(
    row: type[records.AuditEntry] | type[records.RecordOpening],
    since: datetime | None,
    until: datetime | None,
    organisation: strawberry.ID | None,
) -> Iterator[ColumnElement[bool]]:
    if since is not None:
        yield col(row.happened_at) >= since
    if until is not None:
        yield col(row.happened_at) < until
    if organisation is not None:
        yield col(row.organisation_id) == require_key(mapping_of(Organisation), organisation)


@mapped(
    records.AuditEntry,
    "That something was changed (запись журнала изменений): by whom, when, under which role. Not what it said.",
    Access(P.AUDIT_READ),
)
class AuditEntry(Node):
    """A change."""

    happened_at: datetime = column("When (когда).")
    action: str = column("What was done, as `subject:object:action` (действие).")
    object_id: UUID | None = column("Key of the changed object (изменённый объект).")
    actor_id: UUID | None = column("Key of the person who did it (кто, условный номер).")
    assignment_id: UUID | None = column("Key of the assignment under which it was done (назначение).")
    client_id: str | None = column("Through which application (через какое приложение).")
    request_id: str = column("Number of the request, as in the answer's header (номер запроса).")
    actor: StaffMember | None = one("Who did it, where you may see their card (кто).", by=records.AuditEntry.actor_id)
    organisation: OrganisationLater | None = one("Where (организация).", by=records.AuditEntry.organisation_id)


@mapped(
    records.RecordOpening,
    "That somebody opened a person's record (обращение к личным данным): when, under which role, of which organisation,"
    " and which kind of data. Of the daily work of own class, teachers and family only special data are listed.",
    Access(P.ACCESS_JOURNAL_READ),
)
class RecordOpening(Node):
    """An opening."""

    happened_at: datetime = column("When (когда).")
    roles: list[str] = column("Roles under which it was opened (роли); SYSTEM_CLIENT: another system.")
    client_id: str | None = column("Through which application or system (через какое приложение).")
    fields: list[str] = column("Which kind of data (какие данные): types and fields of this contract.")
    special: bool = column("Whether special data were among them (особые данные).")
    actor_id: UUID | None = column(
        "Key of the person who opened it (кто, условный номер): for those who investigate.",
        Access(P.ACCESS_JOURNAL_ACTOR_READ, why="Families see role and organisation; names are for an inquiry."),
    )
    organisation: OrganisationLater | None = one(
        "Whose work it was (организация).", by=records.RecordOpening.organisation_id
    )
    student: StudentLater | None = one(
        "Whose record, where you may see it (о ком).", by=records.RecordOpening.person_id
    )
