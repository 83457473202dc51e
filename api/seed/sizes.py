"""How big the demo is: which classes, how many in them, how far back their pages go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from api.seed.calendar import PUBLISHED_YEAR
from api.seed.ids import PUBLISHED_CLASS
from domain.class_names import ClassName

ON_THE_PUBLISHED_PAGE = 10
LAST_GRADE = 11


@dataclass(frozen=True)
class ClassPlan:
    """A class to be made. `school_year` is the one in which it has this grade: a class that has left keeps its last."""

    key: str
    name: ClassName
    school_year: int
    pupils: int


@dataclass(frozen=True)
class Size:
    """One size of the demo. `pages_from` is how far before today the pages of the current quarter begin."""

    pupils: Mapping[str, int]
    published: int
    subjects: frozenset[str] | None
    pages_from: timedelta | None
    with_previous_quarter: frozenset[str]


SIZES = {
    "tiny": Size(
        pupils={"5А": 3, "7А": 8, "8А": 8},
        published=ON_THE_PUBLISHED_PAGE,
        subjects=frozenset(["ALGEBRA", "MATHEMATICS", "RUSSIAN", "ENGLISH", "BIOLOGY", "GEOGRAPHY"]),
        pages_from=timedelta(days=14),
        with_previous_quarter=frozenset(),
    ),
    "demo": Size(
        pupils={f"{grade}{letter}": 25 for grade in range(5, LAST_GRADE + 1) for letter in "АБ"},
        published=25,
        subjects=None,
        pages_from=None,
        with_previous_quarter=frozenset(["7А"]),
    ),
}


def class_plans(size: Size, school_year: int) -> list[ClassPlan]:
    """List the classes of the main school, youngest first. The class of the published page has grown up since."""
    grade = 7 + school_year - PUBLISHED_YEAR
    grown = ClassName(min(grade, LAST_GRADE), "А")
    last_year = school_year - max(0, grade - LAST_GRADE)
    plans = [
        ClassPlan(name, ClassName.parse(name), school_year, pupils)
        for name, pupils in size.pupils.items()
        if grade > LAST_GRADE or name != str(grown)
    ]
    plans.append(ClassPlan(PUBLISHED_CLASS, grown, last_year, size.published))
    return sorted(plans, key=lambda plan: plan.name)
