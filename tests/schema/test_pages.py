"""Pages: forward, backward, stable while rows come and go; a cursor is good for its own list and no other."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.schema.conftest import Query
from tests.schema.demo import Demo, id_of

pytestmark = pytest.mark.anyio

REGISTER = """
query Register($first: Int, $after: String, $last: Int, $before: String, $kind: [OrganisationKind!], $prefix: String) {
  organisations(first: $first, after: $after, last: $last, before: $before, kind: $kind, namePrefix: $prefix) {
    totalCount
    edges { cursor node { id name } }
    nodes { id name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
OTHER_LISTS = {
    "subjects": "query($after: String) { subjects(after: $after) { nodes { id } } }",
    "journals": "query($after: String) { journals(after: $after) { nodes { id } } }",
    "children": "query($after: String, $id: ID!) { organisation(id: $id) { children(after: $after) { totalCount } } }",
}


async def page(query: Query, **given: Any) -> dict[str, Any]:
    """A page of the register."""
    return (await query(REGISTER, given, viewer=None)).data["organisations"]  # type: ignore[no-any-return]


async def walk(query: Query, size: int, *, backward: bool = False, **filters: Any) -> list[dict[str, Any]]:
    """All pages of this size, in one direction."""
    count, cursor, more, at = (
        ("last", "before", "hasPreviousPage", "startCursor")
        if backward
        else ("first", "after", "hasNextPage", "endCursor")
    )
    pages: list[dict[str, Any]] = []
    place = None
    while not pages or pages[-1]["pageInfo"][more]:
        pages.append(await page(query, **{count: size, cursor: place}, **filters))
        place = pages[-1]["pageInfo"][at]
    return pages


def ids(pages: list[dict[str, Any]]) -> list[str]:
    """Ids of all items."""
    return [node["id"] for found in pages for node in found["nodes"]]


@pytest.mark.parametrize("size", [7, 13, 17, 100])
async def test_both_directions_meet_every_row_once(query: Query, size: int) -> None:
    """221 rows, whatever the page's size, also where the last page is just full; backward pages read forward."""
    forward, backward = await walk(query, size), await walk(query, size, backward=True)

    assert len(set(ids(forward))) == len(ids(forward)) == 221
    assert ids(backward[::-1]) == ids(forward)
    assert {found["totalCount"] for found in (*forward, *backward)} == {221}
    assert all(len(found["nodes"]) == size for found in forward[:-1])


async def test_page_tells_where_it_stands(query: Query) -> None:
    """Ends, cursors, edges and nodes agree; the first page has nothing before it, the last nothing after."""
    pages = await walk(query, 100)

    assert [found["pageInfo"]["hasNextPage"] for found in pages] == [True, True, False]
    assert [found["pageInfo"]["hasPreviousPage"] for found in pages] == [False, True, True]
    for found in pages:
        assert [edge["node"] for edge in found["edges"]] == found["nodes"]
        assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
        assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]


async def test_page_without_a_size_has_twenty(query: Query) -> None:
    """The default is small, and said to go on."""
    found = await page(query)

    assert len(found["nodes"]) == 20
    assert found["pageInfo"]["hasNextPage"]


async def test_any_cursor_of_a_page_can_be_gone_on_from(query: Query) -> None:
    """Not only the last one."""
    first = await page(query, first=10)
    rest = await page(query, first=5, after=first["edges"][4]["cursor"])
    back = await page(query, last=3, before=first["edges"][4]["cursor"])

    assert rest["nodes"] == first["nodes"][5:10]
    assert back["nodes"] == first["nodes"][1:4]


async def test_empty_page_is_a_page(query: Query) -> None:
    """Nothing found: no edges, no cursors, a count of 0."""
    found = await page(query, prefix="нет такой организации")

    assert found == {
        "totalCount": 0,
        "edges": [],
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_pages_stay_put_while_rows_come_and_go(own_demo: Demo) -> None:
    """Rows before the cursor come and go, that of the cursor itself moves: no row is repeated, none is skipped."""
    first = await page(own_demo.query, first=10)
    expected = (await page(own_demo.query, first=5, after=first["pageInfo"]["endCursor"]))["nodes"]
    own_demo.ask(
        "insert into organisation (id, kind, name, time_zone, provenance)"
        " select gen_random_uuid(), 'SCHOOL', 'Аа ' || n, 'Asia/Krasnoyarsk', 'SYNTHETIC' from generate_series(1, 25) n"
    )
    after_more = await page(own_demo.query, first=5, after=first["pageInfo"]["endCursor"])
    own_demo.ask("delete from organisation where name like 'Аа %'")
    at_the_cursor = first["nodes"][9]["id"].partition(":")[2]
    own_demo.ask("update organisation set name = 'Яяя' where id = :id", id=at_the_cursor)
    after_less = await page(own_demo.query, first=5, after=first["pageInfo"]["endCursor"])

    assert after_more["nodes"] == after_less["nodes"] == expected
    assert after_more["totalCount"] == 221 + 25


async def test_rows_of_the_same_name_have_an_order(query: Query) -> None:
    """Nine organisations are all called «Филиал муниципального бюджетного»: pages of one do not lose any."""
    pages = await walk(query, 1, prefix="филиал муниципального бюджетного")

    assert len(set(ids(pages))) == len(pages) == 9
    assert {found["nodes"][0]["name"] for found in pages} == {"Филиал муниципального бюджетного"}


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ({"first": 101}, "LIMIT_EXCEEDED", "100"),
        ({"last": 101}, "LIMIT_EXCEEDED", "100"),
        ({"first": 2**31 - 1}, "LIMIT_EXCEEDED", "100"),
        ({"first": 0}, "BAD_USER_INPUT", "1"),
        ({"first": -1}, "BAD_USER_INPUT", "1"),
        ({"last": -(2**31)}, "BAD_USER_INPUT", "1"),
        ({"first": 1, "last": 1}, "BAD_USER_INPUT", "`first`"),
        ({"last": 1, "after": "x"}, "BAD_USER_INPUT", "`after`"),
        ({"first": 1, "before": "x"}, "BAD_USER_INPUT", "`before`"),
        ({"before": "x"}, "BAD_USER_INPUT", "`before`"),
        ({"first": 2**31}, "GRAPHQL_VALIDATION_FAILED", "32"),
        ({"first": "ten"}, "GRAPHQL_VALIDATION_FAILED", "ten"),
        ({"first": 1.5}, "GRAPHQL_VALIDATION_FAILED", "1.5"),
        ({"kind": ["PALACE"]}, "GRAPHQL_VALIDATION_FAILED", "PALACE"),
    ],
    ids=str,
)
async def test_page_that_cannot_be_given_is_an_error(query: Query, given: dict[str, Any], code: str, says: str) -> None:
    """Never a silent cut: the answer names what was wrong, and nothing is given."""
    answer = await query(REGISTER, given, viewer=None)

    assert answer.codes == [code]
    assert says in answer.errors[0]["message"]
    assert (answer.body.get("data") or {}).get("organisations") is None


async def test_null_is_as_good_as_left_out(query: Query) -> None:
    """Clients send every variable they have."""
    assert await page(query, first=None, after=None, last=None, before=None) == await page(query)


def forged(*keys: Any, tag: int | None = None, like: str = "") -> str:
    """A cursor with other keys, and the tag of a good one."""
    return orjson.dumps([orjson.loads(bytes.fromhex(like))[0] if tag is None else tag, *keys]).hex()


A_UUID = "00000000-0000-0000-0000-000000000000"


async def bad_cursors(query: Query) -> dict[str, str]:
    """Cursors that we did not make, by what is wrong with them."""
    good = (await page(query, first=1))["pageInfo"]["endCursor"]
    children = await query(
        "query($id: ID!) { organisation(id: $id) { children(first: 1) { pageInfo { endCursor } } } }",
        {"id": id_of("Organisation", "region")},
        viewer=None,
    )
    return {
        "no hexadecimal": "это не курсор",
        "half a byte": good[:-1],
        "cut": good[:-2],
        "longer": good + "00",
        "no JSON": b"\xff\xfe".hex(),
        "a number": orjson.dumps(1).hex(),
        "an object": orjson.dumps({"a": 1}).hex(),
        "nested too deeply": (b"[" * 50_000 + b"]" * 50_000).hex(),
        "of a filtered list": (await page(query, first=1, kind=["SCHOOL"]))["pageInfo"]["endCursor"],
        "of another filter": (await page(query, first=1, prefix="ш"))["pageInfo"]["endCursor"],
        "of children": children.data["organisation"]["children"]["pageInfo"]["endCursor"],
        "another tag": forged("а", A_UUID, tag=1),
        "a tag of another type": forged("а", A_UUID, tag="1"),  # type: ignore[arg-type]
        "too few keys": forged("а", like=good),
        "too many keys": forged("а", A_UUID, A_UUID, like=good),
        "NUL inside": forged("а\0б", A_UUID, like=good),
        "a number for a text": forged(1, A_UUID, like=good),
        "null for a text": forged(None, A_UUID, like=good),
        "a list for a text": forged([], A_UUID, like=good),
        "no UUID": forged("а", "not a uuid", like=good),
        "a number for a UUID": forged("а", 5, like=good),
        "null for a UUID": forged("а", None, like=good),
        "a list for a UUID": forged("а", [1], like=good),
        "an object for a UUID": forged("а", {"hex": A_UUID}, like=good),
        "lone surrogate": b'[1,"\xed\xa0\x80","x"]'.hex(),
    }


async def test_cursor_that_is_not_of_this_list_is_bad_input(query: Query, subtests: pytest.Subtests) -> None:
    """Whatever is wrong with it: one clear sentence in the caller's language, nothing of the cause."""
    for what, cursor in (await bad_cursors(query)).items():
        with subtests.test(what):
            forward = await query(REGISTER, {"first": 2, "after": cursor}, viewer=None)
            backward = await query(REGISTER, {"last": 2, "before": cursor}, viewer=None, language="en")

            assert forward.codes == backward.codes == ["BAD_USER_INPUT"]
            assert forward.errors[0]["message"] == (
                "Этот курсор не относится к этому списку с таким порядком и фильтрами."
            )
            assert backward.errors[0]["message"] == (
                "This cursor does not belong to this list with this order and these filters."
            )


async def test_invented_keys_of_the_right_kind_give_a_place(query: Query) -> None:
    """A cursor is not signed: whoever invents one gets another part of what they may see anyway."""
    good = (await page(query, first=1))["pageInfo"]["endCursor"]
    found = await page(query, first=1, after=forged("школа № 0 ", A_UUID, like=good))

    assert found["nodes"][0]["name"] == "Школа № 0 (вымышленная)"


@pytest.mark.parametrize("other", OTHER_LISTS)
async def test_cursor_of_the_register_is_none_of_another_list(query: Query, other: str) -> None:
    """Also where the sort keys would fit."""
    cursor = (await page(query, first=1))["pageInfo"]["endCursor"]
    variables = {"after": cursor} | ({"id": id_of("Organisation", "region")} if other == "children" else {})
    answer = await query(OTHER_LISTS[other], variables)

    assert answer.codes == ["BAD_USER_INPUT"]


async def test_cursor_of_one_parent_is_a_place_under_another(query: Query) -> None:
    """Children of two places have the same order: the cursor opens no row that the list does not have."""
    document = """
    query($id: ID!, $after: String) {
      organisation(id: $id) { children(first: 100, after: $after) { nodes { parent { id } } pageInfo { startCursor } } }
    }
    """
    region, school = id_of("Organisation", "region"), id_of("Organisation", "municipality")
    cursor = (await query(document, {"id": region})).data["organisation"]["children"]["pageInfo"]["startCursor"]
    found = (await query(document, {"id": school, "after": cursor})).data["organisation"]["children"]["nodes"]

    assert {node["parent"]["id"] for node in found} <= {school}


async def test_count_is_of_what_the_viewer_may_see(query: Query) -> None:
    """Two subject groups for the teacher, the whole school for the deputy head, none for strangers."""
    document = "{ journals(first: 100) { totalCount nodes { id } } }"
    counts = {}
    for viewer in ("teacher", "deputy-head", "student"):
        found = (await query(document, viewer=viewer)).data["journals"]
        counts[viewer] = found["totalCount"]
        assert found["totalCount"] == len(found["nodes"])

    assert counts["teacher"] == 2
    assert counts["student"] == 5
    assert counts["deputy-head"] > 10
    assert (await query(document, viewer="stranger")).data["journals"] is None


@pytest.mark.usefixtures("by_reference")
async def test_pages_of_several_parents_are_one_statement(query: Query) -> None:
    """A list of lists: a page for each parent, and one statement for all of them."""
    document = """
    {
      organisations(first: 100, kind: [REGION]) {
        nodes { name children(first: 2) { totalCount nodes { name } pageInfo { hasNextPage } } }
      }
    }
    """
    answer = await query(document, viewer=None)
    regions = {node["name"]: node["children"] for node in answer.data["organisations"]["nodes"]}
    with_places = {name for name, children in regions.items() if children["totalCount"]}

    assert len(regions) == 85
    assert regions["Челябинская область"]["totalCount"] == 43
    assert {len(regions[name]["nodes"]) for name in with_places} == {2}
    assert with_places == {name for name, children in regions.items() if children["pageInfo"]["hasNextPage"]}
    assert answer.statements == 3


PATIENT = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip


@PATIENT
@given(cursor=st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.binary(max_size=60).map(bytes.hex))
async def test_any_text_as_a_cursor_is_bad_input(query: Query, cursor: str) -> None:
    """An empty one is none at all; everything else is refused by name."""
    answer = await query(REGISTER, {"first": 1, "after": cursor}, viewer=None)

    assert answer.codes == (["BAD_USER_INPUT"] if cursor else [])


@PATIENT
@given(keys=st.lists(JSON, min_size=1, max_size=3))
async def test_any_keys_in_a_cursor_are_a_place_or_bad_input(query: Query, keys: list[Any]) -> None:
    """Right tag, any keys: never our fault."""
    good = (await page(query, first=1))["pageInfo"]["endCursor"]
    answer = await query(REGISTER, {"first": 1, "after": forged(*keys, like=good)}, viewer=None)

    assert answer.codes in ([], ["BAD_USER_INPUT"])


@PATIENT
@given(prefix=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
async def test_any_text_as_a_prefix_finds_what_begins_so(query: Query, prefix: str) -> None:
    """Every name found begins with it, folded; a NUL is bad input."""
    answer = await query(REGISTER, {"prefix": prefix}, viewer=None)
    if "\0" in prefix:
        assert answer.codes == ["BAD_USER_INPUT"]
        return

    assert answer.codes == []
    assert answer.data["organisations"]["totalCount"] <= 221
