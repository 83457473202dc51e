"""Side doors: arguments, counts, cursors, aliases and long ways round open nothing that the front door shuts."""

from collections import Counter
from typing import Any

import pytest
from graphql import GraphQLObjectType

from domain.catalogue.ids import indicator_id
from domain.records import Journal, Organisation
from schema import build_schema
from tests.access.cases import SINGLE, Cases
from tests.access.contract import global_id
from tests.access.door import Door
from tests.access.examination import CANARY, Case
from tests.access.expected import Item
from tests.access.world import World

pytestmark = pytest.mark.anyio

PAGE = {"first", "after", "last", "before"}
IDS = {
    "Query.organisation.id",
    "Query.classGroup.id",
    "Query.student.id",
    "Query.journal.id",
    "Query.importRun.id",
    "Query.node.id",
    "Query.nodes.ids",
    "Query.changes.students",
    "Query.changes.journals",
    "Query.changes.since",  # a cursor: it opens nothing, what is told after it is read under the rights of now
}
FILTERS = {
    "Query.organisations.kind", "Query.organisations.inside", "Query.organisations.namePrefix",
    "Query.journals.classGroup", "Query.journals.subject", "Query.journals.subjectGroup",
    "Query.journals.gradingPeriod", "Query.journals.schoolYear", "Organisation.children.kind",
    "Organisation.gradingPeriods.schoolYear", "Organisation.classGroups.schoolYear",
    "ClassGroup.subjectGroups.schoolYear", "SubjectGroup.journals.on", "Journal.lessons.since", "Journal.lessons.until",
    "Student.summaryMarks.schoolYear", "Student.reportCard.schoolYear", "Student.reportCard.organisationId",
    "JournalLine.proposedMark.kind", "Query.workTypes.organisation", "ImportRun.rows.outcome",
    "ImportRun.rows.withIssues",
}  # fmt: skip
"""Every argument that narrows a list down: each is tried below, or is about public rows only."""
OF_CATALOGUE = {
    "Indicator.targets.status", "Indicator.targets.year", "Query.indicator.code", "Query.indicators.code",
    "Query.indicators.definition", "Query.methodologies.code", "Query.methodologies.status", "Query.methodology.id",
    "Query.rating.id", "Query.ratings.methodology", "Query.ratings.newest", "Query.ratings.period",
    "Query.ratings.ratedKind", "Query.ratings.region", "Rating.entries.level", "Rating.entries.organisation",
    "Rating.entries.rank", "Rating.entries.section", "Organisation.ratingEntries.rating",
    "Organisation.ratingEntries.section", "Explanation.toRank.rank",
}  # fmt: skip
"""Arguments about the catalogue and stored ratings, which are public."""
OF_FIGURES = {
    "Organisation.liveIndicator.code", "Organisation.liveIndicator.period",
    "Organisation.observationApprovals.indicator", "Organisation.observationApprovals.period",
    "Organisation.observationVersions.asKnownAt", "Organisation.observationVersions.indicator",
    "Organisation.observationVersions.period", "Organisation.observations.indicator",
    "Organisation.observations.period",
}  # fmt: skip
"""Arguments of lists of figures: tried below by whoever may not see them."""
SUPPOSED = {
    "Query.robustness.draws", "Query.robustness.leaveOneOut", "Query.robustness.noise", "Query.robustness.ratingId",
    "Query.robustness.section", "Query.robustness.seed", "Query.robustness.weights", "Query.whatIf.changes",
    "Query.whatIf.ratingId", "RatingEntry.robustness.draws", "RatingEntry.robustness.seed",
}  # fmt: skip
"""Arguments of suppositions, for coordinators with a part in the rating: tried in tests/schema/test_ratings.py."""


OF_REGISTERS = {
    "Diary.lessons.since", "Diary.lessons.until", "Diary.marks.since", "Diary.marks.until",
    "Diary.summaryMarks.schoolYear", "Query.achievements.organisation", "Query.achievements.since",
    "Query.achievements.until", "Query.auditEntries.action", "Query.auditEntries.organisation",
    "Query.auditEntries.since", "Query.auditEntries.until", "Query.diary.subject",
    "Query.employmentRecords.organisation", "Query.employmentRecords.person", "Query.recordOpenings.organisation",
    "Query.recordOpenings.since", "Query.recordOpenings.until", "Query.rehabilitationProgrammes.organisation",
    "Query.screenings.organisation", "Query.screenings.schoolYear", "Query.guardianshipProposals.organisation",
    "Query.guardianshipProposals.decided", "Query.identityMismatches.organisation",
    "Query.identityMismatches.decided",
}  # fmt: skip
"""Filters of registers and logs, tried below and in tests/schema (consents, guardianships, identities)."""
OF_RULES = {"Query.access.path", "Query.accessMatrix.typeName"}
"""Arguments about the rules, which no row stands behind: tried in tests/schema/test_field_access.py."""
REGISTERS = {
    "achievements": "Achievement", "auditEntries": "AuditEntry", "employmentRecords": "EmploymentRecord",
    "recordOpenings": "RecordOpening", "rehabilitationProgrammes": "RehabilitationProgramme",
    "screenings": "ScreeningParticipation", "guardianshipProposals": "GuardianshipProposal",
    "identityMismatches": "IdentityMismatch",
}  # fmt: skip
"""Roots of registers, by type."""


@pytest.mark.parametrize(
    "name",
    [
        "auditor",
        "hr specialist",
        "talent operator",
        "rehabilitation operator",
        "screening specialist",
        "parent",
        "homeroom",
        "administrator",
    ],
)
async def test_list_of_a_register_holds_and_counts_the_visible_entries_of_an_organisation(
    name: str, door: Door, cases: Cases
) -> None:
    """A filter narrows what one may see: of another organisation there is nothing, whoever asks."""
    case = cases.of(name)
    for school in ("A", "B"):
        at = cases.world.schools[school]
        lists = " ".join(
            f'{root}(organisation: "Organisation:{at.id}", first: 100) {{ totalCount nodes {{ id }} }}'
            for root in REGISTERS
        )
        answer = await door.ask(f"{{ {lists} }}", case.account)
        refused = {one["field"] for one in answer.denied}
        for root, type_name in REGISTERS.items():
            wanted = {item.id for item in visible(cases, case, type_name) if item.row.organisation_id == at.id}
            found = answer.data[root]
            assert (found is None) == (f"Query.{root}" in refused)
            assert found is None or {one["id"] for one in found["nodes"]} == wanted
            assert (found or {"totalCount": 0})["totalCount"] == len(wanted)


def test_every_argument_is_known_here() -> None:
    """A new argument fails here until it has been tried as a side door."""
    found = {
        f"{kind.name}.{name}.{argument}"
        for kind in build_schema().graphql.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        for argument in field.args
        if argument not in PAGE and kind.name not in ("Mutation", "Subscription")
    }

    assert found == FILTERS | IDS | OF_CATALOGUE | OF_FIGURES | SUPPOSED | OF_REGISTERS | OF_RULES


def visible(cases: Cases, case: Case, type_name: str) -> list[Item]:
    """Rows of a type that somebody may see."""
    return [item for item in cases.items() if item.type_name == type_name and case.expected.visible(item)]


@pytest.mark.parametrize("name", [*SINGLE.values(), "everything", "banned parent", "parent of departed"])
async def test_list_of_journals_holds_and_counts_the_visible_pages_in_pages_of_two(
    name: str, door: Door, cases: Cases
) -> None:
    """Full pages, one after the other, from both ends, each with the count of what may be seen."""
    case = cases.of(name)
    wanted = sorted(item.id for item in visible(cases, case, "Journal"))
    for size, cursor in (("first", "after"), ("last", "before")):
        found: list[str] = []
        at: str | None = None
        while True:
            place = f"{size}: 2{f', {cursor}: {chr(34)}{at}{chr(34)}' if at else ''}"
            page = (
                await door.ask(
                    f"{{ journals({place}) {{ totalCount nodes {{ id }}"
                    " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }",
                    case.account,
                )
            ).data["journals"]
            if page is None:
                break
            assert page["totalCount"] == len(wanted)
            found += [one["id"] for one in page["nodes"]]
            more, at = (
                page["pageInfo"][key]
                for key in (("hasNextPage", "endCursor") if size == "first" else ("hasPreviousPage", "startCursor"))
            )
            assert len(page["nodes"]) == min(2, len(wanted)) or not more
            if not more:
                break

        assert sorted(found) == wanted


@pytest.mark.parametrize("name", [*SINGLE.values(), "everything", "banned parent", "parent of departed"])
@pytest.mark.parametrize("argument", ["classGroup", "subject", "subjectGroup", "gradingPeriod"])
async def test_filter_by_an_object_tells_no_more_than_the_field_that_it_reads(
    argument: str, name: str, door: Door, cases: Cases
) -> None:
    """A page is found by its class only by those who see the class on the page."""
    case = cases.of(name)
    type_name = argument[0].upper() + argument[1:]
    column = {
        "classGroup": "class_group_id",
        "subject": "subject_id",
        "subjectGroup": "subject_group_id",
        "gradingPeriod": "grading_period_id",
    }[argument]
    pages = visible(cases, case, "Journal")
    for item in (one for one in cases.items() if one.type_name == type_name):
        seen = case.expected.visible(item)
        answer = await door.ask(
            f'{{ journals({argument}: "{item.id}", first: 100) {{ totalCount nodes {{ id }} }} }}', case.account
        )
        found = answer.data["journals"] or {"nodes": [], "totalCount": 0}
        wanted = sorted(page.id for page in pages if seen and getattr(page.row, column) == item.row.id)

        assert sorted(one["id"] for one in found["nodes"]) == wanted
        assert found["totalCount"] == len(wanted)


@pytest.mark.parametrize("name", ["teacher", "parent", "coordinator", "stranger", "banned parent"])
async def test_dates_years_and_kinds_narrow_lists_down_and_never_widen_them(
    name: str, door: Door, cases: Cases
) -> None:
    """With an argument comes a part of what comes without it."""
    case = cases.of(name)
    year = cases.world.classes["7A"].school_year
    today = cases.world.rows.today
    for plain, narrow in (
        ("journals(first: 100) { nodes { id } }", f"journals(first: 100, schoolYear: {year}) {{ nodes {{ id }} }}"),
        (_schools("classGroups { id }"), _schools(f"classGroups(schoolYear: {year}) {{ id }}")),
        (_schools("gradingPeriods { id }"), _schools(f"gradingPeriods(schoolYear: {year}) {{ id }}")),
        (
            _schools("children(first: 100) { nodes { id } }"),
            _schools("children(first: 100, kind: [SCHOOL]) { nodes { id } }"),
        ),
        (_pages("subjectGroup { journals { id } }"), _pages(f'subjectGroup {{ journals(on: "{today}") {{ id }} }}')),
        (
            _pages("classGroup { subjectGroups { id } }"),
            _pages(f"classGroup {{ subjectGroups(schoolYear: {year}) {{ id }} }}"),
        ),
        (_pages("lessons { id }"), _pages(f'lessons(since: "2000-01-01", until: "{today}") {{ id }}')),
    ):
        wide, narrowed = await door.ask(f"{{ {plain} }}", case.account), await door.ask(f"{{ {narrow} }}", case.account)
        assert narrowed.errors == []
        assert set(_ids(narrowed.data)) <= set(_ids(wide.data))
        assert narrowed.denied == wide.denied


def _schools(selection: str) -> str:
    return f"organisations(first: 100) {{ nodes {{ id {selection} }} }}"


def _pages(selection: str) -> str:
    return f"journals(first: 100) {{ nodes {{ id {selection} }} }}"


def _ids(found: Any) -> list[str]:
    """All ids in an answer, however deep."""
    if isinstance(found, dict):
        own = [found["id"]] if "id" in found else []
        return own + [one for value in found.values() for one in _ids(value)]
    return [one for value in found for one in _ids(value)] if isinstance(found, list) else []


async def test_names_begin_no_search_but_that_of_organisations(door: Door, cases: Cases) -> None:
    """Nobody finds a person by the beginning of a name, whatever their roles."""
    case = cases.of("everything")
    person = cases.world.people["pupil D"]
    query = f'{{ organisations(namePrefix: "{person.last_name}") {{ totalCount nodes {{ id name }} }} }}'
    answer = await door.ask(query, case.account)

    assert answer.data["organisations"] == {"totalCount": 0, "nodes": []}


@pytest.mark.parametrize("name", [*SINGLE.values(), "everything", "banned parent", "parent of departed"])
async def test_long_ways_round_lead_to_nothing_that_is_not_visible(name: str, door: Door, cases: Cases) -> None:
    """From every visible row along every edge and back: each object and each text that comes may be seen."""
    case = cases.of(name)
    by_id = {item.id: item for item in cases.items()}
    allowed = set(CANARY.findall(" ".join(str(case.expected.answer(item, Counter())) for item in cases.items())))
    children = [item.id for item in visible(cases, case, "Student")]
    for query in LONG_WAYS:
        # A question about children is asked of so many at once as the limit of cost lets through.
        parts = [children[at : at + 40] for at in range(0, len(children), 40)] if "$ids" in query else [[]]
        for part in parts:
            answer = await door.ask(query, case.account, **({"ids": part} if part else {}))
            assert answer.errors == []
            assert _cut_short(answer.data) == []
            strangers = [one for one in _ids(answer.data) if not case.expected.visible(by_id[one])]
            assert strangers == []
            assert {one for one in CANARY.findall(answer.text) if one.startswith("CANARY")} - allowed == set()


def _cut_short(found: Any) -> list[Any]:
    """Pages of an answer, however deep, that another page follows: the way round would not have been walked whole."""
    if isinstance(found, dict):
        own = [found] if found.get("pageInfo", {}).get("hasNextPage") else []
        return own + [one for value in found.values() for one in _cut_short(value)]
    return [one for value in found for one in _cut_short(value)] if isinstance(found, list) else []


LONG_WAYS = [
    """{ organisations(first: 15) { pageInfo { hasNextPage } nodes { id classGroups { id name
         enrolments { id student { id displayName phone } } } } } }""",
    """query Children($ids: [ID!]!) { nodes(ids: $ids) { ... on Student { id displayName phone
         enrolments { id classGroup { id name } student { id displayName } }
         guardianships { id guardian { id displayName phone } student { id displayName } }
         journalLines(first: 12) { pageInfo { hasNextPage } nodes { id studentName
           journal { id lines { id student { id displayName } } } } } } } }""",
    """{ journals(first: 30) { pageInfo { hasNextPage } nodes { id
         classGroup { id enrolments { id student { id displayName } } }
         lessons { id topic homework attendance { id note student { id } }
                   marks { id remark student { id displayName snils { display } } line { id studentName } } }
         subjectGroup { id journals { id } teacher { id title person { id displayName
                        positions { id title organisation { id } } } } } } } }""",
    """{ me { person { id displayName phone } children { id displayName phone snils { display } }
         assignments { id reason holder { id displayName } subjectGroup { id journals { id lines { id studentName } } }
           organisation { id assignments(first: 100) { nodes { id reason holder { id displayName } } }
                          staff(first: 100) { nodes { id title person { id displayName } } } } } } }""",
]


async def test_alias_and_fragment_are_each_a_place_where_a_cell_is_refused(door: Door, cases: Cases) -> None:
    """The same cell under three names is refused three times, and named once."""
    pupil = cases.world.people["pupil"]
    query = f"""{{ node(id: "Student:{pupil.id}") {{ ... on Student {{ phone again: phone ...More }} }}
                   nodes(ids: ["Student:{pupil.id}", "Student:{pupil.id}"]) {{ ...More }} }}
                fragment More on Student {{ once: phone }}"""
    answer = await door.ask(query, cases.of("teacher").account)

    assert answer.data["node"] == {"phone": None, "again": None, "once": None}
    assert [(one["field"], one["count"]) for one in answer.denied] == [("Student.phone", 5)]
    assert set(answer.denied[0]["anyOf"]) == {
        "DEPUTY_HEAD", "ENROLMENT_OPERATOR", "HOMEROOM_TEACHER", "LEGAL_REPRESENTATIVE", "PRINCIPAL", "STUDENT",
    }  # fmt: skip


async def test_cursor_of_another_list_is_refused_and_of_another_viewer_shows_own_rows_only(
    door: Door, cases: Cases
) -> None:
    """A cursor is a place in one list; whoever carries it elsewhere gets an error, or what they may see anyway."""
    deputy, teacher = cases.of("deputy").account, cases.of("teacher").account
    page = (await door.ask("{ journals(first: 1) { pageInfo { endCursor } } }", deputy)).data["journals"]
    cursor = page["pageInfo"]["endCursor"]
    foreign = await door.ask(f'{{ journals(first: 100, after: "{cursor}") {{ totalCount nodes {{ id }} }} }}', teacher)
    subjects = await door.ask(f'{{ subjects(first: 1, after: "{cursor}") {{ nodes {{ id }} }} }}', teacher)
    filtered = await door.ask(
        f'{{ journals(first: 1, schoolYear: 1999, after: "{cursor}") {{ nodes {{ id }} }} }}', teacher
    )

    allowed = {item.id for item in visible(cases, cases.of("teacher"), "Journal")}
    assert {one["id"] for one in foreign.data["journals"]["nodes"]} <= allowed
    assert foreign.data["journals"]["totalCount"] == len(allowed)
    assert [one["extensions"]["code"] for one in (*subjects.errors, *filtered.errors)] == ["BAD_USER_INPUT"] * 2


async def test_lists_of_a_public_organisation_are_empty_or_refused_by_reach_and_say_so(
    door: Door, cases: Cases
) -> None:
    """A deputy head asks the neighbour's register for its people: refused, named, and not an empty list of a school."""
    others = [row for row in cases.world.rows.all(Organisation) if row.id != cases.world.schools["A"].id]
    ids = [global_id("Organisation", row) for row in others]
    [answer] = await door.nodes(
        "... on Organisation { id staff { totalCount } assignments { totalCount } }", ids, cases.of("deputy").account
    )

    assert all(one["staff"] is None and one["assignments"] is None for one in answer.data["nodes"])
    assert [(one["field"], one["reason"], one["count"]) for one in answer.denied] == [
        ("Organisation.assignments", "OUT_OF_REACH", len(others)),
        ("Organisation.staff", "OUT_OF_REACH", len(others)),
    ]


async def test_document_that_fails_says_nothing_of_rows(door: Door, cases: Cases) -> None:
    """Errors, too, are searched: a bad argument beside good ones gives a code and no data of anybody."""
    pupil = cases.world.people["pupil"]
    bad = [
        f'{{ node(id: "Student:{pupil.id}") {{ ... on Student {{ displayName nothing }} }} }}',
        f'{{ journals(classGroup: "Student:{pupil.id}") {{ totalCount }} }}',
        f'{{ node(id: "Student:{pupil.id}") {{ ... on Student {{ journalLines(first: 999) {{ totalCount }} }} }} }}',
    ]
    for query in bad:
        answer = await door.ask(query, cases.of("coordinator").account)
        assert CANARY.findall(answer.text) == []
    assert len(cases.world.rows.all(Journal)) > 5


@pytest.mark.parametrize("name", ["teacher", "parent", "student", "stranger"])
async def test_figures_are_not_told_by_their_filters(name: str, door: Door, cases: Cases, world: World) -> None:
    """Who may not see observations learns nothing of them by naming an indicator, a period or a moment."""
    figure = f'indicator: "Indicator:{indicator_id("JOURNAL_TOPICS")}", period: "2026"'
    query = f"""query Doors($id: ID!) {{ organisation(id: $id) {{
      observations({figure}) {{ totalCount nodes {{ id }} }}
      observationVersions({figure}, asKnownAt: "2030-01-01T00:00:00Z") {{ totalCount nodes {{ id }} }}
      observationApprovals({figure}) {{ totalCount nodes {{ id }} }}
      liveIndicator(code: "JOURNAL_TOPICS", period: "2026") {{ period }}
    }} }}"""
    answer = await door.ask(query, cases.of(name).account, id=f"Organisation:{world.schools['A'].id}")

    assert answer.data == {
        "organisation": dict.fromkeys(
            ("observations", "observationVersions", "observationApprovals", "liveIndicator"), None
        )
    }
