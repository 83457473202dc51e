"""Where the two doors of a page had drifted apart: each case through the pen and through the file."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.doors import pages
from tests.doors.ground import MAKE_UP, PAGE, TODAY, Sides
from tests.doors.pages import Batch, Written

pytestmark = pytest.mark.anyio

ABSENT, LATE = "ABSENT_UNEXCUSED", "LATE"
DAY = timedelta(days=1)
TABLES = ("mark_version", "mark", "attendance_version", "attendance_record")
FREE = (
    "select id from lesson l where journal_id = :page and status = 'HELD' and held_on <= cast(:today as date)"
    " and not exists (select from assessment_slot s where s.lesson_id = l.id) order by held_on desc limit 1"
)


class Cell:
    """An ordinary line in an ordinary lesson of the page, the same on both sides; nothing stands there."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        ask = sides.pen.ask
        self.line = next(one for one in ask(pages.LINES, page=PAGE[8:]) if one.number == 8)
        held = {row.id for row in ask("select id from lesson where status = 'HELD'")}
        lessons = self.lessons()
        of_day = Counter(one.held_on for one in lessons)
        self.lesson = next(
            one
            for one in reversed(lessons)
            if one.id in held and one.made_up and one.held_on < TODAY and of_day[one.held_on] == 1
        )
        for table in TABLES:
            self.on_both(f"delete from {table} where lesson_id = :lesson", lesson=self.lesson.id)
        self.stay()

    def lessons(self) -> list[Any]:
        """Those of the page."""
        return self.sides.pen.ask(pages.LESSONS, page=PAGE[8:], code=MAKE_UP)

    def on_both(self, statement: str, **given: Any) -> None:
        """Change both copies behind the doors."""
        for side in self.sides.both:
            side.ask(statement, **given)

    def stay(self, first: Any = None, last: Any = None, away: str | None = None) -> None:
        """The days of the line's student in the group."""
        days = "joined_on = cast(:first as date), left_on = cast(:last as date), away = cast(:away as datemultirange)"
        line = {"line": self.line.id, "first": first, "last": last, "away": away}
        self.on_both(f"update journal_line set {days} where id = :line", **line)

    async def write(self, *marks: int, attendance: str | None = None, made_up: bool = False) -> tuple[Any, Any]:
        """Codes of the pen and of the file; what stands must be the same afterwards."""
        batch = Batch([self.lesson], made_up, [(self.line, [Written(marks, attendance)])])
        [by_pen], [by_file] = await pages.write(self.sides, batch)
        assert pages.stands(self.sides.pen) == pages.stands(self.sides.file)
        return [one.split()[0] for one in by_pen], [one.split()[0] for one in by_file]


@pytest.mark.parametrize(("marks", "attendance"), [((5,), None), ((), ABSENT)])
async def test_last_day_in_the_group_counts_and_the_day_after_does_not(
    sides: Sides, marks: tuple[int, ...], attendance: str | None
) -> None:
    """The file refused the last day (`>=`), under another code than the pen."""
    cell = Cell(sides)
    cell.stay(last=cell.lesson.held_on - DAY)
    after = await cell.write(*marks, attendance=attendance)
    cell.stay(last=cell.lesson.held_on)
    on_it = await cell.write(*marks, attendance=attendance)

    assert after == (["STUDENT_LEFT"], ["STUDENT_LEFT"])
    assert on_it == ([], [])


@pytest.mark.parametrize(("marks", "attendance"), [((4,), None), ((), LATE)])
async def test_nothing_is_written_before_the_first_day_in_the_group(
    sides: Sides, marks: tuple[int, ...], attendance: str | None
) -> None:
    """Membership had an end and no beginning."""
    cell = Cell(sides)
    cell.stay(first=cell.lesson.held_on + DAY)
    before = await cell.write(*marks, attendance=attendance)
    cell.stay(first=cell.lesson.held_on)
    on_it = await cell.write(*marks, attendance=attendance)

    assert before == (["STUDENT_NOT_JOINED"], ["STUDENT_NOT_JOINED"])
    assert on_it == ([], [])


async def test_nothing_is_written_for_days_between_leaving_and_coming_back(sides: Sides) -> None:
    """Both ends of the span: the first day away does not count, the day of coming back does."""
    cell = Cell(sides)
    day = cell.lesson.held_on
    cell.stay(away=f"{{[{day},{day + DAY})}}")
    away = await cell.write(5)
    cell.stay(away=f"{{[{day - DAY},{day})}}")
    back = await cell.write(5)

    assert away == (["STUDENT_LEFT"], ["STUDENT_LEFT"])
    assert back == ([], [])


@pytest.mark.parametrize(("status", "code"), [("REPLACED", "LESSON_REPLACED"), ("CANCELLED", "LESSON_CANCELLED")])
async def test_lesson_that_was_not_held_takes_nothing(sides: Sides, status: str, code: str) -> None:
    """The pen took marks in a replaced lesson; the file refused both under one code of its own."""
    cell = Cell(sides)
    cell.on_both("update lesson set status = :status where id = :lesson", status=status, lesson=cell.lesson.id)
    said = await cell.write(5)
    cell.on_both("update lesson set status = 'HELD' where id = :lesson", lesson=cell.lesson.id)

    assert said == ([code], [code])


async def test_mark_for_work_made_up_stands_beside_an_absence(sides: Sides) -> None:
    """In the same cell as well as after it; an ordinary mark does not."""
    cell = Cell(sides)

    assert await cell.write(3, attendance=ABSENT, made_up=True) == ([], [])
    assert await cell.write(5) == (["MARK_WITH_ABSENCE"], ["MARK_WITH_ABSENCE"])


async def test_absence_written_in_a_column_for_work_made_up_is_one_of_the_lesson(sides: Sides) -> None:
    """The file did not look at the lesson's other columns there."""
    cell = Cell(sides)

    assert await cell.write(5) == ([], [])
    assert await cell.write(attendance=ABSENT, made_up=True) == (["MARK_WITH_ABSENCE"], ["MARK_WITH_ABSENCE"])


async def test_absence_alone_makes_no_column(sides: Sides) -> None:
    """A file made an empty column in every lesson that it named."""
    cell = Cell(sides)
    [free] = sides.pen.ask(FREE, page=PAGE[8:], today=TODAY)
    cell.lesson = next(one for one in cell.lessons() if one.id == free.id)

    assert await cell.write(attendance=LATE) == ([], [])
    for side in sides.both:
        assert side.ask("select 1 from assessment_slot where lesson_id = :lesson", lesson=free.id) == []
