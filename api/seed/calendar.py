"""The demo's time: a today that may be given, the current quarter around it, moments of lessons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from domain.periods import DateRange, Quarter, school_year_of, usual_quarters, working_days
from domain.records.journals import LessonStatus

PUBLISHED_YEAR = 2022
FIRST_POSSIBLE_YEAR = PUBLISHED_YEAR + 2
"""Earlier the class of the published page would be one of those that play another part in the demo."""
DAYS_OFF = {
    date(2026, 12, 31): "Перенос выходного дня с 4 января 2026 года",
    date(2027, 5, 3): "Выходной день за 1 мая, субботу",
    date(2027, 5, 10): "Выходной день за 9 мая, воскресенье",
    date(2027, 6, 14): "Выходной день за 12 июня, субботу",
}
"""Free days of the year 2026/27 that were carried over: by the Labour Code, article 112, and the calendar of 2026."""
PLANNED_AHEAD = timedelta(days=14)
FIRST_BELL, LESSON_AND_BREAK = time(8, 30), timedelta(minutes=55)


@dataclass(frozen=True)
class Calendar:
    """What is past and what is planned, seen from `today`."""

    today: date

    def __post_init__(self) -> None:
        if self.school_year < FIRST_POSSIBLE_YEAR:
            raise ValueError(f"the demo cannot be set before 1 September {FIRST_POSSIBLE_YEAR}: {self.today}")

    @cached_property
    def school_year(self) -> int:
        """School year of today, by the calendar year in which it began."""
        return school_year_of(self.today)

    @cached_property
    def year_start(self) -> date:
        """First day of the school year, from which its enrolments and assignments hold."""
        return date(self.school_year, 9, 1)

    @cached_property
    def quarter(self) -> Quarter:
        """The quarter that runs, or in a break the one before it."""
        first, *others = usual_quarters(self.school_year)
        return next((quarter for quarter in reversed(others) if quarter.starts_on <= self.today), first)

    @property
    def previous_quarter(self) -> Quarter | None:
        """The quarter before, if it lies in this school year."""
        number = self.quarter.number - 1
        return usual_quarters(self.school_year)[number - 1] if number else None

    def lesson_days(self, quarter: Quarter, since: date | None = None) -> Iterator[date]:
        """Go through the working days of a quarter up to two weeks from today, from `since` on if it is later."""
        first = max(quarter.starts_on, since or quarter.starts_on)
        last = min(quarter.ends_on, max(self.today + PLANNED_AHEAD, quarter.starts_on))
        return working_days(DateRange.through(first, max(first, last)), free=DAYS_OFF.keys())

    def status_on(self, day: date) -> LessonStatus:
        """Tell whether a lesson of that day is held or still planned."""
        return LessonStatus.HELD if day <= self.today else LessonStatus.PLANNED


def lesson_ends(day: date, number: int, zone: str) -> datetime:
    """Give the moment at which the lesson with this number of the day is over and its marks are in."""
    return datetime.combine(day, FIRST_BELL, ZoneInfo(zone)) + number * LESSON_AND_BREAK


def office_hours(day: date, zone: str) -> datetime:
    """Give a moment of that day at which an office grants and confirms."""
    return datetime.combine(day, time(10), ZoneInfo(zone))
