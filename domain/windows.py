"""The correction window: from when and until when something of a page may be written. Pure: the clock is given.

Source: the organisation's regulation on journals; the lengths are settings of the organisation (its policy).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.periods import DAY, is_working_day


class Shut(StrEnum):
    """Why something may not be written at a moment."""

    LESSON_NOT_HELD_YET = "LESSON_NOT_HELD_YET"
    LESSON_WINDOW_CLOSED = "LESSON_WINDOW_CLOSED"
    PERIOD_CLOSED = "PERIOD_CLOSED"


@dataclass(frozen=True)
class Window:
    """A span of time, half-open, and what shuts it at its end. A page opened again lengthens it."""

    opens_at: datetime | None
    closes_at: datetime
    shut_by: Shut
    reopened_until: datetime | None = None

    @property
    def until(self) -> datetime:
        """The first moment at which nothing may be written any more."""
        return self.closes_at if self.reopened_until is None else max(self.closes_at, self.reopened_until)

    def shut(self, now: datetime) -> Shut | None:
        """Tell why nothing may be written now; None when it may be."""
        if self.opens_at is not None and now < self.opens_at:
            return Shut.LESSON_NOT_HELD_YET
        return None if now < self.until else self.shut_by


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of an organisation: its week, the Labour Code, and the days that it works or is free otherwise."""

    days_a_week: int = 5
    changed: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Tell whether this day is a working day."""
        return self.changed.get(day, is_working_day(day, self.days_a_week))

    def after(self, day: date, working_days: int) -> date:
        """Give the working day that comes this many working days after the day; the day itself for none."""
        while working_days:
            day += DAY
            working_days -= self.works(day)
        return day


@dataclass(frozen=True)
class PageTimes:
    """What decides the windows of one journal page. `reopened_until` is None unless the page is open again now."""

    zone: ZoneInfo
    lesson_mark_days: int
    homework_mark_days: int
    period_closes_at: datetime
    reopened_until: datetime | None = None

    def of_marks(self, held_on: date, due_on: date | None = None) -> Window:
        """Window for marks of a lesson; of homework, by the day of the lesson in which it is due."""
        if due_on is not None:
            return self._of_lesson(held_on, due_on, self.homework_mark_days)
        return self._of_lesson(held_on, held_on, self.lesson_mark_days)

    def of_attendance(self, held_on: date) -> Window:
        """Window for absences and late arrivals in a lesson."""
        return self._of_lesson(held_on, held_on, self.lesson_mark_days)

    def of_period(self) -> Window:
        """Window for topics, homework and reasons of absence: no day too early, until the period closes."""
        return Window(None, self.period_closes_at, Shut.PERIOD_CLOSED, self.reopened_until)

    def _of_lesson(self, held_on: date, counted_from: date, days: int) -> Window:
        ends = end_of(counted_from + days * DAY, self.zone)
        shut_by = Shut.PERIOD_CLOSED if self.period_closes_at <= ends else Shut.LESSON_WINDOW_CLOSED
        return Window(start_of(held_on, self.zone), min(ends, self.period_closes_at), shut_by, self.reopened_until)


def period_closes_at(
    ends_on: date, working_days: int, calendar: WorkingCalendar, zone: ZoneInfo, closed_at: datetime | None = None
) -> datetime:
    """Give the moment from which a period is closed: so many whole working days after its last day, or earlier by hand.

    `closed_at` is when somebody closed it; later than by itself it changes nothing.
    """
    by_itself = end_of(calendar.after(ends_on, working_days), zone)
    return by_itself if closed_at is None else min(by_itself, closed_at)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment of a day there."""
    return datetime.combine(day, time.min, zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment after a day there."""
    return start_of(day + DAY, zone)
