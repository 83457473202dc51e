"""Dates of birth: nobody of the future, two digits of a year are the nearest past one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.birth_dates import check_birth_date, is_likely_of_student
from domain.imports.cells import UnreadableCellError, birth_date
from domain.refused_values import RefusedValueError

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("01.02.30", date(1930, 2, 1)),
        ("12.05.38", date(1938, 5, 12)),
        ("17.5.13", date(2013, 5, 17)),
        ("1.9.78", date(1978, 9, 1)),
        ("30.11.26", date(2026, 11, 30)),
        ("01.12.26", date(1926, 12, 1)),
        ("29.02.00", date(2000, 2, 29)),
        ("3 мая 12", date(2012, 5, 3)),
        ("03 май 2012", date(2012, 5, 3)),
        ("03 апр 2012", date(2012, 4, 3)),
        ("3 сентябрь 2012", date(2012, 9, 3)),
        ("3 сент. 2012 г.", date(2012, 9, 3)),
        ("17-мая-2012", date(2012, 5, 17)),
        ("3 мaя 2012", date(2012, 5, 3)),
        ("2012-05-17T00:00:00", date(2012, 5, 17)),
        ("2012-05-17T00:00:00Z", date(2012, 5, 17)),
        ("2012-05-17 00:00:00", date(2012, 5, 17)),
        ("17.05.2012 0:00:00", date(2012, 5, 17)),
        ("17\u201105\u20112012", date(2012, 5, 17)),
    ],
)
def test_date_of_birth_is_read_as_schools_write_it(written: str, day: date) -> None:
    """Never a day that is still to come."""
    assert birth_date(written, TODAY) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("01.02.2112", "BIRTH_DATE_IN_FUTURE"),
        ("2026-12-01", "BIRTH_DATE_IN_FUTURE"),
        ("31.12.1925", "BIRTH_DATE_TOO_EARLY"),
    ],
)
def test_day_on_which_nobody_alive_is_born_is_refused(written: str, code: str) -> None:
    """A year that is written whole is what it says."""
    with pytest.raises(RefusedValueError, match=code):
        birth_date(written, TODAY)


@pytest.mark.parametrize(
    "written", ["29.02.30", "31.02.12", "17 мартобря 2012", "ма 2012", "2012-05-16T17:00:00Z", "17.05", "7 мая", "2012"]
)
def test_what_is_no_day_is_unreadable(written: str) -> None:
    """Also a moment whose offset would decide the day, and a day without a year."""
    with pytest.raises(UnreadableCellError):
        birth_date(written, TODAY)


@given(st.dates(date(1926, 12, 2), date(2026, 11, 30)), st.dates(date(2026, 12, 1), date(2030, 12, 31)))
def test_two_digits_give_back_every_day_of_the_last_hundred_years(born: date, today: date) -> None:
    """Whoever is younger than a hundred is read as themselves, whatever day it is; nobody as born later."""
    read = birth_date(born.strftime("%d.%m.%y"), today)

    assert read < today
    assert (read.month, read.day, read.year % 100) == (born.month, born.day, born.year % 100)
    assert read >= born


def test_age_of_a_student_is_likely_or_told() -> None:
    """Five to thirty; nobody is refused for it."""
    ages = {4: False, 5: True, 30: True, 31: False}

    assert {age: is_likely_of_student(date(2026 - age, 12, 1), TODAY) for age in ages} == ages
    assert check_birth_date(date(1938, 5, 12), TODAY) == date(1938, 5, 12)
