"""What the main school has settled for itself: its policy, kinds of work, days off, a closed quarter, an open page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from api.seed.calendar import PUBLISHED_YEAR, USUAL, Calendar, office_hours
from api.seed.classes import period_id
from api.seed.grants import assignment_id
from api.seed.ids import CHELYABINSK, KRASNOYARSK, MAIN, person_id, seed_id
from api.seed.organisations import TIME_ZONES
from domain.periods import Quarter, next_working_day, usual_quarters
from domain.records.base import Record
from domain.records.corrections import PeriodClosing, Reopening
from domain.records.journals import Journal
from domain.records.policies import CalendarDay, OrganisationPolicy, WorkCode, WorkType
from domain.roles import Role

SCHOOL_ID = seed_id("school", MAIN)
EXCHANGED = {date(2027, 2, 20): date(2027, 2, 22)}
"""Saturdays of 2026/27 that the school works by an order of its own, and the day that is free instead; breaks between
quarters are no days off."""


def _work_type(code: WorkCode, letter: str, name: str, weight: int) -> WorkType:
    row_id = seed_id("work type", MAIN, code)
    return WorkType(id=row_id, organisation_id=SCHOOL_ID, code=code, name=name, letter=letter, weight=weight)


WORK_TYPES = (
    _work_type(WorkCode.INDEPENDENT, "СР", "Самостоятельная работа", 2),
    _work_type(WorkCode.TEST, "КР", "Контрольная работа", 3),
    _work_type(WorkCode.LABORATORY, "ЛР", "Лабораторная работа", 1),
    _work_type(WorkCode.HOMEWORK, "ДЗ", "Домашняя работа", 1),
    _work_type(WorkCode.CREDIT, "З", "Зачёт без отметки", 0),
)
"""Kinds of work that the school calls or weighs otherwise than the catalogue."""


def local_acts(calendar: Calendar, zone: str) -> Iterator[Record]:
    """Make the rows that the school and its regions settled before any lesson."""
    yield OrganisationPolicy(organisation_id=SCHOOL_ID)
    yield from WORK_TYPES
    for region in (KRASNOYARSK, CHELYABINSK):
        for day, name in calendar.days_off.items():
            yield _day(region, seed_id("region", region), day, name)
    for worked, free in EXCHANGED.items():
        name = f"Рабочая суббота за {free.day} февраля, приказ школы (вымышленный)"
        yield _day(MAIN, SCHOOL_ID, worked, name, working=True)
        name = f"Перенос на субботу {worked.day} февраля, приказ школы (вымышленный)"
        yield _day(MAIN, SCHOOL_ID, free, name)
    yield closing(calendar.previous_quarter or usual_quarters(PUBLISHED_YEAR)[-1], zone)


def _day(place: str, organisation_id: UUID, day: date, name: str, *, working: bool = False) -> CalendarDay:
    row_id = seed_id("day", place, day)
    return CalendarDay(id=row_id, organisation_id=organisation_id, day=day, working=working, name=name)


def closing(quarter: Quarter, zone: str) -> PeriodClosing:
    """Close a quarter on the first working day after it, before it would have closed by itself."""
    period = period_id(MAIN, quarter)
    return PeriodClosing(
        id=seed_id("closing", period),
        organisation_id=SCHOOL_ID,
        grading_period_id=period,
        closed_at=office_hours(next_working_day(quarter.ends_on + timedelta(days=1)), zone),
    )


def reopening(page: Journal, calendar: Calendar) -> Iterator[Reopening]:
    """Let the deputy head have opened a page for a day; it is shut again. Nothing on the first days of a year."""
    opened_on = calendar.today - timedelta(days=5)
    if opened_on >= calendar.year_start:
        opened_at = office_hours(opened_on, TIME_ZONES[KRASNOYARSK])
        why = "Учитель болел, работы проверены позже (вымышленная запись)"
        yield _reopening(page, opened_at, timedelta(days=1), why)


def open_for_the_break(page: Journal, last_mark: date | None, calendar: Calendar) -> Iterator[Reopening]:
    """Let the deputy head open a page for as long as she may, where no mark of it may be written any more.

    So it is in a break: the demo shows how a mark is corrected on any day.
    """
    zone = ZoneInfo(TIME_ZONES[KRASNOYARSK])
    if last_mark is not None and not calendar.may_be_written(last_mark, zone):
        why = "Каникулы: учитель исправляет отметки после проверки журнала (вымышленная запись)"
        yield _reopening(page, calendar.noted_on_the_day(zone), timedelta(hours=USUAL.reopening_hours), why)


def _reopening(page: Journal, opened_at: datetime, lasts: timedelta, reason: str) -> Reopening:
    deputy = person_id("deputy-head")
    return Reopening(
        id=seed_id("reopening", page.id),
        journal_id=page.id,
        organisation_id=page.organisation_id,
        school_year=page.school_year,
        class_group_id=page.class_group_id,
        subject_group_id=page.subject_group_id,
        reason=reason,
        opened_by_id=deputy,
        assignment_id=assignment_id(deputy, Role.DEPUTY_HEAD, SCHOOL_ID),
        opened_at=opened_at,
        until=opened_at + lasts,
    )
