"""School years, half-open ranges of days, usual quarters, working days."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MONDAY, FRIDAY = 0, 4

PUBLIC_HOLIDAYS = frozenset(
    [(1, day) for day in range(1, 9)] + [(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)]
)  # fmt: skip
"""Month and day of the holidays that stand in the Labour Code; days carried over are the calendar's business."""


@dataclass(frozen=True)
class DateRange:
    """Days from `start` up to, and not including, `end`; without `end` it goes on."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a range must end after it starts: {self.start} .. {self.end}")

    @classmethod
    def through(cls, first: date, last: date) -> Self:
        """Make the range of which both days are part."""
        return cls(first, last + DAY)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Self) -> bool:
        """Tell whether some day lies in both."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


@dataclass(frozen=True)
class Quarter:
    """A quarter of a school year; both days belong to it."""

    school_year: int
    number: int
    starts_on: date
    ends_on: date

    @property
    def days(self) -> DateRange:
        """Its days as a half-open range."""
        return DateRange.through(self.starts_on, self.ends_on)


def school_year_of(day: date) -> int:
    """Give the calendar year in which the school year of this day began: it turns on 1 September."""
    return day.year if day.month >= 9 else day.year - 1


def school_year_days(school_year: int) -> DateRange:
    """1 September to 31 August."""
    return DateRange(date(school_year, 9, 1), date(school_year + 1, 9, 1))


def usual_quarters(school_year: int) -> tuple[Quarter, ...]:
    """Quarters as most schools set them; every organisation may set its own.

    Whole weeks; nine free days before the 2nd and the 4th quarter, New Year before the 3rd; the year runs from
    1 September to 26 May, or the next and the previous working day.
    """
    following = school_year + 1
    first_end, third_end = last_weekday(date(school_year, 10, 30), FRIDAY), last_weekday(date(following, 3, 28), FRIDAY)
    bounds = (
        (next_working_day(date(school_year, 9, 1)), first_end),
        (first_end + timedelta(days=10), last_weekday(date(school_year, 12, 30), FRIDAY)),
        (last_weekday(date(following, 1, 15), MONDAY), third_end),
        (third_end + timedelta(days=10), previous_working_day(date(following, 5, 26))),
    )
    return tuple(Quarter(school_year, number, *days) for number, days in enumerate(bounds, start=1))


def working_days(days: DateRange, free: Collection[date] = (), days_a_week: int = 5) -> Iterator[date]:
    """Go through the working days of a closed range: not the week-end, not a public holiday, not in `free`."""
    if days.end is None:
        raise ValueError("working days of an endless range cannot be counted")
    day = days.start
    while day < days.end:
        if is_working_day(day, days_a_week) and day not in free:
            yield day
        day += DAY


def is_working_day(day: date, days_a_week: int = 5) -> bool:
    """Tell whether the week and the public holidays leave this day for work."""
    return day.weekday() < days_a_week and (day.month, day.day) not in PUBLIC_HOLIDAYS


def last_weekday(day: date, weekday: int) -> date:
    """Give the last such weekday on or before the day; Monday is 0."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def next_working_day(day: date) -> date:
    """Give the day itself, or the first working day after it."""
    while not is_working_day(day):
        day += DAY
    return day


def previous_working_day(day: date) -> date:
    """Give the day itself, or the last working day before it."""
    while not is_working_day(day):
        day -= DAY
    return day
