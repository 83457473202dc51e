"""Year, exam and final marks: from confirmed periods, by the rule of the grade, until 31 August."""

from typing import Any
from uuid import uuid4

import pytest

from api.seed import demo_ids
from tests.schema.demo import Demo, id_of
from tests.schema.test_summaries import asking, codes, confirm

pytestmark = pytest.mark.anyio

GROUP, PAGE = id_of("SubjectGroup", "group-7a-algebra"), id_of("Journal", "journal-7a-algebra")
LINES = """
query Lines($id: ID!) {
  journal(id: $id) {
    lines {
      id student { id }
      proposedMark { value because }
      year: proposedMark(kind: YEAR) { scale value because mean }
      exam: proposedMark(kind: EXAM) { value }
      final: proposedMark(kind: FINAL) { value because mean }
      summaryMarks { kind value }
    }
  }
}
"""
CONFIRM = """
mutation Confirm($i: ConfirmCourseMarksInput!) {
  change: confirmCourseMarks(input: $i) {
    summaryMarks { kind value proposed basisSum basisWeight version reason gradingPeriod { id } student { id } }
    userErrors { __typename code message path ... on WindowClosed { closedAt opensAt reopenableBy } }
  }
}
"""


@pytest.fixture
async def ending(own_demo: Demo) -> Demo:
    """A demo whose school year ends in five days, after the current quarter."""
    periods = "organisation_id = :school and school_year = 2026"
    own_demo.bent.add("lessons lie in their period")
    own_demo.ask(
        f"delete from grading_period where {periods} and number > 2"
        f" and not exists (select from journal j where j.grading_period_id = grading_period.id)",
        school=demo_ids()["school"],
    )
    own_demo.ask(
        f"update grading_period set ends_on = vhod.now()::date + 5 where {periods} and number = 2",
        school=demo_ids()["school"],
    )
    return own_demo


async def lines_of(demo: Demo, viewer: str = "teacher") -> list[dict[str, Any]]:
    return (await demo.query(LINES, {"id": PAGE}, viewer)).data["journal"]["lines"]  # type: ignore[no-any-return]


def course(kind: str, *students: dict[str, Any], **changes: object) -> dict[str, Any]:
    given = {"clientMutationId": str(uuid4()), "subjectGroupId": GROUP, "kind": kind, "students": list(students)}
    return given | changes


async def confirm_course(demo: Demo, given: dict[str, Any], viewer: str = "teacher") -> dict[str, Any]:
    return (await demo.query(CONFIRM, {"i": given}, viewer)).data["change"]  # type: ignore[no-any-return]


async def confirm_periods(demo: Demo, value: int = 4) -> list[dict[str, Any]]:
    """Confirm the quarter of all lines with one value; gives the lines as they are then."""
    lines = await lines_of(demo)
    done = await confirm(demo, asking(*({"lineId": line["id"], "value": value} for line in lines), reason="по итогам"))
    assert done["userErrors"] == []
    return await lines_of(demo)


def of(line: dict[str, Any], value: int | None, **changes: object) -> dict[str, Any]:
    return {"studentId": line["student"]["id"], "value": value} | changes


async def test_year_is_proposed_only_when_its_periods_are_confirmed(ending: Demo) -> None:
    """Until then it is too early, and confirming all the same takes a reason."""
    [line, *_] = before = await lines_of(ending)
    refused = await confirm_course(ending, course("YEAR", of(line, 5)))
    early = await confirm_course(ending, course("YEAR", of(line, 5), reason="Выбывает до конца года"))
    after = await confirm_periods(ending)

    assert {one["year"]["because"] for one in before} == {"PERIODS_UNCONFIRMED"}
    assert {one["year"]["value"] for one in before} == {None}
    assert codes(refused) == [("DEVIATION_NEEDS_REASON", ["students", "0", "reason"])]
    assert early["userErrors"] == []
    assert [(one["year"]["value"], one["year"]["because"], one["year"]["mean"]) for one in after] == [
        (4, "MEAN_OF_PERIODS", "4.00")
    ] * len(after)


async def test_period_before_a_student_came_into_the_group_is_not_taken_for_untaught(ending: Demo) -> None:
    """There may be a mark elsewhere, which this teacher cannot see: the year is not proposed from the rest alone."""
    newcomer, *others = await confirm_periods(ending)
    ending.ask(
        "update subject_group_member set valid_from = (select starts_on from grading_period where number = 2"
        " and school_year = 2026 and organisation_id = :school)"
        " where student_id = :student and subject_group_id = :group",
        school=demo_ids()["school"],
        student=newcomer["student"]["id"][8:],
        group=demo_ids()["group-7a-algebra"],
    )
    newcomer, *others = await lines_of(ending)
    refused = await confirm_course(ending, course("YEAR", *(of(line, 4) for line in (newcomer, *others))))
    done = await confirm_course(ending, course("YEAR", of(newcomer, 4, reason="Справка из прежней школы: 4")))

    assert newcomer["year"]["because"] == "PERIODS_UNCONFIRMED"
    assert {line["year"]["value"] for line in others} == {4}
    assert codes(refused) == [("DEVIATION_NEEDS_REASON", ["students", "0", "reason"])]
    assert done["userErrors"] == []


async def test_year_exam_and_course_are_confirmed_for_a_whole_group(ending: Demo) -> None:
    """Each kind has its own place; the basis of a year is that of its periods; an exam is never proposed."""
    lines = await confirm_periods(ending)
    year = await confirm_course(ending, course("YEAR", *(of(line, 4) for line in lines)))
    exam = await confirm_course(ending, course("EXAM", of(lines[0], 5)))
    final = await confirm_course(ending, course("FINAL", of(lines[0], 5)))
    [line, *_] = await lines_of(ending)

    assert [change["userErrors"] for change in (year, exam, final)] == [[], [], []]
    assert [(one["value"], one["proposed"], one["basisSum"], one["basisWeight"]) for one in year["summaryMarks"]] == [
        (4, 4, 4, 1)
    ] * len(lines)
    assert [mark["student"]["id"] for mark in year["summaryMarks"]] == [one["student"]["id"] for one in lines]
    assert [(mark["kind"], mark["value"]) for mark in line["summaryMarks"]] == [
        ("EXAM", 5), ("FINAL", 5), ("PERIOD", 4), ("YEAR", 4)
    ]  # fmt: skip
    assert line["exam"] is None
    assert line["final"]["because"] == "NO_RULE"


async def test_grade_9_ends_with_the_mean_of_year_and_exam(ending: Demo) -> None:
    """Algebra is mathematics: 4 and 5 come to 5; anything else needs a reason."""
    ending.ask("update class_group set grade_level = 9 where id = :id", id=demo_ids()["class-7a"])
    [line, *_] = await confirm_periods(ending)
    await confirm_course(ending, course("YEAR", of(line, 4)))
    [waiting, *_] = await lines_of(ending)
    await confirm_course(ending, course("EXAM", of(line, 5)))
    [ready, *_] = await lines_of(ending)
    refused = await confirm_course(ending, course("FINAL", of(line, 4)))
    done = await confirm_course(ending, course("FINAL", of(line, 5)))

    assert (waiting["final"]["value"], waiting["final"]["because"]) == (None, "EXAM_MISSING")
    assert (ready["final"]["value"], ready["final"]["mean"]) == (5, "4.50")
    assert codes(refused) == [("DEVIATION_NEEDS_REASON", ["students", "0", "reason"])]
    assert done["summaryMarks"][0]["proposed"] == 5


async def test_grade_11_ends_with_the_mean_of_its_senior_years(ending: Demo) -> None:
    """Marks of grade 10 are those of the year before: 3, 3 and 3 beside this year's 4 and 5 come to 18 / 5."""
    ending.ask("update class_group set grade_level = 11 where id = :id", id=demo_ids()["class-7a"])
    [line, *_] = await confirm_periods(ending)
    quarters = "select id from grading_period where organisation_id = :school and school_year = 2022 limit 2"
    ending.ask(
        "insert into summary_mark_version (school_year, student_id, organisation_id, class_group_id, subject_group_id,"
        " subject_id, kind, grading_period_id, value) select 2025, l.student_id, l.organisation_id, l.class_group_id,"
        " l.subject_group_id, j.subject_id, p.kind, p.id, 3 from journal_line l join journal j on j.id = l.journal_id,"
        f" (select 'PERIOD' as kind, id from ({quarters}) q union all select 'YEAR', null) p where l.id = :line",
        school=demo_ids()["school"],
        line=line["id"][12:],
    )
    await confirm_course(ending, course("YEAR", of(line, 5), reason="выпускная работа"))
    [ready, *_] = await lines_of(ending)

    assert (ready["final"]["value"], ready["final"]["because"], ready["final"]["mean"]) == (
        4, "MEAN_OF_SENIOR_YEARS", "3.60",
    )  # fmt: skip


async def test_period_mark_has_no_place_here_and_a_stranger_to_the_group_neither(ending: Demo) -> None:
    """A period goes by its page; a student of another class is not found."""
    [line, *_] = await lines_of(ending)
    period = await confirm_course(ending, course("PERIOD", of(line, 5)))
    foreign = await confirm_course(
        ending, course("EXAM", {"studentId": id_of("Student", "pupil-of-teacher-parent"), "value": 5})
    )

    assert codes(period) == [("KIND", ["kind"])]
    assert codes(foreign) == [("NOT_FOUND", ["students", "0"])]


async def test_year_is_too_early_in_autumn_and_closed_after_august(own_demo: Demo) -> None:
    """Before: with the moment at which it opens. After: nobody opens it again."""
    [line, *_] = await lines_of(own_demo)
    [early] = (await confirm_course(own_demo, course("YEAR", of(line, 5), reason="рано")))["userErrors"]
    own_demo.ask("update subject_group set school_year = 2025 where id = :id", id=demo_ids()["group-7a-algebra"])
    [late] = (await confirm_course(own_demo, course("EXAM", of(line, 5))))["userErrors"]

    assert (early["code"], early["closedAt"], early["reopenableBy"]) == ("SUMMARY_NOT_OPEN_YET", None, [])
    assert early["opensAt"].startswith("2027-05-")
    assert (late["code"], late["opensAt"], late["reopenableBy"]) == ("YEAR_CLOSED", None, [])
    assert late["closedAt"] == "2026-09-01T00:00:00+07:00"


@pytest.mark.parametrize(("viewer", "expected"), [("homeroom-teacher", "FORBIDDEN"), ("student", "FORBIDDEN")])
async def test_readers_of_the_group_confirm_nothing(ending: Demo, viewer: str, expected: str) -> None:
    """Visible is not writable."""
    answer = await ending.query(CONFIRM, {"i": course("YEAR", {"studentId": "any", "value": 5})}, viewer)

    assert answer.codes == [expected]


async def test_deputy_head_confirms_with_a_reason_only(ending: Demo) -> None:
    """Also what agrees with the proposal."""
    [line, *_] = await confirm_periods(ending)
    silent = await confirm_course(ending, course("YEAR", of(line, 4)), "deputy-head")
    done = await confirm_course(ending, course("YEAR", of(line, 4), reason="Учитель болен"), "deputy-head")

    assert codes(silent) == [("REASON_NEEDED", ["reason"])]
    assert [mark["reason"] for mark in done["summaryMarks"]] == ["Учитель болен"]


async def test_statements_of_a_group_do_not_grow_with_its_students(ending: Demo) -> None:
    """One student or seven: the database is asked as often."""
    lines = await confirm_periods(ending)
    one = await ending.query(CONFIRM, {"i": course("YEAR", of(lines[0], 4))})
    rest = await ending.query(CONFIRM, {"i": course("YEAR", *(of(line, 4) for line in lines[1:]))})

    assert one.data["change"]["userErrors"] == rest.data["change"]["userErrors"] == []
    assert one.statements == rest.statements
