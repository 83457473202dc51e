"""Persons of the demo: marked synthetic, with numbers and addresses that nobody has."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from uuid import UUID

from api.seed.names import Name
from domain.identifiers import format_snils, snils_check_number
from domain.records.organisations import Provenance
from domain.records.users import Gender, Person

# SNILS up to 001-001-998 were never issued to anybody; the first hundreds belong to the people of people.toml.
FIRST_NUMBER = 1000


class Population:
    """Makes persons, each with a number of their own."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(FIRST_NUMBER)

    def born(self, person_id: UUID, name: Name, gender: Gender, birth_date: date) -> Person:
        """Make a person; phone, e-mail and SNILS follow from their number."""
        number = next(self._numbers)
        return Person(
            id=person_id,
            last_name=name.last,
            first_name=name.first,
            middle_name=name.middle,
            birth_date=birth_date,
            gender=gender,
            snils=synthetic_snils(number),
            phone=synthetic_phone(number),
            email=f"person-{number}@example.org",
            provenance=Provenance.SYNTHETIC,
        )


def synthetic_snils(number: int) -> str:
    """Make a SNILS from a number below 1001998, with the check digits it would have."""
    nine = f"{number:09}"
    return format_snils(nine + snils_check_number(nine))


def synthetic_phone(number: int) -> str:
    """Make a phone number under a code that no operator has."""
    seven = f"{number:07}"
    return f"+7 000 {seven[:3]}-{seven[3:5]}-{seven[5:]}"


def birth_date_in_grade(dice: Random, grade: int, school_year: int) -> date:
    """Draw the birth date of a pupil: seven years old in the first grade, give or take."""
    return date(school_year - grade - 7, 12, 1) + timedelta(days=dice.randrange(365))


def birth_date_of_adult(dice: Random, today: date) -> date:
    """Draw the birth date of somebody at the age of parents and teachers: 36 to 56."""
    return date(today.year - 56, 1, 1) + timedelta(days=dice.randrange(20 * 365))


def full_name(person: Person) -> str:
    """Give the name as it stands in a journal: last, first."""
    return f"{person.last_name} {person.first_name}"
