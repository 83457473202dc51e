"""GraphQL over HTTP: in which form an answer comes, what a request may look like, how a wrong one is told."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import orjson
import pytest

from api.media_types import chosen_type, is_json_in_utf8, wants_events
from tests.schema.demo import ORIGIN, Demo, id_of, open_demo

pytestmark = pytest.mark.anyio

JSON, GRAPHQL = "application/json", "application/graphql-response+json"
TYPENAME = {"query": "{ __typename }"}
COMPILED = {"query": "{ organisations(first: 1) { nodes { name } } }"}
REFERENCE = {"query": '{ __type(name: "Query") { name } }'}


@pytest.fixture(scope="module")
async def demo(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a copy that is only read."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture
def client(demo: Demo) -> httpx2.AsyncClient:
    """A caller without credentials."""
    return demo.client


def told(response: httpx2.Response) -> tuple[int, list[str]]:
    """Status, and codes of the errors."""
    return response.status_code, [error["extensions"]["code"] for error in response.json().get("errors", [])]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"application/json, {GRAPHQL}", GRAPHQL),
        (f"application/json, {GRAPHQL};q=0.5", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"application/json;q=0, {GRAPHQL};q=0.1", GRAPHQL),
        ("application/json;q=0, */*", GRAPHQL),
        (f"{GRAPHQL};q=nonsense, {JSON}", JSON),
        ("APPLICATION/GRAPHQL-RESPONSE+JSON; charset=utf-8", GRAPHQL),
        ("text/html", None),
        ("application/json;q=0", None),
        ("*/*;q=0", None),
        (";;,,;q=,", None),
    ],
)
def test_form_of_the_answer_is_the_one_asked_for(accept: str | None, expected: str | None) -> None:
    """By weight, the newer form only where it is named; None: nothing that we have."""
    assert chosen_type(accept) == expected


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/json", True),
        ("Application/JSON; charset=UTF-8", True),
        ('application/json; charset="utf-8"; x=y', True),
        ("application/json; charset=utf-16", False),
        ("application/json; charset=windows-1251", False),
        ("application/json; charset=", False),
        ("application/jsonp", False),
        ("text/plain; application/json", False),
        ("", False),
    ],
)
def test_body_is_json_in_utf8(content_type: str, accepted: bool) -> None:
    """Another encoding is said to be another: Cyrillic read wrongly would be stored wrongly."""
    assert is_json_in_utf8(content_type) is accepted


@pytest.mark.parametrize("asked", [COMPILED, REFERENCE], ids=["compiled", "reference"])
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_both_executors_answer_in_the_same_form(demo: Demo, asked: dict[str, str], accept: str) -> None:
    """Header by header; only the length is the answer's own."""
    answer = await demo.client.post("/graphql", json=asked, headers={"Accept": accept, "X-Request-ID": "same-for-all"})
    other = await demo.client.post(
        "/graphql", json=TYPENAME, headers={"Accept": accept, "X-Request-ID": "same-for-all"}
    )
    headers = [dict(found.headers) | {"content-length": ""} for found in (answer, other)]

    assert answer.status_code == 200
    assert answer.headers["content-type"] == accept
    assert headers[0] == headers[1]


async def test_executors_of_the_test_above_are_two(demo: Demo) -> None:
    """Else it would compare one with itself."""
    reads = demo.app.state.services.read_path.reads
    before = reads.answered
    await demo.query(COMPILED["query"], viewer=None)
    between = reads.answered
    await demo.query(REFERENCE["query"], viewer=None)

    assert (between - before, reads.answered - between) == (1, 0)


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"query": "{"}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($id: ID!) { node(id: $id) { id } }"}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ __schema { description } }"}, 403, "FORBIDDEN"),
        ({"query": "{" + "a:__typename " * 200 + "}"}, 400, "LIMIT_EXCEEDED"),
        ({"documentId": "sha256:" + "0" * 64}, 404, "PERSISTED_QUERY_NOT_FOUND"),
    ],
    ids=["parse", "validation", "variables", "introspection", "limit", "document"],
)
async def test_request_error_has_its_status_in_the_newer_form(
    client: httpx2.AsyncClient, asked: dict[str, Any], status: int, code: str
) -> None:
    """4xx without `data`; in the older form 200, as its clients expect, and without `data` too."""
    newer = await client.post("/graphql", json=asked, headers={"Accept": GRAPHQL})
    older = await client.post("/graphql", json=asked, headers={"Accept": JSON})

    assert (told(newer), newer.headers["content-type"]) == ((status, [code]), GRAPHQL)
    assert (told(older), older.headers["content-type"]) == ((200, [code]), JSON)
    assert [answer for answer in (newer, older) if "data" in answer.json()] == []


async def test_error_of_a_field_leaves_the_answer_at_200(client: httpx2.AsyncClient) -> None:
    """Data and errors side by side: something was run."""
    asked = {"query": '{ a: __typename organisations(first: 1, after: "nonsense") { totalCount } }'}
    answer = await client.post("/graphql", json=asked, headers={"Accept": GRAPHQL})

    assert told(answer) == (200, ["BAD_USER_INPUT"])
    assert answer.json()["data"]["a"] == "Query"


REFUSED: dict[str, tuple[str, dict[str, str], bytes, int]] = {
    "nothing acceptable": ("POST", {"Accept": "text/html"}, b'{"query": "{ __typename }"}', 406),
    "events where none are": ("POST", {"Accept": "image/png"}, b'{"query": "{ __typename }"}', 406),
    "UTF-16": ("POST", {"Content-Type": "application/json; charset=utf-16"}, b'{"query": "{ __typename }"}', 415),
    "a form": ("POST", {"Content-Type": "application/x-www-form-urlencoded"}, b"query={__typename}", 415),
    "another method": ("PUT", {}, b'{"query": "{ __typename }"}', 405),
    "a name twice": ("POST", {}, b'{"query": "{ __typename }", "query": "{ me { standing } }"}', 400),
    "a name twice, deep": ("POST", {}, b'{"query":"{ __typename }","variables":{"a":{"b":1,"b":2}}}', 400),
    "query and id": ("POST", {}, b'{"query": "{ __typename }", "documentId": "sha256:0"}', 400),
    "an id of a number": ("POST", {}, b'{"documentId": 5}', 400),
    "a body too long": ("POST", {}, b'{"query": "' + b" " * 300_000 + b'"}', 413),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_request_is_told_in_json(client: httpx2.AsyncClient, what: str) -> None:
    """The same status in both forms, a code, a message in the caller's language."""
    method, headers, body, status = REFUSED[what]
    given = {"Content-Type": JSON, "Accept-Language": "ru"} | headers
    answer = await client.request(method, "/graphql", content=body, headers=given)
    newer = await client.request(method, "/graphql", content=body, headers={"Accept": GRAPHQL} | given)

    assert told(answer) == (status, ["BAD_REQUEST"])
    assert newer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert any("а" <= letter <= "я" for letter in answer.json()["errors"][0]["message"])
    assert ("allow" in answer.headers) is (status == 405)


async def test_nothing_acceptable_is_told_with_what_there_is(client: httpx2.AsyncClient) -> None:
    """406 names both forms."""
    answer = await client.post("/graphql", json=TYPENAME, headers={"Accept": "text/html"})

    assert (JSON in answer.text, GRAPHQL in answer.text) == (True, True)


@pytest.mark.parametrize(
    "address",
    ["query={__typename}&query={__typename}", "query={__typename}&variables=[1]", "query={__typename}&variables={",
     "variables={}", "query=", "query={__typename}&extensions=1"],
)  # fmt: skip
async def test_address_that_asks_nothing_is_refused(client: httpx2.AsyncClient, address: str) -> None:
    """The same strictness by GET."""
    assert told(await client.get(f"/graphql?{address}")) == (400, ["BAD_REQUEST"])


async def test_get_may_leave_members_empty(client: httpx2.AsyncClient) -> None:
    """As forms and some clients send them."""
    answer = await client.get(
        "/graphql", params=TYPENAME | {"variables": "", "operationName": "", "extensions": "null"}
    )

    assert answer.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("path", ["/nowhere", "/graphql/more", "/livez/x"])
async def test_unknown_address_is_told_in_json(client: httpx2.AsyncClient, path: str) -> None:
    """A page or a proxy that asks the wrong address reads why."""
    assert told(await client.get(path)) == (404, ["BAD_REQUEST"])


async def test_value_that_is_no_json_is_refused_before_it_is_stored(demo: Demo) -> None:
    """A body with the same name twice changes nothing, whichever of both would have been taken."""
    journal = id_of("Journal", "journal-7a-algebra")
    body = b'{"query": "mutation { __typename }", "variables": {"id": "%s", "id": "x"}}' % journal.encode()
    headers = await demo.headers("teacher") | {"Content-Type": JSON}

    assert told(await demo.client.post("/graphql", content=body, headers=headers)) == (400, ["BAD_REQUEST"])


# --- Other origins


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", ORIGIN + ".evil.example", ORIGIN.replace("https", "http"), ORIGIN + ":8443",
     "https://evil-diary.example.org", ORIGIN.upper()],
)  # fmt: skip
async def test_foreign_origin_is_told_nothing(client: httpx2.AsyncClient, origin: str) -> None:
    """Neither for the question beforehand nor for the answer; nothing is reflected."""
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    before = await client.options("/graphql", headers=asking)
    answer = await client.post("/graphql", json=TYPENAME, headers={"Origin": origin})

    assert before.status_code == 400
    assert "access-control-allow-origin" not in before.headers
    assert "access-control-allow-origin" not in answer.headers


async def test_configured_origin_may_call_without_cookies(client: httpx2.AsyncClient) -> None:
    """With a bearer token in a header; credentials of the browser are never allowed."""
    asking = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST",
              "Access-Control-Request-Headers": "authorization, content-type"}  # fmt: skip
    before = await client.options("/graphql", headers=asking)
    answer = await client.post("/graphql", json=TYPENAME, headers={"Origin": ORIGIN})

    assert before.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in before.headers["access-control-allow-headers"].lower()
    assert "x-csrf-token" not in before.headers["access-control-allow-headers"].lower()
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert not [found for found in (before, answer) if "access-control-allow-credentials" in found.headers]
    assert orjson.loads(answer.content)["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("accept", "stream"),
    [
        ("text/event-stream", True),
        ("text/event-stream, multipart/mixed", True),
        ("text/event-stream, */*", True),
        ("application/json;q=0.5, text/event-stream", True),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", False),
        ("text/event-stream;q=0, */*", False),
        ("*/*", False),
    ],
)
def test_stream_is_given_to_whoever_asks_for_it_rather_than_for_json(accept: str, stream: bool) -> None:
    """A client that lists every form it can read, with JSON among the first, gets its answer as JSON."""
    assert wants_events(accept) is stream
