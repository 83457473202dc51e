"""Roles are given by one, confirmed by another, ended in the open; nothing is done twice, nothing by halves."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from api.commands import CommandError
from api.grant import grant_first_administrator
from tests.conftest import CHECKOUT
from tests.schema.demo import Demo, id_of, open_demo

pytestmark = pytest.mark.anyio

ERRORS = "userErrors { __typename code message path ... on AmbiguousAssignment { candidates { id } }"
ERRORS += " ... on StateConflict { current { id } } }"
ROLE = "assignment { id role inWords awaitsConfirmation confirmedAt endedAt"
ROLE += " viewerCan { confirm { allowed because } end { allowed because } } }"
GRANT = f"mutation ($i: GrantAssignmentInput!) {{ change: grantAssignment(input: $i) {{ {ROLE} {ERRORS} }} }}"
CONFIRM = f"mutation ($i: ConfirmAssignmentInput!) {{ change: confirmAssignment(input: $i) {{ {ROLE} {ERRORS} }} }}"
END = f"mutation ($i: EndAssignmentInput!) {{ change: endAssignment(input: $i) {{ {ROLE} {ERRORS} }} }}"
MINE = "{ me { assignments { inWords } } }"


@pytest.fixture(scope="module")
async def writable(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """A demo of this module's own: it is written to."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


def granting(**changes: object) -> dict[str, object]:
    """A valid input: homeroom of 8А for the teacher who is a parent."""
    return {
        "clientMutationId": str(uuid4()),
        "holderId": id_of("StaffMember", "person-teacher-parent"),
        "role": "HOMEROOM_TEACHER",
        "organisationId": id_of("Organisation", "school"),
        "classGroupId": id_of("ClassGroup", "class-8a"),
        "validFrom": "2026-11-01",
    } | changes


async def change(demo: Demo, document: str, given: dict[str, object], viewer: str | None) -> dict[str, Any]:
    """Carry out a mutation that has an answer."""
    return (await demo.query(document, {"i": given}, viewer)).data["change"]  # type: ignore[no-any-return]


async def granted(demo: Demo, **changes: object) -> str:
    """Grant as the administrator; gives the id."""
    answer = await change(demo, GRANT, granting(**changes), "org-admin")
    assert answer["userErrors"] == []
    return str(answer["assignment"]["id"])


def about(assignment: str, **more: object) -> dict[str, object]:
    return {"clientMutationId": str(uuid4()), "assignmentId": assignment} | more


async def roles_of(demo: Demo, viewer: str) -> list[str]:
    data = (await demo.query(MINE, viewer=viewer)).data
    return [held["inWords"] for held in data["me"]["assignments"]]


def stored(demo: Demo) -> int:
    return int(demo.ask("select count(*) from assignment")[0][0])


async def test_granted_role_works_only_after_a_second_person_confirmed_and_until_it_is_ended(writable: Demo) -> None:
    """The administrator proposes, the deputy head confirms, the administrator ends; each at once."""
    before = await roles_of(writable, "teacher-parent")
    made = await granted(writable)
    proposed = await roles_of(writable, "teacher-parent")
    confirmed = await change(writable, CONFIRM, about(made), "deputy-head")
    working = await roles_of(writable, "teacher-parent")
    ended = await change(writable, END, about(made, reason="проверка"), "org-admin")
    after = await roles_of(writable, "teacher-parent")
    log = writable.ask("select action from audit_entry where object_id = :id order by happened_at", id=made[11:])

    assert proposed == before == after
    assert confirmed["userErrors"] == []
    assert "Классный руководитель: 8А; Школа № 0 (вымышленная); с 01.11.2026" in working
    assert ended["assignment"]["endedAt"] is not None
    assert [entry.action for entry in log] == [
        "person:assignment:grant",
        "person:assignment:confirm",
        "person:assignment:end",
    ]


async def test_same_key_acts_once(writable: Demo) -> None:
    """A lost answer is asked for again: the same assignment comes back, nothing new is stored."""
    given = granting()
    first = await change(writable, GRANT, given, "org-admin")
    count = stored(writable)
    again = await change(writable, GRANT, given, "org-admin")

    assert again["assignment"] == first["assignment"]
    assert stored(writable) == count


async def test_same_key_at_the_same_moment_acts_once(writable: Demo) -> None:
    """Eight requests race with one key: one assignment, eight equal answers."""
    given, count = granting(), stored(writable)
    answers = await asyncio.gather(*(change(writable, GRANT, given, "org-admin") for _ in range(8)))

    assert len({answer["assignment"]["id"] for answer in answers}) == 1
    assert stored(writable) == count + 1


async def test_same_key_for_something_else_is_refused(writable: Demo) -> None:
    """A key names one change; used for another it is an error, not a silent success."""
    given = granting()
    await change(writable, GRANT, given, "org-admin")
    other = await change(writable, GRANT, given | {"reason": "иначе"}, "org-admin")

    assert other["userErrors"][0]["code"] == "KEY_REUSED"


async def test_same_key_of_another_person_is_another_key(writable: Demo) -> None:
    """Keys belong to a person and a client: nobody can block or read another's."""
    made = await granted(writable)
    given = about(made)
    first = await change(writable, CONFIRM, given, "deputy-head")
    other = await writable.query(CONFIRM, {"i": given}, "org-admin")

    assert first["userErrors"] == []
    assert other.codes == ["FORBIDDEN"]


REFUSED = {
    "to oneself": ({"holderId": id_of("StaffMember", "person-org-admin")}, "OWN_ASSIGNMENT"),
    "a role that only those above grant": ({"role": "ORG_ADMIN"}, "ROLE_NOT_GRANTABLE"),
    "a role that follows from enrolment": ({"role": "STUDENT"}, "ROLE_NOT_GRANTABLE"),
    "without the class it needs": ({"classGroupId": None}, "TARGET_MISSING"),
    "with a class of another school": ({"classGroupId": id_of("ClassGroup", "class-second-school")}, "NOT_FOUND"),
    "to somebody who is not staff": ({"holderId": id_of("StaffMember", "person-student")}, "NOT_FOUND"),
    "to an id of another kind": ({"holderId": id_of("Person", "person-teacher")}, "NOT_FOUND"),
    "for a day before its first": ({"validTo": "2026-10-01"}, "DATES"),
    "under a role of somebody else": ({"actingAssignmentId": f"Assignment:{uuid4()}"}, "ROLE_NOT_GRANTABLE"),
}


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED)
async def test_refused_grant_stores_nothing_and_says_why(writable: Demo, changes: dict[str, object], code: str) -> None:
    """A refusal is part of the answer, has a stable code, and its key may be used again."""
    count, given = stored(writable), granting(**changes)
    answer = await change(writable, GRANT, given, "org-admin")
    keys = writable.ask("select 1 from mutation_key where key = cast(:key as uuid)", key=given["clientMutationId"])

    assert [error["code"] for error in answer["userErrors"]] == [code]
    assert answer["userErrors"][0]["message"]
    assert (stored(writable), keys) == (count, [])


NOT_ALLOWED = {
    None: "UNAUTHENTICATED",
    "stranger": "FORBIDDEN",
    "teacher": "FORBIDDEN",
    "homeroom-teacher": "FORBIDDEN",
    "deputy-head": "FORBIDDEN",
    "student": "FORBIDDEN",
    "legal-representative": "FORBIDDEN",
    "guest": "FORBIDDEN",
}


@pytest.mark.parametrize(("viewer", "code"), NOT_ALLOWED.items(), ids=map(str, NOT_ALLOWED))
async def test_nobody_but_registrars_grants(writable: Demo, viewer: str | None, code: str) -> None:
    """The action is refused with a code of the catalogue, and nothing is stored."""
    count = stored(writable)
    answer = await writable.query(GRANT, {"i": granting()}, viewer)

    assert answer.codes == [code]
    assert stored(writable) == count


async def test_coordinator_gives_no_role_that_is_given_inside_a_school(writable: Demo) -> None:
    """Registrars above give the roles of registrars: the refusal names who gives this one."""
    count = stored(writable)
    answer = await change(writable, GRANT, granting(), "municipal-coordinator")

    assert [(error["code"], error["message"]) for error in answer["userErrors"]] == [
        (
            "ROLE_NOT_GRANTABLE",
            "Роль, от имени которой вы действуете, не позволяет именно это изменение."
            " Позволяют: Администратор организации.",
        )
    ]
    assert stored(writable) == count


NAMED = {
    "with the reach that was asked for": ({"role": "PRINCIPAL", "classGroupId": None}, "Муниципальный координатор"),
    "of several reaches only this one's": (
        {"role": "ORG_ADMIN"},
        "Муниципальный координатор, Региональный координатор",
    ),
}


@pytest.mark.parametrize(("changes", "roles"), NAMED.values(), ids=NAMED)
async def test_refusal_names_only_roles_that_can_in_russian(
    writable: Demo, changes: dict[str, object], roles: str
) -> None:
    """Nobody is sent to somebody who would be refused as well, and no code stands in a sentence."""
    [error] = (await change(writable, GRANT, granting(**changes), "org-admin"))["userErrors"]

    assert error["message"].endswith(f"Позволяют: {roles}.")


async def test_refusal_of_a_role_that_nobody_gives_says_where_it_comes_from(writable: Demo) -> None:
    """A student's role follows from enrolment."""
    [error] = (await change(writable, GRANT, granting(role="STUDENT"), "org-admin"))["userErrors"]

    assert error["message"] == (
        "Этого не может ни одна роль: такие роли следуют из зачисления и представительства или даются с сервера."
    )


async def test_confirmed_or_ended_role_waits_for_nobody(writable: Demo) -> None:
    """`awaitsConfirmation` is about now: true until a second person confirms, or until it is ended unconfirmed."""
    made, other = await change(writable, GRANT, granting(), "org-admin"), await granted(writable)
    confirmed = await change(writable, CONFIRM, about(made["assignment"]["id"]), "deputy-head")
    ended = await change(writable, END, about(other, reason="ошибка"), "org-admin")

    assert made["assignment"]["awaitsConfirmation"]
    assert [one["assignment"]["awaitsConfirmation"] for one in (confirmed, ended)] == [False, False]


async def test_account_without_a_person_is_told_what_to_do(writable: Demo) -> None:
    """Signing in again would help nothing: the code does not send a client there either."""
    answer = await writable.query(GRANT, {"i": granting()}, "stranger")

    assert (answer.codes, answer.errors[0]["message"]) == (
        ["FORBIDDEN"],
        "Вы вошли, но ваша учётная запись здесь пока ни с кем не связана. Попросите администратора своей школы"
        " или школы ребёнка привязать её и сообщите номер из `me { accountId }`.",
    )


def test_exclusive_last_day_is_nowhere_called_the_last_day() -> None:
    """«По 5 мая» takes the day in, «с какого дня уже не действует» does not."""
    said = [line for line in (CHECKOUT / "schema/schema.graphql").read_text().splitlines() if "по какой день" in line]

    assert said
    assert [line for line in said if "included" not in line] == []


async def test_administrator_of_one_school_does_not_grant_at_another(writable: Demo) -> None:
    """The role reaches one organisation; naming another in the input changes nothing."""
    elsewhere = granting(organisationId=id_of("Organisation", "second-school"))
    answer = await writable.query(GRANT, {"i": elsewhere}, "org-admin")

    assert answer.codes == ["FORBIDDEN"]


async def test_client_without_the_write_scope_does_not_grant(writable: Demo) -> None:
    """The client's scopes are an upper bound of what its user may do."""
    answer = await writable.query(GRANT, {"i": granting()}, "org-admin", scope="openid education:read")

    assert answer.codes == ["FORBIDDEN"]


async def test_who_granted_does_not_confirm(writable: Demo) -> None:
    """Even one who may both grant and confirm needs somebody else."""
    writable.ask(
        "insert into assignment (person_id, role, reach, organisation_id, valid_from, awaits_confirmation, reason)"
        " select person_id, 'DEPUTY_HEAD', reach, organisation_id, valid_from, false, 'second role' from assignment"
        " where role = 'ORG_ADMIN' limit 1"
    )
    made = await granted(writable)
    answer = await change(writable, CONFIRM, about(made), "org-admin")
    writable.ask("delete from assignment where reason = 'second role'")

    assert answer["userErrors"][0]["code"] == "SECOND_PERSON"


async def test_second_confirmation_and_second_end_are_told_the_state(writable: Demo) -> None:
    """A conflict returns the object as it is now."""
    made = await granted(writable)
    await change(writable, CONFIRM, about(made), "deputy-head")
    confirmed = await change(writable, CONFIRM, about(made), "deputy-head")
    await change(writable, END, about(made, reason="проверка"), "org-admin")
    ended = await change(writable, END, about(made, reason="проверка"), "org-admin")

    assert [error["code"] for error in confirmed["userErrors"]] == ["ALREADY_CONFIRMED"]
    assert [error["code"] for error in ended["userErrors"]] == ["ALREADY_ENDED"]
    assert ended["userErrors"][0]["current"] == {"id": made}


async def test_several_fitting_roles_have_to_be_named(writable: Demo) -> None:
    """Two assignments allow the grant: the candidates are listed, and naming one carries it out."""
    writable.ask(
        "insert into assignment (person_id, role, reach, organisation_id, valid_from, awaits_confirmation, reason)"
        " select person_id, role, reach, organisation_id, valid_from + 1, false, 'second role' from assignment"
        " where role = 'ORG_ADMIN' limit 1"
    )
    given = granting()
    answer = await change(writable, GRANT, given, "org-admin")
    [error] = answer["userErrors"]
    named = granting(actingAssignmentId=error["candidates"][1]["id"])
    chosen = await change(writable, GRANT, named, "org-admin")
    writable.ask("delete from assignment where reason = 'second role'")

    assert error["__typename"] == "AmbiguousAssignment"
    assert len(error["candidates"]) == 2
    assert chosen["userErrors"] == []


async def test_first_administrator_is_named_on_the_server_once(writable: Demo) -> None:
    """`python -m api grant`: the account is linked, the role holds at once, the audit says who did it."""
    owner = writable.database.owner_url
    who = {"issuer": "https://issuer.example.org", "subject": "7", "last_name": "Первый", "first_name": "Пётр"}
    school = id_of("", "second-school")[1:]
    grant_first_administrator(owner, **who, organisation=school)
    [[roles]] = writable.ask(
        "select array_agg(a.role::text) from assignment a join external_identity e using (person_id)"
        " where e.issuer = 'https://issuer.example.org' and live_from <= vhod.now()"
    )
    audited = writable.ask("select 1 from audit_entry where action = 'server:assignment:grant'")

    assert roles == ["ORG_ADMIN"]
    assert len(audited) == 1
    with pytest.raises(CommandError, match="already"):
        grant_first_administrator(owner, **who, organisation=school)
    with pytest.raises(CommandError, match="0 organisations"):
        grant_first_administrator(owner, **who, organisation="1022400000000")
