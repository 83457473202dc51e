"""Reporting periods: for which time a figure holds, written as ISO 8601 writes it."""

import re
from datetime import date, timedelta

from domain.errors import BadUserInput
from domain.periods import DAY, WEEK, DateRange

_ONE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?"
PERIOD_PATTERN = f"^{_ONE}(/{_ONE})?$"
"""A year, a month, a day or a week, or an interval of two of them: `2022`, `2026-11`, `2026-W47`, `2020/2022`.

Whether the day exists is `reporting_days`' business; the database asks for this form.
"""


class BadPeriod(BadUserInput):
    """Text that names no period."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is no period: write 2026, 2026-11, 2026-W47, 2026-11-22 or an interval such as 2020/2022.",
            f"«{text}» — не период: 2026, 2026-11, 2026-W47, 2026-11-22 или промежуток, например 2020/2022.",
        )


def reporting_days(text: str) -> DateRange:
    """Give the days of a period; the last part of an interval belongs to it. Raises BadPeriod."""
    if not (text.isascii() and re.fullmatch(PERIOD_PATTERN[1:-1], text)):
        raise BadPeriod(text)
    first, _, last = text.partition("/")
    try:
        return DateRange(_days(first).start, _days(last or first).end)
    except (ValueError, OverflowError) as error:
        raise BadPeriod(text) from error


def _days(part: str) -> DateRange:
    if "W" in part:
        monday = date.fromisocalendar(int(part[:4]), int(part[6:]), 1)
        return DateRange(monday, monday + WEEK)
    numbers = [int(number) for number in part.split("-")]
    start = date(*(*numbers, 1, 1)[:3])
    following = {
        1: lambda: date(start.year + 1, 1, 1),
        2: lambda: (start + timedelta(days=31)).replace(day=1),
        3: lambda: start + DAY,
    }
    return DateRange(start, following[len(numbers)]())
