"""Attendance by meaning: who notes an absence, who sets its reason, until when."""

from datetime import datetime
from typing import Any

import pytest

from tests.schema.writing import ZONE, Pen, codes

pytestmark = pytest.mark.anyio

DAY = "2026-11-19"


async def empty_place(pen: Pen) -> dict[str, Any]:
    """The first line's place in a lesson in which nothing is noted."""
    pen.clear(DAY)
    return {"lineId": (await pen.line(1))["id"], "lessonId": (await pen.lesson(DAY))["id"]}


async def test_teacher_notes_an_absence_and_the_homeroom_teacher_its_reason(pen: Pen) -> None:
    """Each is a version under the role of its author; the parent sees them."""
    place = await empty_place(pen)
    noted = await pen.do("recordAttendance", **place, code="ABSENT_UNEXCUSED")
    excused = await pen.do(
        "excuseAbsence", "homeroom-teacher", **place, code="ABSENT_ILLNESS", note="Справка", version=1
    )
    line = await pen.line(1, "homeroom-teacher")
    [record] = [one for one in line["attendance"] if one["heldOn"] == DAY]

    assert (noted["userErrors"], excused["userErrors"]) == ([], [])
    assert excused["record"]["id"] == noted["record"]["id"]
    assert (record["code"], record["note"], record["version"]) == ("ABSENT_ILLNESS", "Справка", 2)
    assert [(one["code"], one["role"]) for one in line["attendanceHistory"]][-2:] == [
        ("ABSENT_UNEXCUSED", "TEACHER"),
        ("ABSENT_ILLNESS", "HOMEROOM_TEACHER"),
    ]


async def test_teacher_sets_no_reason_and_does_not_overwrite_one(pen: Pen) -> None:
    """Reasons are the homeroom teacher's: neither set, nor replaced, nor taken back by others."""
    place = await empty_place(pen)
    reserved = await pen.do("recordAttendance", **place, code="ABSENT_ILLNESS")
    forbidden = await pen.do("excuseAbsence", **place, code="ABSENT_EXCUSED")
    set_by_homeroom = await pen.do("excuseAbsence", "homeroom-teacher", **place, code="ABSENT_EXCUSED")
    record = set_by_homeroom["record"]
    overwritten = await pen.do("recordAttendance", **place, code="ABSENT_UNEXCUSED", version=1)
    cleared = await pen.do("clearAttendance", recordId=record["id"], version=1)

    assert [codes(one) for one in (reserved, forbidden)] == [["REASON_RESERVED"]] * 2
    assert [codes(one) for one in (overwritten, cleared)] == [["REASON_SET"]] * 2
    assert set_by_homeroom["userErrors"] == []


async def test_absence_taken_back_stays_in_the_history(pen: Pen) -> None:
    """The student came late after all: cleared, and noted again under the same record."""
    place = await empty_place(pen)
    noted = await pen.do("recordAttendance", **place, code="ABSENT_UNEXCUSED")
    cleared = await pen.do("clearAttendance", recordId=noted["record"]["id"], version=1)
    again = await pen.do("recordAttendance", **place, code="LATE")
    history = (await pen.line(1))["attendanceHistory"]
    stale = await pen.do("clearAttendance", recordId=noted["record"]["id"], version=1)

    assert (cleared["userErrors"], cleared["record"]) == ([], None)
    assert again["record"] == {"id": noted["record"]["id"], "code": "LATE", "version": 3}
    assert [one["code"] for one in history][-3:] == ["ABSENT_UNEXCUSED", None, "LATE"]
    assert [(error["code"], error["currentVersion"]) for error in stale["userErrors"]] == [("VERSION_CONFLICT", 3)]


async def test_reasons_have_until_the_period_closes_and_may_be_set_ahead(pen: Pen) -> None:
    """The lesson's own window is the teacher's; the family's paper comes later, or before."""
    place = await empty_place(pen)
    pen.now = datetime(2026, 11, 18, 9, tzinfo=ZONE)
    early = await pen.do("recordAttendance", **place, code="ABSENT_UNEXCUSED")
    ahead = await pen.do("excuseAbsence", "homeroom-teacher", **place, code="ABSENT_EXCUSED", note="Заявление")
    pen.now = datetime(2026, 12, 28, 9, tzinfo=ZONE)
    changed = await pen.do("excuseAbsence", "homeroom-teacher", **place, code="ABSENT_ILLNESS", version=1)
    pen.clear(DAY)
    late = await pen.do("recordAttendance", **place, code="ABSENT_UNEXCUSED")
    pen.now = datetime(2026, 12, 31, 0, tzinfo=ZONE)
    closed = await pen.do("excuseAbsence", "homeroom-teacher", **place, code="ABSENT_ILLNESS")

    assert [codes(one) for one in (early, ahead, changed, late, closed)] == [
        ["LESSON_NOT_HELD_YET"], [], [], ["LESSON_WINDOW_CLOSED"], ["PERIOD_CLOSED"],
    ]  # fmt: skip


async def test_lateness_is_no_reason(pen: Pen) -> None:
    """`excuseAbsence` takes reasons only."""
    payload = await pen.do("excuseAbsence", "homeroom-teacher", **await empty_place(pen), code="LATE")

    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [("NOT_A_REASON", ["input", "code"])]


@pytest.mark.parametrize("viewer", ["legal-representative", "student"])
async def test_family_notes_nothing(pen: Pen, viewer: str) -> None:
    """They see the line and may not write in it."""
    own = (await pen.page("legal-representative"))["lines"][0]
    place = {"lineId": own["id"], "lessonId": (await pen.lesson(DAY))["id"]}
    answer = await pen.ask("recordAttendance", viewer, **place, code="LATE")

    assert answer.codes == ["FORBIDDEN"]
