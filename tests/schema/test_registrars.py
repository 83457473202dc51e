"""Registrars give roles below themselves; a case opens one student to one person; who leaves loses the roles."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.schema.demo import TODAY, Demo, id_of, open_demo

pytestmark = pytest.mark.anyio

ANSWER = "assignment { id awaitsConfirmation holder { id } } userErrors { code }"
GRANT = f"mutation ($i: GrantAssignmentInput!) {{ change: grantAssignment(input: $i) {{ {ANSWER} }} }}"
CONFIRM = f"mutation ($i: ConfirmAssignmentInput!) {{ change: confirmAssignment(input: $i) {{ {ANSWER} }} }}"
OPEN = f"mutation ($i: OpenCaseInput!) {{ change: openCase(input: $i) {{ {ANSWER} }} }}"
STUDENT = "query ($id: ID!) { student(id: $id) { displayName phone journalLines(first: 1) { totalCount } } }"


@pytest.fixture(scope="module")
async def writable(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """A demo of this module's own: it is written to."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


async def change(demo: Demo, document: str, viewer: str, **given: object) -> Any:
    """Carry out a mutation that has an answer."""
    whole = {"clientMutationId": str(uuid4()), **given}
    return (await demo.query(document, {"i": whole}, viewer)).data["change"]


def role(name: str, holder: str, place: str) -> dict[str, object]:
    """A role for somebody who has told their id, from today on."""
    return {
        "role": name,
        "holderId": id_of("Person", f"person-{holder}"),
        "organisationId": id_of("Organisation", place),
        "validFrom": str(TODAY - timedelta(days=1)),
    }


async def test_coordinator_names_an_administrator_of_a_school_below(writable: Demo) -> None:
    """At once, without being shown who the person is; and the next one down grants at the school."""
    made = await change(writable, GRANT, "municipal-coordinator", **role("ORG_ADMIN", "teacher", "school"))
    query = "{ me { assignments { role } } }"
    held = (await writable.query(query, viewer="teacher")).data["me"]["assignments"]

    assert (made["userErrors"], made["assignment"]["awaitsConfirmation"]) == ([], False)
    assert made["assignment"]["holder"] is None
    assert "ORG_ADMIN" in [one["role"] for one in held]


@pytest.mark.parametrize(
    ("viewer", "wanted", "code"),
    [
        ("municipal-coordinator", role("ORG_ADMIN", "student", "school"), "NOT_FOUND"),
        ("municipal-coordinator", role("AUTHORITY_VIEWER", "teacher", "school"), "ROLE_NOT_GRANTABLE"),
        ("regional-coordinator", role("REGIONAL_COORDINATOR", "teacher", "municipality"), "ROLE_NOT_GRANTABLE"),
        ("regional-coordinator", role("ORG_ADMIN", "teacher", "school") | {"reach": "PUBLIC"}, "REACH_NOT_HELD"),
    ],
    ids=["not staff there", "not theirs to give", "their equal", "no such reach"],
)
async def test_registrar_is_refused_what_is_not_below(
    writable: Demo, viewer: str, wanted: dict[str, object], code: str
) -> None:
    """Nothing is stored, and the code says why."""
    answer = await change(writable, GRANT, viewer, **wanted)

    assert [error["code"] for error in answer["userErrors"]] == [code]


async def test_coordinator_gives_nothing_at_the_own_place(writable: Demo) -> None:
    """Strictly higher: not to the municipality itself."""
    wanted = role("MUNICIPAL_COORDINATOR", "teacher", "municipality")
    answer = await writable.query(GRANT, {"i": {"clientMutationId": str(uuid4()), **wanted}}, "municipal-coordinator")

    assert answer.codes == ["FORBIDDEN"]


async def test_case_opens_one_student_to_a_specialist_after_the_municipality_confirmed(writable: Demo) -> None:
    """The education record, no contacts, nobody else."""
    student, other = id_of("Student", "person-student"), id_of("Student", "pupil-of-teacher-parent")
    given = role("GENERAL_EDUCATION_SPECIALIST", "general-specialist", "school")
    given |= {"studentId": student, "validTo": str(TODAY + timedelta(days=30)), "reason": "Обращение № 0"}
    made = await change(writable, OPEN, "deputy-head", **given)
    before = (await writable.query(STUDENT, {"id": student}, "general-specialist")).data["student"]
    identifier = made["assignment"]["id"]
    confirmed = await change(writable, CONFIRM, "municipal-coordinator", assignmentId=identifier)
    seen = (await writable.query(STUDENT, {"id": student}, "general-specialist")).data["student"]
    hidden = (await writable.query(STUDENT, {"id": other}, "general-specialist")).data["student"]

    assert (made["userErrors"], confirmed["userErrors"], before, hidden) == ([], [], None, None)
    assert seen["displayName"].startswith("Ученикова")
    assert seen["journalLines"]["totalCount"] > 0
    assert seen["phone"] is None


async def test_case_has_an_end_within_three_months(writable: Demo) -> None:
    """An open end is no case."""
    given = role("GENERAL_EDUCATION_SPECIALIST", "general-specialist", "school")
    given |= {"studentId": id_of("Student", "person-student"), "validTo": str(TODAY + timedelta(days=300))}
    answer = await change(writable, OPEN, "deputy-head", **given, reason="Обращение № 0")

    assert [error["code"] for error in answer["userErrors"]] == ["DATES"]


async def test_leaving_an_organisation_ends_its_roles_the_same_day(writable: Demo) -> None:
    """Whatever writes that somebody left: roles end with the position."""
    before = await roles_of(writable, "hr-specialist")
    writable.ask(
        "update staff_position set valid_to = :today where person_id = :person",
        today=TODAY - timedelta(days=1), person=id_of("", "person-hr-specialist")[1:],
    )  # fmt: skip

    assert before == ["HR_SPECIALIST"]
    assert await roles_of(writable, "hr-specialist") == []


async def roles_of(demo: Demo, viewer: str) -> list[str]:
    data = (await demo.query("{ me { assignments { role } } }", viewer=viewer)).data
    return [held["role"] for held in data["me"]["assignments"]]
