"""Students who come and move, through both doors: what each says of them, and where they stand then."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tests.api.imports.bringing import bring_in, lines
from tests.doors.ground import DEPUTY, OPERATOR, SCHOOL, Sides
from tests.schema.demo import Demo

ENROL = "mutation ($i: EnrolStudentInput!) { done: enrolStudent(input: $i) { userErrors { code } } }"
TRANSFER = "mutation ($i: TransferStudentInput!) { done: transferStudent(input: $i) { userErrors { code } } }"
HEADER = ("ФИО", "Дата рождения", "Пол", "Класс", "СНИЛС")
CLASSES = (
    "select c.id, c.name, c.grade_level || c.letter as printed from class_group c where c.organisation_id = :school"
    " and c.school_year = 2026 order by c.name"
)
STUDENTS = (
    "select p.id, p.last_name, p.first_name, p.middle_name, p.birth_date, p.snils, e.id as place, e.class_group_id,"
    " e.organisation_id from person p join enrolment e on e.student_id = p.id and e.kind = 'MAIN'"
    " where (e.valid_to is null) and p.birth_date is not null and p.snils is not null and p.middle_name is not null"
    " and (select count(*) from enrolment o where o.student_id = p.id and o.valid_to is null) = 1"
    " and p.provenance in ('SYNTHETIC', 'ENTERED') order by p.id"
)
STANDS = (
    "select 'place' as kind, {who} as who, e.class_group_id::text as a, e.kind as b, e.valid_from, e.valid_to,"
    " null::text as c, null::text as d from enrolment e join person p on p.id = e.student_id"
    " union all select 'member', {who}, m.subject_group_id::text, m.class_group_id::text, m.valid_from, m.valid_to,"
    " null, null from subject_group_member m join person p on p.id = m.student_id"
    " union all select 'line', {who}, l.journal_id::text, l.class_group_id::text, l.joined_on, l.left_on,"
    " l.number::text || ' ' || l.student_name, l.away::text from journal_line l join person p on p.id = l.student_id"
    " union all select 'role', {who}, a.role, a.reach, a.valid_from, a.valid_to, (a.ended_at is null)::text, null"
    " from assignment a join person p on p.id = a.person_id where a.role = 'STUDENT'"
).format(who="p.last_name || ' ' || p.first_name || ' ' || coalesce(p.birth_date::text, '')")


@dataclass(frozen=True)
class Wish:
    """Somebody who is to be in a class from a day on: a newcomer, or a student whom somebody knows."""

    name: tuple[str, str, str]
    born: date
    group: Any
    known: Any | None = None


def some_wishes(dice: random.Random, known: list[Any], classes: list[Any], most: int, number: int) -> list[Wish]:
    """Newcomers, students of the school for another class or their own, students of other schools."""
    found = []
    for place, row in enumerate(dice.sample(known, min(most, len(known)))):
        if dice.random() < 0.4:
            word = _word(number * 100 + place)
            found.append(
                Wish((word, "Анна", "Тестовна"), date(2012, 1 + place % 12, 1 + number % 28), dice.choice(classes))
            )
        else:
            name = (row.last_name, row.first_name, row.middle_name)
            found.append(Wish(name, row.birth_date, dice.choice(classes), row))
    return found


def _word(number: int) -> str:
    """A last name that nobody else has."""
    letters = "абвгдежзиклмнопр"
    return "Двер" + "".join(letters[int(digit, 16)] for digit in f"{number:x}") + "ова"


def a_day(dice: random.Random) -> date:
    """A first day: of this quarter or the one before, of the next year, too early."""
    return date(2026, 11, 9) + timedelta(days=dice.choice((-80, -30, *range(25), 300)))


async def write(sides: Sides, day: date, wishes: list[Wish]) -> tuple[list[set[str]], list[set[str]]]:
    """Have the wishes through both doors. Gives the codes that each says of everybody."""
    return [await _by_pen(sides.pen, day, wish) for wish in wishes], await _by_file(sides.file, day, wishes)


async def _by_pen(demo: Demo, day: date, wish: Wish) -> set[str]:
    order = {"orderNumber": "1-д", "orderedOn": "2026-09-01", "intoClosedPeriod": True, "validFrom": str(day)}
    asked = order | {"clientMutationId": str(uuid4()), "classGroupId": f"ClassGroup:{wish.group.id}"}
    known = wish.known
    if known is not None and str(known.organisation_id) == SCHOOL[13:]:
        document = TRANSFER
        asked |= {"enrolmentId": f"Enrolment:{known.place}"}
    else:
        document = ENROL
        last, first, middle = wish.name
        asked |= {"lastName": last, "firstName": first, "middleName": middle, "birthDate": str(wish.born)}
        asked |= {"gender": "FEMALE"} if known is None else {"personId": f"Person:{known.id}"}
    payload = (await demo.query(document, {"i": asked}, OPERATOR)).data["done"]
    # A file lists who is where: that somebody is there already is no mistake of it.
    return {one["code"] for one in payload["userErrors"]} - {"SAME_CLASS"}


async def _by_file(demo: Demo, day: date, wishes: list[Wish]) -> list[set[str]]:
    rows = [
        [" ".join(wish.name), str(wish.born), "ж", wish.group.printed, wish.known.snils if wish.known else ""]
        for wish in wishes
    ]
    options = {"validFrom": str(day), "schoolYear": 2026}
    run = await bring_in(
        demo, lines(HEADER, *rows), "PEOPLE", DEPUTY, mode="ROW_BY_ROW", overwrite=True, options=options
    )
    if run["status"] != "DONE":
        return [{run["failureCode"] or run["status"]}] * len(rows)
    return [{one["code"] for one in node["issues"] if one["fatal"]} for node in run["rows"]["nodes"]]


def stands(demo: Demo) -> Counter[Any]:
    """Places, groups, lines and roles of everybody, without the ids that each side gives by itself."""
    return Counter(tuple(row) for row in demo.ask(STANDS))
