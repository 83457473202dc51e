"""The demo's journals: the published page exactly as printed, the invented ones true to their rules."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from api.seed import demo_ids
from domain.periods import usual_quarters

Ask = Callable[..., list[Any]]
TODAY = date(2026, 11, 20)
IDS = demo_ids()


DATA = Path(__file__).parents[3] / "api" / "seed" / "data"


def published_cells() -> list[list[str]]:
    with (DATA / "kiasuo_journal_page_7A_algebra.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_published_page_has_every_cell_as_printed(ask: Ask) -> None:
    """Marks, letters and empty cells of all ten lines; «Б» and «У» by their meaning."""
    cells = ask(
        "select l.number, le.held_on::text, coalesce(m.value::text, a.code) as cell"
        " from journal_line l join lesson le on le.journal_id = l.journal_id"
        " left join mark m on m.journal_line_id = l.id and m.lesson_id = le.id"
        " left join attendance_record a on a.journal_line_id = l.id and a.lesson_id = le.id"
        " where l.journal_id = :id", id=IDS["journal-published"],
    )  # fmt: skip
    header, *lines = published_cells()
    letters = {"Б": "ABSENT_ILLNESS", "У": "ABSENT_EXCUSED", "": None}

    assert {(row.number, row.held_on): row.cell for row in cells} == {
        (number, day): letters.get(cell, cell)
        for number, line in enumerate(lines, start=1)
        for day, cell in zip(header[1:], line[1:], strict=True)
    }


def test_published_lines_have_exact_sums(ask: Ask) -> None:
    """Worked out by hand; kept by the database from the marks."""
    sums = ask(
        "select mark_sum, weight_sum, mark_count from journal_line where journal_id = :id order by number",
        id=IDS["journal-published"],
    )  # fmt: skip

    assert [tuple(row) for row in sums] == [
        (20, 4, 4), (20, 5, 5), (17, 4, 4), (19, 5, 5), (20, 5, 5), (24, 5, 5), (19, 5, 5), (22, 5, 5), (25, 5, 5),
        (12, 3, 3),
    ]  # fmt: skip


def test_published_page_says_where_it_comes_from(ask: Ask) -> None:
    """Fourth quarter by its dates, «3ч» by its heading; nobody invented is named as its author."""
    (page,) = ask(
        "select j.provenance, j.source, j.class_name, j.school_year, p.name as period, c.name as class_now"
        " from journal j join grading_period p on p.id = j.grading_period_id"
        " join class_group c on c.id = j.class_group_id where j.id = :id", id=IDS["journal-published"],
    )  # fmt: skip
    slots = ask("select distinct slot_code, status from lesson where journal_id = :id", id=IDS["journal-published"])
    authors = ask(
        "select count(recorded_by_id) from mark where lesson_id in (select id from lesson where journal_id = :id)",
        id=IDS["journal-published"],
    )  # fmt: skip

    assert (page.provenance, page.class_name, page.school_year) == ("PUBLISHED", "7А", 2022)
    assert (page.period, page.class_now) == ("4 четверть", "11А")
    assert "kiasuo_journal_page_7A_algebra.csv" in page.source
    assert "«3ч»" in page.source
    assert [tuple(slot) for slot in slots] == [("У", "HELD")]
    assert authors == [(0,)]


def test_flagship_page_has_held_and_planned_lessons(ask: Ask) -> None:
    """Held with topic and homework up to today, planned for the next two weeks."""
    lessons = ask("select * from lesson where journal_id = :id", id=IDS["journal-7a-algebra"])
    held = [lesson for lesson in lessons if lesson.status == "HELD"]
    planned = [lesson for lesson in lessons if lesson.status == "PLANNED"]
    quarter = usual_quarters(2026)[1]

    assert len(held) >= 4
    assert len(planned) >= 4
    assert all(lesson.held_on <= TODAY and lesson.topic and lesson.homework for lesson in held)
    assert all(lesson.held_on > TODAY and lesson.homework is None for lesson in planned)
    assert all(quarter.starts_on <= lesson.held_on <= quarter.ends_on for lesson in lessons)


def test_every_line_has_the_sums_of_its_marks(ask: Ask) -> None:
    """Generated ones too."""
    wrong = ask(
        "select l.id from journal_line l left join mark m on m.journal_line_id = l.id group by l.id"
        " having (l.mark_sum, l.weight_sum, l.mark_count) is distinct from (coalesce(sum(m.value * m.weight), 0),"
        " coalesce(sum(m.weight), 0), count(m.id))",
    )  # fmt: skip

    assert wrong == []


def test_full_absence_and_mark_never_share_a_cell(ask: Ask) -> None:
    """Who is late may get a mark, who is away may not."""
    both = ask(
        "select distinct a.code from attendance_record a"
        " join mark m on m.lesson_id = a.lesson_id and m.journal_line_id = a.journal_line_id",
    )  # fmt: skip

    assert set(both) <= {("LATE",)}


def test_student_who_can_sign_in_has_marks_and_a_note(ask: Ask) -> None:
    """So that there is something to show, and something special to keep."""
    marks = ask("select count(*) from mark where student_id = :id", id=IDS["person-student"])
    notes = ask("select note from attendance_record where student_id = :id", id=IDS["person-student"])

    assert marks[0][0] > 3
    assert any(row.note and "вымышленная" in row.note for row in notes)


def test_child_of_the_parent_stands_on_the_published_page(ask: Ask) -> None:
    """The family reads the old page, too."""
    lines = ask(
        "select journal_id from journal_line where student_id = :id and school_year = 2022",
        id=IDS["pupil-published"],
    )  # fmt: skip

    assert lines == [(IDS["journal-published"],)]
