"""Pupils and those who represent them: one or two parents, some with several children at the school."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import UUID

from api.seed.calendar import Calendar
from api.seed.cast import Cast, Part
from api.seed.dice import dice_for
from api.seed.ids import pupil_id, seed_id
from api.seed.names import FATHERS, SURNAMES, draw_name
from api.seed.people import Population, birth_date_in_grade, birth_date_of_adult
from api.seed.sizes import ClassPlan
from domain.records.base import Record
from domain.records.users import Gender, Guardianship, GuardianshipKind, Person

SHARE_OF_SIBLINGS, SHARE_OF_TWO_PARENTS = 0.12, 0.6


@dataclass
class Family:
    """Parents, and the class their last child came to. `father` is the first name that the children's middle name
    comes from."""

    surname: str
    father: str
    guardians: list[Person]
    class_key: str


@dataclass
class Families:
    """Brings up the pupils of one school, class by class; keeps every row it makes."""

    school: str
    calendar: Calendar
    population: Population
    cast: Cast
    rows: list[Record] = field(default_factory=list)
    guardian_ids: dict[UUID, None] = field(default_factory=dict)
    _open: list[Family] = field(default_factory=list)

    def pupil(self, plan: ClassPlan, label: str, part: Part | None = None) -> Person:
        """Make a pupil of a class, with parents where there are none yet."""
        dice = dice_for("pupil", self.school, plan.key, label)
        family = self._family_of(part, dice, plan, label)
        child = self._child(part, dice, plan, label, family)
        for guardian in family.guardians:
            self.rows.append(_guardianship(guardian, child))
            self.guardian_ids[guardian.id] = None
        return child

    def _child(self, part: Part | None, dice: Random, plan: ClassPlan, label: str, family: Family) -> Person:
        if part and part.key:
            return self.cast[part.key]
        gender = dice.choice(list(Gender))
        name = draw_name(dice, gender, surname=family.surname, father=family.father)
        birth_date = birth_date_in_grade(dice, plan.name.grade_level, plan.school_year)
        child = self.population.born(pupil_id(self.school, plan.key, label), name, gender, birth_date)
        self.rows.append(child)
        return child

    def _family_of(self, part: Part | None, dice: Random, plan: ClassPlan, label: str) -> Family:
        """Find a family with a child in another class, or start one. A part names its own parent."""
        if part is None and dice.random() < SHARE_OF_SIBLINGS:
            for family in self._open:
                if family.class_key != plan.key:
                    self._open.remove(family)
                    return family
        family = self._new_family(part, dice, plan, label)
        if part is None:
            self._open.append(family)
        return family

    def _new_family(self, part: Part | None, dice: Random, plan: ClassPlan, label: str) -> Family:
        known = self.cast[part.guardian] if part and part.guardian else None
        surname = known.last_name if known else self._surname_of(part, dice)
        father = known.first_name if known and known.first_name in FATHERS else dice.choice(list(FATHERS))
        family = Family(surname, father, [known] if known else [], plan.key)
        wanted = [] if part and part.guardian == "legal-representative" else self._genders(known, dice)
        for number, gender in enumerate(wanted, start=1):
            family.guardians.append(self._parent(family, dice, gender, (plan.key, label, number)))
        return family

    def _surname_of(self, part: Part | None, dice: Random) -> str:
        return self.cast[part.key].last_name if part and part.key else dice.choice(SURNAMES)

    def _genders(self, known: Person | None, dice: Random) -> list[Gender]:
        if known:
            return [Gender.MALE if known.gender is Gender.FEMALE else Gender.FEMALE]
        return list(Gender) if dice.random() < SHARE_OF_TWO_PARENTS else [Gender.FEMALE]

    def _parent(self, family: Family, dice: Random, gender: Gender, names: tuple[object, ...]) -> Person:
        name = draw_name(dice, gender, surname=family.surname)
        if gender is Gender.MALE:
            name = type(name)(name.last, family.father, name.middle)
        birth_date = birth_date_of_adult(dice, self.calendar.today)
        parent = self.population.born(seed_id("guardian", self.school, *names), name, gender, birth_date)
        self.rows.append(parent)
        return parent


def _guardianship(guardian: Person, child: Person) -> Guardianship:
    return Guardianship(
        id=seed_id("guardianship", guardian.id, child.id),
        guardian_id=guardian.id,
        student_id=child.id,
        kind=GuardianshipKind.PARENT,
        valid_from=child.birth_date or date.min,
    )
