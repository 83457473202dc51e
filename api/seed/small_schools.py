"""Small schools elsewhere: one class, one teacher, one page. They are there to be kept apart from the main one."""

from collections.abc import Sequence

from api.seed.calendar import Calendar
from api.seed.cast import Cast
from api.seed.grants import Grants
from api.seed.ids import BRANCH, CHELYABINSK, KRASNOYARSK, OTHER_REGION, SECOND, seed_id
from api.seed.organisations import TIME_ZONES
from api.seed.people import Population
from api.seed.school import School
from api.seed.sizes import ClassPlan
from api.seed.subjects import subject_plans
from domain.class_names import ClassName
from domain.records.users import Person

PUPILS = {SECOND: 3, OTHER_REGION: 3, BRANCH: 2}
CLASS_NAME = ClassName(7, "А")


def small_school(
    key: str, calendar: Calendar, population: Population, cast: Cast, guests: Sequence[Person] = ()
) -> School:
    """Open a school with one class; `guests` learn there beside their main school."""
    zone = TIME_ZONES[CHELYABINSK if key == OTHER_REGION else KRASNOYARSK]
    school = School.open(key, Grants(seed_id("school", key), zone), calendar, population, cast)
    school_class = school.open_class(ClassPlan(str(CLASS_NAME), CLASS_NAME, calendar.school_year, PUPILS[key]))
    school.enrol(school_class, school_class.pupils, school_class.since)
    whole_class = school.welcome(school_class, guests)
    taught = school.teach(whole_class, subject_plans()["ALGEBRA"])
    school.write_pages(whole_class, taught, calendar.quarter, "current", None)
    school.appoint_homeroom_teacher(school_class, taught[0].teacher)
    school.recognise_guardians()
    return school
