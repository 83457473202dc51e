"""People as their viewers see them: the same student's card in five hands, guardians, staff."""

from typing import Any

import pytest

from tests.schema.conftest import Query
from tests.schema.demo import id_of

pytestmark = pytest.mark.anyio

CARD = """
query Card($id: ID!) {
  student(id: $id) {
    displayName lastName firstName middleName birthDate gender phone email provenance
    snils { display masked }
    enrolments { kind validFrom validTo classGroup { name } organisation { id } }
    guardianships { kind validFrom guardian { displayName phone } }
    journalLines { totalCount nodes { studentName journal { subject { name } } } }
  }
}
"""
STUDENT = id_of("Student", "person-student")
NAME = {
    "displayName": "Ученикова Мария Тестовна",
    "lastName": "Ученикова",
    "firstName": "Мария",
    "middleName": "Тестовна",
}
FULL, MASKED = {"display": "000-000-104 07", "masked": False}, {"display": "***-***-104 07", "masked": True}
ALL_SUBJECTS = {"Алгебра", "Английский язык", "Биология", "География", "Русский язык"}

HANDS: dict[str, tuple[bool, bool, dict[str, Any] | None, set[str]]] = {
    "teacher": (False, False, None, {"Алгебра"}),
    "homeroom-teacher": (True, True, None, ALL_SUBJECTS),
    "deputy-head": (True, True, MASKED, ALL_SUBJECTS),
    "legal-representative": (True, True, FULL, ALL_SUBJECTS),
    "student": (True, True, FULL, ALL_SUBJECTS),
}
"""Whether the card is read, whether contacts and guardians are, how the СНИЛС is shown, lines of which subjects."""


async def card(query: Query, viewer: str | None, student: str = STUDENT) -> Any:
    """A student's card as somebody sees it."""
    return (await query(CARD, {"id": student}, viewer=viewer)).data["student"]


@pytest.mark.parametrize("viewer", HANDS)
async def test_card_in_the_hands_of(query: Query, viewer: str) -> None:
    """Name for the teacher, the card for class and family, the number in full for the family alone."""
    reads_card, reads_contacts, snils, subjects = HANDS[viewer]
    found = await card(query, viewer)

    assert {name: found[name] for name in NAME} == NAME
    assert (found["birthDate"], found["gender"]) == (("2012-05-17", "FEMALE") if reads_card else (None, None))
    assert found["phone"] == ("+7 000 000-01-04" if reads_contacts else None)
    assert found["email"] == ("student@example.org" if reads_contacts else None)
    assert found["snils"] == snils
    assert found["enrolments"][0]["classGroup"] == {"name": "7А"}
    guardians = [{"displayName": "Родителев Иван Тестович", "phone": "+7 000 000-01-06"}]
    assert [link["guardian"] for link in found["guardianships"] or []] == (guardians if reads_contacts else [])
    assert {line["journal"]["subject"]["name"] for line in found["journalLines"]["nodes"]} == subjects
    assert found["journalLines"]["totalCount"] == len(found["journalLines"]["nodes"]) == len(subjects)


@pytest.mark.parametrize("viewer", ["org-admin", "municipal-coordinator", "namesake", "guest", "stranger", None])
async def test_card_is_not_there_for_others(query: Query, viewer: str | None) -> None:
    """Neither by role nor by name."""
    assert await card(query, viewer) is None


async def test_refused_cells_of_the_card_are_listed(query: Query) -> None:
    """Six cells for the teacher, each with what would open it."""
    answer = await query(CARD, {"id": STUDENT}, viewer="teacher")

    assert [(item["field"], item["permission"], item["count"]) for item in answer.denied] == [
        ("Student.birthDate", "student.card:read", 1),
        ("Student.email", "contacts:read", 1),
        ("Student.gender", "student.card:read", 1),
        ("Student.guardianships", "guardianship:see", 1),
        ("Student.phone", "contacts:read", 1),
        ("Student.snils", "documents:read", 1),
    ]


async def test_masked_number_is_no_refusal(query: Query) -> None:
    """The deputy head sees what is left of it, and nothing is denied."""
    answer = await query(CARD, {"id": STUDENT}, viewer="deputy-head")

    assert answer.denied == []
    assert "000-000-104" not in answer.response.text


async def test_banned_parent_meets_the_child_nowhere(query: Query) -> None:
    """He teaches at the school: the others of the class he sees, his own child he does not."""
    document = "query($id: ID!) { classGroup(id: $id) { enrolments { student { id } } } }"
    class_7a = {"id": id_of("ClassGroup", "class-7a")}
    banned = await query(document, class_7a, viewer="banned-guardian-teacher")
    others = await query(document, class_7a, viewer="homeroom-teacher")
    child = id_of("Student", "pupil-banned-for-guardian")
    seen, all_of_them = (
        {link["student"]["id"] for link in answer.data["classGroup"]["enrolments"]} for answer in (banned, others)
    )

    assert all_of_them - seen == {child}
    assert await card(query, "banned-guardian-teacher", child) is None
    assert child.partition(":")[2] not in banned.response.text


async def test_child_at_two_schools_has_both_places(query: Query) -> None:
    """The main one and the extra one, each as far as the viewer's own school goes."""
    found = await card(query, "deputy-head", id_of("Student", "pupil-at-two-schools"))
    kinds = {(place["kind"], place["organisation"]["id"]) for place in found["enrolments"]}

    assert ("MAIN", id_of("Organisation", "school")) in kinds
    assert {"MAIN", "EXTRA"} >= {kind for kind, _ in kinds}


async def test_staff_are_known_to_families_and_colleagues(query: Query) -> None:
    """Who teaches the child, as what, and no telephone in the type at all."""
    document = """
    query Teachers($id: ID!) {
      classGroup(id: $id) {
        subjectGroups(schoolYear: 2026) { subject { name } teacher { title person { displayName } } }
      }
    }
    """
    for viewer in ("legal-representative", "student", "homeroom-teacher", "deputy-head"):
        answer = await query(document, {"id": id_of("ClassGroup", "class-7a")}, viewer=viewer)
        groups = {group["subject"]["name"]: group["teacher"] for group in answer.data["classGroup"]["subjectGroups"]}
        assert groups["Алгебра"] == {
            "title": "Учитель математики",
            "person": {"displayName": "Примерова Вера Тестовна"},
        }


async def test_assignments_are_read_by_their_holder_and_the_office(query: Query) -> None:
    """A role is a row like any other: own, or of one's organisation."""
    mine = (await query("{ me { assignments { id } } }", viewer="teacher")).data["me"]["assignments"]
    document = "query($id: ID!) { node(id: $id) { ... on Assignment { role reason grantedAt validFrom } } }"
    found = {
        viewer: (await query(document, {"id": mine[0]["id"]}, viewer=viewer)).data["node"]
        for viewer in ("teacher", "org-admin", "deputy-head", "homeroom-teacher", "legal-representative", None)
    }

    assert found["teacher"]["role"] == "TEACHER"
    assert found["teacher"] == found["org-admin"] == found["deputy-head"]
    assert [found[other] for other in ("homeroom-teacher", "legal-representative", None)] == [None] * 3


@pytest.mark.usefixtures("by_reference")
async def test_statements_of_a_card_are_its_own(query: Query) -> None:
    """The document decides how many; a hand that may not follow an edge needs fewer."""
    counted = {viewer: (await query(CARD, {"id": STUDENT}, viewer=viewer)).statements for viewer in HANDS}

    assert counted == {**dict.fromkeys(HANDS, 10), "teacher": 8}
