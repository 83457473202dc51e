"""The second wall: PostgreSQL row-level security, generated from the same anchors as the application's filter.

Which record is guarded by which permission is said here once more, on purpose: a wall that took its rules from the
schema would fall with it. The generated text is frozen in a migration, where people read it, and a test compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text
from sqlalchemy.dialects import postgresql

from auth.permissions import Permission as P
from auth.visibility import ANCHOR_OF, live, reaching, unrestricted
from domain import records as r
from domain.anchors import Facet, Via
from domain.records.base import Record
from domain.roles import ReachKind

APPLICATION = "vhod_app"
KEEPER = "vhod_keeper"


@dataclass(frozen=True)
class Guard:
    """A facet of a record and the permission that its rows need."""

    facet: Facet
    permission: P


GUARDS = (
    Guard(r.RegistryIssue.facet(), P.REGISTRY_ISSUES_READ),
    Guard(r.Person.facet(), P.ACCOUNT_SEE),
    Guard(r.STUDENT, P.STUDENT_SEE),
    Guard(r.GUARDIAN, P.GUARDIANSHIP_SEE),
    Guard(r.STAFF_MEMBER, P.STAFF_SEE),
    Guard(r.Assignment.facet(), P.ASSIGNMENT_SEE),
    Guard(r.Guardianship.facet(), P.GUARDIANSHIP_SEE),
    Guard(r.StaffPosition.facet(), P.STAFF_SEE),
    Guard(r.ClassGroup.facet(), P.CLASS_GROUP_SEE),
    Guard(r.SubjectGroup.facet(), P.SUBJECT_GROUP_SEE),
    Guard(r.Enrolment.facet(), P.STUDENT_SEE),
    Guard(r.Journal.facet(), P.JOURNAL_SEE),
    Guard(r.Lesson.facet(), P.LESSON_SEE),
    Guard(r.JournalLine.facet(), P.JOURNAL_LINE_SEE),
    Guard(r.Mark.facet(), P.MARK_SEE),
    Guard(r.AttendanceRecord.facet(), P.ATTENDANCE_SEE),
)

LINKS: tuple[type[Record], ...] = (r.Enrolment, r.SubjectGroupMember)
"""Tables that other rows are reached through: a link is let through as far as the path that uses it needs."""

WALL_PERMISSIONS = frozenset(guard.permission for guard in GUARDS) | {P.ASSIGNMENT_GRANT, P.ASSIGNMENT_END, P.ASSIGNMENT_CONFIRM}
"""Permissions whose reached ids travel to the database with every transaction."""


def policies() -> dict[str, str]:
    """Condition of the reading policy by table name, as SQL text."""
    conditions: dict[type[Record], list[ColumnElement[bool]]] = {}
    for guard in GUARDS:
        conditions.setdefault(guard.facet.record, []).append(_guarded(guard))
    for link in LINKS:
        conditions.setdefault(link, []).extend(_as_link(link))
    return {str(record.__tablename__): _text(or_(*parts)) for record, parts in conditions.items()}


def _guarded(guard: Guard) -> ColumnElement[bool]:
    row = guard.facet.record
    reached = [c for kind in ANCHOR_OF for c in reaching(guard.facet, row, kind, _ids(guard.permission, kind))]
    return and_(or_(false(), *reached), unrestricted(guard.facet, row, _restricted()))


def _as_link(link: type[Record]) -> Iterator[ColumnElement[bool]]:
    for guard in GUARDS:
        for via in guard.facet.via:
            if via.link is link:
                yield and_(or_(false(), *_lent(link, via, guard.permission)), *live(link))


def _lent(link: type[Record], via: Via, permission: P) -> Iterator[ColumnElement[bool]]:
    for kind, anchor in ANCHOR_OF.items():
        if anchor in via.lends:
            yield from reaching(link.facet(), link, kind, _ids(permission, kind))


def _ids(permission: P, kind: ReachKind) -> Select[Any]:
    return select(func.vhod.reached(text(f"'{permission}'"), text(f"'{kind}'")))


def _restricted() -> Any:
    return func.array(select(func.vhod.restricted()).scalar_subquery())


def _text(condition: ColumnElement[bool]) -> str:
    compiled = condition.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return " ".join(str(compiled).split())


def statements() -> list[str]:
    """SQL that builds the wall: row-level security on, forced, one reading policy per table."""
    built: list[str] = []
    for table, condition in sorted(policies().items()):
        built += [
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"create policy reading on {table} for select to {APPLICATION} using ({condition})",
            f"create policy keeping on {table} for all to {KEEPER} using (true) with check (true)",
        ]
    return built

