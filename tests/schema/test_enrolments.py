"""The pen of the enrolment operator: a newcomer comes, is taught, moves to another class, leaves; and each refusal."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from api.snils_indexing import index_all
from auth.snils_index import SnilsIndex
from tests.schema.demo import Answer, id_of
from tests.schema.writing import FLAGSHIP, Pen

pytestmark = pytest.mark.anyio

OPERATOR = "enrolment-operator"
ERRORS = "userErrors { code message path }"
PLACE = "enrolment { id validFrom validTo orderNumber endReason student { id displayName } classGroup { id } }"
ANSWER = f"{PLACE} previous {{ id validTo }} studentId groupsLeftOut {{ subjectGroupId subject }} {ERRORS}"
FIND = f"""mutation ($i: FindPersonBySnilsInput!) {{ done: findPersonBySnils(input: $i) {{
  person {{ personId name birthDate learnsAt {{ id }} }} {ERRORS} }} }}"""
LINES = "query ($id: ID!) { journal(id: $id) { lines { studentName leftOn student { id } } } }"
CARD = "query ($id: ID!) { student(id: $id) { displayName birthDate enrolments { id } } }"
NEWCOMER: dict[str, Any] = {
    "classGroupId": id_of("ClassGroup", "class-7a"), "validFrom": "2026-11-16", "orderNumber": "15-з",
    "orderedOn": "2026-11-13", "lastName": "Новосёлов", "firstName": "Пётр", "middleName": "Ильич",
    "birthDate": "2013-04-05", "snils": "900-900-900 61",
}  # fmt: skip
COMES_BACK = NEWCOMER | {"lastName": "Возвратов", "snils": "900-900-901 62"}
IN_GROUPS = NEWCOMER | {"lastName": "Подгруппин", "snils": "900-900-902 63"}
STAYS_SHORT = NEWCOMER | {"lastName": "Краткин", "snils": "900-900-903 64"}
REFUSED = NEWCOMER | {"lastName": "Отказов", "snils": "900-900-904 65"}
ORDER = {"orderNumber": "17-п", "orderedOn": "2026-11-17"}


def document(name: str) -> str:
    """The document of one of the three changes."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation ($i: {kind}!) {{ done: {name}(input: $i) {{ {ANSWER} }} }}"


async def ask(pen: Pen, name: str, viewer: str = OPERATOR, **given: Any) -> Answer:
    """Send a change; what is None is left out."""
    whole = {"clientMutationId": str(uuid4())} | {key: value for key, value in given.items() if value is not None}
    return await pen.demo.query(document(name), {"i": whole}, viewer)


async def do(pen: Pen, name: str, viewer: str = OPERATOR, **given: Any) -> Any:
    """The payload of a change that has one."""
    return (await ask(pen, name, viewer, **given)).data["done"]


async def find(pen: Pen, snils: str, viewer: str = OPERATOR) -> Answer:
    """Look a number up."""
    return await pen.demo.query(FIND, {"i": {"snils": snils}}, viewer)


async def line(pen: Pen, name: str, viewer: str = "teacher", journal: str = FLAGSHIP) -> Any:
    """Somebody's line on a page as a viewer sees it; None without one."""
    page = (await pen.demo.query(LINES, {"id": journal}, viewer)).data["journal"]
    return next((one for one in page["lines"] if one["studentName"] == name), None)


async def card(pen: Pen, student: str, viewer: str) -> Any:
    """A student's card as a viewer sees it."""
    return (await pen.demo.query(CARD, {"id": student}, viewer)).data["student"]


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


def written(pen: Pen) -> list[Any]:
    """How much there is of everything that a change of an enrolment writes."""
    tables = ("person", "enrolment", "subject_group_member", "journal_line", "assignment", "audit_entry")
    return pen.demo.ask("select " + ", ".join(f"(select count(*) from {table})" for table in tables))


@pytest.fixture
def quiet(pen: Pen) -> Iterator[Pen]:
    """A pen whose changes are all refused: nothing at all may be written."""
    before = written(pen)
    yield pen
    assert written(pen) == before


async def test_newcomer_is_enrolled_taught_transferred_withdrawn_and_no_longer_seen(pen: Pen) -> None:
    """Line and pupil come with the first day and go with the class; the page keeps the line with its last day."""
    name = "Новосёлов Пётр Ильич"
    nobody = (await find(pen, NEWCOMER["snils"])).data["done"]
    enrolled = await do(pen, "enrolStudent", **NEWCOMER)
    student, place = enrolled["studentId"], enrolled["enrolment"]["id"]
    taught = await line(pen, name)
    found = (await find(pen, NEWCOMER["snils"])).data["done"]["person"]
    cards = [await card(pen, student, viewer) for viewer in ("teacher", "homeroom-teacher", OPERATOR)]
    roles = pen.demo.ask("select role, valid_to from assignment where person_id = :who", who=student[8:])

    assert (codes(nobody), nobody["person"], codes(enrolled)) == ([], None, [])
    assert enrolled["enrolment"]["student"] == {"id": student, "displayName": name}
    assert (enrolled["enrolment"]["orderNumber"], enrolled["enrolment"]["validTo"]) == ("15-з", None)
    assert taught == {"studentName": name, "leftOn": None, "student": {"id": student}}
    assert [one["birthDate"] for one in cards] == [None, NEWCOMER["birthDate"], NEWCOMER["birthDate"]]
    assert (found["name"], found["learnsAt"]) == (name, [{"id": id_of("Organisation", "school")}])
    assert [tuple(role) for role in roles] == [("STUDENT", None)]

    moved = await do(
        pen, "transferStudent", enrolmentId=place, classGroupId=id_of("ClassGroup", "class-5a"),
        validFrom="2026-11-18", **ORDER,
    )  # fmt: skip
    kept = await line(pen, name)

    assert (codes(moved), moved["previous"]) == ([], {"id": place, "validTo": "2026-11-18"})
    assert moved["enrolment"]["classGroup"] == {"id": id_of("ClassGroup", "class-5a")}
    assert kept == {"studentName": name, "leftOn": "2026-11-17", "student": None}
    assert [await card(pen, student, viewer) for viewer in ("teacher", "homeroom-teacher")] == [None, None]
    assert (await card(pen, student, OPERATOR))["displayName"] == name

    left = await do(
        pen, "withdrawStudent", enrolmentId=moved["enrolment"]["id"], lastDay="2026-11-19", reason="Переезд", **ORDER
    )
    about = {"who": student[8:]}
    open_ended = pen.demo.ask(
        "select count(*) from subject_group_member where student_id = :who and valid_to is null", **about
    )
    [[role_ends]] = pen.demo.ask("select valid_to from assignment where person_id = :who", **about)

    assert (codes(left), left["enrolment"]["validTo"], left["enrolment"]["endReason"]) == ([], "2026-11-20", "Переезд")
    assert left["enrolment"]["student"] is None
    assert [await card(pen, student, viewer) for viewer in (OPERATOR, "deputy-head", "principal")] == [None] * 3
    assert (open_ended[0][0], role_ends) == (0, date(2026, 11, 20))
    assert (await find(pen, NEWCOMER["snils"])).data["done"]["person"]["learnsAt"] == []
    for action in ("begin", "transfer", "end"):
        [[_, role]] = pen.audited(f"student:enrolment:{action}")
        assert role == "ENROLMENT_OPERATOR"
    assert [entry.detail["found"] for entry in pen.audited("person:snils:look_up")] == [False, True, True]


async def test_whoever_comes_back_keeps_the_card_and_the_line(pen: Pen) -> None:
    """Found by the number, named with birth date; without the id a second card is refused, and the line is one."""
    first = await do(pen, "enrolStudent", **COMES_BACK)
    await do(
        pen, "withdrawStudent", enrolmentId=first["enrolment"]["id"], lastDay="2026-11-17", reason="Переезд", **ORDER
    )
    person = (await find(pen, "90090090162")).data["done"]["person"]["personId"]
    again = COMES_BACK | {"validFrom": "2026-11-19"}
    doubled = [
        await do(pen, "enrolStudent", **again),
        await do(pen, "enrolStudent", **again | {"snils": None}),
    ]
    slip = await do(pen, "enrolStudent", **again | {"snils": None, "birthDate": "2013-05-04"}, personId=person)
    back = await do(pen, "enrolStudent", **again | {"snils": None}, personId=person)

    assert [codes(one) for one in doubled] == [["SNILS_KNOWN"], ["STUDENT_KNOWN"]]
    assert codes(slip) == ["NOT_FOUND"]
    assert (codes(back), back["studentId"]) == ([], first["studentId"])
    assert (await line(pen, "Возвратов Пётр Ильич"))["leftOn"] is None


async def test_subject_in_several_groups_is_left_out_until_one_is_named(own_pen: Pen) -> None:
    """The groups that take the whole class need no word; of the others each is told with its id."""
    own_pen.demo.ask(
        "insert into subject_group (organisation_id, class_group_id, subject_id, school_year, name)"
        " select organisation_id, class_group_id, subject_id, school_year, name || ', вторая' from subject_group"
        " where id = :group",
        group=id_of("SubjectGroup", "group-7a-algebra")[13:],
    )
    key = str(uuid4())
    split = await do(own_pen, "enrolStudent", **IN_GROUPS, clientMutationId=key)
    retried = await do(own_pen, "enrolStudent", **IN_GROUPS, clientMutationId=key)
    chosen = id_of("SubjectGroup", "group-7a-algebra")
    named = await do(
        own_pen, "enrolStudent",
        **IN_GROUPS | {"lastName": "Другова", "snils": None, "subjectGroupIds": [chosen]},
    )  # fmt: skip

    assert {one["subject"] for one in split["groupsLeftOut"]} >= {"Алгебра"}
    assert chosen in [one["subjectGroupId"] for one in split["groupsLeftOut"]]
    assert (retried["enrolment"]["id"], retried["groupsLeftOut"]) == (split["enrolment"]["id"], split["groupsLeftOut"])
    assert await line(own_pen, "Подгруппин Пётр Ильич") is None
    assert chosen not in [one["subjectGroupId"] for one in named["groupsLeftOut"]]
    assert (await line(own_pen, "Другова Пётр Ильич"))["student"]["id"] == named["studentId"]


CHILD = {"personId": id_of("Person", "person-child"), "snils": None}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"snils": "900-900-904 66"}, "SNILS_INVALID", "snils"),
        ({"validFrom": "2026-08-31"}, "NOT_IN_SCHOOL_YEAR", "validFrom"),
        ({"validFrom": "2026-10-12"}, "PERIOD_CLOSED", "validFrom"),
        ({"orderedOn": "2026-11-21"}, "DATES", "orderedOn"),
        ({"birthDate": "2026-11-21"}, "BIRTH_DATE_IN_FUTURE", "birthDate"),
        ({"birthDate": "2112-02-01"}, "BIRTH_DATE_IN_FUTURE", "birthDate"),
        ({"birthDate": "1912-02-01"}, "BIRTH_DATE_TOO_EARLY", "birthDate"),
        ({"lastName": "Зайцевский1"}, "NAME_CHARACTER", "lastName"),
        ({"firstName": "Пётр;"}, "NAME_CHARACTER", "firstName"),
        ({"middleName": "Ильич№"}, "NAME_CHARACTER", "middleName"),
        ({"orderNumber": "  "}, "TEXT_UNFIT", "orderNumber"),
        ({"lastName": "я" * 101}, "TEXT_TOO_LONG", "lastName"),
        ({"classGroupId": id_of("ClassGroup", "class-second-school")}, "NOT_FOUND", "classGroupId"),
        ({"subjectGroupIds": [id_of("SubjectGroup", "group-published")]}, "NOT_FOUND", "subjectGroupIds"),
        (CHILD, "NOT_FOUND", "personId"),
        ({"personId": id_of("Person", "person-child")}, "SNILS_OF_NEWCOMER", "snils"),
        ({"personId": id_of("Person", "person-enrolment-operator")}, "OWN_ENROLMENT", "personId"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
async def test_enrolment_is_refused(changes: dict[str, Any], code: str, field: str, quiet: Pen) -> None:
    """Each with its code and the field that it is about; nothing is written."""
    answer = await do(quiet, "enrolStudent", **REFUSED | changes)

    assert [(one["code"], one["path"]) for one in answer["userErrors"]] == [(code, ["input", field])]


@pytest.mark.parametrize(
    "viewer", ["teacher", "deputy-head", "org-admin", "municipal-coordinator", "legal-representative"]
)
async def test_nobody_else_enrols_or_looks_up(viewer: str, quiet: Pen) -> None:
    """Who sees the class is told FORBIDDEN, who does not that there is none."""
    enrolling = await ask(quiet, "enrolStudent", viewer, **REFUSED)
    looking = await find(quiet, REFUSED["snils"], viewer)

    assert enrolling.codes == ["FORBIDDEN"] or codes(enrolling.data["done"]) == ["NOT_FOUND"]
    assert looking.codes == ["FORBIDDEN"]


async def test_place_is_ended_once_on_days_that_it_has(pen: Pen) -> None:
    """Another organisation's class, the same class, a day before the first one, an end that stands already."""
    place = (await do(pen, "enrolStudent", **STAYS_SHORT))["enrolment"]["id"]
    to = {"enrolmentId": place, "validFrom": "2026-11-18", **ORDER}
    out = {"enrolmentId": place, "lastDay": "2026-11-19", "reason": "Переезд", **ORDER}
    class_7a, class_5a = (id_of("ClassGroup", one) for one in ("class-7a", "class-5a"))
    before = written(pen)
    refused = [
        await do(pen, "transferStudent", **to, classGroupId=class_7a),
        await do(pen, "transferStudent", **to | {"validFrom": "2026-11-16"}, classGroupId=class_5a),
        await do(pen, "transferStudent", **to, classGroupId=id_of("ClassGroup", "class-second-school")),
        await do(pen, "withdrawStudent", **out | {"lastDay": "2026-11-15"}),
        await do(pen, "withdrawStudent", **out | {"lastDay": "2027-09-01"}),
        await do(pen, "withdrawStudent", **out | {"reason": " "}),
        await do(pen, "enrolStudent", **STAYS_SHORT | {"snils": None}),
    ]
    unchanged = written(pen) == before
    forbidden = await ask(pen, "withdrawStudent", "homeroom-teacher", **out)
    await do(pen, "withdrawStudent", **out)

    assert [codes(one)[0] for one in refused] == [
        "SAME_CLASS", "DATES", "NOT_FOUND", "DATES", "NOT_IN_SCHOOL_YEAR", "TEXT_UNFIT", "STUDENT_KNOWN",
    ]  # fmt: skip
    assert (unchanged, forbidden.codes) == (True, ["FORBIDDEN"])
    assert codes(await do(pen, "withdrawStudent", **out)) == ["ALREADY_ENDED"]


async def test_student_of_another_school_is_found_and_enrolled_when_that_school_has_let_go(pen: Pen) -> None:
    """The answer tells who and where, the family sees the look-up, and the main place is one."""
    [row] = pen.demo.ask(
        "select p.id, p.snils, p.last_name, p.first_name, p.middle_name, p.birth_date, e.id as place from person p"
        " join enrolment e on e.student_id = p.id where e.class_group_id = :other and e.kind = 'MAIN'"
        " and p.snils is not null order by p.id limit 1",
        other=id_of("ClassGroup", "class-second-school")[11:],
    )
    found = (await find(pen, row.snils)).data["done"]["person"]
    named = NEWCOMER | {
        "personId": found["personId"], "snils": None, "lastName": row.last_name, "firstName": row.first_name,
        "middleName": row.middle_name, "birthDate": str(row.birth_date),
    }  # fmt: skip
    held = await do(pen, "enrolStudent", **named)
    pen.demo.ask("update enrolment set valid_to = '2026-11-16' where id = :place", place=row.place)
    taken = await do(pen, "enrolStudent", **named)
    await pen.demo.flush()
    opened = pen.demo.ask("select roles, fields from record_opening where person_id = :who", who=row.id)

    assert (found["personId"], found["birthDate"]) == (f"Person:{row.id}", str(row.birth_date))
    assert len(found["learnsAt"]) == 1
    assert found["learnsAt"] != [{"id": id_of("Organisation", "school")}]
    assert (codes(held), codes(taken)) == (["ENROLLED_ELSEWHERE"], [])
    assert [one.roles for one in opened if "FoundPerson.name" in one.fields] == [["ENROLMENT_OPERATOR"]]


async def test_numbers_are_not_tried_one_after_the_other(own_pen: Pen) -> None:
    """A number that is none costs nothing; ten that nobody has end the hour, also for a number that somebody has."""
    wrong = (await find(own_pen, "900-900-900 62")).data["done"]
    for number in range(10):
        assert (await find(own_pen, f"000-000-99{number} 00")).data["done"]["person"] is None
    spent = await find(own_pen, NEWCOMER["snils"])

    assert codes(wrong) == ["SNILS_INVALID"]
    assert spent.codes == ["RATE_LIMITED"]
    assert 0 < spent.errors[0]["extensions"]["retryAfter"] <= 3600
    assert len(own_pen.audited("person:snils:look_up")) == 10


async def test_every_stored_number_has_its_hash_and_an_amended_one_loses_it(pen: Pen) -> None:
    """The server fills them; whoever writes a number past it leaves none that would lie, until the next filling."""
    missing = "select count(*) from person where snils is not null and snils_index is null"
    services = pen.demo.app.state.services
    await index_all(services.engine, services.snils)
    [stored] = pen.demo.ask("select snils, snils_index from person where snils is not null order by id limit 1")
    [[numbers]] = pen.demo.ask("select count(snils) from person")
    [[unindexed]] = pen.demo.ask(missing)
    pen.demo.ask("update person set snils = '900-900-905 66' where snils = :number", number=stored.snils)

    assert (unindexed, bytes(stored.snils_index)) == (0, services.snils.hash(stored.snils))
    assert pen.demo.ask(missing)[0][0] == 1
    assert [await index_all(services.engine, index) for index in (services.snils, SnilsIndex("x" * 40))] == [1, numbers]
    assert await index_all(services.engine, services.snils) == numbers
