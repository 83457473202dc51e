"""The demo's time: a today that may be given, the current quarter around it, moments of lessons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.periods import DAY, Quarter, school_year_days, school_year_of, usual_quarters
from domain.records.journals import LessonStatus
from domain.records.policies import OrganisationPolicy
from domain.windows import PageTimes, WorkingCalendar, end_of, period_closes_at, start_of

PUBLISHED_YEAR = 2022
FIRST_POSSIBLE_YEAR = PUBLISHED_YEAR + 2
"""Earlier the class of the published page would be one of those that play another part in the demo."""
DAYS_OFF = {
    date(2025, 11, 3): "Перенос выходного дня с субботы 1 ноября 2025 года",
    date(2025, 12, 31): "Перенос выходного дня с 5 января 2025 года",
    date(2026, 1, 9): "Перенос выходного дня с 3 января 2026 года",
    date(2026, 3, 9): "Выходной день за 8 марта, воскресенье",
    date(2026, 5, 11): "Выходной день за 9 мая, субботу",
    date(2026, 12, 31): "Перенос выходного дня с 4 января 2026 года",
    date(2027, 5, 3): "Выходной день за 1 мая, субботу",
    date(2027, 5, 10): "Выходной день за 9 мая, воскресенье",
    date(2027, 6, 14): "Выходной день за 12 июня, субботу",
}
"""Free days of 2025/26 and 2026/27 that were carried over: by the Labour Code, article 112, and the calendars of 2025
and 2026."""
WORKED_INSTEAD = {date(2025, 11, 1): date(2025, 11, 3)}
"""Saturdays that are worked by the same calendars, and the day whose work it is."""
PLANNED_AHEAD = timedelta(days=14)
LATER = datetime.max.replace(tzinfo=UTC)
FIRST_BELL, LESSON_AND_BREAK = time(8, 30), timedelta(minutes=55)
USUAL = OrganisationPolicy(organisation_id=UUID(int=0))
"""What a school goes by that has settled nothing else."""


@dataclass(frozen=True)
class Calendar:
    """What is past and what is planned, seen from `today`; `now` is the moment of the day at which the demo is made.

    `worked` names the Saturdays that are worked, each with the day whose lessons it has and that is free instead.
    Without `now` the day is over. Raises ValueError for a day before the demo can play.
    """

    today: date
    now: datetime = LATER
    worked: Mapping[date, date] = field(default_factory=lambda: WORKED_INSTEAD)

    def __post_init__(self) -> None:
        if self.school_year < FIRST_POSSIBLE_YEAR:
            raise ValueError(f"the demo cannot be set before 1 September {FIRST_POSSIBLE_YEAR}: {self.today}")

    @classmethod
    def around(cls, today: date, now: datetime | None = None) -> "Calendar":
        """Make the demo's time for a day. Until the first bell of a school year it stays in the year before."""
        made = cls(today) if now is None else cls(today, now)
        if made.school_day is None and made.school_year > FIRST_POSSIBLE_YEAR:
            return replace(made, today=made.year_start - DAY)
        return made

    @cached_property
    def school_year(self) -> int:
        """School year of today, by the calendar year in which it began."""
        return school_year_of(self.today)

    @cached_property
    def year_start(self) -> date:
        """First day of the school year, from which its enrolments and assignments hold."""
        return date(self.school_year, 9, 1)

    @cached_property
    def prepared_on(self) -> date:
        """The day on which offices made the year ready: its first, or on that day itself the one before."""
        return min(self.year_start, self.today - DAY)

    @cached_property
    def quarter(self) -> Quarter:
        """The quarter that runs, or in a break the one before it."""
        first, *others = usual_quarters(self.school_year)
        return next((quarter for quarter in reversed(others) if self.first_day(quarter) <= self.today), first)

    @property
    def previous_quarter(self) -> Quarter | None:
        """The quarter before, if it lies in this school year."""
        number = self.quarter.number - 1
        return usual_quarters(self.school_year)[number - 1] if number else None

    @cached_property
    def school_day(self) -> date | None:
        """The last day of lessons up to today: today itself, or in a break the last one before it."""
        day = min(self.today, self.quarter.ends_on)
        while day >= self.quarter.starts_on:
            if self.works(day):
                return day
            day -= DAY
        return None

    @property
    def days_off(self) -> dict[date, str]:
        """Carried-over free days of this school year, each with its reason."""
        return {day: why for day, why in DAYS_OFF.items() if day in school_year_days(self.school_year)}

    def exchanging(self, worked: Mapping[date, date]) -> "Calendar":
        """The calendar of a school that works some Saturdays more."""
        return replace(self, worked={**self.worked, **worked})

    def works(self, day: date) -> bool:
        """Tell whether this is a working day of the five-day week."""
        return self._working.works(day)

    def timetable_of(self, day: date) -> int:
        """Give the weekday whose timetable a working day follows; Monday is 0."""
        return self.worked.get(day, day).weekday()

    def lesson_days(self, quarter: Quarter, since: date | None = None) -> Iterator[date]:
        """Go through the working days of a quarter up to two weeks from today, from `since` on if it is later."""
        day = max(quarter.starts_on, since or quarter.starts_on)
        last = min(quarter.ends_on, max(self.today + PLANNED_AHEAD, quarter.starts_on))
        while day <= last:
            if self.works(day):
                yield day
            day += DAY

    def status_on(self, day: date) -> LessonStatus:
        """Tell whether a lesson of that day is held or still planned."""
        return LessonStatus.HELD if day <= self.today else LessonStatus.PLANNED

    def noted_on_the_day(self, zone: ZoneInfo) -> datetime:
        """Give the moment at which the demo is made; of a day that is over its first one."""
        return start_of(self.today, zone) if self.now == LATER else self.now

    def may_be_written(self, held_on: date, zone: ZoneInfo) -> bool:
        """Tell whether marks of this lesson of the quarter may be written until tomorrow's end, nothing reopened."""
        closes_at = period_closes_at(self.quarter.ends_on, USUAL.period_close_working_days, self._working, zone)
        times = PageTimes(zone, USUAL.lesson_mark_days, USUAL.homework_mark_days, closes_at)
        return times.of_marks(held_on).shut(end_of(self.today + DAY, zone) - timedelta.resolution) is None

    @cached_property
    def _working(self) -> WorkingCalendar:
        free = dict.fromkeys((*DAYS_OFF, *self.worked.values()), False)
        return WorkingCalendar(5, {**free, **dict.fromkeys(self.worked, True)})

    def first_day(self, quarter: Quarter) -> date:
        """Give the first day of lessons of a quarter."""
        day = quarter.starts_on
        while not self.works(day):
            day += DAY
        return day


def lesson_ends(day: date, number: int, zone: str) -> datetime:
    """Give the moment at which the lesson with this number of the day is over and its marks are in."""
    return datetime.combine(day, FIRST_BELL, ZoneInfo(zone)) + number * LESSON_AND_BREAK


def office_hours(day: date, zone: str) -> datetime:
    """Give a moment of that day at which an office grants and confirms."""
    return datetime.combine(day, time(10), ZoneInfo(zone))
