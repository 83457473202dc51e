"""Named cases: documents that must be compiled, differences that were found once, and input that means harm."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schema.engine.compiled.execute import Question
from schema.engine.compiled.reasons import Reason
from schema.engine.context import Language
from tests.access.cases import SINGLE
from tests.compiled.both import Both, Request, ask_both
from tests.compiled.rounds import Rounds

pytestmark = pytest.mark.anyio

DOCUMENTS = Path(__file__).parents[2] / "bench" / "documents" / "vhod"
FLAGSHIPS = {
    "me": "{ me { standing advice person { displayName snils { display masked } } children { id displayName }"
    " assignments { id role inWords organisation { name }"
    " viewerCan { confirm { allowed because } end { allowed } } } } }",
    "diary": "query ($student: ID!, $since: Date, $until: Date) { student(id: $student) { displayName"
    " journalLines(first: 50) { nodes { mean journal { subject { name } lessons(since: $since, until: $until)"
    " { heldOn topic homework slots { number } marks { value weight } attendance { code note } } } } } } }",
    "journal": "query ($journal: ID!) { journal(id: $journal) { className subject { name } gradingPeriod { name }"
    " viewerCan { reopen { allowed because } } reopenings { until } summaryMarks { value }"
    " lessons { heldOn topic homework version slots { number weight workType { code } } }"
    " lines { number studentName mean student { displayName birthDate snils { display masked } }"
    " marks { value weight heldOn version } summaryMarks { value } attendance { code heldOn note version } } } }",
    "register": "query ($prefix: String, $kind: [OrganisationKind!]) { organisations(namePrefix: $prefix, kind: $kind,"
    " first: 20) { totalCount pageInfo { hasNextPage endCursor } nodes { name inn innStatus municipality { name }"
    " registryIssues { code raw } viewerCan { grantAssignment { allowed because } } } } }",
    "page to write on": "query ($journal: ID!) { journal(id: $journal) { className gradingPeriod { name closesAt"
    " closedAt } organisation { policy { id version lessonMarkDays homeroomWritesMarks leastMarks } }"
    " lessons { heldOn number topic version slots { id code weight } viewerCan { writeMarks { allowed because until }"
    " writeAttendance { allowed until } excuseAbsence { allowed because } editLesson { until } } }"
    " lines { number mean proposedMark { scale value because explanation mean markSum } period: proposedMark("
    "kind: PERIOD) { value } marks { id value version } } } }",
    "another system's diary": "query ($subject: String!, $from: Date!, $to: Date!, $year: Int!) {"
    " diary(subject: $subject) { id"
    " lessons(since: $from, until: $to) { heldOn number topic homework journal { subject { name } }"
    " marks { value } viewerCan { writeMarks { allowed because until } } }"
    " marks(first: 100, since: $from, until: $to) { nodes { value heldOn } }"
    " summaryMarks(schoolYear: $year) { value } } }",
    "rating": 'query ($rating: ID!) { rating(id: $rating) { id a: entries(section: "A", first: 100) { ...E }'
    ' b: entries(section: "B", first: 100) { ...E } } ratings(first: 3) { nodes { id entries(first: 100) { ...E } } } }'
    " fragment E on RatingEntryConnection { totalCount nodes {"
    " id section ratedName pointsShown percentShown rank tied } }",
}
MEASURED = "small", "diary", "journal"
"""Documents of the benchmark that are asked as they are written there; the rating's pages are the flagship's."""
FOUND = {
    # A page of which only the count is asked has no other aggregate: it was a row for each of its rows.
    "a count alone": "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Student { journalLines { totalCount }"
    " enrolments { student { journalLines(first: 1) { pageInfo { hasPreviousPage } } } } } } }",
    # The count looks at its parent from two levels below: it counted the rows of all parents.
    "counts of several parents": "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Organisation { children {"
    " totalCount nodes { children { totalCount } } } } } }",
    # `source` and `__table__` are names of columns, or might have been.
    "a column called source": "{ organisations { nodes { source } } }",
    "one fragment twice": "{ me { ...M ...M } } fragment M on Me { standing ... on Me { standing advice } }",
    "nothing included": "{ me { standing @include(if: false) } }",
    "ids of all kinds": 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } node(id: "Nothing:1") { id } }',
    "an empty list": "{ nodes(ids: []) { id } }",
}
WHO = (*SINGLE.values(), "everything", "anonymous", "unknown", "banned parent")
HOSTILE = (
    "'", '"', "\\", "'); drop table mark; --", "%s", "$1", ":x", "\x00", "\x01", "\x02", "🎓", "\u2028", "ё", "{}",
    "\ud800", "a" * 5000, "Student:'", "Mark:2026:'", "Mark:99999:00000000-0000-4000-8000-000000000000",
)  # fmt: skip


def variables(rounds: Rounds) -> dict[str, Any]:
    """Values for all documents here."""
    ids, today = rounds.values.ids, rounds.values.today
    return {
        "student": ids["Student"][0],
        "journal": ids["Journal"][0],
        "since": f"{today.year - 1}-09-01",
        "until": today.isoformat(),
        "prefix": "canary",
        "kind": ["SCHOOL"],
        "rating": next(iter(ids.get("Rating", ())), "Rating:00000000-0000-4000-8000-000000000000"),
        "class": ids["ClassGroup"][0],
        "year": today.year - (today.month < 9),
        "subject": "subject of student",
        "from": (today - timedelta(days=20)).isoformat(),
        "to": (today + timedelta(days=10)).isoformat(),
        "ids": [one for kind in ids for one in ids[kind][:6]][:100] + ids["Student"][:0],
    }


async def answered(rounds: Rounds, who: str, text: str, given: dict[str, Any] | None = None) -> Both:
    """By both executors, with those variables that the document has."""
    known = variables(rounds) | (given or {})
    used = {name: value for name, value in known.items() if f"${name}" in text}
    return await ask_both(rounds.door.services, rounds.viewers[who], Request(text, used))


@pytest.mark.parametrize("name", FLAGSHIPS)
async def test_flagship_is_compiled_for_everybody(rounds: Rounds, name: str) -> None:
    """Me, a diary, a page of the journal, the register, a rating: one statement, whoever asks, and the same answer."""
    found = {who: await answered(rounds, who, FLAGSHIPS[name]) for who in WHO}

    assert {who: both.reason for who, both in found.items() if both.compiled is None} == {}
    assert [who for who, both in found.items() if not both.agree] == []


@pytest.mark.parametrize("name", MEASURED)
async def test_document_of_the_benchmark_is_compiled(rounds: Rounds, name: str) -> None:
    """What is measured is the compiled path, whoever asks."""
    text = (DOCUMENTS / f"{name}.graphql").read_text()
    found = {who: await answered(rounds, who, text) for who in ("teacher", "student", "deputy", "anonymous")}

    assert {who: both.reason for who, both in found.items() if both.compiled is None} == {}
    assert [who for who, both in found.items() if not both.agree] == []


async def test_system_asks_the_diary_of_who_has_consented_in_one_statement(rounds: Rounds) -> None:
    """Somebody's lessons with homework and marks; nothing of who has not consented, nothing of a bad span."""
    text = FLAGSHIPS["another system's diary"]
    texts = {
        subject: await answered(rounds, "journal service", text, {"subject": subject})
        for subject in rounds.values.subjects
    }
    long = await answered(rounds, "journal service", text, {"from": "2026-01-01", "to": "2026-12-31"})

    assert [subject for subject, both in texts.items() if both.compiled is None or not both.agree] == []
    found = [both for both in texts.values() if (both.reference.answer["data"] or {})["diary"]]
    assert 0 < len(found) < len(texts)
    assert any(both.reference.answer["data"]["diary"]["lessons"] for both in found)
    assert long.reason is Reason.REFUSED_ARGUMENTS


async def test_windows_say_every_word_that_there_is(rounds: Rounds) -> None:
    """Open, not yet, over, and nobody's: the pages of the world as the teacher and the deputy head see them."""
    text = (
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Lesson { viewerCan {"
        " writeMarks { allowed because until } excuseAbsence { allowed because until } } } } }"
    )
    said = set()
    for who in ("teacher", "homeroom", "deputy", "everything"):
        for language in Language:
            request = Request(text, {"ids": rounds.values.ids["Lesson"][:100]}, language)
            both = await ask_both(rounds.door.services, rounds.viewers[who], request)

            assert both.compiled is not None
            assert both.compiled == both.reference
            said |= set(re.findall(r"'allowed': (True|False), 'because': '(.{12})", str(both.compiled.answer)))

    assert {allowed for allowed, _ in said} == {"True", "False"}


async def test_proposals_of_a_year_are_for_the_reference(rounds: Rounds) -> None:
    """Those of a period are worked out from the line; a year and a course go by a report card."""
    text = "query ($journal: ID!) {{ journal(id: $journal) {{ lines {{ proposedMark(kind: {}) {{ value }} }} }} }}"
    found = {kind: await answered(rounds, "deputy", text.format(kind)) for kind in ("PERIOD", "YEAR", "FINAL")}

    assert found["PERIOD"].agree
    assert found["PERIOD"].compiled is not None
    assert found["YEAR"].reason is found["FINAL"].reason is Reason.ARGUMENTS_IN_PYTHON


async def test_access_entries_are_the_same(rounds: Rounds) -> None:
    """A deputy head's page with masks, a homeroom teacher's with notes: what the journal is told is not empty."""
    deputy, homeroom = [await answered(rounds, who, FLAGSHIPS["journal"]) for who in ("deputy", "homeroom")]

    assert deputy.compiled is not None
    assert homeroom.compiled is not None
    assert "'masked': True" in str(deputy.compiled.answer)
    assert deputy.compiled.personal == deputy.reference.personal != {}
    assert homeroom.compiled.special == homeroom.reference.special != {}


@pytest.mark.parametrize("name", FOUND)
async def test_difference_of_old_is_none_any_more(rounds: Rounds, name: str) -> None:
    """What was different once, or might well have been."""
    for who in ("everything", "parent of departed", "deputy", "anonymous"):
        both = await answered(rounds, who, FOUND[name])

        assert both.compiled is not None
        assert both.compiled == both.reference


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
async def test_hostile_value_changes_nothing_but_what_is_found(rounds: Rounds, value: str) -> None:
    """As an id, an id among others, a filter, a cursor: the reference's answer, never a failed statement."""
    documents = (
        "query ($x: ID!) { node(id: $x) { id } student(id: $x) { id } }",
        "query ($x: [ID!]!) { nodes(ids: $x) { id } }",
        "query ($x: String) { organisations(namePrefix: $x, first: 2) { totalCount nodes { name } } }",
        "query ($x: String) { organisations(after: $x, first: 2) { nodes { name } } }",
        "query ($x: ID) { journals(classGroup: $x) { totalCount } organisations(inside: $x) { totalCount } }",
    )
    for text in documents:
        given = [value, value] if "[ID!]!" in text else value
        both = await ask_both(rounds.door.services, rounds.viewers["everything"], Request(text, {"x": given}))

        assert both.agree
        assert both.reason not in (Reason.DATABASE, Reason.DEFECT)


async def test_page_sizes_at_their_limits_are_refused_alike(rounds: Rounds) -> None:
    """Nought, one, the most, one more, and the largest number there is."""
    for size in (0, 1, 100, 101, -1, 2**31 - 1, 2**31):
        for which in ("first", "last"):
            text = f"query ($n: Int) {{ organisations({which}: $n) {{ nodes {{ id }} }} }}"
            both = await ask_both(rounds.door.services, rounds.viewers["anonymous"], Request(text, {"n": size}))

            assert both.agree
            assert (both.compiled is not None) == (size in (1, 100))


async def test_schema_anywhere_in_a_document_is_for_the_reference(rounds: Rounds) -> None:
    """Strangers may not read it, not even beside the operation that runs."""
    services = rounds.door.services
    text = "query A { me { standing } } query B { __schema { types { name } } }"

    reads, nobody = services.read_path.reads, rounds.viewers["anonymous"]
    assert await reads.prepare(nobody, Question(text, None, "A")) is None
    assert await reads.prepare(nobody, Question(text.partition(" query B")[0], None, "A")) is not None


async def test_plan_serves_other_values_and_never_other_rights(rounds: Rounds) -> None:
    """One plan for one shape and kind of values; another shape, word or type of id has its own."""
    reads = rounds.door.services.read_path.reads
    text = (
        "query ($id: ID!, $kind: [OrganisationKind!])"
        " { node(id: $id) { id } organisations(kind: $kind) { totalCount } }"
    )
    first, second = rounds.values.ids["Student"][:2]
    other = rounds.values.ids["Mark"][0]

    async def plan(who: str, identifier: str, kind: list[str]) -> Any:
        prepared = await reads.prepare(rounds.viewers[who], Question(text, {"id": identifier, "kind": kind}))
        assert prepared is not None
        return prepared.plan

    assert await plan("teacher", first, ["SCHOOL"]) is await plan("teacher", second, ["SCHOOL"])
    assert await plan("teacher", first, ["SCHOOL"]) is not await plan("teacher", first, ["REGION"])
    assert await plan("teacher", first, ["SCHOOL"]) is not await plan("teacher", other, ["SCHOOL"])
    assert await plan("teacher", first, ["SCHOOL"]) is not await plan("deputy", first, ["SCHOOL"])
