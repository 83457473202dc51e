"""The catalogue of subjects: hours a week by grade, who teaches them, what the lessons are about."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from api.seed.files import DATA
from api.seed.ids import seed_id
from domain.records.classes import Subject


@dataclass(frozen=True)
class SubjectPlan:
    """A subject as it is taught. `hours` is lessons a week by grade; `parts` subgroups share a class between them."""

    code: str
    name: str
    department: str
    parts: int
    hours: Mapping[int, int]
    topics: tuple[str, ...]
    homework: tuple[str, ...]

    @property
    def record(self) -> Subject:
        """Its row in the catalogue."""
        return Subject(id=seed_id("subject", self.code), code=self.code, name=self.name)


@cache
def subject_plans() -> Mapping[str, SubjectPlan]:
    """Read subjects.toml: plans by code."""
    tables = tomllib.loads((DATA.parent / "subjects.toml").read_text(encoding="utf-8"))
    return {code: _plan(code, **table) for code, table in tables.items()}


def subjects_of_grade(grade: int, only: frozenset[str] | None = None) -> Iterator[SubjectPlan]:
    """Go through the subjects of a grade, those with most hours first: they are the hardest to place."""
    plans = [plan for plan in subject_plans().values() if grade in plan.hours and (only is None or plan.code in only)]
    return iter(sorted(plans, key=lambda plan: (-plan.parts, -plan.hours[grade], plan.code)))


def _plan(  # noqa: PLR0913 - one parameter for each key of the file: an unknown key is refused by name
    code: str,
    *,
    name: str,
    department: str,
    first_grade: int,
    hours: list[int],
    topics: list[str],
    homework: list[str],
    parts: int = 1,
) -> SubjectPlan:
    by_grade = dict(enumerate(hours, start=first_grade))
    return SubjectPlan(code, name, department, parts, by_grade, tuple(topics), tuple(homework))
