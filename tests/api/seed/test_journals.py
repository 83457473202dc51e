"""The demo's journals: the published page exactly as printed, the invented ones true to their rules."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from api.seed import demo_ids
from domain.periods import usual_quarters
from domain.records import AssessmentSlot, AttendanceVersion, MarkVersion
from domain.records.attendance import AttendanceCode
from domain.records.base import Record
from domain.records.policies import CATALOGUE, WorkCode

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
    """Who is late may get a mark; who is away may not, but for what is made up."""
    both = ask(
        "select distinct a.code from attendance_record a"
        " join mark m on m.lesson_id = a.lesson_id and m.journal_line_id = a.journal_line_id"
        " join assessment_slot s on s.id = m.slot_id join work_type w on w.id = s.work_type_id"
        " where w.code <> 'MAKE_UP'",
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


def test_corrected_marks_keep_what_stood_before(ask: Ask) -> None:
    """The student's family can see that a mark was another one, who changed it when, and why."""
    histories = ask(
        "select v.mark_id, array_agg(v.value order by v.version) as values, array_agg(v.version order by v.version)"
        " as versions, max(v.reason) as reason, bool_and(v.recorded_by_id = :teacher) as hers, min(m.value) as now,"
        " bool_or(v.student_id = :student) as of_student"
        " from mark_version v left join mark m on m.id = v.mark_id"
        " where v.lesson_id in (select id from lesson where journal_id = :id)"
        " group by v.mark_id having count(*) > 1",
        id=IDS["journal-7a-algebra"], teacher=IDS["person-teacher"], student=IDS["person-student"],
    )  # fmt: skip
    corrected = [row for row in histories if row.now is not None]
    withdrawn = [row for row in histories if row.now is None]

    assert len(corrected) == 3
    assert sum(row.of_student for row in corrected) == 1
    assert all(row.values[-1] == row.now != row.values[0] for row in corrected)
    assert [row.values for row in withdrawn] == [[2, None]]
    assert all(row.versions == [1, 2] and row.reason and row.hers for row in histories)


def test_homework_is_judged_by_the_lesson_that_it_is_due_in(ask: Ask) -> None:
    """One column with marks whose lesson is past, one whose lesson is still to come."""
    slots = ask(
        "select due.status, given.held_on < due.held_on as later, count(m.id) as marks from assessment_slot s"
        " join lesson given on given.id = s.lesson_id join lesson due on due.id = s.due_lesson_id"
        " left join mark m on m.slot_id = s.id where s.journal_id = :id group by s.id, due.id, given.id",
        id=IDS["journal-7a-algebra"],
    )  # fmt: skip

    assert {(row.status, row.later, row.marks > 0) for row in slots} == {("HELD", True, True), ("PLANNED", True, False)}


def test_credits_in_geography_are_passed_or_not(ask: Ask) -> None:
    """They have no weight and stand in a column of the school's own kind of work."""
    marks = ask(
        "select m.value, m.weight, w.organisation_id, su.code from mark m join assessment_slot s on s.id = m.slot_id"
        " join work_type w on w.id = s.work_type_id join subject_group g on g.id = m.subject_group_id"
        " join subject su on su.id = g.subject_id where m.scale = 'PASS_FAIL'",
    )  # fmt: skip

    assert {mark.code for mark in marks} == {"GEOGRAPHY"}
    assert {mark.value for mark in marks} <= {0, 1}
    assert {(mark.weight, mark.organisation_id) for mark in marks} == {(0, IDS["school"])}


def test_substitute_wrote_in_days_that_are_over(ask: Ask) -> None:
    """The marks of that week are hers, those before and after are not; her assignment has ended."""
    (assignment,) = ask("select * from assignment where person_id = :id", id=IDS["person-substitute"])
    written = ask(
        "select held_on, recorded_by_id = :id as hers, assignment_id from mark where subject_group_id = :group",
        id=IDS["person-substitute"], group=IDS["group-8a-algebra"],
    )  # fmt: skip

    assert assignment.valid_to < TODAY
    assert any(mark.hers for mark in written)
    assert all(mark.hers == (assignment.valid_from <= mark.held_on < assignment.valid_to) for mark in written)
    assert {mark.assignment_id for mark in written if mark.hers} == {assignment.id}


def test_closed_quarter_and_reopened_page_have_their_reasons(ask: Ask) -> None:
    """The quarter before was closed the working day after; a page stood open for a day, and is shut."""
    closed = ask("select p.number, c.closed_at::date - p.ends_on as days from period_closing c"
                 " join grading_period p on p.id = c.grading_period_id")  # fmt: skip
    (page,) = ask("select r.*, a.role from reopening r join assignment a on a.id = r.assignment_id")

    assert [tuple(row) for row in closed] == [(1, 3)]
    assert page.opened_by_id == IDS["person-deputy-head"]
    assert page.role == "DEPUTY_HEAD"
    assert page.reason
    assert page.until.date() < TODAY


def test_make_up_mark_stands_beside_the_absence(demo_size_rows: list[Record]) -> None:
    """In a column of its own of the lesson that was missed."""
    slots = {row.id: row for row in demo_size_rows if isinstance(row, AssessmentSlot)}
    made_up = [
        row
        for row in demo_size_rows
        if isinstance(row, MarkVersion) and slots[row.slot_id].work_type_id == CATALOGUE[WorkCode.MAKE_UP]
    ]
    away = {(row.lesson_id, row.student_id): row.code for row in demo_size_rows if isinstance(row, AttendanceVersion)}

    assert len(made_up) == 1
    assert away[made_up[0].lesson_id, made_up[0].student_id] is not AttendanceCode.LATE
    assert slots[made_up[0].slot_id].number == 2
