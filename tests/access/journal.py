"""The access journal: what must stand in it after an examination, and what does."""

from typing import Any
from uuid import UUID

from sqlalchemy import NullPool, create_engine, text

from domain.records import Guardianship, GuardianshipProposal, Person
from domain.roles import Role
from tests.access.expectations import Sight
from tests.access.expected import Expected, Item

DAILY_WORK = frozenset({Role.TEACHER, Role.HOMEROOM_TEACHER, Role.STUDENT, Role.LEGAL_REPRESENTATIVE, Role.SIGNED_IN})
"""domain.md 2.2: reads of P2 outside own class or child are audited. These roles reach nothing else."""
PERSONAL = frozenset({
    "Achievement", "Assignment", "AttendanceRecord", "AttendanceVersion", "Consent", "Diary", "EmploymentRecord",
    "Enrolment", "Guardian", "Guardianship", "GuardianshipProposal", "IdentityMismatch",
    "JournalLine", "Mark", "KeptMark", "MarkVersion", "Person",
    "RecordOpening", "RehabilitationMeasure", "RehabilitationProgramme", "RehabilitationReport",
    "ScreeningParticipation", "StaffMember", "StaffPosition", "Student", "SummaryMark", "SummaryMarkVersion",
})  # fmt: skip
"""Types whose rows are about a person."""
SPECIAL = {
    "AttendanceRecord": ("note",),
    "AttendanceVersion": ("note",),
    "RehabilitationProgramme": ("studentName", "number", "startsOn", "endsOn", "educationPart"),
    "RehabilitationMeasure": ("name", "dueOn"),
    "RehabilitationReport": ("outcome", "executedOn", "note"),
    "ScreeningParticipation": (
        "schoolYear", "version", "consent", "consentBy", "participated", "participatedOn", "code",
    ),
}  # fmt: skip
"""domain.md 2.2 P3: fields whose every reading is recorded, by type."""

Record = dict[int, tuple[set[str], set[UUID]]]
"""By sensitivity: what was read, and of whom."""


def recorded(owner_url: str, client: str) -> Record:
    """What stands in the journal of requests through one client."""
    engine = create_engine(owner_url, poolclass=NullPool)
    query = text("select sensitivity, fields, subject_ids from access_entry where client_id = :client")
    with engine.connect() as connection:
        rows = connection.execute(query, {"client": client}).all()
    engine.dispose()
    found: Record = {}
    for row in rows:
        what, whose = found.setdefault(row.sensitivity, (set(), set()))
        what.update(row.fields)
        whose.update(row.subject_ids)
    return found


def expected_record(expected: Expected, asked: list[Item]) -> Record:
    """What must stand there after everything was asked for."""
    personal = [item for item in asked if item.type_name in PERSONAL and _is_outside(expected, item)]
    noted = [(name, item) for item in asked for name in _special(expected, item)]
    found: Record = {}
    if personal:
        whose = set[UUID]().union(*(_about(item.row) for item in personal))
        found[2] = ({item.type_name for item in personal}, whose)
    if noted:
        found[3] = ({name for name, _ in noted}, {item.row.student_id for _, item in noted})
    return found


def _special(expected: Expected, item: Item) -> list[str]:
    """Special fields of the row that are read."""
    named = [f"{item.type_name}.{name}" for name in SPECIAL.get(item.type_name, ()) if expected.visible(item)]
    return [coordinate for coordinate in named if expected.sight(item, coordinate) is Sight.FULL]


def _is_outside(expected: Expected, item: Item) -> bool:
    """Whether the row is seen, and through none of the roles that do their daily work with it."""
    granted = expected.granted(item)
    return bool(granted) and not any(held.role in DAILY_WORK for held, _ in granted)


def _about(row: Any) -> set[UUID]:
    if isinstance(row, Guardianship | GuardianshipProposal):
        return {row.guardian_id, row.student_id}
    if isinstance(row, Person):
        return {row.id}
    return {row.person_id if "person_id" in type(row).model_fields else row.student_id}
