"""Who works at the main school and who teaches what: demo people where they have a part, invented ones elsewhere."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from api.seed.calendar import Calendar
from api.seed.cast import POSITIONS, TEACHES, Cast
from api.seed.dice import dice_for
from api.seed.ids import MAIN, seed_id
from api.seed.names import draw_name
from api.seed.people import Population, birth_date_of_adult
from domain.records.base import Record
from domain.records.users import Gender, Person, StaffPosition

HIRED = date(2015, 9, 1)
DEPARTMENTS = {
    "mathematics": ("Учитель математики", 4),
    "russian": ("Учитель русского языка и литературы", 5),
    "english": ("Учитель английского языка", 5),
    "society": ("Учитель истории и обществознания", 2),
    "biology": ("Учитель биологии", 1),
    "geography": ("Учитель географии", 1),
    "physics": ("Учитель физики", 1),
    "chemistry": ("Учитель химии", 1),
    "informatics": ("Учитель информатики", 1),
}
"""Title of a department's teachers, and how many a school of fourteen classes needs beside the demo people."""


@dataclass
class Staff:
    """The staff of one school; keeps every row it makes. A teacher is drawn into the school when first needed."""

    school: str
    organisation_id: UUID
    calendar: Calendar
    population: Population
    cast: Cast
    rows: list[Record] = field(default_factory=list)
    _teachers: dict[UUID, Person] = field(default_factory=dict)
    _hours: Counter[UUID] = field(default_factory=Counter)
    _of_class: dict[tuple[str, str], Person] = field(default_factory=dict)

    def employ(self, person: Person, title: str) -> StaffPosition:
        """Give a person a position at the school."""
        position = StaffPosition(
            id=position_id(person.id, self.organisation_id),
            person_id=person.id,
            organisation_id=self.organisation_id,
            title=title,
            valid_from=HIRED,
        )
        self.rows.append(position)
        return position

    def employ_cast(self, positions: Mapping[str, str] = POSITIONS) -> None:
        """Give the demo people who work here their positions."""
        for key, title in positions.items():
            self.employ(self.cast[key], title)

    def invent(self, label: str, title: str) -> Person:
        """Make a person who works here."""
        dice = dice_for("staff", self.school, label)
        gender = Gender.MALE if dice.random() < 0.2 else Gender.FEMALE
        person = self.population.born(
            seed_id("staff", self.school, label),
            draw_name(dice, gender),
            gender,
            birth_date_of_adult(dice, self.calendar.today),
        )
        self.rows.append(person)
        self.employ(person, title)
        return person

    def teacher_of(self, class_key: str, subject: str, department: str, hours: int, *, part: int = 1) -> Person:
        """Say who teaches a subject in a class: the demo person whose part it is, or who has least to do so far.

        A department's subjects in one class are taught by one person, unless the class is split.
        """
        key = TEACHES.get((class_key, subject)) if self.school == MAIN else None
        if key is not None:
            return self.cast[key]
        known = self._of_class.get((class_key, f"{department}/{part}"))
        teacher = known or self._least_busy(department, besides=self._of_class.get((class_key, f"{department}/1")))
        self._of_class[class_key, f"{department}/{part}"] = teacher
        self._hours[teacher.id] += hours
        return teacher

    def _least_busy(self, department: str, besides: Person | None) -> Person:
        title, wanted = DEPARTMENTS[department]
        labels = [f"{department}-{number}" for number in range(1, wanted + 1)]
        ids = [seed_id("staff", self.school, label) for label in labels]
        free = [place for place in range(wanted) if besides is None or ids[place] != besides.id]
        place = min(free, key=lambda place: self._hours[ids[place]])
        if ids[place] not in self._teachers:
            self._teachers[ids[place]] = self.invent(labels[place], title)
        return self._teachers[ids[place]]


def position_id(person_id: UUID, organisation_id: UUID) -> UUID:
    """Give the id of a person's position at an organisation."""
    return seed_id("position", person_id, organisation_id)
