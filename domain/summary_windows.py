"""When summary marks may be confirmed: near the end of what they sum up, and not after it was closed. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.windows import PageTimes, end_of, start_of

BEFORE_THE_END = timedelta(days=14)
"""How long before the last day of a period its marks, and those of a year that ends with it, may be confirmed."""


class NotNow(StrEnum):
    """Why a summary mark may not be confirmed at a moment."""

    SUMMARY_NOT_OPEN_YET = "SUMMARY_NOT_OPEN_YET"
    PERIOD_CLOSED = "PERIOD_CLOSED"
    YEAR_CLOSED = "YEAR_CLOSED"


@dataclass(frozen=True)
class SummaryWindow:
    """A span of time, half-open, and what shuts it at its end. A page opened again is open whatever the span says."""

    opens_at: datetime
    closes_at: datetime
    shut_by: NotNow
    reopened_until: datetime | None = None

    @property
    def until(self) -> datetime:
        """The first moment at which nothing may be confirmed any more."""
        return self.closes_at if self.reopened_until is None else max(self.closes_at, self.reopened_until)

    def shut(self, now: datetime) -> NotNow | None:
        """Tell why nothing may be confirmed now; None when it may be."""
        if self.reopened_until is not None and now < self.reopened_until:
            return None
        if now < self.opens_at:
            return NotNow.SUMMARY_NOT_OPEN_YET
        return None if now < self.closes_at else self.shut_by


def window_of_period(times: PageTimes, ends_on: date) -> SummaryWindow:
    """Window for the period marks of a page: from two weeks before the period's last day until it closes."""
    opens_at = start_of(ends_on - BEFORE_THE_END, times.zone)
    return SummaryWindow(opens_at, times.period_closes_at, NotNow.PERIOD_CLOSED, times.reopened_until)


def window_of_year(school_year: int, last_period_ends_on: date, zone: ZoneInfo) -> SummaryWindow:
    """Window for year, exam and final marks: from two weeks before the last period's end until 31 August."""
    closes_at = end_of(date(school_year + 1, 8, 31), zone)
    return SummaryWindow(start_of(last_period_ends_on - BEFORE_THE_END, zone), closes_at, NotNow.YEAR_CLOSED)
