"""Journal pages come in: what is new is written once, what stands stays, what cannot be is told by row and column."""

from typing import Any

import pytest

from api.seed.files import DATA
from tests.api.imports.bringing import bring_in, codes, counts, lines
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

PUBLISHED = (DATA / "kiasuo_journal_page_7A_algebra.csv").read_bytes()
PAGE = id_of("Journal", "journal-published")
CURRENT = id_of("Journal", "journal-7a-algebra")
DEPUTY = "deputy-head"


def standing(demo: Demo) -> tuple[int, ...]:
    """How many marks, absences, versions and lessons there are."""
    tables = ("mark", "attendance_record", "mark_version", "attendance_version", "lesson", "lesson_version")
    return tuple(int(demo.ask(f"select count(*) from {table}")[0][0]) for table in tables)


def blank_cell(demo: Demo) -> tuple[Any, Any]:
    """A line and a lesson of the current page where nothing stands."""
    row: tuple[Any, Any]
    [row] = demo.ask(
        "select l.number, e.held_on from journal_line l join lesson e on e.journal_id = l.journal_id"
        " where l.journal_id = :id and e.status = 'HELD' and e.held_on < '2026-11-22'"
        " and not exists (select from mark m where m.lesson_id = e.id and m.journal_line_id = l.id)"
        " and not exists (select from attendance_record a where a.lesson_id = e.id and a.journal_line_id = l.id)"
        " and (select count(*) from lesson o where o.journal_id = e.journal_id and o.held_on = e.held_on) = 1"
        " order by e.held_on, l.number limit 1",
        id=CURRENT[8:],
    )
    return row


def marked_cell(demo: Demo) -> Any:
    """A cell of the current page in which a single mark stands."""
    [row] = demo.ask(
        "select l.number, e.held_on, m.value, m.id from mark m join journal_line l on l.id = m.journal_line_id"
        " join lesson e on e.id = m.lesson_id where l.journal_id = :id and m.position = 1 and m.origin = 'ENTERED'"
        " and not exists (select from assessment_slot o where o.lesson_id = e.id and o.id <> m.slot_id)"
        " and not exists (select from attendance_record a where a.lesson_id = e.id and a.journal_line_id = l.id)"
        " and (select count(*) from lesson o where o.journal_id = e.journal_id and o.held_on = e.held_on) = 1"
        " order by e.held_on, l.number limit 1",
        id=CURRENT[8:],
    )
    return row


async def test_published_page_that_stands_already_is_unchanged_and_adds_nothing(demo: Demo) -> None:
    """The seed wrote the very same page: every row is found as it is."""
    before = standing(demo)
    run = await bring_in(demo, PUBLISHED, "JOURNAL_PAGE", DEPUTY, options={"journalId": PAGE})

    assert (run["status"], counts(run), run["progress"]) == ("DONE", {"unchanged": 10}, 100)
    assert standing(demo) == before


async def test_published_page_for_another_period_reports_every_column_and_rejects_its_rows(demo: Demo) -> None:
    """Its dates lie in April 2023; the page of the current quarter takes none of them."""
    before = standing(demo)
    run = await bring_in(demo, PUBLISHED, "JOURNAL_PAGE", DEPUTY, options={"journalId": CURRENT})

    assert run["status"] == "REFUSED"
    assert run["issues"][0]["column"] == "2023-04-03"
    assert {issue["code"] for issue in run["issues"]} == {"DATE_OUTSIDE_PERIOD"}
    assert len(run["issues"]) == 10
    assert counts(run)["rejected"] == 10
    assert standing(demo) == before


async def test_columns_outside_the_period_are_left_aside_when_that_is_asked_for(demo: Demo) -> None:
    """Then the rest of the page comes in; the columns are still reported."""
    number, day = blank_cell(demo)
    file = lines(["№", day.isoformat(), "2023-04-03"], [number, 4, 5])
    options = {"journalId": CURRENT, "skipOutsidePeriod": True}
    run = await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, options=options)

    assert (run["status"], counts(run)) == ("DONE", {"created": 1})
    assert [issue["code"] for issue in run["issues"]] == ["DATE_OUTSIDE_PERIOD"]


async def test_new_mark_is_a_version_that_names_its_run_and_its_author(demo: Demo) -> None:
    """Origin, run, person, assignment; and the projection and the sums of the line follow."""
    number, day = blank_cell(demo)
    run = await bring_in(
        demo, lines(["№", day.isoformat()], [number, "5/4"]), "JOURNAL_PAGE", DEPUTY, options={"journalId": CURRENT}
    )
    marks = demo.ask(
        "select v.value, v.position, v.version, v.origin, v.role, v.recorded_by_id, v.weight = s.weight as weighed,"
        " m.value as stands from mark_version v join assessment_slot s on s.id = v.slot_id"
        " join mark m on m.id = v.mark_id"
        " where v.import_run_id = :run order by v.position",
        run=run["id"][10:],
    )

    assert counts(run) == {"created": 1}
    assert [(m.value, m.position, m.version, m.origin, m.role, m.weighed, m.stands) for m in marks] == [
        (5, 1, 1, "IMPORTED", "DEPUTY_HEAD", True, 5),
        (4, 2, 1, "IMPORTED", "DEPUTY_HEAD", True, 4),
    ]
    assert str(marks[0].recorded_by_id) == id_of("Person", "person-deputy-head")[7:]


async def test_repeating_an_import_doubles_nothing(demo: Demo) -> None:
    """The same file again: every row is unchanged, no version is added."""
    number, day = blank_cell(demo)
    file, options = lines(["№", day.isoformat()], [number, 5]), {"journalId": CURRENT}
    first = await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, options=options)
    before = standing(demo)
    again = await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, options=options)

    assert (counts(first), counts(again)) == ({"created": 1}, {"unchanged": 1})
    assert standing(demo) == before


async def test_imported_value_may_be_changed_by_a_later_file(demo: Demo) -> None:
    """What a file brought in a file may correct; the mark keeps its identity and gets its second version."""
    number, day = blank_cell(demo)
    options = {"journalId": CURRENT}
    await bring_in(demo, lines(["№", day.isoformat()], [number, 5]), "JOURNAL_PAGE", DEPUTY, options=options)
    run = await bring_in(demo, lines(["№", day.isoformat()], [number, 3]), "JOURNAL_PAGE", DEPUTY, options=options)
    versions = demo.ask(
        "select count(distinct mark_id), max(version) from mark_version where mark_id in"
        " (select mark_id from mark_version where import_run_id = :run)",
        run=run["id"][10:],
    )

    assert counts(run) == {"changed": 1}
    assert tuple(versions[0]) == (1, 2)


@pytest.mark.parametrize(("overwrite", "outcome"), [(False, "REJECTED"), (True, "CHANGED")])
async def test_value_set_by_hand_is_changed_only_when_overwriting_is_asked_for(
    overwrite: bool, outcome: str, demo: Demo
) -> None:
    """Otherwise the row says HAND_SET, and the mark stands."""
    number, day, value, mark = marked_cell(demo)
    other = 2 if value != 2 else 3
    run = await bring_in(
        demo,
        lines(["№", day.isoformat()], [number, other]),
        "JOURNAL_PAGE",
        DEPUTY,
        mode="ROW_BY_ROW",
        overwrite=overwrite,
        options={"journalId": CURRENT},
    )
    [row] = run["rows"]["nodes"]
    [[now]] = demo.ask("select value from mark where id = :id", id=str(mark))

    assert row["outcome"] == outcome
    assert codes(row) == ([] if overwrite else ["HAND_SET"])
    assert now == (other if overwrite else value)


async def test_mark_where_an_absence_stands_is_rejected_also_with_overwriting(demo: Demo) -> None:
    """A full absence and a mark exclude each other, whichever comes first."""
    [cell] = demo.ask(
        "select l.number, e.held_on from attendance_record a join journal_line l on l.id = a.journal_line_id"
        " join lesson e on e.id = a.lesson_id where l.journal_id = :id and a.code <> 'LATE'"
        " and (select count(*) from lesson o where o.journal_id = e.journal_id and o.held_on = e.held_on) = 1"
        " order by e.held_on, l.number limit 1",
        id=CURRENT[8:],
    )
    file = lines(["№", cell.held_on.isoformat()], [cell.number, 5])
    run = await bring_in(
        demo, file, "JOURNAL_PAGE", DEPUTY, mode="ROW_BY_ROW", overwrite=True, options={"journalId": CURRENT}
    )

    assert codes(run["rows"]["nodes"][0]) == ["MARK_WITH_ABSENCE"]


async def test_day_without_a_lesson_is_reported_or_becomes_a_lesson_when_asked_for(demo: Demo) -> None:
    """LESSON_UNKNOWN by default; with createLessons a lesson with its column, its version naming the run."""
    [free] = demo.ask(
        "select d::date as day from journal j join grading_period p on p.id = j.grading_period_id,"
        " generate_series(p.starts_on, '2026-11-21', interval '1 day') d where j.id = :id"
        " and not exists (select from lesson e where e.journal_id = j.id and e.held_on = d::date) limit 1",
        id=CURRENT[8:],
    )
    file = lines(["№", free.day.isoformat()], [1, 4])
    refused = await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, options={"journalId": CURRENT})
    options = {"journalId": CURRENT, "createLessons": True, "slotCode": "ИМП"}
    made = await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, options=options)
    again = await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, options=options)
    lessons = demo.ask(
        "select v.origin, v.recorded_by_id is not null as named, s.code from lesson e"
        " join lesson_version v on v.lesson_id = e.id join assessment_slot s on s.lesson_id = e.id"
        " where e.journal_id = :id and e.held_on = :day",
        id=CURRENT[8:],
        day=free.day,
    )

    assert [issue["code"] for issue in refused["issues"]] == ["LESSON_UNKNOWN"]
    assert codes(refused["rows"]["nodes"][0]) == ["LESSON_UNKNOWN"]
    assert (counts(made), counts(again)) == ({"created": 1}, {"unchanged": 1})
    assert [tuple(lesson) for lesson in lessons] == [("IMPORTED", True, "ИМП")]


async def test_rows_that_cannot_be_taken_in_say_why_and_do_not_hold_the_others_up(demo: Demo) -> None:
    """Row by row: unknown, repeated, unreadable, contradicting rows are kept aside as they stood."""
    number, day = blank_cell(demo)
    [name] = demo.ask(
        "select student_name from journal_line where journal_id = :id and number = :n", id=CURRENT[8:], n=number
    )
    file = lines(
        ["№", "ФИО", day.strftime("%d.%m.%Y")],
        [number, name[0], "4"],
        [number, "Посторонняя Анна", "4"],
        [999, "", "5"],
        ["", name[0], "5"],
        [1 if number != 1 else 2, "", "6"],
        [3 if number != 3 else 2, "=HYPERLINK(1)", "5"],
    )
    run = await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, mode="ROW_BY_ROW", options={"journalId": CURRENT})
    rows = run["rows"]["nodes"]

    assert counts(run) == {"created": 1, "rejected": 5}
    assert [codes(row) for row in rows] == [
        [],
        ["NUMBER_AND_NAME_DIFFER"],
        ["PUPIL_UNKNOWN"],
        ["ROW_REPEATED"],
        ["CELL_UNREADABLE"],
        ["FORMULA"],
    ]
    assert rows[1]["source"]["cells"] == [str(number), "Посторонняя Анна", "4"]
    assert all(issue["value"] is None for row in rows for issue in row["issues"])


async def test_one_bad_row_keeps_everything_out_when_all_or_nothing_is_asked_for(demo: Demo) -> None:
    """The report tells what would have been, the page stands as it stood."""
    number, day = blank_cell(demo)
    before = standing(demo)
    run = await bring_in(
        demo,
        lines(["№", day.isoformat()], [number, 4], [999, 5]),
        "JOURNAL_PAGE",
        DEPUTY,
        options={"journalId": CURRENT},
    )

    assert (run["status"], counts(run)) == ("REFUSED", {"created": 1, "rejected": 1})
    assert standing(demo) == before


async def test_dry_run_reports_everything_and_writes_nothing(demo: Demo) -> None:
    """Row by row as well as all or nothing."""
    number, day = blank_cell(demo)
    before = standing(demo)
    file = lines(["№", day.isoformat()], [number, 4], [999, 5])
    runs = [
        await bring_in(demo, file, "JOURNAL_PAGE", DEPUTY, dryRun=True, mode=mode, options={"journalId": CURRENT})
        for mode in ("ROW_BY_ROW", "ALL_OR_NOTHING")
    ]

    assert [run["status"] for run in runs] == ["DONE", "REFUSED"]
    assert [counts(run) for run in runs] == [{"created": 1, "rejected": 1}] * 2
    assert standing(demo) == before


async def test_letters_become_attendance_by_meaning(demo: Demo) -> None:
    """Б is absent ill, ОП beside a mark is late."""
    number, day = blank_cell(demo)
    run = await bring_in(
        demo, lines(["№", day.isoformat()], [number, "4 ОП"]), "JOURNAL_PAGE", DEPUTY, options={"journalId": CURRENT}
    )
    found = demo.ask("select code, origin from attendance_version where import_run_id = :run", run=run["id"][10:])

    assert counts(run) == {"created": 1}
    assert [tuple(row) for row in found] == [("LATE", "IMPORTED")]
