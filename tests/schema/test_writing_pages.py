"""A whole page in one request: all of it or nothing, every refused cell named, refused marks kept when asked for."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.schema.demo import id_of
from tests.schema.writing import FLAGSHIP, Pen, codes

pytestmark = pytest.mark.anyio

DAYS = ("2026-11-18", "2026-11-19", "2026-11-20")


def cell(lesson: dict[str, Any], value: int | None = 4, *, version: int | None = None, **more: Any) -> dict[str, Any]:
    """A cell with a mark in the lesson's first column."""
    return {"lessonId": lesson["id"], "mark": {"value": value, "version": version}} | more


async def empty_page(pen: Pen) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Lines of the flagship page and its lessons by day; those that may be written are empty."""
    for day in DAYS:
        pen.clear(day)
    page = await pen.page()
    return page["lines"], {lesson["heldOn"]: lesson for lesson in page["lessons"]}


async def write(pen: Pen, lines: list[tuple[dict[str, Any], list[dict[str, Any]]]], **more: Any) -> dict[str, Any]:
    """Write these cells of these lines."""
    given = [{"lineId": line["id"], "cells": cells} for line, cells in lines]
    return await pen.do("writeJournalPage", journalId=FLAGSHIP, lines=given, **more)


async def shown(pen: Pen, *days: str) -> set[tuple[int, str, int]]:
    """Number of the line, day and value of the marks of these days."""
    lines = (await pen.page())["lines"]
    return {(line["number"], m["heldOn"], m["value"]) for line in lines for m in line["marks"] if m["heldOn"] in days}


async def test_page_is_written_whole_and_its_columns_are_made(pen: Pen) -> None:
    """Marks and attendance together; a lesson without a column gets one; one audit entry for all of it."""
    lines, lessons = await empty_page(pen)
    pen.demo.ask("delete from assessment_slot where lesson_id = :l", l=lessons[DAYS[2]]["id"].removeprefix("Lesson:"))
    late: dict[str, Any] = {"attendance": {"code": "LATE"}}
    away = {"lessonId": lessons[DAYS[2]]["id"], "attendance": {"code": "ABSENT_UNEXCUSED"}}
    payload = await write(
        pen,
        [(line, [cell(lessons[DAYS[1]], 5, **late), cell(lessons[DAYS[2]], 4)]) for line in lines[:-1]]
        + [(lines[-1], [away])],
    )
    slots = (await pen.lesson(DAYS[2]))["slots"]

    assert payload["userErrors"] == []
    marks = ((DAYS[1], 5), (DAYS[2], 4))
    assert await shown(pen, *DAYS) == {(line["number"], d, v) for line in lines[:-1] for d, v in marks}
    assert [(slot["workType"]["code"], slot["weight"], slot["number"]) for slot in slots] == [("LESSON", 1, 1)]
    [(detail, role)] = pen.audited("journal:page:write")
    wanted = {"marks": 14, "attendance": 8, "withdrawn": 0, "slots": 1}
    assert ({name: detail[name] for name in wanted}, role) == (wanted, "TEACHER")


async def test_one_bad_cell_keeps_the_whole_page_out_and_every_bad_cell_is_named(pen: Pen) -> None:
    """Nothing is written by halves; paths lead to the cells of the input."""
    lines, lessons = await empty_page(pen)
    good, over, ahead = (lessons[day] for day in (DAYS[1], "2026-11-11", "2026-11-25"))
    payload = await write(
        pen,
        [
            (lines[0], [cell(good, 5), cell(good, 7, slotId=good["slots"][0]["id"])]),
            (lines[1], [cell(over, 4), cell(ahead, 4), cell(good, 9)]),
            ({"id": f"JournalLine:{uuid4()}"}, [cell(good, 5)]),
            (lines[2], [{"lessonId": f"Lesson:{uuid4()}", "mark": {"value": 5}}, cell(good, 5, version=8)]),
        ],
    )
    found = {(error["code"], ".".join(error["path"])) for error in payload["userErrors"]}

    assert payload["journal"] is None
    assert found == {
        ("DUPLICATE_CELL", "input.lines.0.cells.1"),
        ("VALUE_OUT_OF_SCALE", "input.lines.0.cells.1"),
        ("LESSON_WINDOW_CLOSED", "input.lines.1.cells.0"),
        ("LESSON_NOT_HELD_YET", "input.lines.1.cells.1"),
        ("VALUE_OUT_OF_SCALE", "input.lines.1.cells.2"),
        ("NOT_FOUND", "input.lines.2.lineId"),
        ("NOT_FOUND", "input.lines.3.cells.0.lessonId"),
        ("VERSION_CONFLICT", "input.lines.3.cells.1"),
    }
    assert await shown(pen, DAYS[1]) == set()
    assert pen.audited("journal:page:write") == []


async def test_mark_and_absence_exclude_each_other_in_both_directions(pen: Pen) -> None:
    """Also when they come in one request; lateness and work made up may stand beside a mark."""
    lines, lessons = await empty_page(pen)
    lesson = lessons[DAYS[1]]
    made_up = await pen.do("addAssessmentSlot", lessonId=lesson["id"], work="MAKE_UP")
    away: dict[str, Any] = {"attendance": {"code": "ABSENT_UNEXCUSED"}}
    together = await write(pen, [(lines[0], [cell(lesson, 5, **away)])])
    await write(pen, [(lines[0], [cell(lesson, 5)]), (lines[1], [{"lessonId": lesson["id"], **away}])])
    absent_after = await write(pen, [(lines[0], [{"lessonId": lesson["id"], **away}])])
    mark_after = await write(pen, [(lines[1], [cell(lesson, 5)])])
    late = await write(pen, [(lines[0], [{"lessonId": lesson["id"], "attendance": {"code": "LATE"}}])])
    beside = await write(pen, [(lines[1], [{"slotId": made_up["slot"]["id"], "mark": {"value": 4}}])])
    gone = {"value": None, "version": 1}
    absent = {"code": "ABSENT_UNEXCUSED", "version": 1}
    exchanged = await write(pen, [(lines[0], [{"lessonId": lesson["id"], "mark": gone, "attendance": absent}])])

    assert [codes(payload) for payload in (together, absent_after, mark_after)] == [["MARK_WITH_ABSENCE"]] * 3
    assert [codes(payload) for payload in (late, beside, exchanged)] == [[], [], []]


async def test_page_that_is_too_large_is_refused(pen: Pen) -> None:
    """At most 60 lines of 60 cells; the path says which part is too long."""
    lines, lessons = await empty_page(pen)
    many = await write(pen, [(lines[0], [])] * 61)
    long = await write(pen, [(lines[0], [cell(lessons[DAYS[1]])] * 61)])

    assert [(error["code"], error["path"]) for error in many["userErrors"]] == [("PAGE_TOO_LARGE", ["input", "lines"])]
    assert long["userErrors"][0]["path"] == ["input", "lines", "0", "cells"]


async def test_number_of_statements_does_not_grow_with_the_cells(pen: Pen) -> None:
    """One cell or all of them: the same statements."""
    late: dict[str, Any] = {"attendance": {"code": "LATE"}}
    counts = []
    for size in (1, 8):
        lines, lessons = await empty_page(pen)
        cells = [cell(lessons[day], 5, **late) for day in DAYS[:size]]
        given = [{"lineId": line["id"], "cells": cells} for line in lines[:size]]
        answer = await pen.ask("writeJournalPage", journalId=FLAGSHIP, lines=given)
        assert answer.data["done"]["userErrors"] == []
        counts.append(answer.statements)

    assert counts[0] == counts[1]


async def test_page_of_another_school_is_not_there_and_a_familys_own_is_forbidden(pen: Pen) -> None:
    """Unknown and unreachable are the same; visible and not allowed is another thing."""
    lines, lessons = await empty_page(pen)
    given = [{"lineId": lines[0]["id"], "cells": [cell(lessons[DAYS[1]])]}]
    other = await pen.do("writeJournalPage", journalId=id_of("Journal", "journal-second-school"), lines=given)
    own = (await pen.page("legal-representative"))["lines"][0]
    mine = [{"lineId": own["id"], "cells": [cell(lessons[DAYS[1]])]}]
    parent = await pen.ask("writeJournalPage", "legal-representative", journalId=FLAGSHIP, lines=mine)

    assert [(error["code"], error["path"]) for error in other["userErrors"]] == [("NOT_FOUND", ["input", "journalId"])]
    assert parent.codes == ["FORBIDDEN"]


async def test_two_who_race_for_a_mark_one_wins_and_the_other_is_told(pen: Pen) -> None:
    """History has both once the other has looked and sent it again."""
    lines, lessons = await empty_page(pen)
    place = {"lineId": lines[0]["id"], "lessonId": lessons[DAYS[1]]["id"]}
    answers = await asyncio.gather(
        pen.do("writeMark", "teacher", **place, value=5),
        pen.do("writeMark", "deputy-head", **place, value=3, reason="Проверка журнала"),
    )
    [lost] = [index for index, answer in enumerate(answers) if answer["userErrors"]]
    [error] = answers[lost]["userErrors"]
    who, value = (("teacher", 5), ("deputy-head", 3))[lost]
    again = await pen.do("writeMark", who, **place, value=value, version=error["currentVersion"], reason="Ещё раз")
    history = [version["value"] for version in (await pen.line(lines[0]["number"]))["history"]][-2:]

    assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", 1)
    assert error["current"]["id"] == answers[1 - lost]["mark"]["id"]
    assert (again["userErrors"], again["mark"]["version"]) == ([], 2)
    assert history == [(3, 5)[lost], value]


async def test_page_on_which_somebody_writes_for_too_long_is_busy(pen: Pen) -> None:
    """The client learns that nothing was done and that the same request may be sent again."""
    lines, lessons = await empty_page(pen)
    given = {"clientMutationId": str(uuid4()), "lineId": lines[0]["id"], "lessonId": lessons[DAYS[1]]["id"], "value": 5}
    engine = create_engine(pen.demo.database.owner_url, poolclass=NullPool)
    with engine.begin() as somebody:
        lock = text("select pg_advisory_xact_lock(hashtextextended(:page, 0))")
        somebody.execute(lock, {"page": FLAGSHIP.removeprefix("Journal:")})
        busy = await pen.ask("writeMark", **given)
    again = await pen.do("writeMark", **given)

    assert busy.codes == ["BUSY"]
    assert again["userErrors"] == []


async def test_same_request_at_the_same_moment_writes_once(pen: Pen) -> None:
    """Six copies of one page write: six equal answers, one version of each mark."""
    lines, lessons = await empty_page(pen)
    given: dict[str, Any] = {
        "clientMutationId": str(uuid4()),
        "journalId": FLAGSHIP,
        "lines": [{"lineId": line["id"], "cells": [cell(lessons[DAYS[1]], 5)]} for line in lines],
    }
    answers = await asyncio.gather(*(pen.do("writeJournalPage", **given) for _ in range(6)))
    written = pen.demo.ask("select count(*) from mark_version where held_on = cast(:day as date)"
                           " and subject_group_id = (select subject_group_id from journal where id = :page)",
                           day=DAYS[1], page=FLAGSHIP.removeprefix("Journal:"))  # fmt: skip

    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["userErrors"] == []
    assert written == [(len(lines),)]


PROPOSALS = "query P($id: ID!) { journal(id: $id) { keptMarks { id value refusedWith settledAt line { id } } } }"


async def proposals_of(pen: Pen, viewer: str) -> list[dict[str, Any]]:
    answer = await pen.demo.query(PROPOSALS, {"id": FLAGSHIP}, viewer)
    return answer.data["journal"]["keptMarks"] or []


async def test_refused_marks_are_kept_when_asked_for_and_written_once_the_page_is_open(own_pen: Pen) -> None:
    """Nothing of an offline edit is lost: kept once, seen by author and deputy head, accepted in the open window."""
    pen = own_pen
    lines, lessons = await empty_page(pen)
    over = lessons["2026-11-12"]
    slot = over["slots"][0]["id"]
    stands = {m["slot"]["id"]: m for m in lines[0]["marks"]}.get(slot, {"version": None})
    edit = [(lines[0], [{"slotId": slot, "mark": {"value": 2, "version": stands["version"]}}, cell(lessons[DAYS[1]])])]
    first = await write(pen, edit, keepRefused=True, notedAt="2026-11-12T10:00:00+07:00")
    retried = await write(pen, edit, keepRefused=True, notedAt="2026-11-12T10:00:00+07:00")
    [kept] = first["keptMarks"]
    seen = [await proposals_of(pen, viewer) for viewer in ("teacher", "deputy-head", "legal-representative")]
    too_late = await pen.do("settleKeptMark", keptMarkId=kept["id"], accept=True, version=stands["version"])
    reopened = await pen.do("reopenJournal", "deputy-head", journalId=FLAGSHIP, reason="Запись с планшета", hours=2)
    accepted = await pen.do("settleKeptMark", keptMarkId=kept["id"], accept=True, version=stands["version"])
    twice = await pen.do("settleKeptMark", keptMarkId=kept["id"], accept=False)

    assert codes(first) == ["LESSON_WINDOW_CLOSED"]
    assert (kept["value"], kept["refusedWith"]) == (2, "LESSON_WINDOW_CLOSED")
    assert retried["keptMarks"] == first["keptMarks"]
    assert await shown(pen, DAYS[1]) == set()
    assert [[one["id"] for one in found] for found in seen] == [[kept["id"]], [kept["id"]], []]
    assert codes(too_late) == ["LESSON_WINDOW_CLOSED"]
    assert reopened["userErrors"] == []
    assert (accepted["userErrors"], accepted["mark"]["value"]) == ([], 2)
    assert accepted["keptMark"]["settledAt"] is not None
    assert codes(twice) == ["ALREADY_SETTLED"]


async def test_quicker_mark_wins_and_the_slower_one_is_kept(own_pen: Pen) -> None:
    """A version conflict is kept too, and can be dismissed by whoever wrote it."""
    pen = own_pen
    lines, lessons = await empty_page(pen)
    place = {"lineId": lines[0]["id"], "lessonId": lessons[DAYS[1]]["id"]}
    await pen.do("writeMark", **place, value=5)
    slower = await pen.do("writeMark", **place, value=3, keepRefused=True)
    [kept] = slower["keptMarks"]
    dismissed = await pen.do("settleKeptMark", keptMarkId=kept["id"], accept=False)
    stranger = await pen.do("settleKeptMark", "legal-representative", keptMarkId=kept["id"], accept=False)

    assert (codes(slower), kept["refusedWith"], kept["value"]) == (["VERSION_CONFLICT"], "VERSION_CONFLICT", 3)
    assert (dismissed["userErrors"], dismissed["mark"]) == ([], None)
    assert codes(stranger) == ["NOT_FOUND"]
