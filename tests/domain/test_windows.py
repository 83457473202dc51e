"""The correction window: its edges, what shuts it, and what holds whatever the days and settings are."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import DAY
from domain.windows import PageTimes, Shut, Window, WorkingCalendar, end_of, period_closes_at, start_of

ZONE = ZoneInfo("Asia/Krasnoyarsk")
LESSON = date(2026, 11, 16)
SECOND = timedelta(seconds=1)
FAR = datetime(2027, 6, 1, tzinfo=UTC)

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
zones = st.sampled_from([ZoneInfo(name) for name in ("Asia/Krasnoyarsk", "Asia/Yekaterinburg", "Europe/Kaliningrad")])
EARLIEST, LATEST = datetime(2024, 1, 1), datetime(2029, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
moments = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
lengths = st.integers(0, 60)
page_times = st.builds(PageTimes, zones, lengths, lengths, moments, st.none() | moments)


def times(closes: datetime = FAR, reopened_until: datetime | None = None) -> PageTimes:
    return PageTimes(
        ZONE, lesson_mark_days=7, homework_mark_days=7, period_closes_at=closes, reopened_until=reopened_until
    )


def test_mark_may_be_written_from_the_lessons_day_to_the_end_of_the_seventh_day_after_it() -> None:
    """Midnights are local: Krasnoyarsk is seven hours before London."""
    window = times().of_marks(LESSON)

    assert window.opens_at == datetime(2026, 11, 15, 17, tzinfo=UTC)
    assert window.until == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert window.shut(window.opens_at - SECOND) is Shut.LESSON_NOT_HELD_YET
    assert window.shut(window.opens_at) is None
    assert window.shut(window.until - SECOND) is None
    assert window.shut(window.until) is Shut.LESSON_WINDOW_CLOSED


def test_marks_of_homework_are_counted_from_the_lesson_in_which_it_is_due() -> None:
    """It may be marked from the day it was given."""
    window = times().of_marks(LESSON, date(2026, 11, 23))

    assert window.opens_at == start_of(LESSON, ZONE)
    assert window.until == end_of(date(2026, 11, 30), ZONE)


def test_closed_period_shuts_a_window_that_would_still_run() -> None:
    """The earlier end counts, and the refusal names what closed."""
    closes = end_of(date(2026, 11, 18), ZONE)
    window = times(closes).of_marks(LESSON)

    assert window.until == closes
    assert window.shut(closes) is Shut.PERIOD_CLOSED


def test_topic_may_be_written_ahead_of_the_lesson_until_the_period_closes() -> None:
    """Planning is not correcting."""
    window = times().of_period()

    assert window.shut(datetime(2026, 9, 1, tzinfo=UTC)) is None
    assert window.shut(FAR) is Shut.PERIOD_CLOSED


def test_reopened_page_is_open_until_the_reopening_ends_but_not_before_the_lesson() -> None:
    """Nobody gives marks for what has not been held."""
    until = datetime(2027, 1, 10, tzinfo=UTC)
    window = times(end_of(LESSON, ZONE), until).of_marks(LESSON)

    assert window.shut(until - SECOND) is None
    assert window.shut(until) is Shut.PERIOD_CLOSED
    assert window.shut(start_of(LESSON, ZONE) - SECOND) is Shut.LESSON_NOT_HELD_YET


CLOSINGS = {
    "a Friday: Monday to Wednesday": (date(2026, 12, 25), {}, 5, date(2026, 12, 30)),
    "over a week-end and the Day of Unity": (date(2026, 10, 30), {}, 5, date(2026, 11, 5)),
    "six-day week": (date(2026, 12, 25), {}, 6, date(2026, 12, 29)),
    "over New Year": (date(2026, 12, 30), {}, 5, date(2027, 1, 12)),
    "a day that the school gives free": (date(2026, 12, 25), {date(2026, 12, 28): False}, 5, date(2026, 12, 31)),
    "a Saturday that is worked": (date(2026, 12, 25), {date(2026, 12, 26): True}, 5, date(2026, 12, 29)),
}


@pytest.mark.parametrize(("ends_on", "changed", "week", "last"), CLOSINGS.values(), ids=CLOSINGS)
def test_period_closes_after_three_working_days(
    ends_on: date, changed: dict[date, bool], week: int, last: date
) -> None:
    """Working days of the organisation, whole ones."""
    assert period_closes_at(ends_on, 3, WorkingCalendar(week, changed), ZONE) == end_of(last, ZONE)


def test_period_without_days_closes_with_its_last_one() -> None:
    """Zero is a setting."""
    assert period_closes_at(LESSON, 0, WorkingCalendar(), ZONE) == end_of(LESSON, ZONE)


@given(days, lengths, zones, moments)
def test_closing_by_hand_never_lengthens_a_period(ends_on: date, length: int, zone: ZoneInfo, closed: datetime) -> None:
    """Whoever closes later than the period itself changes nothing."""
    by_itself = period_closes_at(ends_on, length, WorkingCalendar(), zone)

    assert period_closes_at(ends_on, length, WorkingCalendar(), zone, closed) == min(by_itself, closed)


@given(days, lengths, lengths)
def test_more_working_days_never_close_earlier(ends_on: date, some: int, more: int) -> None:
    """And each of them is a working day."""
    calendar = WorkingCalendar()
    sooner, later = calendar.after(ends_on, some), calendar.after(ends_on, some + more)

    assert sooner <= later
    assert some == 0 or calendar.works(sooner)
    assert sum(calendar.works(ends_on + n * DAY) for n in range(1, (sooner - ends_on).days + 1)) == some


@given(page_times, days, moments)
def test_window_is_one_span_of_time(page: PageTimes, day: date, now: datetime) -> None:
    """Never open before the day or after `until`, open in between; the reason fits the side."""
    window = page.of_marks(day)
    shut = window.shut(now)

    assert (shut is Shut.LESSON_NOT_HELD_YET) == (now < start_of(day, page.zone))
    assert (shut is None) == (start_of(day, page.zone) <= now < window.until)


@given(page_times, days, moments)
def test_reopening_never_shuts_what_was_open(page: PageTimes, day: date, until: datetime) -> None:
    """It only lengthens."""
    reopened = PageTimes(page.zone, page.lesson_mark_days, page.homework_mark_days, page.period_closes_at, until)
    plain = PageTimes(page.zone, page.lesson_mark_days, page.homework_mark_days, page.period_closes_at)

    assert reopened.of_marks(day).until >= plain.of_marks(day).until
    assert reopened.of_marks(day).until >= until


@given(page_times, days, days)
def test_nothing_of_a_lesson_outlives_its_period(page: PageTimes, day: date, due: date) -> None:
    """Neither homework nor attendance nor reasons, unless the page is open again."""
    windows: list[Window] = [page.of_marks(day), page.of_marks(day, due), page.of_attendance(day), page.of_period()]
    latest = max(page.period_closes_at, page.reopened_until or page.period_closes_at)

    assert all(window.until <= latest for window in windows)
