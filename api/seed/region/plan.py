"""How big the region is, and the tables of the plan that its rows are generated from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.seed.calendar import DAYS_OFF, PLANNED_AHEAD
from api.seed.ids import seed_id
from api.seed.names import FATHERS, MEN, SURNAMES, WOMEN, surname_for
from api.seed.staff import DEPARTMENTS
from api.seed.subjects import SubjectPlan, subject_plans, subjects_of_grade
from domain.periods import MONDAY, Quarter, last_weekday, school_year_of, usual_quarters, working_days
from domain.records.users import Gender

GRADES = range(5, 12)
DAYS_A_WEEK = 5
LOAD_OF_A_TEACHER = 20
SUBJECTS_OF_SMALL_SCHOOLS = frozenset(["BIOLOGY", "GEOGRAPHY"])
PERSONS_OF_A_LARGE_SCHOOL, PERSONS_OF_A_SMALL_SCHOOL = 2700, 40
NUMBERS_OF_NOBODY = 890_000
"""SNILS between those of the demo and those of the people who can sign in."""

Cells = tuple[Any, ...]


@dataclass(frozen=True)
class RegionPlan:
    """What is to be generated. Equal plans give equal rows.

    `large` of the `schools` have from `fewest` to `most` classes of 25 pupils and teach everything; the others have one
    class of 5 to 12 pupils and two subjects. The year shown is the one that ends today.
    """

    schools: int = 900
    large: int = 20
    seed: int = 1
    fewest: int = 28
    most: int = 40

    def __post_init__(self) -> None:
        if not 1 <= self.large <= self.schools <= 9999:
            raise ValueError("a region has 1 to 9999 schools, at least one of them large")
        if PERSONS_OF_A_LARGE_SCHOOL * self.large + PERSONS_OF_A_SMALL_SCHOOL * self.schools > NUMBERS_OF_NOBODY:
            raise ValueError("a region of so many schools has more people than there are SNILS that nobody has")
        if not 5 <= self.fewest <= self.most <= 49:
            raise ValueError("a large school has 5 to 49 classes")

    @property
    def municipalities(self) -> int:
        """How many municipalities the schools lie in."""
        return max(1, min(60, self.schools // 15))


@dataclass(frozen=True)
class PlanTable:
    """A temporary table and its rows."""

    name: str
    columns: str
    rows: Sequence[Cells]


def quarters_shown(today: date) -> list[Quarter]:
    """List the quarters of the year that ends today, oldest first."""
    year = school_year_of(today)
    quarters = [*usual_quarters(year - 1), *usual_quarters(year)]
    return [one for one in quarters if one.ends_on > today - timedelta(days=365) and one.starts_on <= today]


def plan_tables(today: date, zone: str, issuer: str) -> Iterator[PlanTable]:
    """Give the tables that SQL cannot know: subjects, the week, the quarters and their days, names."""
    plans = list(subject_plans().values())
    numbers = {plan.code: number for number, plan in enumerate(plans, start=1)}
    departments = {name: number for number, name in enumerate(DEPARTMENTS, start=1)}
    yield PlanTable(
        "plan_subject",
        "number int, id uuid, code text, name text, department int, topics text[], homework text[]",
        [
            (numbers[plan.code], seed_id("subject", plan.code), plan.code, plan.name, departments[plan.department],
             list(plan.topics), list(plan.homework))
            for plan in plans
        ],
    )  # fmt: skip
    yield PlanTable(
        "plan_department", "number int, large boolean, title text, hours int", list(_departments(departments))
    )
    yield PlanTable(
        "plan_week",
        "large boolean, grade int, shift int, subject int, hours int, weekday int, lesson int, place int",
        list(_week(numbers)),
    )
    yield PlanTable(
        "plan_quarter", "school_year int, number int, starts_on date, ends_on date, shown boolean", _quarters(today)
    )
    yield PlanTable("plan_day", "school_year int, quarter int, day date, weekday int, week int", list(_days(today)))
    yield PlanTable("plan_name", "kind text, number int, woman text, man text", list(_names()))
    yield PlanTable(
        "r_constant",
        "surnames int, firsts int, fathers int, zone text, issuer text",
        [(len(SURNAMES), len(MEN), len(FATHERS), zone, issuer)],
    )
    year = school_year_of(today)
    made = datetime(year, 9, 1, tzinfo=ZoneInfo(zone))
    yield PlanTable(
        "r_year", "school_year int, starts_on date, made timestamptz, today date", [(year, made.date(), made, today)]
    )
    yield PlanTable("r_now", "school_year int, quarter int, first int, last int", [(year, 1, 1, 1)])


def _departments(numbers: dict[str, int]) -> Iterator[Cells]:
    """Hours a week that a class takes of a department's time, on average over the grades, in hundredths."""
    for large, only in ((True, None), (False, SUBJECTS_OF_SMALL_SCHOOLS)):
        hours: Counter[str] = Counter()
        for grade in GRADES:
            for plan in subjects_of_grade(grade, only):
                hours[plan.department] += plan.hours[grade]
        for name, total in hours.items():
            yield numbers[name], large, DEPARTMENTS[name][0], total * 100 // len(GRADES)


def _week(numbers: dict[str, int]) -> Iterator[Cells]:
    """Place the lessons of each grade: no class has two at once, no subject two on a day. `shift` turns the week."""
    for large, only in ((True, None), (False, SUBJECTS_OF_SMALL_SCHOOLS)):
        for grade in GRADES:
            for shift in range(DAYS_A_WEEK):
                yield from _week_of(numbers, (large, grade, shift), list(subjects_of_grade(grade, only)))


def _week_of(numbers: dict[str, int], which: tuple[bool, int, int], plans: Sequence[SubjectPlan]) -> Iterator[Cells]:
    _, grade, shift = which
    place = 0
    for plan in plans:
        hours = range(place, place + plan.hours[grade])
        place = hours.stop
        slots = sorted(((hour + shift) % DAYS_A_WEEK, 1 + hour // DAYS_A_WEEK) for hour in hours)
        for order, (weekday, lesson) in enumerate(slots):
            yield *which, numbers[plan.code], len(slots), weekday, lesson, order


def _quarters(today: date) -> list[Cells]:
    year, shown = school_year_of(today), quarters_shown(today)
    quarters = [*usual_quarters(year - 1), *usual_quarters(year)]
    return [(one.school_year, one.number, one.starts_on, one.ends_on, one in shown) for one in quarters]


def _days(today: date) -> Iterator[Cells]:
    for quarter in quarters_shown(today):
        monday = last_weekday(quarter.starts_on, MONDAY)
        for day in working_days(quarter.days, free=DAYS_OFF.keys()):
            if day <= today + PLANNED_AHEAD:
                yield quarter.school_year, quarter.number, day, day.weekday(), (day - monday).days // 7


def _names() -> Iterator[Cells]:
    for number, surname in enumerate(SURNAMES):
        yield "last", number, surname_for(surname, Gender.FEMALE), surname
    for number, man in enumerate(MEN):
        yield "first", number, WOMEN[number % len(WOMEN)], man
    for number, (father, (son, daughter)) in enumerate(FATHERS.items()):
        yield "middle", number, daughter, son
        yield "father", number, father, father
