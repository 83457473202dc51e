"""The last step of the registrars' cascade: somebody at the school proposes a parent, a second person confirms."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from auth.provider.people import load_people
from tests.schema.demo import SETTINGS, TODAY, Demo, id_of, open_demo

pytestmark = pytest.mark.anyio

ROLE = "assignment { id } userErrors { code }"
FAMILY = "proposal { id studentName guardianName accepted } guardianship { id endReason } userErrors { code }"


def mutation(name: str, answer: str = FAMILY) -> str:
    """The document of one mutation."""
    return f"mutation ($i: {name[0].upper()}{name[1:]}Input!) {{ change: {name}(input: $i) {{ {answer} }} }}"


GRANT, CONFIRM_ROLE = mutation("grantAssignment", ROLE), mutation("confirmAssignment", ROLE)
PROPOSE, CONFIRM, END = (mutation(f"{verb}Guardianship") for verb in ("propose", "confirm", "end"))
WAITING = """{ guardianshipProposals(decided: false) {
  nodes { id studentName guardianName student { id } classGroup { id } organisation { id } } } }"""
CHILDREN = """{ me { standing advice person { id } assignments { role } children {
  id displayName journalLines(first: 50) { nodes { marks { value } } } } } }"""
SINCE = str(TODAY - timedelta(days=1))
CHILD = id_of("Student", "person-child")
NAMES = {key: " ".join((p.last_name, p.first_name, p.middle_name or "")) for key, p in load_people().items()}


@pytest.fixture(scope="module")
async def writable(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """A demo of this module's own: it is written to."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture(scope="module")
async def parent(writable: Demo) -> str:
    """A confirmed account that is linked to a person and has no role; gives the id that this person tells."""
    account = next(person for person in load_people().values() if person.key == "stranger")
    person = uuid4()
    writable.ask(
        "insert into person (id, last_name, first_name, middle_name, provenance)"
        " values (:id, :last, :first, :middle, 'SYNTHETIC')",
        id=person, last=account.last_name, first=account.first_name, middle=account.middle_name,
    )  # fmt: skip
    writable.ask(
        "insert into external_identity (issuer, subject, person_id) values (:issuer, :subject, :person)",
        issuer=SETTINGS.stand_in_issuer, subject=account.oid, person=person,
    )  # fmt: skip
    return str((await writable.query("{ me { person { id } } }", viewer="stranger")).data["me"]["person"]["id"])


async def change(demo: Demo, document: str, viewer: str, **given: object) -> Any:
    """Carry out a mutation that has an answer."""
    whole = {"clientMutationId": str(uuid4()), **given}
    return (await demo.query(document, {"i": whole}, viewer)).data["change"]


async def give(demo: Demo, viewer: str, role: str, holder: str, place: str, **more: object) -> str:
    """A role for somebody who has told their id; gives the id of the assignment."""
    given = {"role": role, "holderId": id_of("Person", f"person-{holder}"), "validFrom": SINCE, **more}
    if viewer == "mail-user":
        given["holderId"] = id_of("StaffMember", f"person-{holder}")
    answer = await change(demo, GRANT, viewer, organisationId=id_of("Organisation", place), **given)
    assert answer["userErrors"] == []
    return str(answer["assignment"]["id"])


def family(guardian: str, **changes: object) -> dict[str, object]:
    """A valid input of a proposal."""
    return {
        "studentId": CHILD, "guardianId": guardian, "guardianName": NAMES["stranger"], "kind": "PARENT",
        "validFrom": SINCE,
    } | changes  # fmt: skip


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer["userErrors"]]


async def me(demo: Demo) -> Any:
    return (await demo.query(CHILDREN, viewer="stranger")).data["me"]


async def test_region_names_a_municipality_that_names_a_school_that_lets_a_parent_in(
    writable: Demo, parent: str
) -> None:
    """Each gives to the next below; the parent sees the child's marks only after a second person confirmed."""
    await give(writable, "regional-coordinator", "MUNICIPAL_COORDINATOR", "curriculum-specialist", "municipality")
    await give(writable, "curriculum-specialist", "ORG_ADMIN", "mail-user", "school")
    of = {"classGroupId": id_of("ClassGroup", "class-5a")}
    homeroom = await give(writable, "mail-user", "HOMEROOM_TEACHER", "talent-operator", "school", **of)
    assert codes(await change(writable, CONFIRM_ROLE, "deputy-head", assignmentId=homeroom)) == []

    made = await change(writable, PROPOSE, "talent-operator", **family(parent))
    proposal = made["proposal"]["id"]
    before = await me(writable)
    [listed] = (await writable.query(WAITING, viewer="deputy-head")).data["guardianshipProposals"]["nodes"]
    confirmed = await change(writable, CONFIRM, "deputy-head", proposalId=proposal)
    after = await me(writable)
    left = (await writable.query(WAITING, viewer="deputy-head")).data["guardianshipProposals"]["nodes"]
    log = writable.ask("select action from audit_entry where object_id = :id order by happened_at", id=proposal[21:])

    assert (made["proposal"]["guardianName"], made["proposal"]["accepted"], codes(made)) == (
        NAMES["stranger"], None, [],
    )  # fmt: skip
    assert (before["standing"], before["assignments"], before["children"]) == ("NO_ROLE", [], [])
    assert "классному руководителю" in before["advice"]
    assert (listed["id"], listed["studentName"], listed["student"]["id"]) == (proposal, NAMES["child"], CHILD)
    assert (codes(confirmed), confirmed["proposal"]["accepted"]) == ([], True)
    assert confirmed["guardianship"]["id"].startswith("Guardianship:")
    assert [role["role"] for role in after["assignments"]] == ["LEGAL_REPRESENTATIVE"]
    assert [child["id"] for child in after["children"]] == [CHILD]
    assert any(line["marks"] for line in after["children"][0]["journalLines"]["nodes"])
    assert left == []
    assert [row.action for row in log] == ["student:guardianship:propose", "student:guardianship:confirm"]

    ended = await change(writable, END, "principal", id=confirmed["guardianship"]["id"], reason="Решение суда")
    assert (codes(ended), ended["guardianship"]["endReason"]) == ([], "Решение суда")
    assert (await me(writable))["children"] == []


@pytest.mark.parametrize(
    ("viewer", "changes", "code"),
    [
        ("org-admin", {"guardianName": "Незнакомцева Зоя"}, "NOT_FOUND"),
        ("org-admin", {"guardianId": id_of("Person", "region")}, "NOT_FOUND"),
        ("homeroom-teacher", {}, "NOT_FOUND"),
        ("org-admin", {"validTo": SINCE}, "DATES"),
        ("org-admin", {"guardianId": id_of("Person", "person-org-admin")}, "OWN_GUARDIANSHIP"),
        (
            "org-admin",
            {
                "guardianId": id_of("Person", "person-banned-guardian-teacher"),
                "guardianName": NAMES["banned-guardian-teacher"],
                "studentId": id_of("Student", "pupil-banned-for-guardian"),
            },
            "GUARDIANSHIP_BARRED",
        ),
        (
            "org-admin",
            {
                "guardianId": id_of("Person", "person-legal-representative"),
                "guardianName": NAMES["legal-representative"],
                "studentId": id_of("Student", "person-student"),
            },
            "ALREADY_REPRESENTED",
        ),
    ],
    ids=["another name", "nobody", "another class", "no days", "oneself", "banned by court", "already"],
)
async def test_proposal_is_refused(
    writable: Demo, parent: str, viewer: str, changes: dict[str, object], code: str
) -> None:
    """Nothing is stored, and the code says why."""
    before = writable.ask("select count(*) from guardianship_proposal")
    answer = await change(writable, PROPOSE, viewer, **family(parent, **changes))

    assert (codes(answer), answer["proposal"]) == ([code], None)
    assert writable.ask("select count(*) from guardianship_proposal") == before


async def test_adult_student_is_represented_by_nobody(own_demo: Demo) -> None:
    """From the 18th birthday on; a proposal made before it is not confirmed after it either."""
    given = family(id_of("Person", "person-teacher-parent"), guardianName=NAMES["teacher-parent"])
    made = await change(own_demo, PROPOSE, "enrolment-operator", **given)
    own_demo.ask("update person set birth_date = :day where id = :id", day=TODAY - timedelta(days=6600), id=CHILD[8:])
    late = await change(own_demo, CONFIRM, "principal", proposalId=made["proposal"]["id"])
    again = await change(own_demo, PROPOSE, "enrolment-operator", **given)

    assert (codes(made), codes(late), codes(again)) == ([], ["STUDENT_ADULT"], ["STUDENT_ADULT"])
    assert own_demo.ask("select count(*) from guardianship_proposal where decided_at is not null")[0][0] == 0


async def test_proposal_is_decided_once_by_somebody_else_and_a_retry_acts_once(writable: Demo, parent: str) -> None:
    """Neither who proposed nor a parent who works there; a declined one can be proposed anew, the same key is one."""
    given = {"clientMutationId": str(uuid4()), **family(parent, studentId=id_of("Student", "pupil-of-namesake"))}
    first = await change(writable, PROPOSE, "org-admin", **given)
    retry = await change(writable, PROPOSE, "org-admin", **given)
    again = await change(writable, PROPOSE, "org-admin", **given | {"clientMutationId": str(uuid4())})
    proposal = first["proposal"]["id"]
    own = await change(writable, CONFIRM, "org-admin", proposalId=proposal)
    declined = await change(writable, END, "deputy-head", id=proposal, reason="Документ не показан")
    late = await change(writable, CONFIRM, "principal", proposalId=proposal)
    missing = await change(writable, CONFIRM, "principal", proposalId=f"GuardianshipProposal:{uuid4()}")
    teacher = await writable.query(
        CONFIRM, {"i": {"clientMutationId": str(uuid4()), "proposalId": proposal}}, "teacher"
    )

    assert (retry["proposal"], codes(again)) == (first["proposal"], ["ALREADY_PROPOSED"])
    assert (codes(own), codes(declined), declined["proposal"]["accepted"]) == (["SECOND_PERSON"], [], False)
    assert (codes(late), codes(missing)) == (["ALREADY_SETTLED"], ["NOT_FOUND"])
    assert teacher.data["change"]["userErrors"][0]["code"] == "NOT_FOUND"
    assert (await me(writable))["children"] == []


async def test_person_of_the_proposal_who_works_at_the_school_does_not_confirm_it(own_demo: Demo) -> None:
    """A deputy head who is the parent waits for somebody else, and the administrator sees names but no cards."""
    given = family(id_of("Person", "person-deputy-head"), guardianName=NAMES["deputy-head"].upper())
    made = await change(own_demo, PROPOSE, "org-admin", **given)
    own = await change(own_demo, CONFIRM, "deputy-head", proposalId=made["proposal"]["id"])
    [seen] = (await own_demo.query(WAITING, viewer="org-admin")).data["guardianshipProposals"]["nodes"]

    assert codes(own) == ["SECOND_PERSON"]
    assert (seen["studentName"], seen["student"]) == (NAMES["child"], None)
    assert (await own_demo.query(WAITING, viewer="teacher")).data["guardianshipProposals"] is None


async def test_account_that_nobody_knows_has_no_id_to_tell(own_demo: Demo) -> None:
    """Without a person there is nothing that a proposal could name: `me` says who links the account."""
    found = await me(own_demo)

    assert (found["standing"], found["person"]) == ("UNKNOWN", None)
    assert "привязать вашу учётную запись" in found["advice"]
