"""The report card: the published one exactly, what is only proposed apart; nobody sees more of it than of its marks."""

import csv
from pathlib import Path
from typing import Any

import pytest

from api.seed import demo_ids
from tests.schema.conftest import Query
from tests.schema.demo import Demo, id_of
from tests.schema.test_summaries import asking, confirm, end_period

pytestmark = pytest.mark.anyio

PRINTED = Path(__file__).parents[2] / "api" / "seed" / "data" / "kiasuo_report_card_9A.csv"
CALLED = {"Английский язык": "Английский"}
CELL = "kind status scale value gradingPeriod { number } proposal { value because } mark { id version reason }"
CARD = f"""
query Card($id: ID!, $year: Int!, $school: ID) {{
  student(id: $id) {{
    reportCard(schoolYear: $year, organisationId: $school) {{
      schoolYear className gradeLevel
      organisation {{ id }}
      periods {{ number scheme }}
      rows {{ subject {{ name }} periods {{ {CELL} }} year {{ {CELL} }} exam {{ {CELL} }} final {{ {CELL} }} }}
    }}
  }}
}}
"""
PUPIL = id_of("Student", "pupil-published")
STUDENT = id_of("Student", "person-student")


def printed_card() -> dict[str, list[str]]:
    """The published rows: quarters, year, exam, final by subject."""
    with PRINTED.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return {name: cells for name, *cells in rows}


async def card_of(query: Query, viewer: str | None, student: str = PUPIL, year: int = 2024) -> dict[str, Any] | None:
    answer = await query(CARD, {"id": student, "year": year}, viewer)
    found = answer.data["student"]
    return None if found is None else found["reportCard"]


def confirmed(cell: dict[str, Any]) -> str:
    """What the card prints in a cell: proposals are not printed."""
    if cell["status"] != "CONFIRMED":
        return ""
    return "-" if cell["scale"] == "NOT_ASSESSED" else str(cell["value"])


@pytest.mark.parametrize("viewer", ["deputy-head", "legal-representative"])
async def test_published_card_is_the_one_that_was_printed(query: Query, viewer: str) -> None:
    """Every cell of every row against the file, for the school and for the family alike."""
    card = await card_of(query, viewer)

    assert card is not None
    assert (card["schoolYear"], card["className"], card["gradeLevel"]) == (2024, "9А", 9)
    assert [period["number"] for period in card["periods"]] == [1, 2, 3, 4]
    shown = {
        CALLED.get(row["subject"]["name"], row["subject"]["name"]): [
            confirmed(cell) for cell in (*row["periods"], row["year"], row["exam"], row["final"])
        ]
        for row in card["rows"]
    }
    assert shown == printed_card()
    assert list(shown) == list(printed_card())


async def test_year_of_the_published_card_is_what_the_rule_proposes(query: Query) -> None:
    """Worked out anew from its quarters, a skipped one left out; the certificate's marks are proposed apart."""
    card = await card_of(query, "deputy-head")

    assert card is not None
    for row in card["rows"]:
        assert row["year"]["proposal"] == {"value": row["year"]["value"], "because": "MEAN_OF_PERIODS"}
        assert "kiasuo_report_card_9A.csv" in row["year"]["mark"]["reason"]
        final = row["final"]["status"], row["final"]["value"], row["final"]["proposal"]["because"]
        examined = row["subject"]["name"] in ("Алгебра", "Геометрия")
        assert final == (
            ("NONE", None, "EXAM_MISSING") if examined else ("PROPOSED", row["year"]["value"], "YEAR_MARK")
        )


async def test_current_card_keeps_proposed_and_confirmed_apart(own_demo: Demo) -> None:
    """A quarter is proposed until the teacher confirms it; the year waits for all of its quarters."""
    end_period(own_demo, "vhod.now()::date + 5")
    before = await card_of(own_demo.query, "legal-representative", STUDENT, 2026)
    page = "query($id: ID!) { journal(id: $id) { lines { id } } }"
    [line] = (await own_demo.query(page, {"id": id_of("Journal", "journal-7a-algebra")}, "student")).data["journal"][
        "lines"
    ]
    done = await confirm(own_demo, asking({"lineId": line["id"], "value": 2, "reason": "итог"}))
    after = await card_of(own_demo.query, "legal-representative", STUDENT, 2026)

    assert done["userErrors"] == []
    assert before is not None
    assert after is not None
    [was], [now] = ([row for row in card["rows"] if row["subject"]["name"] == "Алгебра"] for card in (before, after))
    assert [cell["status"] for cell in was["periods"]] == ["NONE", "PROPOSED", "NONE", "NONE"]
    assert [cell["status"] for cell in now["periods"]] == ["NONE", "CONFIRMED", "NONE", "NONE"]
    assert was["periods"][1]["mark"] is None
    assert (now["periods"][1]["value"], now["periods"][1]["proposal"]) == (2, was["periods"][1]["proposal"])
    assert (now["year"]["status"], now["year"]["proposal"]["because"]) == ("NONE", "PERIODS_UNCONFIRMED")
    assert {cell["status"] for row in before["rows"] for cell in row["periods"]} <= {"NONE", "PROPOSED"}


async def test_teacher_sees_of_a_card_the_own_subject_only(query: Query) -> None:
    """The class teacher sees all subjects, the subject's teacher hers, another class's parent nothing."""
    whole = await card_of(query, "homeroom-teacher", STUDENT, 2026)
    own = await card_of(query, "teacher", STUDENT, 2026)

    assert whole is not None
    assert own is not None
    assert [row["subject"]["name"] for row in own["rows"]] == ["Алгебра"]
    assert len(whole["rows"]) > 1
    assert own["rows"][0] in whole["rows"]


@pytest.mark.parametrize("viewer", ["org-admin", "namesake", "municipal-coordinator", "guest", "stranger", None])
async def test_others_find_no_student_and_no_card(query: Query, viewer: str | None) -> None:
    """No card without the student."""
    assert await card_of(query, viewer, STUDENT, 2026) is None


async def test_year_without_anything_has_no_card(query: Query) -> None:
    """Nothing known is null, not an empty table of another year."""
    assert await card_of(query, "deputy-head", STUDENT, 1999) is None


async def test_card_can_be_asked_of_a_named_school(query: Query) -> None:
    """What was applied is echoed; a foreign school has nothing to show, and a wrong id is a clear error."""
    school, second = id_of("Organisation", "school"), id_of("Organisation", "second-school")
    own = await query(CARD, {"id": STUDENT, "year": 2026, "school": school}, "deputy-head")
    foreign = await query(CARD, {"id": STUDENT, "year": 2026, "school": second}, "deputy-head")
    wrong = await query(CARD, {"id": STUDENT, "year": 2026, "school": STUDENT}, "deputy-head")

    assert own.data["student"]["reportCard"]["organisation"] == {"id": school}
    assert foreign.data["student"]["reportCard"]["rows"] == []
    assert wrong.codes == ["BAD_USER_INPUT"]


async def test_statements_of_cards_do_not_grow_with_students_or_subjects(query: Query) -> None:
    """One card or the cards of a class, one subject or five, whoever asks."""
    document = """
    query Cards($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Student { reportCard(schoolYear: 2026) { rows { subject { name } } } } }
    }
    """
    page = "query($id: ID!) { journal(id: $id) { lines { student { id } } } }"
    lines = (await query(page, {"id": id_of("Journal", "journal-7a-algebra")})).data["journal"]["lines"]
    whole = await query(document, {"ids": [line["student"]["id"] for line in lines]}, "deputy-head")
    [family, teacher, head] = [
        await query(document, {"ids": [STUDENT]}, viewer)
        for viewer in ("legal-representative", "teacher", "deputy-head")
    ]

    assert len(whole.data["nodes"]) == 8
    assert [len(one.data["nodes"][0]["reportCard"]["rows"]) for one in (teacher, head)] == [1, 5]
    assert family.statements == teacher.statements == head.statements == whole.statements


async def test_marks_of_a_year_are_listed_for_those_who_may_see_them(query: Query) -> None:
    """Student.summaryMarks: of the year that was asked for, and of no other."""
    document = """
    query Marks($id: ID!, $year: Int!) {
      student(id: $id) { summaryMarks(schoolYear: $year) { schoolYear kind subject { name } student { id } } }
    }
    """
    of_year = await query(document, {"id": PUPIL, "year": 2024}, "legal-representative")
    of_another = await query(document, {"id": PUPIL, "year": 2026}, "legal-representative")
    marks = of_year.data["student"]["summaryMarks"]

    printed = printed_card()
    assert len(marks) == sum(1 for cells in printed.values() for cell in cells if cell)
    assert {(mark["schoolYear"], mark["student"]["id"]) for mark in marks} == {(2024, PUPIL)}
    assert of_another.data["student"]["summaryMarks"] == []


async def test_card_was_loaded_as_imported_versions(query: Query, demo: Demo) -> None:
    """Nobody is named as its author, its source is, and every mark has a first version."""
    rows = demo.ask(
        "select m.origin, m.recorded_by_id, m.reason, v.version from summary_mark m join summary_mark_version v"
        " on v.mark_id = m.id and v.school_year = m.school_year where m.student_id = :id",
        id=demo_ids()["pupil-published"],
    )

    assert {(row.origin, row.recorded_by_id, row.version) for row in rows} == {("IMPORTED", None, 1)}
    assert len({row.reason for row in rows}) == 1
