"""Demo people: who can sign in at the stand-in. Invented; shown in development mode only."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from auth.provider.person import Person
from domain import clock
from domain.periods import school_year_of

ZONE = ZoneInfo("Asia/Krasnoyarsk")


@dataclass(frozen=True)
class DemoPerson(Person):
    """A person with the key by which documents and commands name them, and what they show.

    `login` and `passphrase` are there for a child only, who signs in by the child form.
    """

    key: str
    title: str
    shows: str
    login: str | None = None
    passphrase: str | None = None


def load_people(school_year: int | None = None) -> dict[str, DemoPerson]:
    """All demo people by key, in the order of the file, as old as they are in a school year (by default in this one).

    Raises ValueError when an oid or SNILS occurs twice.
    """
    return _people(school_year or school_year_of(clock.today(ZONE)))


@cache
def _people(school_year: int) -> dict[str, DemoPerson]:
    tables = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
    people = {key: _person(key, table, school_year) for key, table in tables.items()}
    for name in ("oid", "snils"):
        values = [getattr(person, name) for person in people.values()]
        if len(set(values)) != len(values):
            raise ValueError(f"Two demo people have the same {name}.")
    return people


def _person(key: str, table: dict[str, Any], school_year: int) -> DemoPerson:
    """A child stays in the class whose part it plays, whatever year it is: its birth date moves with the years."""
    born: date = table["birth_date"]
    if "school_year" in table:
        born = born.replace(year=born.year + school_year - table["school_year"])
    given = {name: value for name, value in table.items() if name != "school_year"}
    return DemoPerson(key=key, **given | {"birth_date": born})
