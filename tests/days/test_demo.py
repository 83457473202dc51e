"""The demo is alive on any day: what shows something on the usual day does so today, and a mark can be corrected."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.seed.calendar import Calendar
from api.seed.local_acts import EXCHANGED
from tests.api.finding import found_for, viewer_of
from tests.days.conftest import Day
from tests.days.questions import EXAMPLES, shapes_of
from tests.days.shapes import missing
from tests.schema.writing import ERRORS, FLAGSHIP

pytestmark = pytest.mark.anyio

PAGE = """query ($id: ID!) { journal(id: $id) {
  gradingPeriod { startsOn endsOn }
  lessons { id heldOn status viewerCan { writeMarks { allowed until } }
            marks { value version line { id } slot { id } } } } }"""
PAGES = "{ journals(last: 20) { nodes { id lessons { id heldOn status viewerCan { writeMarks { allowed } } } } } }"
WRITE = f"mutation ($i: WriteMarkInput!) {{ done: writeMark(input: $i) {{ mark {{ value version }} {ERRORS} }} }}"
REOPEN = (
    "mutation ($i: ReopenJournalInput!) { done: reopenJournal(input: $i) { reopening { until } userErrors { code } } }"
)


def made_for(day: Day) -> Calendar:
    """The demo's own view of the day."""
    return Calendar.around(day.today).exchanging(EXCHANGED)


async def page_of(day: Day, journal: str = FLAGSHIP) -> Any:
    return (await day.demo.query(PAGE, {"id": journal}, "teacher")).data["journal"]


async def write(day: Day, lesson: Any, mark: Any, **changes: Any) -> Any:
    given = {"clientMutationId": str(uuid4()), "lessonId": lesson["id"], "lineId": mark["line"]["id"],
             "slotId": mark["slot"]["id"], "version": mark["version"], "reason": "Пересчитала баллы"}  # fmt: skip
    return (await day.demo.query(WRITE, {"i": given | changes}, "teacher")).data["done"]


def is_young(day: Day) -> bool:
    """Within two weeks of a quarter's first day its pages need not have all that a page has later."""
    calendar = made_for(day)
    return calendar.today - calendar.quarter.starts_on < timedelta(days=14)


async def test_demo_is_sound_and_says_when_today_has_no_lessons(day: Day) -> None:
    """As `seed --check` judges it; on a day of lessons nothing is said."""
    calendar = made_for(day)
    about_the_day = [line for line in day.said if line.startswith(f"On {day.today:%d.%m.%Y} there are no lessons")]

    assert day.broken == {}
    assert len(about_the_day) == (calendar.school_day != day.today)


async def test_whatever_shows_something_on_the_usual_day_does_so_today(usual: dict[str, set[str]], day: Day) -> None:
    """The pages' questions, the door's examples and those of GraphiQL."""
    assert missing(usual, await shapes_of(day.demo), young=is_young(day)) == {}


async def test_pages_are_of_the_quarter_that_runs_or_ran_last(day: Day) -> None:
    """A current term: in a break the one before it."""
    period = (await page_of(day))["gradingPeriod"]
    first, last = (date.fromisoformat(period[name]) for name in ("startsOn", "endsOn"))

    assert first <= day.today
    assert day.today <= last or not made_for(day).works(day.today) or day.today - last > timedelta(days=2)


async def test_lessons_of_today_and_before_are_held_and_later_ones_planned(day: Day) -> None:
    """Or cancelled, before."""
    lessons = (await page_of(day))["lessons"]
    kinds = {(date.fromisoformat(lesson["heldOn"]) <= day.today, lesson["status"]) for lesson in lessons}

    assert (True, "HELD") in kinds
    assert kinds <= {(True, "HELD"), (True, "CANCELLED"), (False, "PLANNED")}


async def test_mark_of_an_open_lesson_is_corrected_once(day: Day) -> None:
    """And whoever saw the version before is told."""
    lessons = (await page_of(day))["lessons"]
    lesson = next(one for one in lessons if one["viewerCan"]["writeMarks"]["allowed"] and one["marks"])
    mark = lesson["marks"][0]
    right = 4 if mark["value"] == 5 else 5
    written, again = await write(day, lesson, mark, value=right), await write(day, lesson, mark, value=2)

    assert (written["userErrors"], written["mark"]) == ([], {"value": right, "version": mark["version"] + 1})
    assert [error["code"] for error in again["userErrors"]] == ["VERSION_CONFLICT"]


async def test_what_is_shut_is_refused_until_the_deputy_head_opens_the_page(day: Day) -> None:
    """A lesson that is over, or not yet held; every day has one or the other."""
    nodes = (await day.demo.query(PAGES, viewer="teacher")).data["journals"]["nodes"]
    shut = [
        (node["id"], lesson["id"])
        for node in nodes
        for lesson in node["lessons"]
        if not lesson["viewerCan"]["writeMarks"]["allowed"] and lesson["status"] != "CANCELLED"
    ]
    journal, identifier = shut[0]
    before = await page_of(day, journal)
    lesson = next(one for one in before["lessons"] if one["id"] == identifier)
    mark = next((one for one in lesson["marks"]), None)
    if mark is None:  # not held yet: nobody opens that
        assert date.fromisoformat(lesson["heldOn"]) > day.today
        return
    refused = await write(day, lesson, mark, value=3)
    given = {"clientMutationId": str(uuid4()), "journalId": journal, "reason": "Апелляция", "hours": 24}
    opened = (await day.demo.query(REOPEN, {"i": given}, "deputy-head")).data["done"]
    taken = await write(day, lesson, mark, value=3)

    assert [error["__typename"] for error in refused["userErrors"]] == ["WindowClosed"]
    assert opened["userErrors"] == []
    assert taken["userErrors"] == []


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.document.startswith("mutation ")],
                         ids=lambda example: example.title)  # fmt: skip
async def test_change_of_an_example_is_accepted(day: Day, example: Any) -> None:
    """Its variables are found, and nothing is refused."""
    viewer = viewer_of(example)
    answer = await day.demo.query(example.document, await found_for(day.demo, example, viewer), viewer)

    assert [payload["userErrors"] for payload in answer.data.values()] == [[]]
