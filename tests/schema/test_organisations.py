"""The public register: the tree, what its numbers are worth, what is wrong with it, and how it is searched."""

from typing import Any

import pytest

from tests.schema.conftest import Query
from tests.schema.demo import id_of

pytestmark = pytest.mark.anyio

SCHOOL, BRANCH = id_of("Organisation", "school"), id_of("Organisation", "branch")
REGION, MUNICIPALITY = id_of("Organisation", "region"), id_of("Organisation", "municipality")
EVERYBODY = ("teacher", "legal-representative", "org-admin", "guest", "stranger", None)

REGISTER = """
query Register($after: String, $kind: [OrganisationKind!], $inside: ID, $prefix: String) {
  organisations(first: 100, after: $after, kind: $kind, inside: $inside, namePrefix: $prefix) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id kind name inn innStatus ogrn ogrnStatus headStatus branchOf { name } source provenance }
  }
}
"""
ISSUES = "query Issues($id: ID!) { organisation(id: $id) { name registryIssues { code columnName raw } } }"


async def register(query: Query, viewer: str | None = None, **filters: Any) -> list[dict[str, Any]]:
    """All organisations, through all pages."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await query(REGISTER, {"after": after, **filters}, viewer=viewer)).data["organisations"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        after = page["pageInfo"]["endCursor"]


async def test_register_is_public(query: Query) -> None:
    """Signed in or not, whatever the role: the same 221 rows."""
    register_of = {viewer: await register(query, viewer) for viewer in EVERYBODY}

    assert len(register_of[None]) == 221
    assert all(rows == register_of[None] for rows in register_of.values())


async def test_wrong_number_is_kept_and_flagged(query: Query) -> None:
    """The one INN whose check digit does not fit stands as it was printed, with its status."""
    wrong = [row for row in await register(query) if row["innStatus"] == "CHECK_DIGIT_FAILED"]

    assert [(row["inn"], row["name"]) for row in wrong] == [
        ("2644003911", "КГБПОУ «Красноярский политехнический техникум»")
    ]
    assert wrong[0]["source"] == "sferum_inactive_organisations.csv, строка 24"


async def test_numbers_and_statuses_belong_together(query: Query) -> None:
    """Missing is missing; a branch's «как у головной» is no number of its own."""
    rows = await register(query)

    for row in rows:
        assert (row["inn"] is None) is (row["innStatus"] in ("MISSING", "AS_HEAD_ORGANISATION"))
        assert (row["ogrn"] is None) is (row["ogrnStatus"] == "MISSING")
    assert sum(row["innStatus"] == "AS_HEAD_ORGANISATION" for row in rows) == 19
    assert all(row["inn"].startswith("0") or len(row["inn"]) == 10 for row in rows if row["inn"])


async def test_head_that_the_register_does_not_tell_stays_unresolved(query: Query) -> None:
    """21 branches have no head that could be told: it is said, not guessed."""
    rows = await register(query)
    unresolved = [row for row in rows if row["headStatus"] == "HEAD_UNRESOLVED"]
    branches = [row for row in rows if row["headStatus"] == "BRANCH"]

    assert len(unresolved) == 21
    assert all(row["branchOf"] is None for row in unresolved)
    assert {row["name"]: row["branchOf"]["name"] for row in branches} == {
        'Иланский филиал КГБПОУ "Боготольский техникум транспорта"': 'КГБПОУ "Боготольский техникум транспорта"',
        "Филиал школы № 0 (вымышленный)": "Школа № 0 (вымышленная)",
    }


async def test_invented_rows_say_so(query: Query) -> None:
    """Four schools are made up; everything else names the file it comes from."""
    rows = await register(query)
    invented = [row for row in rows if row["provenance"] == "SYNTHETIC"]

    assert len(invented) == 4
    assert all("вымышлен" in row["name"] for row in invented)
    assert all(row["source"] for row in rows if row["provenance"] == "PUBLISHED" and row["kind"] != "REGION")


async def test_tree_leads_up_and_down(query: Query) -> None:
    """Region, municipality, school, branch: parents, shortcuts and children agree."""
    document = """
    query Tree($branch: ID!, $school: ID!, $municipality: ID!) {
      branch: organisation(id: $branch) {
        headStatus branchOf { id } parent { id parent { id parent { id parent { id } } } }
        region { id kind } municipality { id kind }
      }
      school: organisation(id: $school) { branches { id } children { totalCount nodes { id } } branchOf { id } }
      municipality: organisation(id: $municipality) { children(kind: [SCHOOL], first: 100) { nodes { id name kind } } }
    }
    """
    answer = await query(document, {"branch": BRANCH, "school": SCHOOL, "municipality": MUNICIPALITY}, viewer=None)
    branch, school = answer.data["branch"], answer.data["school"]

    assert branch["branchOf"] == {"id": SCHOOL}
    assert branch["parent"] == {"id": SCHOOL, "parent": {"id": MUNICIPALITY, "parent": {"id": REGION, "parent": None}}}
    assert branch["region"] == {"id": REGION, "kind": "REGION"}
    assert branch["municipality"] == {"id": MUNICIPALITY, "kind": "MUNICIPALITY"}
    assert school["branches"] == [{"id": BRANCH}]
    assert school["children"] == {"totalCount": 1, "nodes": [{"id": BRANCH}]}
    assert school["branchOf"] is None
    assert SCHOOL in [child["id"] for child in answer.data["municipality"]["children"]["nodes"]]
    assert {child["kind"] for child in answer.data["municipality"]["children"]["nodes"]} == {"SCHOOL"}


async def test_inside_takes_the_place_itself_and_all_below(query: Query) -> None:
    """A school with its branch, a municipality with its schools, a region with everything."""
    school = await register(query, inside=SCHOOL)
    municipality = await register(query, inside=MUNICIPALITY)
    region = await register(query, inside=REGION)
    other = await register(query, inside=id_of("Organisation", "other-region"))

    assert {row["id"] for row in school} == {SCHOOL, BRANCH}
    assert {row["id"] for row in school} < {row["id"] for row in municipality} < {row["id"] for row in region}
    assert not {row["id"] for row in region} & {row["id"] for row in other}
    assert len(region) + len(other) == 221 - 83


async def test_kinds_divide_the_register(query: Query) -> None:
    """Every row has one kind; two kinds together are their union; no kind at all finds nothing."""
    rows = await register(query)
    counts = {kind: len(await register(query, kind=[kind])) for kind in sorted({row["kind"] for row in rows})}

    assert counts == {
        "EXTRA_EDUCATION": 1,
        "MUNICIPALITY": 68,
        "PRESCHOOL": 1,
        "REGION": 85,
        "SCHOOL": 40,
        "VOCATIONAL": 26,
    }
    assert len(await register(query, kind=["REGION", "SCHOOL"])) == 125
    assert await register(query, kind=[]) == []


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("Школа № 0", "Школа № 0 (вымышленная)"),
        ("ШКОЛА № 0", "Школа № 0 (вымышленная)"),
        ("школа № 0 (ВЫМ", "Школа № 0 (вымышленная)"),
        ("Бёрёзняк", "Березняковская НОШ"),
        ("березняк", "Березняковская НОШ"),
        ("БЕРЁЗНЯК", "Березняковская НОШ"),
        ('"бобров', '"Бобровская ООШ" филиал МКОУ "Новоникольская ООШ"'),
    ],
)
async def test_name_prefix_knows_neither_case_nor_yo(query: Query, prefix: str, first: str) -> None:
    """People type е for ё and care for no capitals."""
    assert (await register(query, prefix=prefix))[0]["name"] == first


@pytest.mark.parametrize(("prefix", "count"), [("", 221), ("%", 0), ("_", 0), ("\\", 0), ("№ 0", 0), ("Ж" * 5000, 0)])
async def test_name_prefix_is_text_and_no_pattern(query: Query, prefix: str, count: int) -> None:
    """Signs that mean something in SQL mean themselves; it is a beginning, not a part."""
    assert len(await register(query, prefix=prefix)) == count


async def test_name_prefix_with_nul_is_bad_input(query: Query) -> None:
    """PostgreSQL has no such text; the answer says so in the caller's language."""
    russian = await query(REGISTER, {"prefix": "Школа\0"}, viewer=None)
    english = await query(REGISTER, {"prefix": "Школа\0"}, viewer=None, language="en")

    assert russian.codes == english.codes == ["BAD_USER_INPUT"]
    assert russian.errors[0]["message"] == "Текст не может содержать символ NUL."
    assert english.errors[0]["message"] == "Text cannot hold the character NUL."


@pytest.mark.parametrize(
    "asked", ['methodologies(code: "a\\u0000") { totalCount }', 'ratings(region: "\\u0000") { totalCount }']
)
async def test_text_with_nul_is_bad_input_wherever_it_is_looked_for(query: Query, asked: str) -> None:
    """No list has to think of it: what the driver cannot send is the caller's mistake, not ours."""
    answer = await query(f"{{ {asked} }}", viewer=None)

    assert answer.codes == ["BAD_USER_INPUT"]


async def wrong_one(query: Query) -> str:
    """Id of the organisation with the wrong INN."""
    return next(str(row["id"]) for row in await register(query) if row["innStatus"] == "CHECK_DIGIT_FAILED")


@pytest.mark.parametrize(("viewer", "reason"), [(None, "NO_ROLE"), ("stranger", "NO_ROLE"), ("teacher", "NO_ROLE")])
async def test_issues_are_denied_with_their_reason(query: Query, viewer: str | None, reason: str) -> None:
    """The row is public, what is wrong with it is for those who can put it right."""
    answer = await query(ISSUES, {"id": SCHOOL}, viewer=viewer)

    assert answer.data["organisation"] == {"name": "Школа № 0 (вымышленная)", "registryIssues": None}
    assert answer.denied == [
        {
            "field": "Organisation.registryIssues",
            "permission": "organisation.registry_issues:read",
            "reason": reason,
            "anyOf": ["DEPUTY_HEAD", "MUNICIPAL_COORDINATOR", "ORG_ADMIN", "PRINCIPAL", "REGIONAL_COORDINATOR"],
            "count": 1,
        }
    ]


@pytest.mark.parametrize("viewer", ["org-admin", "deputy-head", "municipal-coordinator"])
async def test_issues_are_read_by_those_responsible(query: Query, viewer: str) -> None:
    """Their own school has none: an empty list, and nothing denied."""
    answer = await query(ISSUES, {"id": SCHOOL}, viewer=viewer)

    assert answer.data["organisation"]["registryIssues"] == []
    assert answer.denied == []


@pytest.mark.parametrize("viewer", ["org-admin", "deputy-head", "municipal-coordinator"])
async def test_issues_elsewhere_are_out_of_reach(query: Query, viewer: str) -> None:
    """The role is there, the place is not: another reason, so that the page can say the right thing."""
    answer = await query(ISSUES, {"id": await wrong_one(query)}, viewer=viewer)

    assert answer.data["organisation"]["registryIssues"] is None
    assert [item["reason"] for item in answer.denied] == ["OUT_OF_REACH"]


async def test_coordinator_reads_the_issues_of_the_municipality(query: Query) -> None:
    """In the whole tree below, with the value as it was printed; and only there."""
    document = """
    query Issues($region: ID!) {
      organisations(first: 100, inside: $region, kind: [SCHOOL, VOCATIONAL]) {
        nodes { municipality { id } registryIssues { code columnName raw } }
      }
    }
    """
    answer = await query(document, {"region": REGION}, viewer="municipal-coordinator")
    rows = answer.data["organisations"]["nodes"]
    home = {"id": MUNICIPALITY}
    issues = [issue for row in rows if row["municipality"] == home for issue in row["registryIssues"]]

    assert {"code": "NAME_CUT", "columnName": "name", "raw": "МБОУ Солонцовская СОШ им. генера"} in issues
    assert {row["municipality"] == home for row in rows if row["registryIssues"] is not None} == {True}
    assert [item["count"] for item in answer.denied] == [sum(row["registryIssues"] is None for row in rows)]


async def test_administrator_sees_staff_and_classes_but_no_pupils(query: Query) -> None:
    """Technical power is not pedagogic power."""
    document = """
    query Staff($id: ID!) {
      organisation(id: $id) {
        staff(first: 100) { totalCount nodes { title person { displayName } } }
        classGroups(schoolYear: 2026) { name enrolments { student { displayName } } }
      }
    }
    """
    answer = await query(document, {"id": SCHOOL}, viewer="org-admin")
    school = answer.data["organisation"]

    assert school["staff"]["totalCount"] == len(school["staff"]["nodes"]) >= 10
    assert {"title": "Учитель математики", "person": {"displayName": "Примерова Вера Тестовна"}} in school["staff"][
        "nodes"
    ]
    assert [group["name"] for group in school["classGroups"]] == ["5А", "7А", "8А", "11А"]
    assert {group["enrolments"] for group in school["classGroups"]} == {None}
    assert [(item["field"], item["count"]) for item in answer.denied] == [("ClassGroup.enrolments", 4)]


async def test_calendar_is_public(query: Query) -> None:
    """Grading periods in their order, of all years or of one."""
    document = """
    query Calendar($id: ID!, $year: Int) {
      organisation(id: $id) { gradingPeriods(schoolYear: $year) { name schoolYear number } }
    }
    """
    one = (await query(document, {"id": SCHOOL, "year": 2026}, viewer=None)).data["organisation"]["gradingPeriods"]
    every = (await query(document, {"id": SCHOOL}, viewer=None)).data["organisation"]["gradingPeriods"]

    assert [period["name"] for period in one] == ["1 четверть", "2 четверть", "3 четверть", "4 четверть"]
    assert [(period["schoolYear"], period["number"]) for period in every] == [
        (year, number) for year in (2022, 2024, 2026) for number in (1, 2, 3, 4)
    ]


@pytest.mark.usefixtures("by_reference")
async def test_statements_of_the_register_do_not_grow_with_it(query: Query) -> None:
    """One organisation or a hundred: the rows, the heads they name, the count."""
    few = "{ organisations(first: 1) { totalCount nodes { name branchOf { name } municipality { name } } } }"
    many = few.replace("1)", "100)")

    assert (await query(few, viewer=None)).statements <= (await query(many, viewer=None)).statements == 3
    assert (await query(many, viewer="org-admin")).statements == 3
