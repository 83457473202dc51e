"""The journal page: what teacher, family and management see of it, and that its figures are those of the source."""

import csv
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.seed import demo_ids
from tests.schema.conftest import Query
from tests.schema.demo import TODAY, Demo, id_of

pytestmark = pytest.mark.anyio

PRINTED = Path(__file__).parents[2] / "api" / "seed" / "data" / "kiasuo_journal_page_7A_algebra.csv"
LETTERS = {"ABSENT_ILLNESS": "Б", "ABSENT_EXCUSED": "У"}

PAGE = """
query JournalPage($id: ID!) {
  journal(id: $id) {
    className schoolYear provenance source
    subject { name }
    gradingPeriod { name startsOn endsOn }
    lessons { id heldOn number status slotCode topic homework }
    lines {
      number studentName mean markSum weightSum markCount
      student { id displayName }
      marks { heldOn value weight remark }
      attendance { heldOn code }
    }
  }
}
"""
NOTES = "query Notes($id: ID!) { journal(id: $id) { lines { studentName attendance { code note } } } }"
FLAGSHIP = id_of("Journal", "journal-7a-algebra")
PUBLISHED = id_of("Journal", "journal-published")
CHILD = "Ученикова Мария"


def mean_of(marks: list[dict[str, Any]]) -> str | None:
    """The weighted mean as the page shows it, worked out here from the marks alone."""
    weight = sum(mark["weight"] for mark in marks)
    if not weight:
        return None
    exact = Fraction(sum(mark["value"] * mark["weight"] for mark in marks), weight)
    return str((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def printed_page() -> tuple[list[str], list[list[str]]]:
    """The days of the published page, and its cells line by line."""
    with PRINTED.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    return header[1:], [line[1:] for line in lines]


async def page_of(query: Query, viewer: str | None, journal: str = FLAGSHIP) -> dict[str, Any]:
    """A page as somebody sees it."""
    return (await query(PAGE, {"id": journal}, viewer=viewer)).data["journal"]  # type: ignore[no-any-return]


async def test_teacher_and_parent_read_two_right_pages(query: Query) -> None:
    """One document, two answers: all lines for the teacher, exactly the child's for the parent, the same lessons."""
    teachers, parents = await page_of(query, "teacher"), await page_of(query, "legal-representative")

    assert [line["number"] for line in teachers["lines"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [line["studentName"] for line in parents["lines"]] == [CHILD]
    assert parents["lines"][0] in teachers["lines"]
    assert {**teachers, "lines": None} == {**parents, "lines": None}
    assert len(parents["lessons"]) == 12


@pytest.mark.parametrize("viewer", ["homeroom-teacher", "deputy-head"])
async def test_those_responsible_read_the_whole_page(query: Query, viewer: str) -> None:
    """Homeroom teacher and deputy head see what the subject's teacher sees."""
    assert await page_of(query, viewer) == await page_of(query, "teacher")


async def test_student_reads_what_the_parent_reads(query: Query) -> None:
    """The page of the one whom it is about."""
    assert await page_of(query, "student") == await page_of(query, "legal-representative")


async def test_teacher_parent_reads_the_page_of_their_child_as_a_family(query: Query) -> None:
    """Teaching another subject in another class opens nothing here."""
    page = await page_of(query, "teacher-parent", id_of("Journal", "journal-8a-algebra"))

    assert [line["student"]["id"] for line in page["lines"]] == [id_of("Student", "pupil-of-teacher-parent")]


@pytest.mark.parametrize("viewer", ["namesake", "org-admin", "municipal-coordinator", "guest", "stranger", None])
async def test_others_find_no_page(query: Query, viewer: str | None) -> None:
    """Nobody else sees that the page exists; not even the one with the parent's name."""
    assert await page_of(query, viewer) is None


@pytest.mark.parametrize("journal", ["journal-second-school", "journal-other-region", "journal-branch"])
@pytest.mark.parametrize("viewer", ["teacher", "deputy-head", "legal-representative"])
async def test_page_of_another_school_is_not_there(query: Query, viewer: str, journal: str) -> None:
    """Reach ends at the organisation, also towards its own branch."""
    assert await page_of(query, viewer, id_of("Journal", journal)) is None


async def test_published_page_is_the_one_that_was_printed(query: Query) -> None:
    """Marks, absences and means of every line against the CSV, the means worked out by hand."""
    days, cells = printed_page()
    page = await page_of(query, "deputy-head", PUBLISHED)

    assert page["provenance"] == "PUBLISHED"
    assert [lesson["heldOn"] for lesson in page["lessons"]] == days
    assert [line["number"] for line in page["lines"]] == list(range(1, len(cells) + 1))
    for line, printed in zip(page["lines"], cells, strict=True):
        shown = {mark["heldOn"]: str(mark["value"]) for mark in line["marks"]}
        shown |= {record["heldOn"]: LETTERS[record["code"]] for record in line["attendance"]}
        values = [Fraction(cell) for cell in printed if cell.isdigit()]
        assert [shown.get(day, "") for day in days] == printed
        assert (line["markSum"], line["weightSum"], line["markCount"]) == (sum(values), len(values), len(values))
        assert Fraction(line["markSum"], line["weightSum"]) == sum(values) / len(values)
        assert line["mean"] == mean_of(line["marks"])


async def test_parent_reads_one_line_of_the_published_page(query: Query) -> None:
    """A family keeps the page of a past year, as far as it is theirs."""
    (line,) = (await page_of(query, "legal-representative", PUBLISHED))["lines"]

    assert line["student"]["id"] == id_of("Student", "pupil-published")
    assert line in (await page_of(query, "deputy-head", PUBLISHED))["lines"]


async def test_teacher_lost_the_page_with_the_class(query: Query) -> None:
    """The assignment ended with that school year: who wrote a page does not own it."""
    assert await page_of(query, "teacher", PUBLISHED) is None


async def test_mean_is_text_with_two_places(query: Query) -> None:
    """`4.25`, not 4.25: rounded half up for display, the exact sums stand beside it."""
    lines = (await page_of(query, "teacher"))["lines"]

    for line in lines:
        assert line["mean"] == mean_of(line["marks"])
        assert line["markSum"] == sum(mark["value"] * mark["weight"] for mark in line["marks"])
        assert line["weightSum"] == sum(mark["weight"] for mark in line["marks"])
        assert line["markCount"] == len(line["marks"])
    (child,) = [line for line in lines if line["studentName"] == CHILD]
    assert child["mean"] == "4.25"


async def test_weights_count(query: Query) -> None:
    """A short test weighs 2; without the weights the child's mean would be another one."""
    lines = (await page_of(query, "teacher"))["lines"]
    marks = [mark for line in lines for mark in line["marks"]]
    (child,) = [line for line in lines if line["studentName"] == CHILD]

    assert {mark["weight"] for mark in marks} == {1, 2}
    assert {mark["remark"] for mark in marks if mark["weight"] == 2} == {"Самостоятельная работа"}
    assert mean_of([mark | {"weight": 1} for mark in child["marks"]]) == "4.33"


MEANS: dict[str, tuple[list[tuple[int, int]], str | None]] = {
    "no marks": ([], None),
    "no weight": ([(5, 0)], None),
    "a mark without weight": ([(4, 1), (5, 0)], "4.00"),
    "weights": ([(4, 1), (5, 2), (3, 1)], "4.25"),
    "half up: 4.995": ([(5, 100), (5, 99), (4, 1)], "5.00"),
    "half up: 4.005": ([(4, 100), (4, 99), (5, 1)], "4.01"),
}
"""Marks as value and weight, and the mean that is shown."""

GIVE = """
with slot as (
  insert into assessment_slot (lesson_id, journal_id, organisation_id, school_year, class_group_id, subject_group_id,
                               number, work_type_id, weight)
  select lesson.id, journal_id, organisation_id, school_year, class_group_id, subject_group_id, 100 + given.n,
         (select id from work_type where code = 'LESSON' and organisation_id is null), given.weight
  from (select * from lesson where journal_id = :journal order by held_on limit 1) lesson
  cross join unnest(cast(:weights as int[])) with ordinality given (weight, n)
  returning id, lesson_id, number, weight
)
insert into mark (school_year, lesson_id, slot_id, held_on, journal_line_id, student_id, organisation_id,
  class_group_id, subject_group_id, value, weight)
select l.school_year, lesson.id, slot.id, lesson.held_on, l.id, l.student_id, l.organisation_id, l.class_group_id,
  l.subject_group_id, (cast(:values as int[]))[slot.number - 100], slot.weight
from slot join lesson on lesson.id = slot.lesson_id join journal_line l on l.journal_id = lesson.journal_id
where l.student_name = :child
"""
_OF_PAGE = "journal_line_id in (select id from journal_line where journal_id = :journal)"
FORGET = (
    f"delete from mark where {_OF_PAGE}",
    f"delete from mark_version where {_OF_PAGE}",
    "delete from assessment_slot where number > 100 and journal_id = :journal",
)


async def test_mean_of_a_line(own_demo: Demo, subtests: pytest.Subtests) -> None:
    """No data is not zero; half a hundredth is rounded up. The database keeps the sums."""
    page = {"journal": demo_ids()["journal-7a-algebra"]}
    for situation, (marks, mean) in MEANS.items():
        for statement in FORGET:
            own_demo.ask(statement, **page)
        own_demo.ask(GIVE, values=[value for value, _ in marks], weights=[w for _, w in marks], child=CHILD, **page)
        (shown,) = (await page_of(own_demo.query, "legal-representative"))["lines"]

        with subtests.test(situation):
            assert (shown["mean"], shown["markCount"]) == (mean, len(marks))


async def test_homework_is_read_by_class_and_family(query: Query) -> None:
    """Lessons held have homework, planned ones have none yet."""
    for viewer in ("teacher", "legal-representative", "student"):
        lessons = (await page_of(query, viewer))["lessons"]
        assert {lesson["status"] for lesson in lessons} == {"HELD", "PLANNED"}
        assert all(bool(lesson["homework"]) is (lesson["status"] == "HELD") for lesson in lessons)
        assert all((lesson["heldOn"] <= TODAY.isoformat()) is (lesson["status"] == "HELD") for lesson in lessons)


async def test_days_are_filtered_both_included(query: Query) -> None:
    """`since` and `until` name days that belong to the answer."""
    document = (
        "query Week($id: ID!, $since: Date, $until: Date)"
        " { journal(id: $id) { lessons(since: $since, until: $until) { heldOn } } }"
    )

    async def days(since: str | None, until: str | None) -> list[str]:
        answer = await query(document, {"id": FLAGSHIP, "since": since, "until": until})
        return [lesson["heldOn"] for lesson in answer.data["journal"]["lessons"]]

    every = await days(None, None)
    assert len(every) == 12
    assert every == sorted(every)
    assert await days(every[2], every[4]) == every[2:5]
    assert await days(every[2], every[2]) == every[2:3]
    assert await days(every[4], every[2]) == []


async def test_impossible_day_is_bad_input(query: Query) -> None:
    """A day that does not exist is said to be none, without a stack trace."""
    answer = await query('{ journal(id: "x") { lessons(since: "2026-02-30") { heldOn } } }')

    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert "2026-02-30" in answer.errors[0]["message"]


async def test_page_of_a_day_is_found_through_the_class(query: Query) -> None:
    """Class, subject, day: the way a teacher opens the journal."""
    document = """
    query ByDay($class: ID!, $on: Date!) {
      classGroup(id: $class) { name subjectGroups { name journals(on: $on) { id } } }
    }
    """
    answer = await query(document, {"class": id_of("ClassGroup", "class-7a"), "on": TODAY.isoformat()})
    groups = answer.data["classGroup"]["subjectGroups"]

    assert {"name": "Алгебра 7А", "journals": [{"id": FLAGSHIP}]} in groups


async def test_journals_are_filtered_by_what_is_given(query: Query) -> None:
    """Class x subject x period, any of them left open; each filter alone and all together."""
    document = """
    query Journals($class: ID, $group: ID, $year: Int, $subject: ID, $period: ID) {
      journals(
        first: 100, classGroup: $class, subjectGroup: $group, schoolYear: $year
        subject: $subject, gradingPeriod: $period
      ) {
        totalCount nodes { id className subject { id name } gradingPeriod { id } }
      }
    }
    """

    async def found(**given: Any) -> list[str]:
        page = (await query(document, given, viewer="deputy-head")).data["journals"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["id"] for node in page["nodes"]]

    every = (await query(document, {}, viewer="deputy-head")).data["journals"]["nodes"]
    (flagship,) = [node for node in every if node["id"] == FLAGSHIP]
    here = {"class": id_of("ClassGroup", "class-7a"), "subject": flagship["subject"]["id"]}
    period = flagship["gradingPeriod"]["id"]

    assert await found(**here, group=id_of("SubjectGroup", "group-7a-algebra"), year=2026, period=period) == [FLAGSHIP]
    assert await found(group=id_of("SubjectGroup", "group-published")) == [PUBLISHED]
    assert await found(year=2022) == [PUBLISHED]
    assert await found(year=1999) == []
    assert set(await found(subject=flagship["subject"]["id"])) == {
        node["id"] for node in every if node["subject"]["name"] == "Алгебра"
    }


async def test_absence_note_is_denied_to_the_teacher_and_listed(query: Query) -> None:
    """The cell is null, the refusal is named, its count is the number of places in the answer."""
    answer = await query(NOTES, {"id": FLAGSHIP}, viewer="teacher")
    cells = [record for line in answer.data["journal"]["lines"] for record in line["attendance"]]

    assert len(cells) >= 2
    assert [cell["note"] for cell in cells] == [None] * len(cells)
    assert answer.denied == [
        {
            "field": "AttendanceRecord.note",
            "permission": "attendance.note:read",
            "reason": "NO_ROLE",
            "anyOf": ["HOMEROOM_TEACHER", "LEGAL_REPRESENTATIVE", "PRINCIPAL", "STUDENT"],
            "count": len(cells),
        }
    ]


@pytest.mark.parametrize("viewer", ["legal-representative", "student", "homeroom-teacher"])
async def test_absence_note_is_read_by_the_family_and_the_class(query: Query, viewer: str) -> None:
    """Whom it concerns reads it, and nothing is listed as denied."""
    answer = await query(NOTES, {"id": FLAGSHIP}, viewer=viewer)
    (child,) = [line for line in answer.data["journal"]["lines"] if line["studentName"] == CHILD]

    assert {record["note"] for record in child["attendance"]} == {"Справка от врача принесена (вымышленная запись)"}
    assert answer.denied == []


async def test_application_without_the_scope_gets_no_note(query: Query) -> None:
    """A phone must not hold special data: the refusal says that it is the application, not the person."""
    answer = await query(NOTES, {"id": FLAGSHIP}, viewer="legal-representative", client_id="vhod-mobile")
    (line,) = answer.data["journal"]["lines"]

    assert {record["note"] for record in line["attendance"]} == {None}
    assert [item["reason"] for item in answer.denied] == ["CLIENT_SCOPE"]


Entries = Callable[[str], list[Any]]


@pytest.fixture
def entries(demo: Demo) -> Entries:
    """What the access journal holds of a request."""
    return lambda request: demo.ask(
        "select sensitivity, fields, subject_ids, actor_id, client_id, operation, roles from access_entry"
        " where request_id = :request order by sensitivity",
        request=request,
    )


async def asked(demo: Demo, document: str, viewer: str, journal: str = FLAGSHIP, name: str | None = None) -> str:
    """Ask for a page under a request id of our own, and give it."""
    request = uuid4().hex
    told = await demo.headers(viewer) | {"X-Request-ID": request}
    body = {"query": document, "variables": {"id": journal}, "operationName": name}
    response = await demo.client.post("/graphql", json=body, headers=told)
    assert "errors" not in response.json()
    return request


async def test_special_reading_is_recorded_before_the_answer(demo: Demo, entries: Entries) -> None:
    """When the answer is there, the entry is there: no batch is waited for. It holds who and whose, never what."""
    request = await asked(demo, NOTES, "legal-representative", name="Notes")
    (entry,) = entries(request)

    assert (entry.sensitivity, entry.fields, entry.operation) == (3, ["AttendanceRecord.note"], "Notes")
    assert entry.actor_id == demo_ids()["person-legal-representative"]
    assert entry.subject_ids == [demo_ids()["person-student"]]
    assert (entry.client_id, entry.roles) == ("vhod-spa", ["LEGAL_REPRESENTATIVE"])
    assert "Справка" not in str(tuple(entry))


async def test_special_reading_that_cannot_be_recorded_is_not_answered(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal is away: no entry, hence no answer."""

    async def away(*_: Any) -> None:
        raise ConnectionError("the journal is away")

    monkeypatch.setattr(demo.app.state.services.journal, "_write", away)
    body = {"query": NOTES, "variables": {"id": FLAGSHIP}}
    answer = await demo.client.post("/graphql", json=body, headers=await demo.headers("legal-representative"))

    assert answer.status_code == 500
    assert "Справка" not in answer.text
    assert CHILD not in answer.text


async def test_reading_of_others_pupils_is_recorded(demo: Demo, entries: Entries) -> None:
    """The deputy head reads lines of a class that is not hers: P2, in the next batch, with the persons."""
    request = await asked(demo, PAGE, "deputy-head", name="JournalPage")
    await demo.flush()
    (entry,) = entries(request)
    on_page = demo.ask(
        "select student_id from journal_line where journal_id = :id", id=demo_ids()["journal-7a-algebra"]
    )

    assert (entry.sensitivity, entry.operation, entry.roles) == (2, "JournalPage", ["DEPUTY_HEAD"])
    assert entry.fields == ["AttendanceRecord", "JournalLine", "Mark", "Student"]
    assert set(entry.subject_ids) == {row.student_id for row in on_page}


@pytest.mark.parametrize("viewer", ["teacher", "homeroom-teacher", "legal-representative", "student"])
async def test_daily_work_is_not_recorded(demo: Demo, entries: Entries, viewer: str) -> None:
    """One's own class, child, or self: recording it would drown what matters."""
    request = await asked(demo, PAGE, viewer)
    await demo.flush()

    assert entries(request) == []


async def test_refused_note_is_not_recorded(demo: Demo, entries: Entries) -> None:
    """What was not read is no reading."""
    request = await asked(demo, NOTES, "teacher")
    await demo.flush()

    assert entries(request) == []


CONSTANT = {
    "page": (PAGE, 8),
    "notes": (NOTES, 3),
    "one lesson's marks": (
        "query($id: ID!) { journal(id: $id) { lessons { marks { value student { displayName } } } } }",
        4,
    ),
}


@pytest.mark.usefixtures("by_reference")
@pytest.mark.parametrize("document", CONSTANT, ids=str)
async def test_number_of_statements_is_that_of_the_document(query: Query, document: str) -> None:
    """Eight lines or one, this class or that, teacher or parent: each level of the document is one statement."""
    text, statements = CONSTANT[document]
    readers = {
        FLAGSHIP: ("teacher", "homeroom-teacher", "deputy-head", "legal-representative", "student"),
        PUBLISHED: ("deputy-head", "legal-representative"),
        id_of("Journal", "journal-8a-algebra"): ("teacher", "deputy-head", "teacher-parent"),
    }
    counted = {
        (journal, viewer): (await query(text, {"id": journal}, viewer=viewer)).statements
        for journal, viewers in readers.items()
        for viewer in viewers
    }

    assert counted == dict.fromkeys(counted, statements)


@pytest.mark.usefixtures("by_reference")
async def test_rows_do_not_multiply_statements(own_demo: Demo) -> None:
    """A hundred and eighty lessons more, and not one statement more."""
    journal = demo_ids()["journal-7a-algebra"]
    own_demo.ask(
        "insert into lesson (id, journal_id, organisation_id, school_year, class_group_id, subject_group_id, held_on,"
        " number, status) select gen_random_uuid(), j.id, j.organisation_id, j.school_year, j.class_group_id,"
        " j.subject_group_id, date '2026-12-07' + day, 1, 'PLANNED' from journal j, generate_series(1, 180) day"
        " where j.id = :journal",
        journal=journal,
    )
    answer = await own_demo.query(PAGE, {"id": FLAGSHIP})

    assert len(answer.data["journal"]["lessons"]) == 192
    assert answer.statements == CONSTANT["page"][1]


async def test_list_beyond_its_maximum_is_an_error(own_demo: Demo) -> None:
    """Never a silent cut: the page says how many it holds at most and what to do, and the rest of it is answered."""
    own_demo.ask(
        "insert into lesson (id, journal_id, organisation_id, school_year, class_group_id, subject_group_id, held_on,"
        " number, status) select gen_random_uuid(), j.id, j.organisation_id, j.school_year, j.class_group_id,"
        " j.subject_group_id, date '2026-12-07' + day, 1, 'PLANNED' from journal j, generate_series(1, 189) day"
        " where j.id = :journal",
        journal=demo_ids()["journal-7a-algebra"],
    )
    document = "query($id: ID!, $since: Date) { journal(id: $id) { className lessons(since: $since) { heldOn } } }"
    everything = await own_demo.query(document, {"id": FLAGSHIP})
    some = await own_demo.query(document, {"id": FLAGSHIP, "since": "2027-01-01"})

    assert everything.codes == ["LIMIT_EXCEEDED"]
    assert "200" in everything.errors[0]["message"]
    assert everything.body["data"]["journal"] == {"className": "7А", "lessons": None}
    assert date.fromisoformat(some.data["journal"]["lessons"][0]["heldOn"]) == date(2027, 1, 1)


async def test_marks_lead_back_to_their_page(query: Query) -> None:
    """From a mark to lesson, line, journal and student, and none of them is somebody else's."""
    document = """
    query Back($id: ID!) {
      journal(id: $id) {
        lines { marks { id lesson { journal { id } } line { studentName journal { id } } student { id } } }
      }
    }
    """
    answer = await query(document, {"id": FLAGSHIP}, viewer="legal-representative")
    marks = [mark for line in answer.data["journal"]["lines"] for mark in line["marks"]]

    assert len(marks) == 3
    for mark in marks:
        kind, year, number = mark["id"].split(":")
        assert (kind, year, UUID(number).version) == ("Mark", "2026", 5)
        assert mark["lesson"]["journal"]["id"] == mark["line"]["journal"]["id"] == FLAGSHIP
        assert mark["line"]["studentName"] == CHILD
        assert mark["student"]["id"] == id_of("Student", "person-student")
