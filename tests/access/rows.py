"""Rows of the world as the tests made them: kept in memory, so that what is expected never comes from the product."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from domain.records import (
    Achievement,
    AssessmentSlot,
    Assignment,
    AttendanceVersion,
    AuditEntry,
    CalendarDay,
    ClassGroup,
    Consent,
    EmploymentRecord,
    Enrolment,
    ExternalIdentity,
    GradingPeriod,
    Guardianship,
    GuardianshipProposal,
    IdentityMismatch,
    ImportFile,
    ImportRow,
    ImportRun,
    ImportSourceRow,
    Journal,
    JournalLine,
    KeptMark,
    Lesson,
    LessonVersion,
    MarkVersion,
    ObservationApproval,
    ObservationVersion,
    Organisation,
    OrganisationPolicy,
    PeriodClosing,
    Person,
    Record,
    RecordOpening,
    RegistryIssue,
    RehabilitationMeasure,
    RehabilitationProgramme,
    RehabilitationReport,
    Reopening,
    Restriction,
    ScreeningParticipation,
    ServiceClient,
    StaffPosition,
    Subject,
    SubjectGroup,
    SubjectGroupMember,
    SummaryMarkVersion,
    WorkType,
)
from domain.roles import Role

R = TypeVar("R", bound=Record)

ORDER: tuple[type[Record], ...] = (
    Organisation, OrganisationPolicy, WorkType, CalendarDay, RegistryIssue, Person, ExternalIdentity, StaffPosition,
    Subject, GradingPeriod, PeriodClosing, ClassGroup, SubjectGroup, Enrolment, SubjectGroupMember, Guardianship,
    GuardianshipProposal, IdentityMismatch,
    Restriction, Assignment, Journal, Lesson, LessonVersion, JournalLine, AssessmentSlot, MarkVersion,
    AttendanceVersion, SummaryMarkVersion, KeptMark, Reopening, ImportFile, ImportRun, ImportRow, ImportSourceRow,
    ObservationVersion, ObservationApproval, ServiceClient, Consent, EmploymentRecord, Achievement,
    RehabilitationProgramme, RehabilitationMeasure, RehabilitationReport, ScreeningParticipation, AuditEntry,
    RecordOpening,
)  # fmt: skip
"""Tables in the order in which they refer to each other. What stands now is made of versions, by the database."""


@dataclass
class Rows:
    """All rows by record, and the day for which the world was made."""

    today: date
    by_record: dict[type[Record], list[Any]] = field(default_factory=dict)
    _found: dict[tuple[Any, ...], dict[tuple[Any, ...], list[Any]]] = field(default_factory=dict)
    _by_id: dict[type[Record], dict[UUID, Any]] = field(default_factory=dict)

    def add(self, row: R) -> R:
        """Keep a row."""
        self._found.clear()
        self._by_id.clear()
        self.by_record.setdefault(type(row), []).append(row)
        return row

    def all(self, record: type[Record]) -> list[Any]:
        """Every row of a record."""
        return self.by_record.get(record, [])

    def one(self, record: type[Record], key: UUID | None) -> Any:
        """The row with this id."""
        if key is None:
            return None
        index = self._by_id.get(record)
        if index is None:
            index = self._by_id[record] = {row.id: row for row in reversed(self.all(record))}
        return index.get(key)

    def where(self, record: type[Record], **values: Any) -> list[Any]:
        """Rows whose columns have these values. Sorted once for each set of columns: a world is asked very often."""
        index = self._found.get((record, *values))
        if index is None:
            index = self._found[record, *values] = {}
            for row in self.all(record):
                index.setdefault(tuple(getattr(row, name) for name in values), []).append(row)
        return list(index.get(tuple(values.values()), ()))

    def live(self, rows: Iterable[Any]) -> list[Any]:
        """Those of dated rows that hold today. The world has no date nearer to today than ten days."""
        return [
            row for row in rows if row.valid_from <= self.today and (row.valid_to is None or row.valid_to > self.today)
        ]


@dataclass(frozen=True)
class Held:
    """A role that a person holds, or held: its role and the id that its reach names (None: self or children).

    `below`: with all below the place that is named; `case`: a person is named, not a place.
    """

    role: Role
    target: UUID | None = None
    live: bool = True
    below: bool = False
    case: bool = False


@dataclass
class Member:
    """Somebody of the cast: the person, the account they sign in with, and the roles they hold.

    A `service` is another system: its person is nobody, and stands in no table.
    """

    person: Person
    subject: str
    held: list[Held] = field(default_factory=list)
    service: bool = False
