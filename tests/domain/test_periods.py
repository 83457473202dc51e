"""School years, ranges of days, quarters, working days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import (
    DateRange,
    is_working_day,
    school_year_days,
    school_year_of,
    usual_quarters,
    working_days,
)

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2023, 4, 24), 2022),
    ],
)
def test_school_year_turns_on_the_first_of_september(day: date, year: int) -> None:
    """And has the name of the calendar year in which it began."""
    assert school_year_of(day) == year


@given(DAYS)
def test_every_day_lies_in_its_school_year(day: date) -> None:
    """The range and the name agree."""
    assert day in school_year_days(school_year_of(day))


def test_range_has_its_first_day_and_not_its_last_bound() -> None:
    """Half-open: the end is the first day outside."""
    days = DateRange(date(2026, 9, 1), date(2026, 9, 3))

    assert [date(2026, 9, day) in days for day in (1, 2, 3)] == [True, True, False]
    assert date(2026, 8, 31) not in days
    assert date(2099, 1, 1) in DateRange(date(2026, 9, 1))


def test_range_through_a_day_has_that_day() -> None:
    """Both days belong to a grading period."""
    assert DateRange.through(date(2026, 9, 1), date(2026, 9, 1)) == DateRange(date(2026, 9, 1), date(2026, 9, 2))


def test_range_that_ends_before_it_starts_is_refused() -> None:
    """So is an empty one."""
    with pytest.raises(ValueError, match="must end after it starts"):
        DateRange(date(2026, 9, 1), date(2026, 9, 1))


@given(st.lists(DAYS, min_size=4, max_size=4, unique=True), st.booleans())
def test_ranges_overlap_when_some_day_lies_in_both(days: list[date], endless: bool) -> None:
    """Neighbours that touch do not overlap."""
    first = DateRange(min(days[:2]), max(days[:2]))
    second = DateRange(min(days[2:]), None if endless else max(days[2:]))
    in_both = second.start in first or first.start in second

    assert first.overlaps(second) == second.overlaps(first) == in_both


def test_ranges_that_touch_do_not_overlap() -> None:
    """The end of one is the start of the other."""
    assert not DateRange(date(2026, 9, 1), date(2026, 9, 8)).overlaps(DateRange(date(2026, 9, 8)))


def test_quarters_of_the_published_year_put_april_into_the_fourth() -> None:
    """The published page is headed «3ч», and its dates lie in the 4th quarter."""
    quarters = usual_quarters(2022)

    assert [(quarter.starts_on, quarter.ends_on) for quarter in quarters] == [
        (date(2022, 9, 1), date(2022, 10, 28)),
        (date(2022, 11, 7), date(2022, 12, 30)),
        (date(2023, 1, 9), date(2023, 3, 24)),
        (date(2023, 4, 3), date(2023, 5, 26)),
    ]
    assert date(2023, 4, 3) in quarters[3].days
    assert date(2023, 4, 3) not in quarters[2].days


@given(st.integers(2000, 2060))
def test_quarters_of_any_year_follow_the_rules(year: int) -> None:
    """From 1 September to 26 May, breaks of at least seven days, 32 to 35 weeks of lessons, all inside the year."""
    quarters = usual_quarters(year)
    breaks = [(later.starts_on - earlier.ends_on).days - 1 for earlier, later in pairwise(quarters)]
    lessons = sum(len(list(working_days(quarter.days))) for quarter in quarters)

    assert date(year, 9, 1) <= quarters[0].starts_on <= date(year, 9, 3)
    assert date(year + 1, 5, 24) <= quarters[-1].ends_on <= date(year + 1, 5, 26)
    assert min(breaks) >= 7
    assert 32 * 5 <= lessons <= 35 * 5
    assert [quarter.number for quarter in quarters] == [1, 2, 3, 4]


def test_working_days_leave_out_week_ends_holidays_and_what_else_is_free() -> None:
    """The week of 4 November 2026, a Wednesday, with its Friday given away."""
    week = DateRange.through(date(2026, 11, 2), date(2026, 11, 8))

    assert [day.day for day in working_days(week, free={date(2026, 11, 6)})] == [2, 3, 5]
    assert [day.day for day in working_days(week, days_a_week=6)] == [2, 3, 5, 6, 7]


@given(DAYS, st.integers(1, 400))
def test_working_days_are_exactly_those_of_the_range(start: date, length: int) -> None:
    """None is left out, none is added."""
    days = [start + timedelta(days=offset) for offset in range(length)]

    assert list(working_days(DateRange.through(start, days[-1]))) == [day for day in days if is_working_day(day)]


def test_working_days_of_an_endless_range_are_refused() -> None:
    """Counting them would never end."""
    with pytest.raises(ValueError, match="endless"):
        list(working_days(DateRange(date(2026, 9, 1))))
