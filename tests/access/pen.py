"""Pen: rows that somebody tries to add in the database itself, past the application, and who may add them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.records import (
    AssessmentSlot,
    AttendanceVersion,
    Consent,
    GuardianshipProposal,
    ImportFile,
    ImportRun,
    Journal,
    JournalLine,
    KeptMark,
    Lesson,
    LessonVersion,
    MarkVersion,
    Organisation,
    OrganisationPolicy,
    PeriodClosing,
    Record,
    Reopening,
    SummaryMarkVersion,
)
from domain.records.imports import ImportKind, ImportMode
from domain.roles import Role
from tests.access.expected import TEACHING, Expected
from tests.access.pen_registers import MAY_KEEP, kept
from tests.access.relations import Relation, Ties
from tests.access.rows import Held, Rows

OWN, CLASS, PLACE = Relation.OWN, Relation.OWN_CLASS, Relation.OWN_ORGANISATION

_IN_THE_JOURNAL = {Role.TEACHER: OWN, Role.HOMEROOM_TEACHER: CLASS, Role.DEPUTY_HEAD: PLACE}
_OF_THE_SUBJECT = {Role.TEACHER: OWN, Role.DEPUTY_HEAD: PLACE}
MAY_ADD: dict[type[Record], dict[Role, Relation]] = {
    # domain.md 2.3 row 14: the teacher writes; decision 12: the homeroom teacher where the school says so, which the
    # wall leaves to the application; row 3: the deputy head, with a reason.
    MarkVersion: _IN_THE_JOURNAL, AssessmentSlot: _IN_THE_JOURNAL, KeptMark: _IN_THE_JOURNAL,
    # Row 4: reasons of absence are the homeroom teacher's.
    AttendanceVersion: _IN_THE_JOURNAL,
    # Rows 14 and 3: topics and homework are the subject's.
    LessonVersion: _OF_THE_SUBJECT,
    # Rows 14 and 3: who teaches confirms, management overrides with a reason.
    SummaryMarkVersion: _OF_THE_SUBJECT,
    # Decision 4: a deputy head may reopen; row 3: closes periods.
    Reopening: {Role.DEPUTY_HEAD: PLACE}, PeriodClosing: {Role.DEPUTY_HEAD: PLACE},
    # Row 1: policies are the administrator's.
    OrganisationPolicy: {Role.ORG_ADMIN: PLACE}, ImportRun: {},
}  # fmt: skip
"""Who may add rows of each kind, and how these must stand to them: from domain.md, by hand."""

MAY_IMPORT: dict[ImportKind, dict[Role, Relation]] = {
    # Issue 3 item 3: a school's deputy head brings in pages and people; domain.md 2.3 row 17 keeps the registers.
    ImportKind.JOURNAL_PAGE: {Role.DEPUTY_HEAD: PLACE}, ImportKind.PEOPLE: {Role.DEPUTY_HEAD: PLACE},
    ImportKind.ORGANISATIONS: {Role.REGIONAL_COORDINATOR: PLACE},
    # Issue 4 item 2: the region brings in the figures of a rating.
    ImportKind.OBSERVATIONS: {Role.REGIONAL_COORDINATOR: PLACE},
}  # fmt: skip
"""The same for runs of imports, by what the file holds."""


TRIED = {**MAY_ADD, **MAY_KEEP}
"""All that somebody may add: pages of journals, and what is kept beside them."""

SIGNED = {
    "recorded_by_id", "opened_by_id", "started_by_id", "decided_by_id", "created_by_id", "given_by_id",
    "proposed_by_id",
}  # fmt: skip
"""Columns that say who added a row."""


@dataclass(frozen=True)
class Attempt:
    """A row that somebody tries to add. `about` are those whom it tells something of."""

    record: type[Record]
    values: dict[str, Any]
    about: frozenset[UUID] = frozenset()

    @property
    def people(self) -> frozenset[UUID]:
        """Whose own matter it is: families consent for themselves, all else is added by reach of a place."""
        return frozenset({self.values["person_id"]}) if self.record is Consent else frozenset()

    def of(self, author: UUID) -> dict[str, Any]:
        """The row, in the name of somebody."""
        decided_later = {"decided_by_id"} if self.record is GuardianshipProposal else set()
        signed = (SIGNED - decided_later) & self.record.model_fields.keys()
        return {**self.values, **dict.fromkeys(signed, author)}

    def allowed(self, expected: Expected) -> bool:
        """Whether the wall should let it through for this standpoint."""
        if self.about & expected.who.banned_from:
            return False
        values = self.values
        group, of, place = (values.get(f"{name}_id") for name in ("subject_group", "class_group", "organisation"))
        place = values.get("region_id", place)
        ties = Ties(self.people, groups=about(group), classes=about(of), organisations=about(place))
        return any(self._fits(expected, held, ties) for held in expected.who.held)

    def _fits(self, expected: Expected, held: Held, ties: Ties) -> bool:
        may = MAY_IMPORT[self.values["kind"]] if self.record is ImportRun else TRIED[self.record]
        wanted = may.get(held.role)
        if wanted is None or not (held.live or held.role in TEACHING):
            return False
        return expected.relations.of(replace(held, live=True), expected.who, ties) is wanted


def about(one: UUID | None) -> frozenset[UUID]:
    """A set of it; an empty one of nothing."""
    return frozenset() if one is None else frozenset({one})


async def added(connection: AsyncConnection, record: type[Record], values: dict[str, Any]) -> str:
    """Try to add a row, and take it back. Gives what the database said; nothing when it took the row."""
    try:
        async with connection.begin_nested() as attempt:
            await connection.execute(insert(record.__table__).inline(), [values])  # type: ignore[attr-defined]
            await attempt.rollback()
    except DBAPIError as error:
        return str(error.orig)
    return ""


def attempts(rows: Rows, record: type[Record]) -> list[Attempt]:
    """A row of this kind wherever there could be one."""
    if record in MAY_KEEP:
        return [Attempt(record, values, _concerned(values)) for values in kept(rows, record)]
    return list(_ATTEMPTS[record](rows))


def _concerned(values: dict[str, Any]) -> frozenset[UUID]:
    """Whom a row of a register tells something of."""
    return frozenset(values[name] for name in ("student_id", "person_id") if values.get(name))


BY_WALL = "row-level security"


def let_through(said: str) -> bool:
    """Whether the wall let a row through; what is wrong with the row itself, the database says afterwards."""
    return BY_WALL not in said


def _next(rows: Rows, record: type[Record], *places: str) -> Iterator[Attempt]:
    """The next version of everything that has versions."""
    last: dict[tuple[Any, ...], Any] = {}
    for row in sorted(rows.all(record), key=lambda row: row.version):
        last[tuple(getattr(row, name) for name in places)] = row
    for row in last.values():
        student = getattr(row, "student_id", None)
        changed = {"id": uuid4(), "version": row.version + 1, "reason": "tried"}
        yield Attempt(record, {**row.model_dump(), **changed}, about(student))


def _marks(rows: Rows) -> Iterator[Attempt]:
    return _next(rows, MarkVersion, "slot_id", "journal_line_id", "position")


def _attendance(rows: Rows) -> Iterator[Attempt]:
    return _next(rows, AttendanceVersion, "lesson_id", "student_id")


def _lessons(rows: Rows) -> Iterator[Attempt]:
    return _next(rows, LessonVersion, "lesson_id")


def _summaries(rows: Rows) -> Iterator[Attempt]:
    return _next(rows, SummaryMarkVersion, "mark_id")


def _again(record: type[Record], **changed: Any) -> Callable[[Rows], Iterator[Attempt]]:
    """The same row once more, under another id."""

    def made(rows: Rows) -> Iterator[Attempt]:
        for row in rows.all(record):
            student = getattr(row, "student_id", None)
            yield Attempt(record, {**row.model_dump(), **changed, "id": uuid4()}, about(student))

    return made


def _closings(rows: Rows) -> Iterator[Attempt]:
    closed = {row.grading_period_id for row in rows.all(PeriodClosing)}
    for journal in {row.grading_period_id: row for row in rows.all(Journal)}.values():
        if journal.grading_period_id not in closed:
            yield Attempt(
                PeriodClosing, {name: getattr(journal, name) for name in ("organisation_id", "grading_period_id")}
            )


def _policies(rows: Rows) -> Iterator[Attempt]:
    settled = {row.organisation_id for row in rows.all(OrganisationPolicy)}
    for row in rows.all(Organisation):
        if row.id not in settled:
            yield Attempt(OrganisationPolicy, {"organisation_id": row.id, "version": 1})


def _runs(rows: Rows) -> Iterator[Attempt]:
    for file in rows.all(ImportFile):
        for kind in MAY_IMPORT:
            here = {"organisation_id": file.organisation_id, "file_id": file.id, "assignment_id": uuid4()}
            yield Attempt(ImportRun, {"id": uuid4(), **here, "kind": kind, "mode": ImportMode.ROW_BY_ROW})


_ATTEMPTS: dict[type[Record], Callable[[Rows], Iterator[Attempt]]] = {
    MarkVersion: _marks,
    AttendanceVersion: _attendance,
    LessonVersion: _lessons,
    SummaryMarkVersion: _summaries,
    AssessmentSlot: _again(AssessmentSlot, number=9),
    KeptMark: _again(KeptMark),
    Reopening: _again(Reopening),
    PeriodClosing: _closings,
    OrganisationPolicy: _policies,
    ImportRun: _runs,
}


def line_of(rows: Rows, group: UUID, student: UUID) -> JournalLine:
    """The line of a student on the page of a group."""
    [found] = rows.where(JournalLine, subject_group_id=group, student_id=student)
    return found  # type: ignore[no-any-return]


def lesson_of(rows: Rows, group: UUID) -> Lesson:
    """The lesson of a group."""
    [found] = rows.where(Lesson, subject_group_id=group)
    return found  # type: ignore[no-any-return]


def last_mark(rows: Rows, line: JournalLine) -> MarkVersion:
    """The newest version of the first mark of a line."""
    versions = rows.where(MarkVersion, journal_line_id=line.id, position=1)
    return max(versions, key=lambda row: row.version)  # type: ignore[no-any-return]


SOON = timedelta(hours=1)
