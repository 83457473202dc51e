"""Who of the region can sign in: four people of each large school, put in the place of generated ones."""

from collections.abc import Iterator

from api.seed.region.plan import Cells, PlanTable, RegionPlan
from api.seed.staff import DEPARTMENTS
from auth.provider.school_people import school_people

PUPIL, GUARDIAN, STAFF = 1, 2, 3
STUDENT_CLASS, DEPUTY = 4, 15
"""Ordinal of the student's class, the first of grade 9; what stands for the department of a deputy head."""
MATHEMATICS = 1 + list(DEPARTMENTS).index("mathematics")


def plan_account(plan: RegionPlan) -> PlanTable:
    """Give the accounts with the kind and the number of the person whose place they take."""
    rows = [cells for school in range(1, plan.large + 1) for cells in _of_school(school)]
    columns = "kind int, number bigint, oid text, last_name text, first_name text, middle_name text, birth_date date"
    return PlanTable("plan_account", f"{columns}, snils text", rows)


def _of_school(school: int) -> Iterator[Cells]:
    student = (school * 64 + STUDENT_CLASS) * 32
    numbers = {
        "teacher": (STAFF, school * 1024 + MATHEMATICS * 64),
        "student": (PUPIL, student),
        "parent": (GUARDIAN, student * 2),
        "deputy-head": (STAFF, school * 1024 + DEPUTY * 64),
    }
    for person in school_people(school):
        place = numbers[person.key.removeprefix(f"school-{school}-")]
        yield (
            *place,
            person.oid,
            person.last_name,
            person.first_name,
            person.middle_name,
            person.birth_date,
            person.snils,
        )
