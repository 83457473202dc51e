"""The main school: its classes with everything they are taught, and the class of the published page."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from api.seed.amendments import amend, let_make_up
from api.seed.calendar import PUBLISHED_YEAR, Calendar
from api.seed.cast import PUPILS, Cast
from api.seed.classes import SchoolClass, in_order, members, period_id, subject_group
from api.seed.ids import MAIN, PUBLISHED_CLASS, group_key, person_id, pupil_id, seed_id
from api.seed.journals import Author, Sheet, Substitution
from api.seed.local_acts import WORK_TYPES, local_acts, open_for_the_break, reopening
from api.seed.published import CLASS_NAME, SOURCE, published_rows
from api.seed.school import School, Teaching, journal_id
from api.seed.sizes import ON_THE_PUBLISHED_PAGE, Size, class_plans
from api.seed.staff import position_id
from api.seed.subjects import subject_plans, subjects_of_grade
from api.seed.timetable import DAYS_A_WEEK
from domain.periods import DateRange, usual_quarters
from domain.records.classes import SubjectGroup
from domain.records.marks import MarkVersion
from domain.records.organisations import Provenance
from domain.records.users import Person
from domain.roles import ReachKind, Role

FLAGSHIP, SUBSTITUTED = "7А", group_key("8А", "ALGEBRA")
PUBLISHED_FROM, PUBLISHED_UNTIL = date(PUBLISHED_YEAR, 9, 1), date(PUBLISHED_YEAR + 1, 5, 31)
NEWCOMERS_FROM = date(PUBLISHED_YEAR + 1, 9, 1)
"""Pupils of the published class who are not on the page came a year later."""


def fill_main_school(school: School, size: Size, cast: Cast) -> None:
    """Open its classes, teach them, write their pages, appoint their homeroom teachers."""
    school.staff.employ_cast()
    school.work_types = {row.code: row.id for row in WORK_TYPES}
    school.own_rows += local_acts(school.calendar, school.office.zone)
    for plan in class_plans(size, school.calendar.school_year):
        school_class = school.open_class(plan)
        if plan.key == PUBLISHED_CLASS:
            publish(school, school_class, cast["teacher"])
        else:
            school.enrol(school_class, school_class.pupils, school_class.since)
    taught = {
        key: teach_class(school, school_class, size.subjects)
        for key, school_class in school.classes.items()
        if school_class.plan.school_year == school.calendar.school_year
    }
    send_substitute(school)
    write_pages(school, taught, size)
    amend_pages(school)
    appoint_homeroom_teachers(school, taught, cast["homeroom-teacher"])
    school.recognise_guardians()


def teach_class(school: School, school_class: SchoolClass, only: frozenset[str] | None) -> list[Teaching]:
    """Give a class the subjects of its grade."""
    plans = subjects_of_grade(school_class.plan.name.grade_level, only)
    return [teaching for plan in plans for teaching in school.teach(school_class, plan)]


def write_pages(school: School, taught: dict[str, list[Teaching]], size: Size) -> None:
    """Write this quarter's pages of all classes, and for a few classes those of the quarter before."""
    calendar = school.calendar
    since = first_day_shown(calendar, size)
    school.later = days_later(calendar, taught[FLAGSHIP])
    for key, teachings in taught.items():
        school_class = school.classes[key]
        school.write_pages(school_class, teachings, calendar.quarter, "current", since)
        if key in size.with_previous_quarter and calendar.previous_quarter:
            school.write_pages(school_class, teachings, calendar.previous_quarter, "previous", None)


def days_later(calendar: Calendar, taught: Iterable[Teaching]) -> int:
    """Move the week in the first days of a quarter, until the flagship page has had a lesson: it has one today.

    So the demo shows on any day how a mark is corrected.
    """
    algebra = next(one for one in taught if one.plan.code == "ALGEBRA")
    weekdays = [slot.weekday for slot in algebra.slots]
    held = [calendar.timetable_of(day) for day in calendar.lesson_days(calendar.quarter) if day <= calendar.today]
    if not held or any(weekday in weekdays for weekday in held):
        return 0
    return (held[-1] - weekdays[0]) % DAYS_A_WEEK


def amend_pages(school: School) -> None:
    """Let things happen to two pages of the flagship class after they were written."""
    algebra, russian = (school.pages[group_key(FLAGSHIP, code), "current"] for code in ("ALGEBRA", "RUSSIAN"))
    amend(*algebra, school.calendar)
    let_make_up(*russian, school.calendar)
    school.own_rows += reopening(russian[0].journal(), school.calendar)
    sheet, rows = algebra
    marked = [row.held_on for row in rows if isinstance(row, MarkVersion)]
    school.own_rows += open_for_the_break(sheet.journal(), max(marked, default=None), school.calendar)


def send_substitute(school: School) -> None:
    """Let the teacher of a group be replaced for a week that ended lately: its marks may still be put right."""
    days = DateRange(school.calendar.today - timedelta(days=10), school.calendar.today - timedelta(days=3))
    group_id, person = seed_id("group", MAIN, SUBSTITUTED), person_id("substitute")
    grant = school.office.grant(
        person, Role.TEACHER, ReachKind.SUBJECT_GROUPS, days.start, days.end, subject_group_id=group_id
    )
    school.own_rows.append(grant)
    school.substitutions[SUBSTITUTED] = Substitution(Author(person, grant.id), days)


def first_day_shown(calendar: Calendar, size: Size) -> date | None:
    """Give the day from which pages have lessons; None for the whole quarter."""
    return min(calendar.today, calendar.quarter.ends_on) - size.pages_from if size.pages_from else None


def appoint_homeroom_teachers(school: School, taught: dict[str, list[Teaching]], of_flagship: Person) -> None:
    """Make one of its teachers responsible for each class; demo people only where it is their part."""
    busy: set[UUID] = {person.id for person in school.staff.cast.persons()}
    school.appoint_homeroom_teacher(school.classes[FLAGSHIP], of_flagship)
    for key, teachings in taught.items():
        free = _first_free(teachings, busy)
        if key != FLAGSHIP and free:
            busy.add(free.id)
            school.appoint_homeroom_teacher(school.classes[key], free)


def publish(school: School, school_class: SchoolClass, teacher: Person) -> None:
    """Enrol the class of the published page, and write that page as it was printed."""
    on_page = _on_the_page(school_class)
    then = {pupil.id for pupil in on_page}
    newcomers = [pupil for pupil in school_class.pupils if pupil.id not in then]
    school.enrol(school_class, on_page, school_class.since)
    school.enrol(school_class, newcomers, NEWCOMERS_FROM)
    school.set_quarters(usual_quarters(PUBLISHED_YEAR))
    algebra, office = subject_plans()["ALGEBRA"], school.office
    position, past = position_id(teacher.id, office.organisation_id), (PUBLISHED_FROM, PUBLISHED_UNTIL)
    group = subject_group(MAIN, school_class, algebra, part=None, position_id=position, year=PUBLISHED_YEAR)
    grant = office.grant(teacher.id, Role.TEACHER, ReachKind.SUBJECT_GROUPS, *past, subject_group_id=group.id)
    school.own_rows += (group, grant, *members(group, on_page, *past))
    school.own_rows += published_rows(published_sheet(group, office.zone), on_page)


def published_sheet(group: SubjectGroup, zone: str) -> Sheet:
    """Make the sheet of the published page. Its author was not published."""
    return Sheet(
        id=journal_id(MAIN, group_key(PUBLISHED_CLASS, "ALGEBRA", year=PUBLISHED_YEAR), "published"),
        group=group,
        class_name=CLASS_NAME,
        period_id=period_id(MAIN, usual_quarters(PUBLISHED_YEAR)[-1]),
        zone=zone,
        provenance=Provenance.PUBLISHED,
        source=SOURCE,
    )


def _on_the_page(school_class: SchoolClass) -> list[Person]:
    """Choose who was in the class then: first of all the pupil with a part, then any others."""
    first = pupil_id(MAIN, PUBLISHED_CLASS, PUPILS[PUBLISHED_CLASS][0].label)
    drawn = sorted(school_class.pupils, key=lambda pupil: (pupil.id != first, pupil.id))
    return in_order(drawn[:ON_THE_PUBLISHED_PAGE])


def _first_free(teachings: Iterable[Teaching], busy: set[UUID]) -> Person | None:
    return next((teaching.teacher for teaching in teachings if teaching.teacher.id not in busy), None)
