"""Class groups with their pupils, subject groups with their members, and the rows that tie them together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from api.seed.ids import group_key, seed_id
from api.seed.sizes import ClassPlan
from api.seed.subjects import SubjectPlan
from domain.periods import Quarter
from domain.records.classes import (
    ClassGroup,
    Enrolment,
    EnrolmentKind,
    GradingPeriod,
    PeriodScheme,
    SubjectGroup,
    SubjectGroupMember,
)
from domain.records.users import Person

FIRST_GRADE_HERE = 5


@dataclass(frozen=True)
class SchoolClass:
    """A class group and its pupils, in the order of the alphabet."""

    plan: ClassPlan
    record: ClassGroup
    pupils: Sequence[Person]

    @property
    def id(self) -> UUID:
        """Id of the class group."""
        return self.record.id

    @property
    def name(self) -> str:
        """Its name in the school year of the plan: «7А»."""
        return self.record.name

    @property
    def since(self) -> date:
        """Day on which the class began at this school."""
        return date(self.plan.school_year - max(0, self.plan.name.grade_level - FIRST_GRADE_HERE), 9, 1)

    def with_guests(self, guests: Sequence[Person]) -> Self:
        """Give the same class with pupils of another school among its own."""
        return replace(self, pupils=in_order([*self.pupils, *guests]))


@dataclass(frozen=True)
class Split:
    """A subject group to be: which part of the class, or all of it when `part` is None."""

    part: int | None
    pupils: Sequence[Person]


def class_group(school: str, organisation_id: UUID, plan: ClassPlan) -> ClassGroup:
    """Make the row of a class."""
    return ClassGroup(
        id=seed_id("class", school, plan.key),
        organisation_id=organisation_id,
        school_year=plan.school_year,
        grade_level=plan.name.grade_level,
        letter=plan.name.letter,
        name=str(plan.name),
    )


def enrolment(
    group: ClassGroup, pupil: Person, since: date, until: date | None, kind: EnrolmentKind = EnrolmentKind.MAIN
) -> Enrolment:
    """Make the row of a pupil's place in a class."""
    return Enrolment(
        id=seed_id("enrolment", group.id, pupil.id),
        student_id=pupil.id,
        organisation_id=group.organisation_id,
        class_group_id=group.id,
        kind=kind,
        valid_from=since,
        valid_to=until,
    )


def splits(plan: SubjectPlan, pupils: Sequence[Person]) -> list[Split]:
    """Divide a class for a subject; two or three pupils stay together."""
    if plan.parts == 1 or len(pupils) < 2 * plan.parts:
        return [Split(None, pupils)]
    return [Split(part + 1, pupils[part :: plan.parts]) for part in range(plan.parts)]


def subject_group(  # noqa: PLR0913 - a subject group lies where a class, a subject, a part and a teacher meet
    school: str, school_class: SchoolClass, plan: SubjectPlan, *, part: int | None, position_id: UUID, year: int | None
) -> SubjectGroup:
    """Make the row of a subject group; `year` is given for a past one."""
    part_name = f", группа {part}" if part else ""
    name = school_class.name if year is None else str(replace(school_class.plan.name, grade_level=7))
    return SubjectGroup(
        id=seed_id("group", school, group_key(school_class.plan.key, plan.code, year=year, part=part)),
        organisation_id=school_class.record.organisation_id,
        class_group_id=school_class.id,
        subject_id=seed_id("subject", plan.code),
        school_year=year or school_class.plan.school_year,
        name=f"{plan.name} {name}{part_name}",
        teacher_id=position_id,
    )


def members(
    group: SubjectGroup, pupils: Sequence[Person], since: date, until: date | None = None
) -> Iterator[SubjectGroupMember]:
    """Make the rows of who is taught in a subject group."""
    for pupil in pupils:
        yield SubjectGroupMember(
            id=seed_id("member", group.id, pupil.id),
            student_id=pupil.id,
            subject_group_id=group.id,
            organisation_id=group.organisation_id,
            class_group_id=group.class_group_id,
            valid_from=since,
            valid_to=until,
        )


def grading_period(school: str, organisation_id: UUID, quarter: Quarter) -> GradingPeriod:
    """Make the row of a quarter of a school."""
    return GradingPeriod(
        id=period_id(school, quarter),
        organisation_id=organisation_id,
        school_year=quarter.school_year,
        scheme=PeriodScheme.QUARTER,
        number=quarter.number,
        name=f"{quarter.number} четверть",
        starts_on=quarter.starts_on,
        ends_on=quarter.ends_on,
    )


def period_id(school: str, quarter: Quarter) -> UUID:
    """Give the id of a quarter of a school."""
    return seed_id("period", school, quarter.school_year, quarter.number)


def in_order(pupils: Sequence[Person]) -> list[Person]:
    """Sort by last, first and middle name, the way a journal lists them."""
    return sorted(pupils, key=lambda pupil: [_fold(part) for part in _names(pupil)])


def _names(pupil: Person) -> tuple[str | None, ...]:
    return pupil.last_name, pupil.first_name, pupil.middle_name


def _fold(name: str | None) -> str:
    """Case and ё fold away, as in the database."""
    return (name or "").casefold().replace("ё", "е")
