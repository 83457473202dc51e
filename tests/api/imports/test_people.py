"""People of a school come in from the table that a deputy head has: recognised, never merged in silence."""

from typing import Any

import pytest

from api.seed.people import synthetic_snils
from tests.api.imports.bringing import bring_in, codes, counts, lines, look, queued, workbook
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

DEPUTY, PEOPLE = "deputy-head", "PEOPLE"
STUDENTS = ("ФИО", "Дата рождения", "Пол", "Класс", "СНИЛС", "Родитель 1", "Родитель 1 степень", "Родитель 1 телефон")
TABLES = ("person", "enrolment", "guardianship", "assignment", "staff_position", "class_group")


def stored(demo: Demo) -> dict[str, int]:
    return {table: int(demo.ask(f"select count(*) from {table}")[0][0]) for table in TABLES}


def more(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """What was added, table by table."""
    return {table: after[table] - before[table] for table in TABLES if after[table] != before[table]}


def pupil(demo: Demo) -> Any:
    """A student of 7А with everything that a table has of them."""
    [row] = demo.ask(
        "select p.*, g.last_name || ' ' || g.first_name || ' ' || g.middle_name as parent, g.phone as parent_phone"
        " from person p join enrolment e on e.student_id = p.id join guardianship s on s.student_id = p.id"
        " join person g on g.id = s.guardian_id where e.class_group_id = :group and e.kind = 'MAIN'"
        " and e.valid_to is null and p.provenance = 'SYNTHETIC' and g.provenance = 'SYNTHETIC'"
        " and (select count(*) from guardianship o where o.student_id = p.id) = 1 order by p.id limit 1",
        group=id_of("ClassGroup", "class-7a")[11:],
    )
    return row


def as_row(row: Any, **changes: str) -> list[str]:
    known = {
        "name": f"{row.last_name} {row.first_name} {row.middle_name}",
        "born": row.birth_date.strftime("%d.%m.%Y"),
        "gender": "ж" if row.gender == "FEMALE" else "м",
        "class": "7 а",
        "snils": row.snils,
        "parent": row.parent,
        "kind": "мать",
        "phone": row.parent_phone,
    }
    return list((known | changes).values())


async def bring(
    demo: Demo, *rows: Any, header: Any = STUDENTS, mode: str = "ROW_BY_ROW", **given: Any
) -> dict[str, Any]:
    return await bring_in(demo, lines(header, *rows, encoding="cp1251"), PEOPLE, DEPUTY, mode=mode, **given)


async def test_new_student_is_entered_with_place_parent_and_the_roles_that_follow(demo: Demo) -> None:
    """Person, enrolment, guardianship; STUDENT for the child, LEGAL_REPRESENTATIVE for the parent, nothing else."""
    before = stored(demo)
    row = [
        "НОВИКОВА анна Тестовна",
        "5 мая 2013 г.",
        "жен.",
        "7-А",
        "",
        "Новикова Вера Ильинична",
        "мать",
        "8 000 7770001",
    ]
    run = await bring(demo, row)
    student = run["rows"]["nodes"][0]["objectId"][8:]
    [card] = demo.ask("select * from person where id = :id", id=student)
    roles = demo.ask(
        "select role, reach, granted_by_id is not null as named from assignment where person_id = :id or person_id in"
        " (select guardian_id from guardianship where student_id = :id) order by role",
        id=student,
    )

    assert counts(run) == {"created": 1, "warned": 1}
    assert codes(run["rows"]["nodes"][0]) == ["PLACED", "GROUPS_LEFT_OUT"]
    assert more(before, stored(demo)) == {"person": 2, "enrolment": 1, "guardianship": 1, "assignment": 2}
    assert (card.last_name, card.first_name, card.gender, str(card.birth_date)) == (
        "Новикова", "Анна", "FEMALE", "2013-05-05",
    )  # fmt: skip
    assert [tuple(role) for role in roles] == [("LEGAL_REPRESENTATIVE", "CHILDREN", True), ("STUDENT", "SELF", True)]


async def test_repeating_a_table_doubles_nobody(demo: Demo) -> None:
    """The same rows again, also as a workbook with dates of Excel: everybody is found as they are."""
    parent = ["Повторова Ольга Ильинична", "мать", "+70007770002"]
    rows = [
        ["Повторов Иван Тестович", "02.03.2013", "м", "7А", synthetic_snils(900_001), *parent],
        ["Повторов Пётр Тестович", "02.03.2013", "м", "7А", "", *parent],
    ]  # fmt: skip
    first = await bring(demo, *rows)
    before = stored(demo)
    again = await bring(demo, *rows)
    serial = [[row[0], 41335, *row[2:]] for row in rows]
    third = await bring_in(demo, workbook(STUDENTS, *serial), PEOPLE, DEPUTY, mode="ROW_BY_ROW", name="класс.xlsx")

    assert counts(first) == {"created": 2, "warned": 2}
    assert [counts(run) for run in (again, third)] == [{"unchanged": 2}, {"unchanged": 2}]
    assert stored(demo) == before


async def test_brothers_share_the_parent_whose_name_and_phone_are_the_same(demo: Demo) -> None:
    """Guardians are told from their namesakes by a contact; a namesake without one is kept apart and told."""
    before = stored(demo)
    run = await bring(
        demo,
        ["Братов Иван Тестович", "02.03.2012", "м", "7А", "", "Братова Инна Ильинична", "мать", "8(000)777-00-03"],
        ["Братов Олег Тестович", "02.03.2013", "м", "7А", "", "Братова Инна Ильинична", "мать", "+7 000 777 00 03"],
        ["Чужов Олег Тестович", "02.03.2013", "м", "7А", "", "Братова Инна Ильинична", "мать", "+7 000 777 00 99"],
    )
    added = more(before, stored(demo))

    assert counts(run) == {"created": 3, "warned": 3}
    assert (added["person"], added["guardianship"]) == (5, 3)
    assert codes(run["rows"]["nodes"][2]) == ["PLACED", "POSSIBLE_DUPLICATE", "GROUPS_LEFT_OUT"]


async def test_known_student_is_recognised_by_snils_and_by_name_with_birth_date(demo: Demo) -> None:
    """Both ways lead to the same person; nothing is written."""
    known, before = pupil(demo), stored(demo)
    runs = [await bring(demo, as_row(known)), await bring(demo, as_row(known, snils=""))]

    assert [codes(run["rows"]["nodes"][0]) for run in runs] == [[], []]
    assert [counts(run) for run in runs] == [{"unchanged": 1}] * 2
    assert {run["rows"]["nodes"][0]["objectId"] for run in runs} == {f"Student:{known.id}"}
    assert stored(demo) == before


@pytest.mark.parametrize(
    "changes", [{"name": "Совсемдругая Анна Ильинична"}, {"born": "01.01.2001"}, {"snils": synthetic_snils(900_777)}]
)
async def test_person_who_agrees_only_in_part_waits_for_a_decision(changes: dict[str, str], demo: Demo) -> None:
    """The same SNILS under another name or birth date, the same name and day with another SNILS: FLAGGED."""
    before = stored(demo)
    run = await bring(demo, as_row(pupil(demo), **changes))

    assert counts(run) == {"flagged": 1}
    assert codes(run["rows"]["nodes"][0]) == ["POSSIBLE_DUPLICATE"]
    assert stored(demo) == before


async def test_dirty_rows_are_kept_aside_with_their_reasons_and_as_they_stood(demo: Demo) -> None:
    """Every kind of dirt has its code. What tells who a child is keeps the row out; a number, a contact or a
    representative that cannot be read is left out with a warning, and the child comes in.
    """
    before = stored(demo)
    bad = "112-233-445 96"  # 95 would fit
    run = await bring(
        demo,
        ["Грязнов Иван Тестович", "31.02.2013", "м", "7А", "", "", "", ""],
        ["=CMD()", "01.02.2013", "м", "7А", "", "", "", ""],
        ["Грязнов", "01.02.2013", "м", "7А", "", "", "", ""],
        ["Грязнов Пётр Тестович", "01.02.2013", "муж", "77Ъ", "", "", "", ""],
        ["Грязнов Олег Тестович", "01.02.2013", "м", "11Я", "", "", "", ""],
        ["Грязнов Глеб Тестович", "01.02.2013", "м", "7А", "12345", "Грязнова Анна Ильинична", "бабушка", "12"],
        ["Чистов Глеб Тестович", "01.02.2013", "м", "7А", bad, "", "", ""],
        ["Чистов Глеб Тестович", "01.02.2013", "м", "7А", "", "", "", ""],
    )
    rows = run["rows"]["nodes"]

    assert [codes(row) for row in rows] == [
        ["DATE_UNREADABLE"],
        ["FORMULA"],
        ["NAME_UNREADABLE"],
        ["CLASS_UNREADABLE"],
        ["CLASS_UNKNOWN"],
        ["SNILS_UNREADABLE", "RELATION_UNKNOWN", "PHONE_UNREADABLE", "GUARDIAN_LEFT_OUT", "PLACED", "GROUPS_LEFT_OUT"],
        ["SNILS_CHECK_FAILED", "PLACED", "GROUPS_LEFT_OUT"],
        ["ROW_REPEATED"],
    ]
    assert counts(run) == {"created": 2, "rejected": 6, "warned": 2}
    assert more(before, stored(demo)) == {"person": 2, "enrolment": 2, "assignment": 2}
    assert rows[5]["source"]["cells"][6] == "бабушка"


async def test_class_is_made_only_when_that_is_asked_for(demo: Demo) -> None:
    """A typing error makes no class; with createClasses two students share the new one."""
    before = stored(demo)
    rows = [[f"Классов {name} Тестович", "01.02.2010", "м", "10Щ", "", "", "", ""] for name in ("Иван", "Олег")]
    refused = await bring(demo, *rows)
    made = await bring(demo, *rows, options={"createClasses": True})

    assert (counts(refused), counts(made)) == ({"rejected": 2}, {"created": 2})
    assert more(before, stored(demo))["class_group"] == 1


async def test_student_of_another_class_moves_only_when_overwriting_is_asked_for(demo: Demo) -> None:
    """The old place ends on the day on which the new one begins."""
    known = pupil(demo)
    refused = await bring(demo, as_row(known, **{"class": "8А"}))
    moved = await bring(demo, as_row(known, **{"class": "8А"}), overwrite=True)
    places = demo.ask(
        "select c.name, e.valid_to from enrolment e join class_group c on c.id = e.class_group_id"
        " where e.student_id = :id order by e.valid_from",
        id=str(known.id),
    )
    back = demo.ask("select count(*) from enrolment where student_id = :id", id=str(known.id))

    assert codes(refused["rows"]["nodes"][0]) == ["ENROLLED_IN_OTHER_CLASS"]
    assert codes(moved["rows"]["nodes"][0])[:1] == ["MOVED"]
    assert counts(moved)["changed"] == 1
    assert [(place.name, place.valid_to is None) for place in places] == [("7А", False), ("8А", True)]
    assert back[0][0] == 2


async def test_detail_entered_otherwise_is_changed_only_when_overwriting_is_asked_for(demo: Demo) -> None:
    """A parent's new phone: HAND_SET, then CHANGED. A guardian already of the child is never added again."""
    known = pupil(demo)
    changed = as_row(known, phone="+7 000 111-22-33")
    class_now = demo.ask(
        "select c.name from enrolment e join class_group c on c.id = e.class_group_id"
        " where e.student_id = :id and e.valid_to is null",
        id=str(known.id),
    )[0][0]
    changed[3] = class_now
    refused = await bring(demo, changed)
    done = await bring(demo, changed, overwrite=True)

    assert codes(refused["rows"]["nodes"][0]) == ["HAND_SET"]
    assert counts(done) == {"changed": 1}


async def test_staff_come_in_without_any_role(demo: Demo) -> None:
    """A position is shown to colleagues; pedagogic roles are granted by people, never by a file."""
    before = stored(demo)
    header = ("Фамилия", "Имя", "Отчество", "Должность", "Дата рождения")
    row = ["Кадров", "Олег", "Тестович", "Учитель физики", "01.09.1980"]
    run = await bring(demo, row, header=header)
    added = more(before, stored(demo))
    again = await bring(demo, row, header=header)

    assert (counts(run), counts(again)) == ({"created": 1}, {"unchanged": 1})
    assert added == {"person": 1, "staff_position": 1}


async def test_nobody_makes_themselves_somebodys_representative(demo: Demo) -> None:
    """The importer as a parent: the row is refused, whoever the child is."""
    [own] = demo.ask("select * from person where id = :id", id=id_of("Person", "person-deputy-head")[7:])
    name = " ".join(part for part in (own.last_name, own.first_name, own.middle_name) if part)
    before = stored(demo)
    row = ["Хитров Олег Тестович", "02.03.2013", "м", "7А", "", name, "мать", own.phone]
    run = await bring(demo, row)

    assert codes(run["rows"]["nodes"][0]) == ["OWN_FAMILY"]
    assert stored(demo) == before


async def test_student_enrolled_at_another_school_stays_there_until_it_ends_the_place(demo: Demo) -> None:
    """Known by SNILS across schools; nothing of the card is told, nothing is taken over."""
    [other] = demo.ask(
        "select p.* from person p join enrolment e on e.student_id = p.id where e.organisation_id = :place"
        " and e.kind = 'MAIN' and not exists (select from enrolment o where o.student_id = p.id and o.id <> e.id)"
        " order by p.id limit 1",
        place=id_of("Organisation", "second-school")[13:],
    )
    before = stored(demo)
    name = f"{other.last_name} {other.first_name} {other.middle_name}"
    run = await bring(demo, [name, other.birth_date.isoformat(), "", "7А", other.snils, "", "", ""])

    assert codes(run["rows"]["nodes"][0]) == ["ENROLLED_ELSEWHERE"]
    assert run["rows"]["nodes"][0]["objectId"] is None
    assert stored(demo) == before


async def test_coordinator_of_the_region_sees_that_it_was_done_and_nobody_in_it(demo: Demo) -> None:
    """import:see reaches down the tree, the rows about people do not."""
    run = await queued(demo, lines(STUDENTS, ["Виднов Олег", "", "", "7А", "", "", "", ""]), PEOPLE, DEPUTY)
    await demo.app.state.imports.drain()
    seen = await look(demo, run, "regional-coordinator")
    text = str(seen)

    assert seen["status"] == "REFUSED"
    assert seen["rows"]["nodes"][0]["source"] is None
    assert "Виднов" not in text


async def test_table_without_a_class_or_a_position_fails_with_its_reason(demo: Demo) -> None:
    """Nothing is guessed: COLUMN_MISSING."""
    run = await bring_in(demo, lines(["ФИО"], ["Иванов Иван"]), PEOPLE, DEPUTY)

    assert (run["status"], run["failureCode"]) == ("FAILED", "COLUMN_MISSING")
