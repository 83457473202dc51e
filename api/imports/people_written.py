"""What is written of people: collected row by row, undone where a row stays out, written table by table."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from api.imports.people_known import Person, When
from api.imports.source import Setting
from domain.class_names import ClassName
from domain.imports.people import Guardian, PersonRow
from domain.person_names import FullName
from domain.records import Assignment, ClassGroup, Guardianship, Record, StaffPosition
from domain.records import Person as PersonRecord
from domain.records.imports import RowOutcome
from domain.records.organisations import Provenance
from domain.records.users import GuardianshipKind
from domain.roles import ReachKind, Role
from domain.writing.enrolments import ClassFacts
from schema.engine.statements import Statements
from schema.enrolments.moves import Beginning, Ending, groups_left_out, move

# Whoever is added is seen through what ties them to the school: the ties come before what is amended.
BEFORE: tuple[type[Record], ...] = (ClassGroup, PersonRecord)
AFTER: tuple[type[Record], ...] = (StaffPosition, Guardianship, Assignment)
BY_FILE = "Загрузка списка"


class Writing:
    """Rows to be added and amended."""

    def __init__(self, setting: Setting, when: When, keys: Sequence[UUID]) -> None:
        self._setting, self._when = setting, when
        self._keys: Iterator[UUID] = iter(keys)
        self._classes: dict[ClassName, ClassFacts] = {}
        self._kept: list[tuple[type[Record], dict[str, Any]]] = []
        self._amended: list[tuple[UUID, dict[str, Any]]] = []
        self._ended: list[UUID] = []
        self._begun: list[Beginning] = []
        self.begin()

    def begin(self) -> None:
        """Begin a row."""
        self._row: list[tuple[type[Record], dict[str, Any]]] = []
        self._row_amended: list[tuple[UUID, dict[str, Any]]] = []
        self._row_ended: list[UUID] = []
        self._row_begun: list[Beginning] = []
        self._new_person = False

    def undo(self) -> None:
        """Forget what the row would have written."""
        for record, values in self._row:
            if record is ClassGroup:
                self._classes.pop(ClassName(values["grade_level"], values["letter"]), None)
        self.begin()

    def keep(self) -> None:
        """Keep it for `write`."""
        self._kept += self._row
        self._amended += self._row_amended
        self._ended += self._row_ended
        self._begun += self._row_begun

    @property
    def outcome(self) -> RowOutcome:
        """What the row comes to: somebody new, something changed, or nothing."""
        if self._new_person:
            return RowOutcome.CREATED
        written = self._row or self._row_amended or self._row_ended or self._row_begun
        return RowOutcome.CHANGED if written else RowOutcome.UNCHANGED

    def person(self, name: FullName, row: PersonRow) -> Person:
        """Somebody new, as the row has them."""
        self._new_person = True
        values = {
            "birth_date": row.birth_date,
            "gender": row.gender,
            "snils": row.snils,
            "phone": row.phone,
            "email": row.email,
        }
        return self._person(name, values)

    def guardian(self, guardian: Guardian) -> Person:
        """A new representative."""
        return self._person(guardian.name, {"phone": guardian.phone, "email": guardian.email})

    def _person(self, name: FullName, values: dict[str, Any]) -> Person:
        person = Person(next(self._keys), name, middle_name=name.middle, **values)
        names = {"last_name": name.last, "first_name": name.first, "middle_name": name.middle}
        empty = {"birth_date": None, "gender": None, "snils": None, "snils_index": None}
        provenance = {"provenance": Provenance.ENTERED}
        whole = names | empty | self._indexed(values) | provenance
        self._row.append((PersonRecord, {"id": person.id, **whole}))
        return person

    def amend(self, person: Person, values: dict[str, Any]) -> None:
        """Change a card."""
        self._row_amended.append((person.id, self._indexed(values)))

    def _indexed(self, values: dict[str, Any]) -> dict[str, Any]:
        """With the hash by which a number is found, where one is written."""
        number = values.get("snils")
        return values if number is None else values | {"snils_index": self._setting.snils.hash(number)}

    def class_group(self, name: ClassName) -> ClassFacts:
        """A class that the school did not have."""
        if name not in self._classes:
            organisation, year = self._setting.run.organisation_id, self._when.school_year
            self._classes[name] = ClassFacts(next(self._keys), organisation, year, str(name))
            values = {
                "id": self._classes[name].id,
                "organisation_id": organisation,
                "school_year": year,
                "grade_level": name.grade_level,
                "letter": name.letter,
                "name": str(name),
            }
            self._row.append((ClassGroup, values))
        return self._classes[name]

    def enrolment(self, student: Person, group: ClassFacts) -> None:
        """A place in a class, with all that follows from it."""
        self._row_begun.append(Beginning(next(self._keys), student.id, group, self._when.valid_from))

    def end_enrolment(self, identifier: UUID) -> None:
        """End a place on the day on which the new one begins."""
        self._row_ended.append(identifier)

    def position(self, person: Person, title: str) -> None:
        """Work at the school."""
        self._row.append((StaffPosition, self._dated() | {"person_id": person.id, "title": title}))

    def guardianship(
        self, person: Person, student: Person, kind: GuardianshipKind, since: date, *, has_role: bool
    ) -> None:
        """Who represents whom, and the role that follows."""
        values = {
            "id": next(self._keys),
            "guardian_id": person.id,
            "student_id": student.id,
            "kind": kind,
            "valid_from": since,
        }
        self._row.append((Guardianship, values))
        if not has_role:
            self._role(person, Role.LEGAL_REPRESENTATIVE, ReachKind.CHILDREN)

    def role_of_student(self, student: Person, *, has_it: bool) -> None:
        """The role that follows from being enrolled."""
        if not has_it:
            self._role(student, Role.STUDENT, ReachKind.SELF)

    def _role(self, person: Person, role: Role, reach: ReachKind) -> None:
        values = {
            "person_id": person.id,
            "role": role,
            "reach": reach,
            "granted_by_id": self._setting.person_id,
            "granted_at": self._setting.now,
            "awaits_confirmation": False,
            "reason": f"import {self._setting.run.id}",
        }
        self._row.append((Assignment, self._dated() | values))

    def _dated(self) -> dict[str, Any]:
        return {
            "id": next(self._keys),
            "organisation_id": self._setting.run.organisation_id,
            "valid_from": self._when.valid_from,
        }

    async def write(self, connection: AsyncConnection) -> Collection[str]:
        """Write everything kept. Gives ids of students whose subjects are taught in groups that were left out."""
        await self._insert(connection, BEFORE)
        statements = Statements(connection)
        endings = [Ending(one, self._when.valid_from, BY_FILE) for one in self._ended]
        await move(statements, endings, self._begun)
        await self._insert(connection, AFTER)
        for identifier, values in self._amended:
            await connection.execute(update(PersonRecord).where(col(PersonRecord.id) == identifier).values(**values))
        left_out = await groups_left_out(statements, [one.key for one in self._begun])
        return {f"Student:{one.student_id}" for one in self._begun if one.key in left_out}

    async def _insert(self, connection: AsyncConnection, records: Sequence[type[Record]]) -> None:
        for record in records:
            rows = [values for kept, values in self._kept if kept is record]
            if rows:
                await connection.execute(insert(record).inline(), rows)
