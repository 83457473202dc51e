"""The demo on any day: breaks, first days, worked Saturdays, the first minute of a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.seed import seed
from api.seed.calendar import Calendar
from api.seed.demo import demo_rows
from api.seed.ids import demo_ids
from api.seed.local_acts import EXCHANGED
from auth.provider.people import load_people
from domain.ages import age_on
from domain.periods import usual_quarters
from domain.records.base import Record
from domain.records.corrections import Reopening
from domain.records.journals import Lesson, LessonStatus
from domain.records.marks import MarkVersion
from tests.api.seed.conftest import ISSUER
from tests.clock import standing_at

ZONE = ZoneInfo("Asia/Krasnoyarsk")
FLAGSHIP = demo_ids()["journal-7a-algebra"]
WEEK = timedelta(days=7)
QUARTERS = [quarter for year in range(2025, 2036) for quarter in usual_quarters(year)]


def rows_of(today: date, now: datetime | None = None) -> list[Record]:
    return demo_rows("tiny", ISSUER, Calendar.around(today, now))


def marks_of(rows: list[Record]) -> list[date]:
    """Days of lessons on the flagship page that have marks."""
    lessons = {row.id for row in rows if isinstance(row, Lesson) and row.journal_id == FLAGSHIP}
    return sorted({row.held_on for row in rows if isinstance(row, MarkVersion) and row.lesson_id in lessons})


@pytest.mark.parametrize("quarter", QUARTERS[::3], ids=lambda quarter: f"{quarter.school_year}-{quarter.number}")
def test_first_day_of_a_quarter_has_a_mark_to_correct(quarter: Any) -> None:
    """Whatever weekday it is: the page of the demo's teacher begins on that day."""
    first = Calendar(quarter.starts_on).first_day(quarter)

    assert marks_of(rows_of(first))[-1] == first


@pytest.mark.parametrize(
    "today",
    [date(2026, 11, 6), date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 9), date(2027, 7, 15), date(2027, 8, 31)],
    ids=str,
)
def test_page_is_open_in_a_break_by_the_rule_of_reopening(today: date) -> None:
    """By the deputy head, from now on, for 48 hours and not longer."""
    now = datetime(today.year, today.month, today.day, 0, 1, tzinfo=ZONE)
    opened = [row for row in rows_of(today, now) if isinstance(row, Reopening) and row.journal_id == FLAGSHIP]

    assert [(row.opened_at, row.until) for row in opened] == [(now, now + timedelta(hours=48))]
    assert opened[0].opened_by_id == demo_ids()["person-deputy-head"]


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2026, 9, 1), date(2026, 11, 9), date(2027, 5, 26)], ids=str)
def test_page_is_open_by_itself_while_lessons_are_held(today: date) -> None:
    """On a Sunday, on the first and the last day of a quarter: nobody opens anything."""
    rows = rows_of(today)
    opened = [row for row in rows if isinstance(row, Reopening) and row.journal_id == FLAGSHIP]

    assert opened == []
    assert today - marks_of(rows)[-1] <= WEEK


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2027, 7, 15, 12, tzinfo=ZONE), [
            "On 15.07.2027 there are no lessons: the demo's last school day is 26.05.2027.",
            "The deputy head has opened 7А, algebra, again: its marks are corrected until 17.07 12:00."]),
        (datetime(2026, 11, 22, 12, tzinfo=ZONE), [
            "On 22.11.2026 there are no lessons: the demo's last school day is 20.11.2026."]),
        (datetime(2029, 9, 2, 12, tzinfo=ZONE), [
            "On 02.09.2029 there are no lessons: the demo's last school day is 25.05.2029.",
            "The deputy head has opened 7А, algebra, again: its marks are corrected until 04.09 12:00."]),
        (datetime(2027, 2, 20, 12, tzinfo=ZONE), []),
        (datetime(2026, 11, 20, 12, tzinfo=ZONE), []),
    ],
    ids=["July", "a Sunday", "before the first bell", "a worked Saturday", "a school day"],
)  # fmt: skip
def test_demo_says_so_when_today_has_no_lessons(fresh_database: str, moment: datetime, said: list[str]) -> None:
    """In the words of `make run`, after what was loaded."""
    lines: list[str] = []
    with standing_at(moment):
        seed(fresh_database, size="tiny", issuer=ISSUER, say=lines.append)

    assert [line.split("until")[0] for line in lines[1:]] == [line.split("until")[0] for line in said]
    assert [line[-12:-1] for line in lines[2:]] == [line[-12:-1] for line in said[1:]]


def test_demo_that_has_grown_old_says_how_to_make_it_anew(fresh_database: str) -> None:
    """A week after its last lesson nothing of it can be corrected any more; in a break it is as old as any other."""
    told: dict[int, list[str]] = {0: [], 5: [], 20: []}
    for days, lines in told.items():
        with standing_at(datetime(2026, 11, 20, 12, tzinfo=ZONE) + timedelta(days=days)):
            seed(fresh_database, size="tiny", issuer=ISSUER, say=lines.append)

    assert [len(lines) for lines in told.values()] == [1, 1, 2]
    assert "last school day is 20.11.2026" in told[20][1]
    assert "make reset" in told[20][1]


def test_worked_saturday_has_the_lessons_of_the_day_that_is_free_instead() -> None:
    """By the school's order: on 20 February those of Monday 22, which has none; other schools do not know the order."""
    rows = [row for row in rows_of(date(2027, 2, 26)) if isinstance(row, Lesson)]
    main = demo_ids()["school"]
    days = {(row.organisation_id == main, row.held_on) for row in rows if row.status is LessonStatus.HELD}
    [(saturday, monday)] = EXCHANGED.items()
    taught = [
        {(row.journal_id, row.number) for row in rows if row.held_on == day and row.organisation_id == main}
        for day in (saturday, date(2027, 2, 15))
    ]

    assert (True, saturday) in days
    assert (True, monday) not in days
    assert (False, saturday) not in days
    assert taught[0] == taught[1] != set()


def test_saturday_worked_by_decree_is_a_working_day_and_its_monday_is_not() -> None:
    """1 November 2025 for 3 November: by the federal calendar of 2025."""
    calendar = Calendar(date(2025, 11, 20))

    assert calendar.works(date(2025, 11, 1))
    assert not calendar.works(date(2025, 11, 3))
    assert calendar.timetable_of(date(2025, 11, 1)) == 0
    assert calendar.first_day(usual_quarters(2025)[1]) == date(2025, 11, 5)


@pytest.mark.parametrize("today", [date(2026, 9, 1), date(2026, 11, 20), date(2028, 2, 29)], ids=str)
def test_nothing_of_the_demo_is_noted_later_than_now(today: date) -> None:
    """In the first minute of a day too, whose lessons the demo shows as held."""
    now = datetime(today.year, today.month, today.day, 0, 1, tzinfo=ZONE)
    noted = {
        (type(row).__name__, name): value
        for row in rows_of(today, now)
        for name, value in row
        if isinstance(value, datetime) and name not in {"until"} and value > now
    }

    assert noted == {}


@pytest.mark.parametrize("year", [2024, 2026, 2027, 2035])
def test_children_stay_as_old_as_their_class(year: int) -> None:
    """The account of the younger never ends at 14, the parents of the elder lose nothing at 18, in any year."""
    people = load_people(year)
    ages = {
        key: {age_on(people[key].birth_date, day) for day in (date(year, 9, 1), date(year + 1, 8, 31))}
        for key in ("student", "child")
    }

    assert ages == {"student": {14, 15}, "child": {12, 13}}
    assert people["teacher"].birth_date == load_people(2026)["teacher"].birth_date


def test_moment_without_offset_is_none() -> None:
    """The demo's own end of time compares with any moment."""
    assert Calendar(date(2026, 11, 20)).now > datetime(2200, 1, 1, tzinfo=UTC)
