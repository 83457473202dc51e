"""People of the large invented schools: four for each, made from the school's number. Development mode only.

They exist whether a region is loaded or not; where it is not, our database does not know them.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from auth.provider.people import DemoPerson
from domain.identifiers import format_snils, snils_check_number

LAST_SCHOOL = 9999
FIRST_SNILS = 900_000
FIRST_NAMES = ("Алина", "Вера", "Галина", "Дарья", "Ева", "Жанна", "Зоя", "Инна", "Кира", "Лада", "Мария", "Нина")
KEY = re.compile(r"school-([1-9][0-9]{0,3})-(teacher|student|parent|deputy-head)")
OID = re.compile(r"1001([0-9]{5})([1-4])")


class Part(NamedTuple):
    """What somebody is at their school."""

    key: Literal["teacher", "student", "parent", "deputy-head"]
    last_name: str
    birth_date: date
    title: str
    shows: str


PARTS = (
    Part("teacher", "Предметова", date(1983, 2, 11), "Учитель алгебры", "Ведёт журналы большой школы."),
    Part("student", "Семейкина", date(2011, 9, 15), "Ученица", "Видит свои отметки за год."),
    Part("parent", "Семейкина", date(1982, 6, 3), "Законный представитель", "Видит отметки ребёнка за год."),
    Part("deputy-head", "Завучева", date(1974, 8, 22), "Заместитель директора", "Видит все журналы большой школы."),
)


def school_people(number: int) -> Iterator[DemoPerson]:
    """Make the four people of a school, by its number from 1: teacher, student, her mother, deputy head."""
    for place, part in enumerate(PARTS, start=1):
        nine = f"{FIRST_SNILS + 4 * number + place:09}"
        yield DemoPerson(
            oid=f"1001{number:05}{place}",
            last_name=part.last_name,
            first_name=FIRST_NAMES[(number + place) % len(FIRST_NAMES)],
            middle_name="Тестовна",
            birth_date=part.birth_date,
            gender="female",
            snils=format_snils(nine + snils_check_number(nine)),
            trusted=True,
            level="PR",
            key=f"school-{number}-{part.key}",
            title=f"{part.title} школы № {number}",
            shows=part.shows,
        )


def school_person(key_or_oid: str) -> DemoPerson | None:
    """Find one of them by key (`school-3-teacher`) or number; None for anybody else."""
    match = KEY.fullmatch(key_or_oid) or OID.fullmatch(key_or_oid)
    number = int(match[1]) if match else 0
    if not 1 <= number <= LAST_SCHOOL:
        return None
    return next((person for person in school_people(number) if key_or_oid in {person.key, person.oid}), None)
