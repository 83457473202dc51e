"""Dates of birth, one rule for every door: nobody is born in the future, and nobody alive longer ago than a century."""

from datetime import date

from domain.ages import age_on
from domain.refused_values import RefusedValueError

MOST_YEARS = 100
LIKELY_AGES = range(5, 31)
"""Ages of those who stand in a class; of others a person is told, evening schools have them."""


def check_birth_date(day: date, today: date) -> date:
    """Give the day back. Raises RefusedValueError where nobody alive can be born on it."""
    if day >= today:
        raise RefusedValueError(
            "BIRTH_DATE_IN_FUTURE",
            "Nobody is born today or later.",
            "Дата рождения не может быть сегодняшней или будущей.",
        )
    if day.year < today.year - MOST_YEARS:
        raise RefusedValueError(
            "BIRTH_DATE_TOO_EARLY",
            f"Nobody was born more than {MOST_YEARS} years ago.",
            f"Дата рождения раньше, чем {MOST_YEARS} лет назад.",
        )
    return day


def past_year(two_digits: int, month: int, day: int, today: date) -> int:
    """The year that two digits mean in a date of birth: the nearest one of which that day is past.

    Raises ValueError for a day that no such year has.
    """
    for century in range(today.year // 100 * 100, today.year - MOST_YEARS - 100, -100):
        try:
            if date(century + two_digits, month, day) < today:
                return century + two_digits
        except ValueError:
            continue
    raise ValueError(two_digits)


def is_likely_of_student(day: date, today: date) -> bool:
    """Whether somebody in a class is usually of that age."""
    return age_on(day, today) in LIKELY_AGES
