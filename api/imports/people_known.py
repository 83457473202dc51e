"""Who is known already: people of the school, those whom a SNILS tells, their classes, roles and representatives."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.class_names import ClassName
from domain.imports.cells import plain_phone
from domain.imports.people import PersonRow
from domain.person_names import FullName
from domain.text import folded
from domain.writing.enrolments import ClassFacts, Held, class_facts, held_of
from domain.writing.refusals import Refused
from schema.engine.statements import Statements
from schema.enrolments.moves import Wanted, in_the_way, lock_students

BY_SNILS = text("select * from vhod.known_by_snils(cast(:asked as jsonb), :organisation)")
BY_NAME = text(
    "select p.* from person p where (fold_text(p.last_name || ' ' || p.first_name) = any(:folds)"
    " or p.id = any(:ids)) and p.id in (select vhod.people_in_reach('people:import'))"
)
CLASSES = text("select * from class_group where organisation_id = :organisation and school_year = :year")
ENROLMENTS = text(
    "select * from enrolment where organisation_id = :organisation"
    " and student_id = any(:ids) and kind = 'MAIN' and (valid_to is null or valid_to > :day) order by valid_from"
)
GUARDIANS = text(
    "select g.student_id, p.* from guardianship g join person p on p.id = g.guardian_id"
    " where (g.student_id = any(:ids) or g.guardian_id = any(:ids)) and (g.valid_to is null or g.valid_to > :day)"
)
POSITIONS = text(
    "select person_id, title from staff_position where organisation_id = :organisation and person_id = any(:ids)"
    " and (valid_to is null or valid_to > :day)"
)
ROLES = text(
    "select person_id, role from assignment where organisation_id = :organisation and person_id = any(:ids)"
    " and role in ('STUDENT', 'LEGAL_REPRESENTATIVE') and ended_at is null and (valid_to is null or valid_to > :day)"
)


@dataclass(frozen=True)
class When:
    """The days of a run: today at the school, the school year of its classes, the first day of new places."""

    today: date
    school_year: int
    valid_from: date


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody known, or about to be. `visible`: the card may be read; `agrees`: name and birth date fit the SNILS."""

    id: UUID
    name: FullName
    middle_name: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    snils: str | None = None
    phone: str | None = None
    email: str | None = None
    visible: bool = True
    agrees: bool = True

    def has(self, detail: str, value: Any) -> bool:
        """Whether the card says the same already; spaces, brackets, case and ё do not make a difference."""
        ours = getattr(self, detail)
        return ours is not None and _plain(detail, ours) == _plain(detail, value)


def _plain(detail: str, value: Any) -> Any:
    if detail == "phone":
        return plain_phone(value)
    return folded(value) if isinstance(value, str) else value


@dataclass
class KnownPeople:
    """What rows of a batch may be about. Grows while rows are taken in: a brother finds the parents of his sister."""

    people: dict[UUID, Person] = field(default_factory=dict)
    numbers: Mapping[str, Sequence[Person]] = field(default_factory=dict)
    classes: dict[ClassName, ClassFacts] = field(default_factory=dict)
    enrolments: Mapping[UUID, Held] = field(default_factory=dict)
    in_the_way: Mapping[UUID, Refused] = field(default_factory=dict)
    guardians: dict[UUID, list[Person]] = field(default_factory=lambda: defaultdict(list))
    positions: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    roles: set[tuple[UUID, str]] = field(default_factory=set)

    def by_snils(self, snils: str | None) -> Sequence[Person]:
        """Whoever has this number, anywhere."""
        return self.numbers.get(snils, ()) if snils else ()

    def by_name(self, name: FullName) -> list[Person]:
        """People of this school with this last and first name."""
        return [person for person in self.people.values() if person.name.fold == name.fold]

    def class_of(self, person: Person) -> Held | None:
        """The enrolment here that holds, or will."""
        return self.enrolments.get(person.id)

    def class_named(self, name: ClassName) -> ClassFacts | None:
        """A class of the school year."""
        return self.classes.get(name)

    def guardians_of(self, student: Person) -> Sequence[Person]:
        """Who represents a student now."""
        return self.guardians.get(student.id, ())

    def is_guardian(self, person: Person) -> bool:
        """Whether somebody is known here as a representative and as nothing else."""
        guards = any(person.id == one.id for found in self.guardians.values() for one in found)
        return guards and person.id not in self.enrolments and not self.positions.get(person.id)

    def positions_of(self, person: Person) -> set[str]:
        """Titles of their work here."""
        return self.positions.get(person.id, set())

    def has_role(self, person: Person, role: str) -> bool:
        """Whether the role that follows is there already."""
        return (person.id, role) in self.roles

    def remember(self, person: Person, guards: Person | None = None) -> None:
        """Know somebody for the rows that follow."""
        self.people.setdefault(person.id, person)
        if guards is not None:
            self.guardians[guards.id].append(person)
            self.roles.add((person.id, "LEGAL_REPRESENTATIVE"))


async def look(connection: AsyncConnection, organisation: UUID, rows: Iterable[PersonRow], when: When) -> KnownPeople:
    """Look for everybody whom the rows may be about."""
    rows = [row for row in rows if row.name]
    given = {"organisation": organisation, "day": when.valid_from}
    told = await _by_snils(connection, organisation, rows)
    folds = {name.fold for row in rows for name in (row.name, *(g.name for g in row.guardians)) if name}
    ids = [row.person_id for row in told]
    found = await connection.execute(BY_NAME, {"folds": list(folds), "ids": ids})
    known = KnownPeople(people={row.id: person_of(row) for row in found})
    await _look_at_places(Statements(connection), known, organisation, {*known.people, *ids}, when)
    await _look_around(connection, known, {**given, "ids": [*known.people, *ids]})
    known.numbers = _numbers(told, rows, known)
    classes = await connection.execute(CLASSES, {"organisation": organisation, "year": when.school_year})
    known.classes = {ClassName(row.grade_level, row.letter): class_facts(row) for row in classes}
    return known


async def _by_snils(connection: AsyncConnection, organisation: UUID, rows: Iterable[PersonRow]) -> Sequence[Any]:
    asked = [
        {"snils": row.snils, "fold": row.name.fold, "middle": row.name.middle, "birth_date": row.birth_date}
        for row in rows
        if row.snils and row.name
    ]
    written = orjson.dumps(asked).decode()
    return (await connection.execute(BY_SNILS, {"asked": written, "organisation": organisation})).all()


async def _look_at_places(
    statements: Statements, known: KnownPeople, organisation: UUID, ids: Collection[UUID], when: "When"
) -> None:
    """Which places they have, and what stands in the way of others; from here on nobody else moves these people."""
    await lock_students(statements, ids)
    given = {"organisation": organisation, "ids": list(ids), "day": when.valid_from}
    rows = await statements.write(ENROLMENTS.bindparams(**given))
    known.enrolments = {row.student_id: held_of(row) for row in rows}
    ending = {student: held.id for student, held in known.enrolments.items()}
    wanted = [Wanted(one, organisation, when.valid_from, ending=ending.get(one)) for one in ids]
    known.in_the_way = await in_the_way(statements, wanted)


async def _look_around(connection: AsyncConnection, known: KnownPeople, given: dict[str, Any]) -> None:
    for row in await connection.execute(GUARDIANS, given):
        known.people.setdefault(row.id, person_of(row))
        known.guardians[row.student_id].append(known.people[row.id])
    for row in await connection.execute(POSITIONS, given):
        known.positions[row.person_id].add(row.title)
    roles = await connection.execute(ROLES, {**given, "ids": list({*given["ids"], *known.people})})
    known.roles = {(row.person_id, row.role) for row in roles}


def _numbers(told: Iterable[Any], rows: Iterable[PersonRow], known: KnownPeople) -> dict[str, list[Person]]:
    """People by SNILS. Whose card is not visible here is known by the name of the row, if the database agrees."""
    named = {row.snils: row.name for row in rows if row.snils and row.name}
    found: dict[str, list[Person]] = defaultdict(list)
    for row in told:
        seen = known.people.get(row.person_id)
        person = Person(row.person_id, named[row.snils], snils=row.snils, visible=False) if seen is None else seen
        found[row.snils].append(Person(**{**vars(person), "agrees": row.agrees}))
    return found


def person_of(row: Any) -> Person:
    """A row of `person`, however it was found."""
    return Person(
        id=row.id,
        name=FullName(row.last_name, row.first_name, row.middle_name),
        middle_name=row.middle_name,
        birth_date=row.birth_date,
        gender=row.gender,
        snils=row.snils,
        phone=row.phone,
        email=row.email,
    )
