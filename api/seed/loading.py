"""Rows into tables: COPY, table by table, in the order in which they refer to each other."""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text

from domain.records.achievements import Achievement
from domain.records.attendance import AttendanceVersion
from domain.records.audit import AuditEntry
from domain.records.base import Record
from domain.records.classes import ClassGroup, Enrolment, GradingPeriod, Subject, SubjectGroup, SubjectGroupMember
from domain.records.consents import Consent, ServiceClient
from domain.records.corrections import PeriodClosing, Reopening
from domain.records.journals import Journal, JournalLine, Lesson, LessonVersion
from domain.records.marks import AssessmentSlot, MarkVersion
from domain.records.observations import ObservationApproval, ObservationVersion
from domain.records.organisations import Organisation, RegistryIssue
from domain.records.policies import CalendarDay, OrganisationPolicy, WorkType
from domain.records.rehabilitation import RehabilitationMeasure, RehabilitationProgramme, RehabilitationReport
from domain.records.screenings import ScreeningParticipation
from domain.records.staff_files import EmploymentRecord
from domain.records.summaries import SummaryMarkVersion
from domain.records.users import Assignment, ExternalIdentity, Guardianship, Person, Restriction, StaffPosition

ORDER: tuple[type[Record], ...] = (
    Organisation, RegistryIssue, OrganisationPolicy, WorkType, CalendarDay, Person, ExternalIdentity,
    StaffPosition, Subject, GradingPeriod, ClassGroup, SubjectGroup, Enrolment, SubjectGroupMember, Guardianship,
    Restriction, Assignment, PeriodClosing, Journal, Reopening, Lesson, LessonVersion, AssessmentSlot, JournalLine,
    MarkVersion, AttendanceVersion, SummaryMarkVersion, AuditEntry, ObservationVersion, ObservationApproval,
    ServiceClient, Consent, Achievement, RehabilitationProgramme, RehabilitationMeasure, RehabilitationReport,
    ScreeningParticipation, EmploymentRecord,
)  # fmt: skip
"""Marks and attendance are loaded as versions; triggers make of them what stands now, and the sums."""

MAKE_FIRST_VERSIONS = (("lesson", "first_versions"), ("lesson_version", "apply_versions"))
"""Triggers that would write the first version of a lesson with an id and a moment of their own."""


class SeedRefusedError(RuntimeError):
    """The seed cannot be loaded; the message says what to do."""


def check_login(connection: Connection) -> None:
    """Raise SeedRefusedError for a login that row-level security binds: COPY would be refused half-way."""
    query = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    if not connection.scalar(text(query)):
        raise SeedRefusedError(
            "The demo is loaded past row-level security: DATABASE_URL must name a superuser or a role with BYPASSRLS."
        )


def load(connection: Connection, rows: Iterable[Record]) -> dict[str, int]:
    """Load rows and give their number by table. Raises KeyError for a record that has no place in the order."""
    by_record: dict[type[Record], list[Record]] = defaultdict(list)
    for row in rows:
        by_record[type(row)].append(row)
    _switch(connection, "disable")
    counts = {}
    for record in sorted(by_record, key=ORDER.index):
        _copy(connection, record, by_record[record])
        counts[str(record.__tablename__)] = len(by_record[record])
    _switch(connection, "enable")
    connection.execute(text("analyze"))
    return counts


def _switch(connection: Connection, state: str) -> None:
    for table, trigger in MAKE_FIRST_VERSIONS:
        connection.execute(text(f"alter table {table} {state} trigger {trigger}"))


def _copy(connection: Connection, record: type[Record], rows: Iterable[Record]) -> None:
    table: Any = record.__table__  # type: ignore[attr-defined]
    names = [column.name for column in table.columns if column.computed is None]
    values = attrgetter(*names)
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(values(row))
