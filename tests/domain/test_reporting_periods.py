"""Reporting periods: which days they mean, and what is no period."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import DateRange
from domain.reporting_periods import BadPeriod, reporting_days

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2023-06-09", date(2023, 6, 9), date(2023, 6, 9)),
        ("2020/2022", date(2020, 1, 1), date(2022, 12, 31)),
        ("2026-09-01/2026-10", date(2026, 9, 1), date(2026, 10, 31)),
    ],
)
def test_period_means_its_days(text: str, first: date, last: date) -> None:
    """Both ends belong to it."""
    assert reporting_days(text) == DateRange.through(first, last)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2022-13", "2026-02-30", "2025-W53", "2026-W00", "2022/2020", "22", "2022 ", "2022\n", "٢٠٢٢", "9999"],
)
def test_text_that_names_no_days_is_refused(text: str) -> None:
    """With a message in both languages."""
    with pytest.raises(BadPeriod) as refusal:
        reporting_days(text)

    assert refusal.value.english
    assert refusal.value.russian


@given(DAYS, DAYS)
def test_interval_of_two_days_holds_exactly_the_days_between(one: date, other: date) -> None:
    """Whatever the days."""
    first, last = sorted([one, other])
    days = reporting_days(f"{first}/{last}")

    assert (first in days, last in days) == (True, True)
    assert first - timedelta(days=1) not in days
    assert last + timedelta(days=1) not in days


@given(DAYS)
def test_day_lies_in_its_month_week_and_year(day: date) -> None:
    """Each a period of its own."""
    year, week, _ = day.isocalendar()

    for text in (f"{day.year}", f"{day:%Y-%m}", f"{year:04d}-W{week:02d}", f"{day}"):
        assert day in reporting_days(text)
