"""The second wall: PostgreSQL row-level security, generated from the same anchors as the application's filter.

Which record is guarded by which permission is said here once more, on purpose: a wall that took its rules from the
schema would fall with it. The generated text is frozen in a migration, where people read it, and a test compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    ClauseElement,
    ColumnElement,
    CompoundSelect,
    Dialect,
    Uuid,
    and_,
    cast,
    false,
    func,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects import postgresql

from auth.permissions import Permission as P
from auth.visibility import Inside, linked, live, reaching, unrestricted
from domain import records as r
from domain.anchors import Anchor
from domain.records.base import Facet, Record


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
    Guard(r.DIARY, P.DIARY_SEE),
    Guard(r.Assignment.facet(), P.ASSIGNMENT_SEE),
    Guard(r.Guardianship.facet(), P.GUARDIANSHIP_SEE),
    Guard(r.GuardianshipProposal.facet(), P.GUARDIANSHIP_PROPOSAL_SEE),
    Guard(r.IdentityMismatch.facet(), P.IDENTITY_READ),
    Guard(r.StaffPosition.facet(), P.STAFF_SEE),
    Guard(r.ClassGroup.facet(), P.CLASS_GROUP_SEE),
    Guard(r.SubjectGroup.facet(), P.SUBJECT_GROUP_SEE),
    Guard(r.Enrolment.facet(), P.STUDENT_SEE),
    Guard(r.Journal.facet(), P.JOURNAL_SEE),
    Guard(r.Lesson.facet(), P.LESSON_SEE),
    Guard(r.JournalLine.facet(), P.JOURNAL_LINE_SEE),
    Guard(r.Mark.facet(), P.MARK_SEE),
    Guard(r.AttendanceRecord.facet(), P.ATTENDANCE_SEE),
    Guard(r.LessonVersion.facet(), P.LESSON_SEE),
    Guard(r.AssessmentSlot.facet(), P.LESSON_SEE),
    Guard(r.MarkVersion.facet(), P.MARK_SEE),
    Guard(r.KeptMark.facet(), P.MARK_PROPOSAL_SEE),
    Guard(r.AttendanceVersion.facet(), P.ATTENDANCE_SEE),
    Guard(r.SummaryMark.facet(), P.SUMMARY_MARK_SEE),
    Guard(r.SummaryMarkVersion.facet(), P.SUMMARY_MARK_SEE),
    Guard(r.Reopening.facet(), P.REOPENING_SEE),
    Guard(r.Observation.facet(), P.OBSERVATION_SEE),
    Guard(r.ObservationVersion.facet(), P.OBSERVATION_SEE),
    Guard(r.ObservationApproval.facet(), P.OBSERVATION_SEE),
    Guard(r.EmploymentRecord.facet(), P.STAFF_FILE_READ),
    Guard(r.Achievement.facet(), P.ACHIEVEMENT_SEE),
    Guard(r.RehabilitationProgramme.facet(), P.REHABILITATION_READ),
    Guard(r.RehabilitationMeasure.facet(), P.REHABILITATION_READ),
    Guard(r.RehabilitationReport.facet(), P.REHABILITATION_READ),
    Guard(r.ScreeningParticipation.facet(), P.SCREENING_READ),
    Guard(r.AuditEntry.facet(), P.AUDIT_READ),
    Guard(r.RecordOpening.facet(), P.ACCESS_JOURNAL_READ),
    Guard(r.Consent.facet(), P.CONSENT_SEE),
    Guard(r.ImportFile.facet(), P.IMPORT_SEE),
    Guard(r.ImportRun.facet(), P.IMPORT_SEE),
    Guard(r.ImportRow.facet(), P.IMPORT_SEE),
    # An authority sees how imports go, not the people in them.
    Guard(r.ImportSourceRow.facet(), P.IMPORT_PEOPLE_READ),
)

LINKS: tuple[type[Record], ...] = (r.Enrolment, r.SubjectGroupMember)
"""Tables that other rows are reached through: a link is let through as far as the path that uses it needs."""

READING_PERMISSIONS = frozenset({P.RATING_SUPPOSE, P.RATING_DRAFT_SEE, *(guard.permission for guard in GUARDS)})
"""Permissions whose reached ids travel to the database with every transaction; those that write, with a writing one."""

JOURNAL: tuple[type[Record], ...] = (
    r.SubjectGroup,
    r.Journal,
    r.Lesson,
    r.LessonVersion,
    r.AssessmentSlot,
    r.JournalLine,
    r.Mark,
    r.MarkVersion,
    r.KeptMark,
    r.AttendanceRecord,
    r.AttendanceVersion,
    r.Reopening,
)
"""What whoever writes in a journal must look at, also a substitute whose days have passed but whose window has not."""

WRITTEN: dict[type[Record], P] = {
    r.MarkVersion: P.MARK_WRITE,
    r.KeptMark: P.MARK_WRITE,
    r.AttendanceVersion: P.ATTENDANCE_WRITE,
    r.LessonVersion: P.LESSON_WRITE,
    r.AssessmentSlot: P.MARK_WRITE,
    r.SummaryMarkVersion: P.SUMMARY_MARK_WRITE,
    r.Reopening: P.JOURNAL_REOPEN,
    r.ObservationVersion: P.OBSERVATION_WRITE,
    r.ObservationApproval: P.OBSERVATION_APPROVE,
    r.Rating: P.RATING_COMPUTE,
    r.RatingDecision: P.RATING_PUBLISH,
    r.Consent: P.CONSENT_GIVE,
    r.EmploymentRecord: P.STAFF_FILE_WRITE,
    r.Achievement: P.ACHIEVEMENT_WRITE,
    r.RehabilitationMeasure: P.REHABILITATION_WRITE,
    r.RehabilitationReport: P.REHABILITATION_WRITE,
    r.ScreeningParticipation: P.SCREENING_WRITE,
}
"""What may be added to, and the permission that a row needs to be added."""

AUTHORS = "recorded_by_id", "opened_by_id", "decided_by_id", "created_by_id", "given_by_id"
"""Columns that say in whose name a row is added."""

CHANGED = (r.AssessmentSlot, r.KeptMark, r.Reopening, r.Consent)
"""What of this may also be changed, in the columns that the migration names."""

REACHED = {
    Anchor.PERSON: "person_ids",
    Anchor.ORGANISATION: "organisation_ids",
    Anchor.CLASS_GROUP: "class_group_ids",
    Anchor.SUBJECT_GROUP: "subject_group_ids",
}
"""Functions of schema `vhod`: ids that the viewer of the transaction reaches with a permission, by kind of anchor.

Each gives one array, worked out once a statement when the first row asks for it. A set-returning function in its place
costs more than the rows: a hash table for each policy and each partition.
"""


def policies() -> dict[str, str]:
    """Condition of the reading policy by table name, as SQL text."""
    conditions: dict[type[Record], list[ColumnElement[bool]]] = {}
    for guard in GUARDS:
        conditions.setdefault(guard.facet.record, []).append(_guarded(guard))
    for link in LINKS:
        conditions.setdefault(link, []).extend(_as_link(link))
    return {str(record.__tablename__): _text(or_(*parts)) for record, parts in conditions.items()}


def adding() -> dict[str, str]:
    """Condition of the policy for added rows by table name: in one's own name, reached by who may write there."""
    return {str(t.__tablename__): _text(_added(t, permission)) for t, permission in WRITTEN.items()}


def changing() -> dict[str, str]:
    """Condition of the policy for changed rows by table name: reached by who may write there, whoever added them."""
    return {
        str(t.__tablename__): _text(_guarded(Guard(_bare(t), permission)))
        for t, permission in WRITTEN.items()
        if t in CHANGED
    }


def writing() -> dict[str, str]:
    """Condition of the second reading policy by table name: what a writing transaction may look at."""
    return {
        str(t.__tablename__): _text(
            and_(
                or_(*_own(_bare(t), t, Anchor.SUBJECT_GROUP, P.MARK_WRITE)),
                unrestricted(_bare(t), t, _restricted()),
            )
        )
        for t in JOURNAL
    }


def _added(record: type[Record], permission: P) -> ColumnElement[bool]:
    guarded = _guarded(Guard(_bare(record), permission))
    authors = [getattr(record, name) for name in AUTHORS if name in record.model_fields]
    return and_(guarded, *(author == select(func.vhod.person()).scalar_subquery() for author in authors))


def _bare(record: type[Record]) -> Facet:
    return replace(record.facet(), via=())


def paths() -> dict[str, str]:
    """Bodies of the functions that follow the paths, by name.

    They run as the keeper: a policy that looked into other tables itself would be met there by their policies, and
    those by others; the plan of one query on persons had 24,000 lines that way, and took 400 ms.
    """
    return {_path_name(g, column): _text(_path(g, column)) for g in GUARDS for column in _path_columns(g)}


def _guarded(guard: Guard) -> ColumnElement[bool]:
    row = guard.facet.record
    own = [condition for anchor in Anchor for condition in _own(guard.facet, row, anchor, guard.permission)]
    by_path = [getattr(row, c).in_(select(getattr(func.vhod, _path_name(guard, c))())) for c in _path_columns(guard)]
    return and_(or_(*own, *by_path), unrestricted(guard.facet, row, _restricted()))


def _own(facet: Facet, row: Any, anchor: Anchor, permission: P) -> list[ColumnElement[bool]]:
    return reaching(replace(facet, via=()), row, anchor, _inside(anchor, permission), _restricted())


def _as_link(link: type[Record]) -> Iterator[ColumnElement[bool]]:
    """A link is seen by whoever follows it: its own columns under the permission of those who use it."""
    uses = {(g.permission, anchor) for g in GUARDS for via in g.facet.via if via.link is link for anchor in via.lends}
    for permission, anchor in sorted(uses):
        reached = or_(*_own(link.facet(), link, anchor, permission), false())
        yield and_(reached, *live(link), unrestricted(link.facet(), link, _restricted()))


def _path_columns(guard: Guard) -> list[str]:
    return list(dict.fromkeys(via.column for via in guard.facet.via))


def _path_name(guard: Guard, column: str) -> str:
    return f"{guard.facet.name}_by_{column}".lower()


def _path(guard: Guard, column: str) -> CompoundSelect[Any]:
    vias = [via for via in guard.facet.via if via.column == column]
    return union_all(
        *(linked(v, anchor, _inside(anchor, guard.permission), _restricted()) for v in vias for anchor in v.lends)
    )


def _inside(anchor: Anchor, permission: P) -> Inside:
    reached = func.any(_once(getattr(func.vhod, REACHED[anchor])(_named(permission))))
    if anchor is not Anchor.ORGANISATION:
        return lambda column: column == reached
    # A tree may hold hundreds: it is hashed, and looked up only when there is one to look up.
    trees = _once(func.vhod.organisation_trees(_named(permission)))
    below = select(func.vhod.organisations_below(_named(permission)))
    return lambda column: or_(column == reached, and_(func.cardinality(trees) > 0, column.in_(below)))


def _named(permission: P) -> Any:
    return text(f"'{permission}'")


def _once(ids: Any) -> Any:
    """As a sub-select of its own: worked out for the statement, not for each row."""
    return cast(select(ids).scalar_subquery(), ARRAY(Uuid))


def _restricted() -> Any:
    return _once(func.vhod.restricted_ids())


def _text(statement: ClauseElement) -> str:
    dialect: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy types it so
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return " ".join(str(compiled).split())
