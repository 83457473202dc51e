"""Where the two doors of the class list had drifted apart: what an operator does and what a file does."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.api.imports.bringing import bring_in, lines
from tests.doors.ground import DEPUTY, PAGE, TODAY, Sides
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
CLASS_7A = id_of("ClassGroup", "class-7a")[11:]
HEADER = ("ФИО", "Дата рождения", "Класс", "СНИЛС")
SEEN = "query ($id: ID!) { student(id: $id) { displayName } }"
DIARY = """
query ($id: ID!, $since: Date!, $until: Date!) {
  node(id: $id) { ... on Diary { lessons(since: $since, until: $until) { heldOn } } }
}
"""
STUDENT = (
    "select p.* from person p join enrolment e on e.student_id = p.id"
    " join journal_line l on l.student_id = p.id and l.journal_id = :page and l.left_on is null"
    " where e.class_group_id = :group and e.valid_to is null and p.snils is not null and p.middle_name is not null"
    " order by l.number desc limit 1"
)
OTHER_CLASS = (
    "select c.id, c.grade_level || c.letter as name from class_group c join journal j on j.class_group_id = c.id"
    " join class_group old on old.id = :group and old.organisation_id = c.organisation_id"
    " and old.school_year = c.school_year and old.id <> c.id order by name limit 1"
)
GROUPS = (
    "select g.class_group_id, m.valid_from, m.valid_to from subject_group_member m"
    " join subject_group g on g.id = m.subject_group_id where m.student_id = :who"
)
CHILD = (
    "select l.student_id from journal_line l join guardianship g on g.student_id = l.student_id"
    " where l.journal_id = :page and g.guardian_id = :guardian"
)
OWN_LINES = "select journal_id, class_group_id, joined_on, left_on from journal_line where student_id = :who"


async def brought(demo: Demo, row: tuple[Any, ...], first: date, **given: Any) -> Any:
    """The row of the report, after a file with this one row."""
    run = await bring_in(
        demo, lines(HEADER, row), "PEOPLE", DEPUTY, mode="ROW_BY_ROW", options={"validFrom": str(first)}, **given
    )
    [told] = run["rows"]["nodes"]
    return told


def codes(told: Any) -> list[str]:
    return [issue["code"] for issue in told["issues"]]


async def seen_by_teacher(demo: Demo, who: Any) -> Any:
    """The card as the teacher of algebra in 7А sees it."""
    return (await demo.query(SEEN, {"id": f"Student:{who}"}, "teacher")).data["student"]


async def test_class_changed_by_a_file_is_all_that_a_transfer_is(sides: Sides) -> None:
    """Subject groups and their teachers' sight end, the new pages begin with the first day, and the report says so."""
    demo, first = sides.file, TODAY - 4 * DAY
    [who], [new] = demo.ask(STUDENT, page=PAGE[8:], group=CLASS_7A), demo.ask(OTHER_CLASS, group=CLASS_7A)
    name = f"{who.last_name} {who.first_name} {who.middle_name}"
    before = await seen_by_teacher(demo, who.id)
    told = await brought(demo, (name, who.birth_date, new.name, who.snils), first, overwrite=True)
    groups = {row.class_group_id: row for row in demo.ask(GROUPS, who=who.id)}
    own = demo.ask(OWN_LINES, who=who.id)

    assert before is not None
    assert codes(told)[0] == "MOVED"
    assert {key: row.valid_to for key, row in groups.items() if str(key) == CLASS_7A}.popitem()[1] == first
    assert groups[new.id].valid_from == first
    assert {row.left_on for row in own if str(row.journal_id) == PAGE[8:]} == {first - DAY}
    assert first in {row.joined_on for row in own if row.class_group_id == new.id}
    assert await seen_by_teacher(demo, who.id) is None


async def test_newcomer_of_a_file_stands_on_the_pages_from_the_first_day(sides: Sides) -> None:
    """As one whom the operator enrols; the report says what was done, and that somebody must still name groups."""
    demo, first = sides.file, TODAY - 6 * DAY
    told = await brought(demo, ("Дверина Анна Тестовна", "2013-02-03", "7А", ""), first)
    own = [row for row in demo.ask(OWN_LINES, who=told["objectId"][8:]) if str(row.journal_id) == PAGE[8:]]

    assert codes(told) == ["PLACED", "GROUPS_LEFT_OUT"]
    assert [(row.joined_on, row.left_on) for row in own] == [(first, None)]


async def test_first_day_outside_the_school_year_of_the_class_is_refused(sides: Sides) -> None:
    """The file took any day that it was given."""
    demo, row = sides.file, ("Дверцова Анна Тестовна", "2013-02-03", "7А", "")
    [year] = demo.ask("select school_year from class_group where id = :group", group=CLASS_7A)
    options = {"validFrom": str(TODAY + 365 * DAY), "schoolYear": year.school_year}
    run = await bring_in(demo, lines(HEADER, row), "PEOPLE", DEPUTY, mode="ROW_BY_ROW", options=options)

    assert [codes(told) for told in run["rows"]["nodes"]] == [["NOT_IN_SCHOOL_YEAR"]]


async def test_diary_of_a_newcomer_has_no_lessons_from_before_the_first_day(sides: Sides) -> None:
    """What is worked out from membership counts the days of the stay only."""
    demo, first = sides.pen, TODAY - 5 * DAY
    [[child]] = demo.ask(CHILD, guardian=id_of("Person", "person-legal-representative")[7:], page=PAGE[8:])
    asked = {"id": f"Diary:{child}", "since": str(TODAY - 13 * DAY), "until": str(TODAY)}
    demo.ask("update journal_line set joined_on = null, left_on = null, away = null where student_id = :who", who=child)
    whole = (await demo.query(DIARY, asked, "legal-representative")).data["node"]["lessons"]
    demo.ask("update journal_line set joined_on = :first where student_id = :who", first=first, who=child)
    since = (await demo.query(DIARY, asked, "legal-representative")).data["node"]["lessons"]

    assert min(one["heldOn"] for one in whole) < str(first)
    assert since == [one for one in whole if one["heldOn"] >= str(first)]
    assert len(since) > 0
