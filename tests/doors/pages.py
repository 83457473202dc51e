"""Rows of a journal page, written through both doors: what each says of them, and what stands then."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from tests.api.imports.bringing import bring_in, lines
from tests.doors.ground import DEPUTY, MAKE_UP, PAGE, Sides
from tests.schema.demo import Demo

WRITE = """
mutation Write($i: WriteJournalPageInput!) { done: writeJournalPage(input: $i) { userErrors { code path } } }
"""
LETTERS = {"ABSENT_UNEXCUSED": "Н", "ABSENT_EXCUSED": "У", "ABSENT_ILLNESS": "Б", "LATE": "ОП"}

LESSONS = (
    "select l.id, l.held_on, row_number() over (partition by l.held_on order by l.number, l.id) as place,"
    " (select s.id from assessment_slot s where s.lesson_id = l.id order by s.number limit 1) as first,"
    " (select s.id from assessment_slot s where s.lesson_id = l.id and s.code = :code order by s.number limit 1)"
    " as made_up"
    " from lesson l where l.journal_id = :page order by l.held_on, l.number, l.id"
)
LINES = (
    "select id, number, joined_on is null and left_on is null and away is null as ordinary from journal_line"
    " where journal_id = :page order by number, id"
)
NEWEST = (
    "select slot_id::text as column, journal_line_id::text as line, position, max(version) as version from mark_version"
    " where journal_line_id in (select id from journal_line where journal_id = :page) group by 1, 2, 3 union all"
    " select lesson_id::text, journal_line_id::text, 0, max(version) from attendance_version"
    " where journal_line_id in (select id from journal_line where journal_id = :page) group by 1, 2"
)
STANDS = (
    "select 'mark', v.lesson_id, s.number, l.number, v.position, v.version, v.value::text, v.scale, v.weight,"
    " v.remark, v.held_on, v.role, l.student_name, v.class_group_id from mark_version v"
    " join journal_line l on l.id = v.journal_line_id and l.student_id = v.student_id"
    " join assessment_slot s on s.id = v.slot_id where s.journal_id = :page"
    " union all select 'attendance', v.lesson_id, 0, l.number, 0, v.version, v.code, '', 0, v.note, v.held_on, v.role,"
    " l.student_name, v.class_group_id from attendance_version v"
    " join journal_line l on l.id = v.journal_line_id and l.student_id = v.student_id where l.journal_id = :page"
    " union all select 'sums', null, mark_sum, number, weight_sum, mark_count, null, null, 0, null, null, null,"
    " student_name, null from journal_line where journal_id = :page"
    " union all select 'column', s.lesson_id, s.number, null, 0, s.version, w.code, s.code, s.weight, s.title, null,"
    " null, null, null from assessment_slot s join work_type w on w.id = s.work_type_id where s.journal_id = :page"
)


@dataclass(frozen=True)
class Written:
    """A cell of the file, as people write it: at most two marks, and whether the student was there."""

    marks: tuple[int, ...] = ()
    attendance: str | None = None

    @property
    def printed(self) -> str:
        """As it stands in a file."""
        marks = "/".join(str(mark) for mark in self.marks)
        return " ".join(part for part in (marks, LETTERS.get(self.attendance or "")) if part)


@dataclass
class Batch:
    """Rows for several lines of the page, in the same columns. Each row is one write."""

    lessons: list[Any]
    made_up: bool
    rows: list[tuple[Any, list[Written]]] = field(default_factory=list)


def a_batch(dice: random.Random, lessons: list[Any], students: list[Any], most: int, today: date) -> Batch:
    """Some lines, some lessons, something in each cell; seldom in lessons to come."""
    made_up = dice.random() < 0.3
    early = dice.random() < 0.15
    able = [one for one in lessons if (one.made_up or not made_up) and (early or one.held_on <= today)]
    chosen = dice.sample(able, dice.choice((1, 1, 2, 3)))
    batch = Batch([one for one in able if one in chosen], made_up)
    ordinary, others = ([one for one in students if one.ordinary is kind] for kind in (True, False))
    rows = [*ordinary, *dice.sample(others, min(len(ordinary), len(others)))]
    for line in dice.sample(rows, min(most, len(rows))):
        batch.rows.append((line, [_a_cell(dice) for _ in batch.lessons]))
    return batch


def _a_cell(dice: random.Random) -> Written:
    marks = tuple(dice.randint(1, 5) for _ in range(dice.choice((0, 1, 1, 1, 2))))
    return Written(marks, dice.choice((None, None, None, None, "LATE", *LETTERS) if marks else (None, *LETTERS)))


async def write(sides: Sides, batch: Batch) -> tuple[list[set[str]], list[set[str]]]:
    """Write the rows through both doors. Gives what each says of every row: code and day of each refusal."""
    newest = {(row.column, row.line, row.position): row.version for row in sides.pen.ask(NEWEST, page=PAGE[8:])}
    by_pen = [await _by_pen(sides.pen, batch, line, cells, newest) for line, cells in batch.rows]
    return by_pen, await _by_file(sides.file, batch)


async def _by_pen(demo: Demo, batch: Batch, line: Any, cells: list[Written], newest: dict[Any, int]) -> set[str]:
    given, days = [], []
    for lesson, cell in zip(batch.lessons, cells, strict=True):
        for part in _parts(batch, lesson, line, cell, newest):
            given.append(part)
            days.append(str(lesson.held_on))
    asked = {
        "clientMutationId": str(uuid4()),
        "journalId": PAGE,
        "lines": [{"lineId": f"JournalLine:{line.id}", "cells": given}],
        "reason": "Проверка двух дверей",
    }
    payload = (await demo.query(WRITE, {"i": asked}, DEPUTY)).data["done"]
    return {f"{one['code']} {days[int(one['path'][4])]}" for one in payload["userErrors"]}


def _parts(batch: Batch, lesson: Any, line: Any, cell: Written, newest: dict[Any, int]) -> list[dict[str, Any]]:
    """The cells of the mutation that say what one cell of a file says."""
    slot = lesson.made_up if batch.made_up else lesson.first
    place = {"lessonId": f"Lesson:{lesson.id}"} | ({"slotId": f"AssessmentSlot:{slot}"} if slot else {})
    parts: list[dict[str, Any]] = []
    for position, mark in enumerate(cell.marks, start=1):
        version = newest.get((str(slot), str(line.id), position))
        parts.append(place | {"mark": {"value": mark, "position": position, "version": version}})
    if cell.attendance is not None:
        version = newest.get((str(lesson.id), str(line.id), 0))
        told = {"attendance": {"code": cell.attendance, "version": version}}
        parts[:1] = [(parts[0] if parts else place) | told]
    return parts


async def _by_file(demo: Demo, batch: Batch) -> list[set[str]]:
    wanted = {lesson.id: place for place, lesson in enumerate(batch.lessons)}
    # The second lesson of a day is told by a second column of that day: the first stands there, empty.
    header: list[str] = []
    places: list[int] = []
    for lesson in batch.lessons:
        before = Counter(header)[str(lesson.held_on)]
        header += [str(lesson.held_on)] * (lesson.place - before)
        places.append(len(header) - 1)
    rows = []
    for line, cells in batch.rows:
        printed = [""] * len(header)
        for lesson, cell in zip(batch.lessons, cells, strict=True):
            printed[places[wanted[lesson.id]]] = cell.printed
        rows.append([line.number, *printed])
    options: dict[str, Any] = {"journalId": PAGE} | ({"slotCode": MAKE_UP} if batch.made_up else {})
    run = await bring_in(
        demo, lines(["№", *header], *rows), "JOURNAL_PAGE", DEPUTY, mode="ROW_BY_ROW", overwrite=True, options=options
    )
    if run["status"] != "DONE":
        return [{run["failureCode"] or run["status"]}] * len(rows)
    nodes = run["rows"]["nodes"]
    return [{f"{one['code']} {one['column']}" for one in node["issues"] if one["fatal"]} for node in nodes]


def stands(demo: Demo) -> Counter[Any]:
    """Every version and every column of the page, without the ids that each side gives by itself."""
    return Counter(tuple(row) for row in demo.ask(STANDS, page=PAGE[8:]))
