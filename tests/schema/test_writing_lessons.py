"""Lessons and their columns: topic and homework until the period closes, columns with weights that marks follow."""

from datetime import datetime
from typing import Any

import pytest

from tests.schema.demo import id_of
from tests.schema.writing import ZONE, Pen, codes

pytestmark = pytest.mark.anyio

DAY = "2026-11-19"


async def test_teacher_changes_topic_and_homework_also_ahead_and_the_history_stays(pen: Pen) -> None:
    """What is left out is kept; null removes; every change is a version."""
    lesson = await pen.lesson("2026-11-26")
    seen = {"lessonId": lesson["id"], "version": lesson["version"]}
    first = await pen.do("updateLesson", **seen, topic="Линейные уравнения", homework="№ 101")
    second = await pen.do("updateLesson", lessonId=lesson["id"], version=lesson["version"] + 1, homework=None)
    stale = await pen.do("updateLesson", **seen, topic="Другая")

    assert (first["userErrors"], second["userErrors"]) == ([], [])
    assert (second["lesson"]["topic"], second["lesson"]["homework"]) == ("Линейные уравнения", None)
    assert [one["version"] for one in second["lesson"]["history"]] == list(range(1, lesson["version"] + 3))
    [error] = stale["userErrors"]
    assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", lesson["version"] + 2)
    assert error["current"]["id"] == lesson["id"]


async def test_lesson_is_shut_with_its_period_and_to_others(pen: Pen) -> None:
    """The homeroom teacher does not write another subject's topics; the deputy head says why."""
    lesson = await pen.lesson(DAY)
    seen = {"lessonId": lesson["id"], "version": lesson["version"], "topic": "Тема"}
    homeroom = await pen.ask("updateLesson", "homeroom-teacher", **seen)
    deputy = await pen.do("updateLesson", "deputy-head", **seen)
    none = await pen.do("updateLesson", "org-admin", **seen)
    text = await pen.do("updateLesson", **seen | {"topic": "а" * 1001})
    pen.now = datetime(2026, 12, 31, 0, tzinfo=ZONE)
    closed = await pen.do("updateLesson", **seen)

    assert homeroom.codes == ["FORBIDDEN"]
    assert [codes(one) for one in (deputy, none, text, closed)] == [
        ["REASON_NEEDED"], ["NOT_FOUND"], ["TEXT_TOO_LONG"], ["PERIOD_CLOSED"],
    ]  # fmt: skip


async def test_column_gives_its_weight_to_marks_and_a_new_weight_weighs_them_anew(pen: Pen) -> None:
    """Each mark that stands gets a version that says so; the mean follows; credits keep none."""
    pen.clear(DAY)
    lesson, line = await pen.lesson(DAY), await pen.line(1)
    added = await pen.do("addAssessmentSlot", lessonId=lesson["id"], work="TEST", code="КР", title="Уравнения")
    slot = added["slot"]
    mark = await pen.do("writeMark", lineId=line["id"], slotId=slot["id"], value=2)
    heavier = await pen.do("updateAssessmentSlot", slotId=slot["id"], version=1, weight=5)
    stale = await pen.do("updateAssessmentSlot", slotId=slot["id"], version=1, weight=4)
    after = await pen.line(1)

    assert (added["userErrors"], slot["weight"], slot["workType"]["code"]) == ([], 3, "TEST")
    assert (mark["mark"]["weight"], heavier["slot"]["weight"], heavier["slot"]["version"]) == (3, 5, 2)
    assert codes(stale) == ["VERSION_CONFLICT"]
    assert (after["weightSum"], after["markSum"]) == (line["weightSum"] + 5, line["markSum"] + 10)
    assert [(v["weight"], v["reason"]) for v in after["history"][-2:]] == [(3, None), (5, "Изменён вес колонки")]


async def test_column_for_work_made_up_stays_one_while_its_marks_stand_beside_absences(pen: Pen) -> None:
    """By another kind of work a mark would come to stand beside an absence; without the absence it may change."""
    pen.clear(DAY)
    lesson, line = await pen.lesson(DAY), await pen.line(1)
    slot = (await pen.do("addAssessmentSlot", lessonId=lesson["id"], work="MAKE_UP"))["slot"]
    away = await pen.do("recordAttendance", lineId=line["id"], lessonId=lesson["id"], code="ABSENT_UNEXCUSED")
    await pen.do("writeMark", lineId=line["id"], slotId=slot["id"], value=4)
    refused = await pen.do("updateAssessmentSlot", slotId=slot["id"], version=1, work="TEST")
    await pen.do("clearAttendance", recordId=away["record"]["id"], version=1)
    changed = await pen.do("updateAssessmentSlot", slotId=slot["id"], version=1, work="TEST")

    assert [(one["code"], one["path"]) for one in refused["userErrors"]] == [("MARK_WITH_ABSENCE", ["input", "work"])]
    assert (codes(changed), changed["slot"]["workType"]["code"]) == ([], "TEST")


async def test_homework_has_its_time_from_the_lesson_in_which_it_is_due(pen: Pen) -> None:
    """Given on the 11th, due on the 20th: open on the 27th, over on the 28th."""
    lesson, due, line = await pen.lesson("2026-11-11"), await pen.lesson("2026-11-20"), await pen.line(1)
    column = {"lessonId": lesson["id"], "work": "HOMEWORK"}
    too_late = await pen.do("addAssessmentSlot", **column)
    added = await pen.do("addAssessmentSlot", **column, dueLessonId=due["id"])
    mark = {"lineId": line["id"], "slotId": added["slot"]["id"], "value": 5}
    pen.now = datetime(2026, 11, 28, 0, tzinfo=ZONE)
    over = await pen.do("writeMark", **mark)
    pen.now = datetime(2026, 11, 27, 23, tzinfo=ZONE)
    within = await pen.do("writeMark", **mark)

    assert codes(too_late) == ["LESSON_WINDOW_CLOSED"]
    assert added["slot"]["dueLesson"]["id"] == due["id"]
    assert [(error["code"], error["closedAt"]) for error in over["userErrors"]] == [
        ("LESSON_WINDOW_CLOSED", "2026-11-28T00:00:00+07:00")
    ]
    assert within["userErrors"] == []


SLOTS: dict[str, tuple[dict[str, Any], str]] = {
    "heavier than the scale": ({"work": "TEST", "weight": 101}, "WEIGHT"),
    "lighter than nothing": ({"work": "TEST", "weight": -1}, "WEIGHT"),
    "a long code": ({"work": "TEST", "code": "а" * 11}, "TEXT_TOO_LONG"),
    "a test with a due lesson": ({"work": "TEST", "dueLessonId": "2026-11-20"}, "DUE_LESSON"),
    "homework due before it was given": ({"work": "HOMEWORK", "dueLessonId": "2026-11-18"}, "DUE_LESSON"),
}


@pytest.mark.parametrize(("given", "code"), SLOTS.values(), ids=SLOTS)
async def test_column_that_cannot_be_is_refused(pen: Pen, given: dict[str, Any], code: str) -> None:
    """And none is added."""
    lesson = await pen.lesson(DAY)
    due = {"dueLessonId": (await pen.lesson(given["dueLessonId"]))["id"]} if "dueLessonId" in given else {}
    payload = await pen.do("addAssessmentSlot", lessonId=lesson["id"], **given | due)

    assert codes(payload) == [code]
    assert (await pen.lesson(DAY))["slots"] == lesson["slots"]


async def test_deputy_head_reopens_a_page_for_some_hours_and_the_teacher_corrects_there(own_pen: Pen) -> None:
    """With a reason, not longer than the policy allows, ended by hand or by the clock."""
    pen, page = own_pen, {"journalId": id_of("Journal", "journal-7a-algebra")}
    lesson, line = await pen.lesson("2026-11-12"), await pen.line(2)
    stands = next((m for m in line["marks"] if m["lesson"]["id"] == lesson["id"]), None)
    slot = stands["slot"]["id"] if stands else lesson["slots"][0]["id"]
    mark = {"lineId": line["id"], "slotId": slot, "value": 2, "version": stands["version"] if stands else None}
    refused = await pen.do("writeMark", **mark)
    unreasoned = await pen.do("reopenJournal", "deputy-head", **page, reason=" ")
    too_long = await pen.do("reopenJournal", "deputy-head", **page, reason="Болезнь учителя", hours=49)
    by_teacher = await pen.ask("reopenJournal", **page, reason="Хочу")
    opened = await pen.do("reopenJournal", "deputy-head", **page, reason="Болезнь учителя", hours=2)
    again = await pen.do("reopenJournal", "deputy-head", **page, reason="Ещё")
    written = await pen.do("writeMark", **mark)
    ended = await pen.do("endReopening", "deputy-head", reopeningId=opened["reopening"]["id"])
    twice = await pen.do("endReopening", "deputy-head", reopeningId=opened["reopening"]["id"])
    after = await pen.do("writeMark", **mark | {"value": 3, "version": written["mark"]["version"]})

    assert [codes(one) for one in (refused, unreasoned, too_long, again, twice, after)] == [
        ["LESSON_WINDOW_CLOSED"], ["REASON_NEEDED"], ["REOPENING_HOURS"], ["ALREADY_REOPENED"], ["ALREADY_ENDED"],
        ["LESSON_WINDOW_CLOSED"],
    ]  # fmt: skip
    assert by_teacher.codes == ["FORBIDDEN"]
    assert [one["userErrors"] for one in (opened, written, ended)] == [[], [], []]
    assert opened["reopening"]["until"] == "2026-11-20T10:00:00+00:00"
    [(detail, role)] = pen.audited("journal:page:reopen")
    assert (detail, role) == ({"reason": "Болезнь учителя", "hours": 2}, "DEPUTY_HEAD")


async def test_deputy_head_closes_a_period_early_and_nobody_writes_in_it(own_pen: Pen) -> None:
    """From its last day on; once."""
    pen = own_pen
    period = {"gradingPeriodId": (await pen.page())["gradingPeriod"]["id"]}
    early = await pen.do("closeGradingPeriod", "deputy-head", **period)
    pen.now = datetime(2026, 12, 25, 16, tzinfo=ZONE)
    teacher = await pen.ask("closeGradingPeriod", **period)
    closed = await pen.do("closeGradingPeriod", "deputy-head", **period)
    again = await pen.do("closeGradingPeriod", "deputy-head", **period)
    lesson = await pen.lesson("2026-12-04")
    topic = await pen.do("updateLesson", lessonId=lesson["id"], version=lesson["version"], topic="Поздно")

    assert [codes(one) for one in (early, closed, again, topic)] == [
        ["PERIOD_NOT_OVER"], [], ["ALREADY_CLOSED"], ["PERIOD_CLOSED"],
    ]  # fmt: skip
    assert teacher.codes == ["FORBIDDEN"]
    assert closed["gradingPeriod"]["closesAt"] == closed["gradingPeriod"]["closedAt"]


async def test_administrator_settles_the_window_and_it_holds_at_once(own_pen: Pen) -> None:
    """Versions and bounds are kept; nobody else settles it."""
    pen, school = own_pen, {"organisationId": id_of("Organisation", "school")}
    asked = "query O($id: ID!) { organisation(id: $id) { policy { version lessonMarkDays } } }"
    found = await pen.demo.query(asked, {"id": school["organisationId"]}, None)
    version = found.data["organisation"]["policy"]["version"]
    outside = await pen.do("updateOrganisationPolicy", "org-admin", **school, version=version, lessonMarkDays=400)
    falling = await pen.do("updateOrganisationPolicy", "org-admin", **school, version=version, cutOff5=300)
    deputy = await pen.ask("updateOrganisationPolicy", "deputy-head", **school, version=version, lessonMarkDays=0)
    settled = await pen.do("updateOrganisationPolicy", "org-admin", **school, version=version, lessonMarkDays=0)
    stale = await pen.do("updateOrganisationPolicy", "org-admin", **school, version=version, lessonMarkDays=3)
    lesson, line = await pen.lesson(DAY), await pen.line(1)
    refused = await pen.do("writeMark", lineId=line["id"], lessonId=lesson["id"], value=5)

    assert [(error["code"], error["path"]) for error in outside["userErrors"]] == [
        ("OUT_OF_RANGE", ["input", "lessonMarkDays"])
    ]
    assert codes(falling) == ["CUT_OFFS"]
    assert deputy.codes == ["FORBIDDEN"]
    assert (settled["policy"]["version"], settled["policy"]["lessonMarkDays"]) == (version + 1, 0)
    assert [(error["code"], error["currentVersion"]) for error in stale["userErrors"]] == [
        ("VERSION_CONFLICT", version + 1)
    ]
    assert codes(refused) == ["LESSON_WINDOW_CLOSED"]


VIEWER_CAN = """
query Can($id: ID!) { journal(id: $id) { viewerCan { reopen { allowed } } lessons {
  heldOn viewerCan { writeMarks { allowed because until } excuseAbsence { allowed } editLesson { allowed } } } } }
"""


async def test_viewer_is_told_what_they_can_do_why_and_until_when(pen: Pen) -> None:
    """For buttons; one statement for the windows of all lessons."""

    async def can(viewer: str) -> tuple[bool, dict[str, Any], int]:
        answer = await pen.demo.query(VIEWER_CAN, {"id": id_of("Journal", "journal-7a-algebra")}, viewer)
        found = answer.data["journal"]
        lessons = {one["heldOn"]: one["viewerCan"] for one in found["lessons"]}
        return found["viewerCan"]["reopen"]["allowed"], lessons, answer.statements

    teachers, homeroom = await can("teacher"), await can("homeroom-teacher")
    deputies, parents = await can("deputy-head"), await can("legal-representative")

    marks = {day: one["writeMarks"] for day, one in teachers[1].items()}
    assert marks[DAY]["allowed"] is True
    assert marks[DAY]["until"] == "2026-11-27T00:00:00+07:00"
    assert [marks[day]["allowed"] for day in ("2026-11-11", "2026-11-25")] == [False, False]
    assert "25.11.2026" in marks["2026-11-25"]["because"]
    assert [homeroom[1][DAY][name]["allowed"] for name in ("writeMarks", "excuseAbsence")] == [False, True]
    assert [found[0] for found in (teachers, deputies, parents)] == [False, True, False]
    assert not any(action["allowed"] for one in parents[1].values() for action in one.values())
    assert teachers[2] == parents[2] == 1
