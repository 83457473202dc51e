"""Node: any object again by its id; an id that is none finds nothing, whatever it looks like."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema import build_schema
from tests.schema.conftest import Query
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

NODE = "query Node($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
ROOTS = """
query Roots($id: ID!) {
  organisation(id: $id) { id } classGroup(id: $id) { id } student(id: $id) { id } journal(id: $id) { id }
}
"""
SCHOOL = id_of("Organisation", "school")
UUID_OF_SCHOOL = SCHOOL.partition(":")[2]

FOUND = {
    "Organisation": SCHOOL,
    "ClassGroup": id_of("ClassGroup", "class-7a"),
    "SubjectGroup": id_of("SubjectGroup", "group-7a-algebra"),
    "Journal": id_of("Journal", "journal-7a-algebra"),
    "Student": id_of("Student", "person-student"),
    "StaffMember": id_of("StaffMember", "person-teacher"),
    "Person": id_of("Person", "person-teacher"),
}

WRONG: dict[str, str] = {
    "empty": "",
    "a type alone": "Organisation",
    "a type and a colon": "Organisation:",
    "a UUID alone": UUID_OF_SCHOOL,
    "no type": f":{UUID_OF_SCHOOL}",
    "a type that is none": f"Palace:{UUID_OF_SCHOOL}",
    "a type without rows": f"PageInfo:{UUID_OF_SCHOOL}",
    "the interface": f"Node:{UUID_OF_SCHOOL}",
    "a table": f"organisation:{UUID_OF_SCHOOL}",
    "no UUID": "Organisation:1",
    "a UUID cut": SCHOOL[:-1],
    "a UUID with more": SCHOOL + "0",
    "two keys": f"{SCHOOL}:{UUID_OF_SCHOOL}",
    "a year before it": f"Organisation:2026:{UUID_OF_SCHOOL}",
    "a mark without its year": f"Mark:{UUID_OF_SCHOOL}",
    "a mark of no year": f"Mark::{UUID_OF_SCHOOL}",
    "a mark of a negative year": f"Mark:-2026:{UUID_OF_SCHOOL}",
    "a mark of a huge year": f"Mark:{'9' * 400}:{UUID_OF_SCHOOL}",
    "a mark of a year in other digits": f"Mark:２０２６:{UUID_OF_SCHOOL}",
    "a mark of a year beyond all tables": f"Mark:9999:{UUID_OF_SCHOOL}",
    "spaces": f" {SCHOOL} ",
    "a line": f"{SCHOOL}\n",
    "NUL": f"Organisation:{UUID_OF_SCHOOL}\0",
    "NUL first": f"\0{SCHOOL}",
    "SQL": "Organisation:' or '1'='1",
    "Cyrillic": "Организация:школа",
    "emoji": "🏫:🏫",
    "right to left": f"\u202e{SCHOOL}",
    "huge": "Organisation:" + "0" * 100_000,
    "only colons": ":" * 1000,
    "base64": "T3JnYW5pc2F0aW9uOjE=",
    "Python": "Organisation:__class__",
    "of another facet": id_of("Organisation", "person-student"),
    "unknown": "Organisation:00000000-0000-0000-0000-000000000000",
}


@pytest.mark.parametrize("kind", FOUND)
async def test_object_is_found_again_by_its_id(query: Query, kind: str) -> None:
    """The id that a list gave leads back, through `node` and through `nodes`."""
    found = {"__typename": kind, "id": FOUND[kind]}

    assert (await query(NODE, {"id": FOUND[kind]})).data == {"node": found}
    assert (await query(NODES, {"ids": [FOUND[kind]]})).data == {"nodes": [found]}


async def test_every_mapped_type_can_be_asked_for(query: Query) -> None:
    """Each type with an id is known to `node`, also where this id finds nothing."""
    types = build_schema().types
    for kind, mapping in types.items():
        year = "2026:" if "school_year" in mapping.key else ""
        answer = await query(NODE, {"id": f"{kind}:{year}{UUID_OF_SCHOOL}"}, viewer="deputy-head")
        # The policy of an organisation has the organisation's own key.
        there = kind in ("Organisation", "OrganisationPolicy")
        assert answer.data["node"] == ({"__typename": kind, "id": f"{kind}:{UUID_OF_SCHOOL}"} if there else None)

    assert len(types) >= 15


async def test_marks_have_the_year_in_their_id(query: Query) -> None:
    """A partitioned row is asked for with its year; the right key in another year finds nothing."""
    document = "query($id: ID!) { journal(id: $id) { lines { marks { id } attendance { id } } } }"
    lines = (await query(document, {"id": FOUND["Journal"]})).data["journal"]["lines"]
    facts = [fact["id"] for line in lines for fact in (*line["marks"], *line["attendance"])]
    found = (await query(NODES, {"ids": facts})).data["nodes"]
    elsewhere = (await query(NODES, {"ids": [fact.replace(":2026:", ":2025:") for fact in facts]})).data["nodes"]

    assert [node["id"] for node in found] == facts
    assert elsewhere == [None] * len(facts)


@pytest.mark.parametrize("what", WRONG)
async def test_id_that_is_none_finds_nothing(query: Query, what: str) -> None:
    """Null and no error: what never existed and what is not yours look the same."""
    node = await query(NODE, {"id": WRONG[what]}, viewer="deputy-head")
    nodes = await query(NODES, {"ids": [SCHOOL, WRONG[what]]}, viewer="deputy-head")
    roots = await query(ROOTS, {"id": WRONG[what]}, viewer="deputy-head")

    assert node.data == {"node": None}
    assert nodes.data == {"nodes": [{"__typename": "Organisation", "id": SCHOOL}, None]}
    assert set(roots.data.values()) == {None}
    assert node.denied == nodes.denied == roots.denied == []


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("argument", ["classGroup", "subject", "subjectGroup", "gradingPeriod"])
async def test_id_that_is_none_is_bad_input_for_a_filter(query: Query, argument: str, what: str) -> None:
    """An empty list would be a lie: the filter was not applied."""
    document = f"query($id: ID) {{ journals({argument}: $id) {{ totalCount }} }}"
    answer = await query(document, {"id": WRONG[what]})

    assert answer.codes == ["BAD_USER_INPUT"]
    assert "INTERNAL" not in answer.response.text


async def test_unknown_id_of_the_right_type_is_a_filter_that_finds_none(query: Query) -> None:
    """It could be somebody else's class: no difference is shown."""
    document = "query($id: ID) { journals(classGroup: $id) { totalCount } }"
    unknown = await query(document, {"id": "ClassGroup:00000000-0000-0000-0000-000000000000"})
    foreign = await query(document, {"id": id_of("ClassGroup", "class-other-region")})

    assert unknown.response.content == foreign.response.content
    assert unknown.data == {"journals": {"totalCount": 0}}


async def test_id_is_read_in_any_spelling_of_a_uuid_and_written_in_one(query: Query) -> None:
    """Capitals and missing hyphens are the same UUID; the answer has the usual form."""
    for spelling in (UUID_OF_SCHOOL.upper(), UUID_OF_SCHOOL.replace("-", ""), f"{{{UUID_OF_SCHOOL}}}"):
        answer = await query(NODE, {"id": f"Organisation:{spelling}"})
        assert answer.data["node"] == {"__typename": "Organisation", "id": SCHOOL}


async def test_foreign_object_and_unknown_one_answer_alike(query: Query) -> None:
    """Byte by byte: that an id exists somewhere is not told."""
    unknown = "00000000-0000-0000-0000-000000000000"
    for kind, name in (
        ("Journal", "journal-other-region"),
        ("Student", "person-child"),
        ("ClassGroup", "class-branch"),
    ):
        foreign = await query(NODE, {"id": id_of(kind, name)})
        random = await query(NODE, {"id": f"{kind}:{unknown}"})
        assert (
            foreign.response.content
            == random.response.content
            == b'{"data":{"node":null},"extensions":{"access":{"denied":[]},"cost":{"requested":1,"maximum":120000}}}'
        )


async def test_person_is_reached_only_through_the_facet_that_one_has(query: Query) -> None:
    """The same row: oneself as an account, a colleague as staff, a pupil as a student, and never otherwise."""
    person = id_of("Person", "person-teacher").partition(":")[2]
    found = {
        (viewer, kind): (await query(NODE, {"id": f"{kind}:{person}"}, viewer=viewer)).data["node"] is not None
        for viewer in ("teacher", "homeroom-teacher", "guest")
        for kind in ("Person", "StaffMember", "Student", "Guardian")
    }

    assert {key for key, is_there in found.items() if is_there} == {
        ("teacher", "Person"),
        ("teacher", "StaffMember"),
        ("homeroom-teacher", "StaffMember"),
    }


@pytest.mark.usefixtures("by_reference")
async def test_nodes_keep_the_order_and_the_repetitions(query: Query) -> None:
    """As many answers as ids, each in its place; the same object twice costs nothing more."""
    asked = [FOUND["Journal"], "nothing", SCHOOL, FOUND["Student"], SCHOOL]
    answer = await query(NODES, {"ids": asked})

    assert [node and node["id"] for node in answer.data["nodes"]] == [asked[0], None, SCHOOL, asked[3], SCHOOL]
    assert answer.statements == 3
    assert (await query(NODES, {"ids": []})).data == {"nodes": []}


async def test_more_than_a_hundred_ids_are_too_many(query: Query) -> None:
    """A hundred are answered, one more is an error that says the limit."""
    assert len((await query(NODES, {"ids": [SCHOOL] * 100})).data["nodes"]) == 100

    answer = await query(NODES, {"ids": [SCHOOL] * 101})
    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert answer.errors[0]["message"] == "Не больше 100 идентификаторов."


@pytest.mark.parametrize("given", [None, 5.5, [], ["a", "b"], {}, True])
async def test_id_of_another_type_is_refused_by_validation(query: Query, given: Any) -> None:
    """What is no ID in GraphQL's sense does not reach us."""
    answer = await query(NODE, {"id": given})

    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]


async def test_number_as_an_id_finds_nothing(query: Query) -> None:
    """GraphQL reads 5 as the id "5"."""
    assert (await query(NODE, {"id": 5})).data == {"node": None}


PATIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@PATIENT
@given(
    identifier=TEXT
    | st.builds(
        ":".join,
        st.lists(
            st.sampled_from(["Organisation", "Mark", "2026", "", "Person", UUID_OF_SCHOOL, "x"]) | TEXT, max_size=4
        ),
    )
)
async def test_any_text_as_an_id_finds_something_or_nothing(demo: Demo, identifier: str) -> None:
    """Never an error of ours: `node`, `nodes` and the typed roots."""
    node = await demo.query(NODE, {"id": identifier}, viewer="deputy-head")
    roots = await demo.query(ROOTS, {"id": identifier}, viewer="deputy-head")

    assert node.errors == roots.errors == []
    assert node.data["node"] in (None, {"__typename": "Organisation", "id": SCHOOL})
