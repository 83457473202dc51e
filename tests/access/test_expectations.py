"""The expectations cover the built schema, without a gap and without two answers to one question."""

import csv
import json
from io import StringIO

import pytest

from domain.roles import Role
from schema.access.matrix import matrix
from tests.access.cases import SINGLE, Cases
from tests.access.contract import ACTIONS, COMPOUND, IN_WORDS, MANY, ONE, RECORDS, SPECIAL, column
from tests.access.expectations import FILE, Sight, deciding, expectations, sees_row, sight, speaking, wildcard
from tests.access.relations import Relation

INTERFACES = {"Node": ["id"], "UserError": ["code", "message", "path"], "News": ["cursor", "resyncRequired"]}
SEEN_BY_MASK = {("Student.snils", Role.DEPUTY_HEAD), ("Student.snils", Role.PRINCIPAL)}


def coordinates(cases: Cases) -> list[str]:
    """Every field of the built schema."""
    fields = [place.coordinate for places in cases.places.values() for place in places]
    return sorted([*fields, *(f"{name}.{field}" for name, fields in INTERFACES.items() for field in fields)])


@pytest.mark.parametrize("role", list(Role))
def test_every_field_is_decided_once_for_each_role_and_relation(role: Role, cases: Cases) -> None:
    """A new field, type or role fails here until somebody has written down who sees it and why."""
    undecided = [
        f"{coordinate} {relation}: {len(deciding(role, coordinate, relation))} lines"
        for coordinate in coordinates(cases)
        for relation in Relation
        if len(deciding(role, coordinate, relation)) != 1
    ]

    assert undecided == []


@pytest.mark.parametrize("role", list(Role))
def test_every_type_is_decided_once_for_each_role_and_relation(role: Role, cases: Cases) -> None:
    """Whether a row exists for a role is said by one line about its type."""
    types = {wildcard(coordinate) for coordinate in coordinates(cases)} - {"Query.*", "Mutation.*", "Subscription.*"}
    counts = {(name, relation): len(speaking(role, name, relation)) for name in types for relation in Relation}

    assert {key: count for key, count in counts.items() if count != 1} == {}


def test_no_line_speaks_of_what_does_not_exist(cases: Cases) -> None:
    """A field that was renamed or removed leaves no expectation behind."""
    known = set(coordinates(cases))
    known |= {wildcard(coordinate) for coordinate in known}
    named = {field for line in expectations() for field in line.fields}

    assert named - known == set()


def test_each_role_is_held_alone_by_one_person_of_the_world() -> None:
    """A new role fails here until somebody in the world has it, and nobody is counted for two."""
    held_otherwise = {Role.GUEST, Role.SYSTEM_CLIENT}

    assert set(SINGLE) == set(Role) - held_otherwise
    assert len(set(SINGLE.values())) == len(SINGLE)


def test_every_line_has_a_reason() -> None:
    """What is expected is argued from a document, not from the table under test."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        bare = [line for line in csv.DictReader(lines) if len(line["reason"]) < 12]

    assert bare == []


def test_no_field_is_seen_more_widely_than_its_row() -> None:
    """A line about a field never promises something on rows that do not exist for the role."""
    wrong = [
        (field, role, relation)
        for line in expectations()
        if line.sight > Sight.ABSENT
        for field in line.fields
        if field.partition(".")[0] in RECORDS and not field.endswith(".*")
        for role in line.roles
        for relation in line.relations
        if not sees_row(role, field.partition(".")[0], relation)
    ]

    assert wrong == []


def test_tests_know_where_every_value_of_a_record_stands(cases: Cases) -> None:
    """A new field of a record fails here until the world's rows say what it must be answered."""
    unknown = [
        place.coordinate
        for name, record in RECORDS.items()
        for place in cases.places[name]
        if place.coordinate not in {*ONE, *MANY, *ACTIONS, *COMPOUND, IN_WORDS}
        and place.name not in {"id", *SPECIAL}
        and column(place.name) not in record.model_fields
    ]

    assert unknown == []
    assert {name for name in cases.places if name in RECORDS} == set(RECORDS)


@pytest.fixture(scope="module")
def page() -> list[dict[str, str]]:
    """The matrix as it is printed, a line for each field."""
    return list(csv.DictReader(StringIO(matrix("csv"))))


@pytest.mark.parametrize("role", list(Role))
def test_printed_matrix_says_never_exactly_where_never_is_expected(
    role: Role, page: list[dict[str, str]], cases: Cases
) -> None:
    """What is printed for people to read is what is expected, as far as a page without relations can say it."""
    printed = {f"{row['type']}.{row['field']}": row[role] for row in page}
    seen = {coordinate: _ever(role, coordinate) for coordinate in printed}

    differing = {name for name, cell in printed.items() if bool(cell) != seen[name]}
    assert differing == set()
    assert {name for name, cell in printed.items() if cell.startswith("masked")} == {
        name for name, other in SEEN_BY_MASK if other is role
    }


def _ever(role: Role, coordinate: str) -> bool:
    """Whether a role sees a field in any relation. An edge to one object is seen by whoever sees any such object."""
    type_name = coordinate.partition(".")[0]
    return any(
        sight(role, coordinate, relation) > Sight.ABSENT
        and (type_name not in RECORDS or sees_row(role, type_name, relation))
        and (coordinate not in ONE or _leads_somewhere(role, coordinate))
        for relation in Relation
    )


def _leads_somewhere(role: Role, coordinate: str) -> bool:
    target = TARGETS[coordinate.partition(".")[2]]
    return any(sees_row(role, target, relation) for relation in Relation)


TARGETS = {
    "lesson": "Lesson", "line": "JournalLine", "student": "Student", "holder": "StaffMember",
    "grantedBy": "StaffMember", "organisation": "Organisation", "classGroup": "ClassGroup",
    "subjectGroup": "SubjectGroup", "guardian": "Guardian", "subject": "Subject", "gradingPeriod": "GradingPeriod",
    "journal": "Journal", "parent": "Organisation", "region": "Organisation", "municipality": "Organisation",
    "branchOf": "Organisation", "person": "StaffMember", "teacher": "StaffPosition",
    "recordedBy": "StaffMember", "settledBy": "StaffMember", "openedBy": "StaffMember", "endedBy": "StaffMember",
    "assignment": "Assignment", "slot": "AssessmentSlot", "dueLesson": "Lesson", "workType": "WorkType",
    "actor": "StaffMember", "staffMember": "StaffMember", "client": "ServiceClient",
    "file": "ImportFile", "source": "ImportSourceRow", "decidedBy": "StaffMember",
}  # fmt: skip
"""What the edges to one object lead to."""


def test_matrix_comes_in_three_forms() -> None:
    """Markdown for people, one section a type; CSV and JSON for machines, one line a field; nothing else."""
    printed, table, data = matrix("md"), matrix("csv"), json.loads(matrix("json"))

    assert [f"{one['type']}.{one['field']}" for one in data["fields"]] == [
        f"{row['type']}.{row['field']}" for row in csv.DictReader(StringIO(table))
    ]
    assert printed.count("\n## ") == len({line.partition(",")[0] for line in table.splitlines()[1:]}) + 1
    with pytest.raises(ValueError, match="csv, json or md"):
        matrix("xml")
