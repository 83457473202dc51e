"""Consents, registers and logs in use: what is given, entered and revoked, and who sees it a moment later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from domain.records import ServiceClient
from domain.roles import Role
from tests.access.door import Account, Door
from tests.access.newcomers import Newcomers
from tests.access.world import World

pytestmark = pytest.mark.anyio

SERVICE = Account("client journal service", client="client journal service")
DIARY = "query Diary($subject: String!) { diary(subject: $subject) { id marks(first: 100) { nodes { value } } } }"
ERRORS = "userErrors { code path }"
PAYLOADS = {
    "giveConsent": "consent { id role endsAt } student { id }",
    "revokeConsent": "consent { id revokedAt }",
    "recordEmployment": "employment { id position recordedBy { id } }",
    "recordAchievement": "achievement { id title classGroup { id } organisation { id } }",
    "planRehabilitationMeasure": "measure { id name }",
    "reportRehabilitationMeasure": "measure { id reports { outcome note } }",
    "recordScreening": "screening { id version consentBy participated code }",
}


async def change_by(door: Door, account: Account, name: str, /, **given: Any) -> Any:
    """The answer of a mutation, its payload as `done`."""
    kind = name[0].upper() + name[1:] + "Input"
    document = f"mutation Write($i: {kind}!) {{ done: {name}(input: $i) {{ {PAYLOADS[name]} {ERRORS} }} }}"
    return await door.ask(document, account, i={"clientMutationId": str(uuid4())} | given)


async def done(door: Door, account: Account, name: str, /, **given: Any) -> dict[str, Any]:
    """The payload of a mutation that is no error."""
    answer = await change_by(door, account, name, **given)
    assert answer.errors == []
    return answer.data["done"]  # type: ignore[no-any-return]


def codes(payload: dict[str, Any]) -> list[str]:
    """Codes of the refusals."""
    return [error["code"] for error in payload["userErrors"]]


@pytest.fixture
def ask_owner(owner: Engine) -> Callable[..., list[Any]]:
    """Ask the database past its wall."""

    def ask(query: str, **values: Any) -> list[Any]:
        with owner.connect() as connection:
            return list(connection.execute(text(query), values))

    return ask


@pytest.fixture
def journal_service(changing: World) -> str:
    """The system that asks for diaries, as an id."""
    [row] = changing.rows.where(ServiceClient, client_id=SERVICE.client)
    return f"ServiceClient:{row.id}"


def parent_of(newcomers: Newcomers, child: Any) -> Account:
    """Somebody who represents the child."""
    person, account = newcomers.person("a new guardian")
    newcomers.grant(person, Role.LEGAL_REPRESENTATIVE)
    newcomers.guardian(person, child)
    return account


def at_school(newcomers: Newcomers, role: Role, place: Any) -> Account:
    """Somebody with a role at an organisation."""
    person, account = newcomers.person(f"a new {role}")
    newcomers.grant(person, role, place)
    return account


async def test_system_sees_a_diary_from_the_consent_on_and_not_a_moment_longer_than_until_it_is_revoked(
    open_world: Door, changing: World, newcomers: Newcomers, journal_service: str
) -> None:
    """Nothing before, marks without a name after, nothing again: no token and no cache stands between."""
    pupil = changing.people["pupil"]
    parent, about = parent_of(newcomers, pupil), {"subject": "subject of student"}
    before = await open_world.ask(DIARY, SERVICE, **about)
    given = await done(
        open_world, parent, "giveConsent", studentId=f"Student:{pupil.id}", serviceClientId=journal_service
    )
    again = await done(
        open_world, parent, "giveConsent", studentId=f"Student:{pupil.id}", serviceClientId=journal_service
    )
    during = await open_world.ask(DIARY, SERVICE, **about)
    revoked = await done(open_world, parent, "revokeConsent", consentId=given["consent"]["id"])
    after = await open_world.ask(DIARY, SERVICE, **about)

    assert before.data == after.data == {"diary": None}
    assert during.data["diary"]["id"] == f"Diary:{pupil.id}"
    assert len(during.data["diary"]["marks"]["nodes"]) > 0
    assert pupil.last_name not in during.text
    assert again["consent"]["id"] == given["consent"]["id"]
    assert given["consent"]["role"] == "LEGAL_REPRESENTATIVE"
    assert revoked["consent"]["revokedAt"] is not None


async def test_from_fourteen_on_the_student_decides_and_what_a_guardian_gave_has_ended(
    open_world: Door, changing: World, newcomers: Newcomers, change: Callable[..., None], journal_service: str
) -> None:
    """The 14th birthday ends the guardian's consent by itself, and closes both of the guardian's ways."""
    pupil = changing.people["in 7B"]
    parent = parent_of(newcomers, pupil)
    consent = {"studentId": f"Student:{pupil.id}", "serviceClientId": journal_service}
    given = await done(open_world, parent, "giveConsent", **consent)
    born = changing.rows.today - timedelta(days=14 * 366)
    change("update person set birth_date = :born where id = :id", born=born, id=pupil.id)
    seen = await open_world.ask(f'{{ node(id: "Diary:{pupil.id}") {{ id }} }}', SERVICE)
    late = await done(open_world, parent, "giveConsent", **consent)
    revoked = await done(open_world, parent, "revokeConsent", consentId=given["consent"]["id"])

    assert codes(given) == []
    assert seen.data == {"node": None}
    assert codes(late) == codes(revoked) == ["DECIDED_BY_STUDENT"]


async def test_nobody_but_the_family_gives_a_consent_and_a_closed_system_gets_none(
    open_world: Door, changing: World, newcomers: Newcomers, journal_service: str
) -> None:
    """A teacher of the child has no such right; a system that may not ask any more is named as such."""
    pupil = changing.people["guest from 7B"]
    [closed] = changing.rows.where(ServiceClient, client_id="client closed service")
    deputy, parent = at_school(newcomers, Role.DEPUTY_HEAD, changing.schools["A"]), parent_of(newcomers, pupil)
    whom = {"studentId": f"Student:{pupil.id}"}
    by_deputy = await change_by(open_world, deputy, "giveConsent", **whom, serviceClientId=journal_service)
    to_closed = await done(open_world, parent, "giveConsent", **whom, serviceClientId=f"ServiceClient:{closed.id}")

    assert [error["extensions"]["code"] for error in by_deputy.errors] == ["FORBIDDEN"]
    assert codes(to_closed) == ["CLIENT_CLOSED"]


async def test_family_sees_that_the_deputy_head_opened_the_card_and_not_who_it_was(
    open_world: Door, changing: World, newcomers: Newcomers, change: Callable[..., None]
) -> None:
    """Time, role and organisation of a reading outside the own class; the reader's name is nowhere."""
    change("alter table access_entry enable trigger make_openings")
    pupil, school = changing.people["without algebra"], changing.schools["A"]
    deputy, parent = at_school(newcomers, Role.DEPUTY_HEAD, school), parent_of(newcomers, pupil)
    await open_world.ask(f'{{ student(id: "Student:{pupil.id}") {{ birthDate }} }}', deputy)
    await open_world.services.journal.flush()
    change("alter table access_entry disable trigger make_openings")
    asked = "openings(last: 5) { nodes { roles fields special organisation { id } actorId } }"
    answer = await open_world.ask(f'{{ student(id: "Student:{pupil.id}") {{ {asked} }} }}', parent)

    [opening] = answer.data["student"]["openings"]["nodes"]
    assert opening == {
        "roles": ["DEPUTY_HEAD"], "fields": ["Student"], "special": False,
        "organisation": {"id": f"Organisation:{school.id}"}, "actorId": None,
    }  # fmt: skip
    assert [(one["field"], one["reason"]) for one in answer.denied] == [("RecordOpening.actorId", "NO_ROLE")]


async def test_staff_file_grows_by_an_order_where_the_person_works_and_nowhere_else(
    open_world: Door, changing: World, newcomers: Newcomers, ask_owner: Callable[..., list[Any]]
) -> None:
    """The specialist of the school adds; the one of another school is refused; the audit has it without its text."""
    a, b, teacher = changing.schools["A"], changing.schools["B"], changing.people["colleague"]
    entry = {
        "staffMemberId": f"StaffMember:{teacher.id}", "organisationId": f"Organisation:{a.id}", "event": "QUALIFIED",
        "happenedOn": "2026-09-01", "position": " Учитель ", "category": "HIGHEST", "orderNumber": "12-к",
        "orderedOn": "2026-08-30",
    }  # fmt: skip
    made = await done(open_world, at_school(newcomers, Role.HR_SPECIALIST, a), "recordEmployment", **entry)
    foreign = await change_by(open_world, at_school(newcomers, Role.HR_SPECIALIST, b), "recordEmployment", **entry)
    blank = at_school(newcomers, Role.HR_SPECIALIST, a)
    unnamed = await done(open_world, blank, "recordEmployment", **(entry | {"orderNumber": " "}))

    assert made["employment"]["position"] == "Учитель"
    assert [error["extensions"]["code"] for error in foreign.errors] == ["FORBIDDEN"]
    assert codes(unnamed) == ["TEXT_UNFIT"]
    key = made["employment"]["id"].partition(":")[2]
    [[detail]] = ask_owner("select detail::text from audit_entry where object_id = cast(:key as uuid)", key=key)
    assert "12-к" not in detail


async def test_achievement_takes_the_school_and_class_of_its_day(
    open_world: Door, changing: World, newcomers: Newcomers
) -> None:
    """Who moved to another class has the achievement of before in the class of before."""
    operator = at_school(newcomers, Role.TALENT_OPERATOR, changing.schools["A"])
    moved, today = changing.people["moved to 7B"], changing.rows.today
    told = {
        "studentId": f"Student:{moved.id}",
        "kind": "OLYMPIAD",
        "level": "MUNICIPAL",
        "result": "PRIZE",
        "title": "x",
    }
    days = [today - timedelta(days=ago) for ago in (50, 5)]
    found = [await done(open_world, operator, "recordAchievement", **told, happenedOn=str(day)) for day in days]
    before_all = await done(
        open_world, operator, "recordAchievement", **told, happenedOn=str(today - timedelta(days=400))
    )
    ahead = await done(open_world, operator, "recordAchievement", **told, happenedOn=str(today + timedelta(days=2)))

    classes = [changing.classes[name].id for name in ("7A", "7B")]
    assert [one["achievement"]["classGroup"]["id"] for one in found] == [f"ClassGroup:{key}" for key in classes]
    assert (codes(before_all), codes(ahead)) == (["NOT_ENROLLED"], ["DATES"])


async def test_report_on_a_measure_stands_beside_the_earlier_one_and_its_reading_is_recorded_first(
    open_world: Door, changing: World, newcomers: Newcomers, ask_owner: Callable[..., list[Any]]
) -> None:
    """Nothing is written over; special data are in the access journal before the answer is out."""
    person, operator = newcomers.person("a new operator")
    newcomers.grant(person, Role.REHABILITATION_OPERATOR, changing.schools["A"])
    listed = await open_world.ask("{ rehabilitationProgrammes(first: 1) { nodes { id studentName } } }", operator)
    programme = listed.data["rehabilitationProgrammes"]["nodes"][0]["id"]
    special = "select count(*) from access_entry where actor_id = :actor and sensitivity = 3"
    [[recorded]] = ask_owner(special, actor=person)
    planned = await done(
        open_world, operator, "planRehabilitationMeasure", programmeId=programme, name="Логопед", dueOn="2027-01-15"
    )
    reports = [
        await done(
            open_world,
            operator,
            "reportRehabilitationMeasure",
            measureId=planned["measure"]["id"],
            outcome=outcome,
            executedOn="2026-11-01",
        )
        for outcome in ("PARTLY", "DONE")
    ]

    assert recorded == 1
    assert [one["outcome"] for one in reports[-1]["measure"]["reports"]] == ["PARTLY", "DONE"]


async def test_screening_keeps_its_code_through_its_versions_and_needs_a_consent_to_take_part(
    open_world: Door, changing: World, newcomers: Newcomers, change: Callable[..., None]
) -> None:
    """Below 15 it is the guardian's consent; who saw an older version is told; below 13 nobody is asked."""
    specialist = at_school(newcomers, Role.SCREENING_SPECIALIST, changing.schools["A"])
    pupil, today = changing.people["classmate"], changing.rows.today
    entry = {"studentId": f"Student:{pupil.id}", "schoolYear": 2026, "consent": "GIVEN"}
    young = await done(open_world, specialist, "recordScreening", **entry)
    change("update person set birth_date = :born where id = :id", born=today - timedelta(days=13 * 366), id=pupil.id)
    first = await done(open_world, specialist, "recordScreening", **entry)
    stale = await done(open_world, specialist, "recordScreening", **entry)
    took_part = {"version": 1, "participatedOn": str(today)}
    second = await done(open_world, specialist, "recordScreening", **entry, **took_part)
    refused = await done(
        open_world,
        specialist,
        "recordScreening",
        **(entry | {"consent": "REFUSED", "version": 2}),
        participatedOn=str(today),
    )

    assert codes(young) == ["TOO_YOUNG"]
    assert (first["screening"]["version"], first["screening"]["consentBy"]) == (1, "LEGAL_REPRESENTATIVE")
    assert codes(stale) == ["VERSION_CONFLICT"]
    assert (second["screening"]["version"], second["screening"]["participated"]) == (2, True)
    assert second["screening"]["code"] == first["screening"]["code"]
    assert codes(refused) == ["CONSENT_NEEDED"]
