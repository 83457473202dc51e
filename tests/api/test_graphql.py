"""/graphql over the ASGI application: who is let in, what is refused and how, what an error says and what it hides."""

import asyncio
import io
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import orjson
import pytest
import structlog
from sqlalchemy import text

from api.app import MAX_BODY_BYTES
from api.logs import configure_logs
from api.settings import LogFormat
from auth.viewers import Viewers
from domain import clock
from domain.errors import BadUserInput, Code, Forbidden
from schema.engine.access.denials import Denials
from schema.engine.mapping.reference import Executor
from schema.engine.statements import Statements
from tests.auth.hostile.layouts import encode, seal, stand_in
from tests.schema.demo import ORIGIN, SETTINGS, Demo, id_of, open_demo

pytestmark = pytest.mark.anyio

CANARY = "canary-7b1d-4a35"
TYPENAME = {"query": "{ __typename }"}
PAGE = "query Page($id: ID!) { journal(id: $id) { className lines { studentName marks { value } } } }"
FLAGSHIP = {"id": id_of("Journal", "journal-7a-algebra")}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
async def demo(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a copy that is only read."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture
async def narrow_demo(database_server: Any, demo_template: str) -> AsyncIterator[Demo]:
    """The application over a copy of this test's own, with a single connection to it."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url, pool_size=1) as opened:
            yield opened


@pytest.fixture
def client(demo: Demo) -> httpx2.AsyncClient:
    """A caller without credentials."""
    return demo.client


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as JSON lines; afterwards logging is as it was."""
    root, handlers, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    before = structlog.get_config()
    stream = io.StringIO()
    configure_logs(LogFormat.JSON, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def codes(response: httpx2.Response) -> list[str]:
    """Codes of the errors of an answer."""
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


# --- Who is let in


def bad_tokens(good: str) -> dict[str, str]:
    """Tokens that are none of ours, by what is wrong with them."""
    header, payload, signature = good.split(".")
    foreign = stand_in()
    claims = dict(foreign.claims) | {"iss": SETTINGS.stand_in_issuer}
    now = clock.seconds()
    times = {"iat": now, "exp": now + 600}
    return {
        "no token": "x",
        "a good one cut": good[:-3],
        "a good one with another body": f"{header}.{encode(claims | times).decode()}.{signature}",
        "without signature": f"{encode({'alg': 'none', 'typ': 'at+jwt'}).decode()}.{payload}.",
        "of an unknown issuer": foreign.token(claims=dict(foreign.claims) | times),
        "of our issuer, by another's key": foreign.token(claims=claims | times),
        "signed with a shared secret": seal(encode(foreign.header), encode(claims), foreign.key, "ES256"),
    }


async def test_bad_token_is_refused(demo: Demo, subtests: pytest.Subtests) -> None:
    """401 in the shape of GraphQL, with the challenge of RFC 6750; never served as nobody."""
    for what, token in bad_tokens(await demo.token("teacher")).items():
        for method, given in (("POST", {"json": TYPENAME}), ("GET", {"params": TYPENAME})):
            headers = {"Authorization": f"Bearer {token}"}
            response = await demo.client.request(method, "/graphql", headers=headers, **given)  # type: ignore[arg-type]
            with subtests.test(what, method=method):
                assert response.status_code == 401
                assert response.headers["WWW-Authenticate"] == 'Bearer realm="vhod", error="invalid_token"'
                assert response.headers["Cache-Control"] == "no-store"
                assert response.json() == {
                    "errors": [{"message": "The access token is not valid.", "extensions": {"code": "UNAUTHENTICATED"}}]
                }


async def test_token_serves_ten_minutes(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same token is good now, and refused when its time and the leeway are over."""
    verifier = demo.app.state.services.verifier
    headers = await demo.headers("teacher")
    clock = verifier._clock
    before = await demo.client.post("/graphql", json=TYPENAME, headers=headers)
    for one in (verifier, verifier._verifier):
        monkeypatch.setattr(one, "_clock", lambda: clock() + timedelta(minutes=11))
    after = await demo.client.post("/graphql", json=TYPENAME, headers=headers)

    assert (before.status_code, after.status_code) == (200, 401)


@pytest.mark.parametrize("where", ["query", "body", "cookie", "variables"])
async def test_token_elsewhere_is_not_read(demo: Demo, where: str) -> None:
    """Only the Authorization header signs in."""
    token = await demo.token("teacher")
    asked: dict[str, Any] = {"query": "{ me { standing } }"}
    response = await demo.client.post(
        "/graphql",
        params={"access_token": token} if where == "query" else {},
        json=asked | ({"access_token": token} if where == "body" else {})
        | ({"variables": {"access_token": token}} if where == "variables" else {}),
        headers={"Cookie": f"access_token={token}; session={token}"} if where == "cookie" else {},
    )  # fmt: skip

    assert response.json()["data"] == {"me": {"standing": "ANONYMOUS"}}


# --- What a request is


async def test_document_with_several_operations_must_name_one(demo: Demo) -> None:
    """Which of them would run is nobody's to guess."""
    asked = {"query": "query A { __typename } query B { me { standing } }"}
    unnamed = await demo.client.post("/graphql", json=asked)
    named = await demo.client.post("/graphql", json=asked | {"operationName": "B"})

    assert (unnamed.status_code, unnamed.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert named.json()["data"] == {"me": {"standing": "ANONYMOUS"}}


async def test_query_by_get_is_answered(demo: Demo) -> None:
    """With variables, anonymously or with a token."""
    asked = {"query": PAGE, "variables": orjson.dumps(FLAGSHIP).decode(), "operationName": "Page"}
    teacher = await demo.client.get("/graphql", params=asked, headers=await demo.headers("teacher"))
    nobody = await demo.client.get("/graphql", params=asked)

    assert teacher.json()["data"]["journal"]["className"] == "7А"
    assert nobody.json()["data"] == {"journal": None}


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "mutation { __typename }"},
        {"query": "query A { __typename } mutation B { __typename }", "operationName": "B"},
    ],
)
async def test_mutation_by_get_is_refused(demo: Demo, asked: dict[str, str]) -> None:
    """A link must not change anything: 405, and the method that may."""
    response = await demo.client.get("/graphql", params=asked, headers=await demo.headers("org-admin"))

    assert (response.status_code, response.headers["Allow"], codes(response)) == (405, "POST", ["BAD_REQUEST"])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_are_refused(client: httpx2.AsyncClient, method: str) -> None:
    """Reading is GET or POST, writing is POST."""
    response = await client.request(method, "/graphql", json=TYPENAME)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")


NO_REQUEST: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a number": b"5",
    "a text": b'"{ __typename }"',
    "null": b"null",
    "an empty object": b"{}",
    "an empty query": b'{"query": ""}',
    "a query of null": b'{"query": null}',
    "a query of a number": b'{"query": 5}',
    "a query of a list": b'{"query": ["{ __typename }"]}',
    "variables in a list": b'{"query": "{ __typename }", "variables": [1]}',
    "variables in a text": b'{"query": "{ __typename }", "variables": "{}"}',
    "extensions in a list": b'{"query": "{ __typename }", "extensions": []}',
    "a name of a number": b'{"query": "{ __typename }", "operationName": 5}',
    "a name of a list": b'{"query": "{ __typename }", "operationName": ["a"]}',
    "a name of an object": b'{"query": "{ __typename }", "operationName": {}}',
    "a name that is not there": b'{"query": "query A { __typename }", "operationName": "B"}',
    "fragments alone": b'{"query": "fragment a on Query { __typename }"}',
    "a batch": b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]',
    "an empty batch": b"[]",
    "a batch of nothing": b"[null]",
    "nested 100,000 deep": b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "nested 40,000 deep in objects": b'{"query": "{ __typename }", "variables": '
    + b'{"a":' * 40_000
    + b"1"
    + b"}" * 40_001,
    "a number of 5,000 digits": b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    "not a number": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    "no UTF-8": b'{"query": "{ __typename }", "variables": {"a": "\xff"}}',
    "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
    "half a character": b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}',
}


@pytest.mark.parametrize("what", NO_REQUEST)
async def test_what_is_no_request_is_refused(client: httpx2.AsyncClient, what: str) -> None:
    """400 in the shape of GraphQL, in bounded work; never our fault."""
    started = time.process_time()
    response = await client.post("/graphql", content=NO_REQUEST[what], headers=JSON)

    assert (response.status_code, codes(response)) == (400, ["BAD_REQUEST"])
    assert response.headers["Cache-Control"] == "no-store"
    assert time.process_time() - started < 0.5


async def test_values_nested_deeply_are_refused_as_values(client: httpx2.AsyncClient) -> None:
    """What the parser of JSON still reads, GraphQL refuses: a list is no ID."""
    body = b'{"query": "query($a: ID!) { node(id: $a) { id } }", "variables": {"a": ' + b"[" * 100 + b"]" * 100 + b"}}"
    response = await client.post("/graphql", content=body, headers=JSON)

    assert (response.status_code, codes(response)) == (200, ["GRAPHQL_VALIDATION_FAILED"])


async def test_unused_member_of_the_request_is_ignored(client: httpx2.AsyncClient) -> None:
    """Clients send more than we know."""
    response = await client.post("/graphql", json=TYPENAME | {"extensions": None, "variables": None, "id": 1})

    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql",
        "application/jsonx", "text/plain; application/json", "", "application/xml",
    ],
)  # fmt: skip
async def test_other_content_is_refused(client: httpx2.AsyncClient, kind: str) -> None:
    """415: above all the three kinds that a foreign page may send without asking first."""
    response = await client.post("/graphql", content=orjson.dumps(TYPENAME), headers={"Content-Type": kind})

    assert (response.status_code, codes(response)) == (415, ["BAD_REQUEST"])


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"]
)
async def test_json_is_accepted_with_its_parameters(client: httpx2.AsyncClient, kind: str) -> None:
    """A media type may have parameters."""
    response = await client.post("/graphql", content=orjson.dumps(TYPENAME), headers={"Content-Type": kind})

    assert response.json()["data"] == {"__typename": "Query"}


async def test_body_beyond_the_limit_is_refused(client: httpx2.AsyncClient) -> None:
    """413 by the announced length, and by counting where none is announced; the limit itself is allowed."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"query": "{ __typename }", "variables": {"a": "'
        for _ in range(100):
            yield b"x" * 50_000
        yield b'"}}'

    empty = orjson.dumps(TYPENAME | {"variables": {"a": ""}})
    full = orjson.dumps(TYPENAME | {"variables": {"a": "x" * (MAX_BODY_BYTES - len(empty))}})
    started = time.process_time()
    announced = await client.post("/graphql", json=TYPENAME | {"variables": {"a": "x" * 5_000_000}})
    counted = await client.post("/graphql", content=pieces(), headers=JSON)
    one_more = await client.post("/graphql", content=full + b" ", headers=JSON)
    spent = time.process_time() - started

    assert [answer.status_code for answer in (announced, counted, one_more)] == [413] * 3
    assert (await client.post("/graphql", content=full, headers=JSON)).status_code == 200
    assert spent < 0.5


# --- What an answer is


async def test_cyrillic_is_not_escaped(demo: Demo) -> None:
    """Text as it is, in UTF-8: half the size, and readable in any tool."""
    response = (await demo.query("{ me { advice } }", viewer=None)).response

    assert "Вы не вошли".encode() in response.content
    assert b"\\u" not in response.content
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "asked", [TYPENAME, {"query": "{"}, {"query": "{ nothing }"}, {}, {"query": "{ __schema { description } }"}]
)
async def test_answer_is_kept_by_nobody(demo: Demo, asked: dict[str, str]) -> None:
    """It depends on who asks; neither browser nor proxy keeps it."""
    for headers in ({}, await demo.headers("teacher"), {"Authorization": "Bearer x"}):
        response = await demo.client.post("/graphql", json=asked, headers=headers)
        assert response.headers["Cache-Control"] == "no-store"
        if response.status_code == 200:
            assert {"Authorization", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.usefixtures("by_reference")
async def test_request_id_is_echoed_and_named_in_errors(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """What support is told is what the log has; an id that could do harm is replaced."""

    async def broken(*_: Any) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(Executor, "look_up", broken)
    asked = {"query": PAGE, "variables": FLAGSHIP}
    headers = await demo.headers("teacher")
    own = await demo.client.post("/graphql", json=asked, headers=headers | {"X-Request-ID": "ticket-0815-4711"})
    harmful = await demo.client.post("/graphql", json=asked, headers=headers | {"X-Request-ID": "a b\tc <script>"})

    assert own.headers["X-Request-ID"] == own.json()["errors"][0]["extensions"]["requestId"] == "ticket-0815-4711"
    assert len(harmful.headers["X-Request-ID"]) == 32
    assert harmful.headers["X-Request-ID"] == harmful.json()["errors"][0]["extensions"]["requestId"]


# --- What is told of the schema


WHOLE = "{ __schema { types { name } } }"


async def test_whole_schema_is_for_those_who_signed_in(demo: Demo) -> None:
    """Strangers are told to sign in, wherever they hide the question."""
    for document in (
        WHOLE,
        "{ a: __schema { description } }",
        "{ ...f } fragment f on Query { __schema { description } }",
        "{ ... on Query { ... { __schema { description } } } }",
        "{ __schema @skip(if: true) { description } }",
    ):
        nobody = await demo.query(document, viewer=None)
        assert nobody.codes == ["FORBIDDEN"]
        assert "data" not in nobody.body
    hidden = {"query": "query A { __typename } query B { __schema { description } }", "operationName": "A"}
    beside = (await demo.client.post("/graphql", json=hidden)).json()

    assert [error["extensions"]["code"] for error in beside["errors"]] == ["FORBIDDEN"]
    assert len((await demo.query(WHOLE, viewer="stranger")).data["__schema"]["types"]) > 50


async def test_type_and_typename_are_for_everybody(demo: Demo) -> None:
    """Clients and health checks use them; what they show is no secret."""
    answer = await demo.query('{ __typename __type(name: "Journal") { name fields { name } } }', viewer=None)

    assert answer.data["__typename"] == "Query"
    assert {"name": "lines"} in answer.data["__type"]["fields"]


@pytest.mark.parametrize("viewer", [None, "teacher"])
@pytest.mark.parametrize(
    "document",
    [
        '{ organisation(id: "x") { nam } }',
        '{ organisatio(id: "x") { name } }',
        '{ organisation(idd: "x") { name } }',
        '{ organisation(id: "x") { ... on Organisatio { name } } }',
        "{ organisations(kind: [SCHOO]) { totalCount } }",
        "{ __typename @skp(if: true) }",
        "query($a: Organisatio) { __typename }",
        "query($kind: [OrganisationKin!]) { organisations(kind: $kind) { totalCount } }",
        '{ __type(nam: "x") { name } }',
    ],
)
async def test_mistake_is_not_answered_with_the_right_word(demo: Demo, viewer: str | None, document: str) -> None:
    """Whoever guesses names learns nothing from how near they were."""
    answer = await demo.query(document, viewer=viewer)

    assert set(answer.codes) == {"GRAPHQL_VALIDATION_FAILED"}
    assert "Did you mean" not in answer.response.text


# --- What an error says, and what it hides


async def test_document_that_is_none_is_said_to_be_none(demo: Demo) -> None:
    """The place is named, and what was expected there."""
    answer = await demo.query("{ me { standing ", language="en")

    assert answer.codes == ["GRAPHQL_PARSE_FAILED"]
    assert answer.errors[0]["locations"] == [{"line": 1, "column": 17}]
    assert answer.errors[0]["message"].startswith("Syntax Error: Expected Name")


async def test_all_mistakes_of_a_document_are_named(demo: Demo) -> None:
    """Not the first only; each with its place and the same code."""
    answer = await demo.query('{ me { wrong } organisation { name } node(id: "x", more: 1) { id } }')

    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"] * 3
    assert all(error["locations"] for error in answer.errors)
    assert "data" not in answer.body


async def test_variable_of_the_wrong_type_is_named(demo: Demo) -> None:
    """Which one, and what it should have been."""
    answer = await demo.query("query($first: Int) { organisations(first: $first) { totalCount } }", {"first": "many"})

    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert "$first" in answer.errors[0]["message"]


async def test_codes_are_those_of_the_catalogue(demo: Demo) -> None:
    """Every way in which a document can be wrong has a code that clients may rely on."""
    documents = (
        "{", "{ nothing }", "{ organisations(first: 101) { totalCount } }", "{ organisations(last: 0) { totalCount } }",
        "{ __schema { description } }", '{ organisations(after: "x") { totalCount } }', "{ a: b: c }",
    )  # fmt: skip
    found = {code for document in documents for code in (await demo.query(document, viewer=None)).codes}

    assert found == {
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "LIMIT_EXCEEDED",
        "BAD_USER_INPUT",
        "FORBIDDEN",
    }
    assert found < {code.value for code in Code}


class Odd(Exception):
    """An error with data in its text, its arguments and its cause."""


def hiding(kind: str) -> BaseException:
    """An error that must not come out, by its kind."""
    error: BaseException = {
        "any": Odd(CANARY, {"snils": CANARY}),
        "recursion": RecursionError(CANARY),
        "timeout": TimeoutError(CANARY),
        "key": KeyError(CANARY),
    }[kind]
    error.__cause__ = ValueError(CANARY)
    return error


@pytest.mark.usefixtures("by_reference")
@pytest.mark.parametrize("kind", ["any", "recursion", "timeout", "key"])
@pytest.mark.parametrize("language", ["ru", "en"])
async def test_internal_error_says_nothing_of_its_cause(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, log: io.StringIO, kind: str, language: str
) -> None:
    """One field fails: the rest is answered, the cause stands neither in the answer nor in the log, its type does."""

    async def broken(*_: Any) -> None:
        raise hiding(kind)

    monkeypatch.setattr(Executor, "look_up", broken)
    answer = await demo.query(
        "query($id: ID!) { me { standing } journal(id: $id) { className } }", FLAGSHIP, language=language
    )

    assert answer.body["data"] == {"me": {"standing": "ACTIVE"}, "journal": None}
    assert answer.codes == ["INTERNAL"]
    assert answer.errors[0]["message"] in ("Something went wrong on our side.", "Что-то пошло не так на нашей стороне.")
    assert set(answer.errors[0]) == {"message", "locations", "path", "extensions"}
    assert CANARY not in answer.response.text
    assert CANARY not in log.getvalue()
    assert type(hiding(kind)).__name__ in log.getvalue()
    assert answer.errors[0]["extensions"]["requestId"] in log.getvalue()


async def broken_sql(self: Statements, statement: Any, parameters: dict[str, Any]) -> Any:
    """A statement that the database refuses, with data in it."""
    return await self._connection.execute(text(f"select '{CANARY}'::int"))


@pytest.mark.usefixtures("by_reference")
async def test_error_of_the_database_says_nothing(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    """Its text holds the statement and the values."""
    monkeypatch.setattr(Statements, "_run", broken_sql)
    answer = await demo.query(PAGE, FLAGSHIP)

    assert answer.codes == ["INTERNAL"]
    assert CANARY not in answer.response.text + log.getvalue()
    assert "DataError" in log.getvalue()


@pytest.mark.usefixtures("by_reference")
async def test_connection_is_good_again_after_an_error(narrow_demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one connection only: the failed transaction is over when the next request has it."""
    with monkeypatch.context() as broken:
        broken.setattr(Statements, "_run", broken_sql)
        assert (await narrow_demo.query(PAGE, FLAGSHIP)).codes == ["INTERNAL"]

    assert (await narrow_demo.query(PAGE, FLAGSHIP)).data["journal"]["className"] == "7А"


OUTSIDE_THE_FIELDS = {
    "who asks": (Viewers, "viewer"),
    "the list of denials": (Denials, "listed"),
}


@pytest.mark.parametrize("where", OUTSIDE_THE_FIELDS)
async def test_error_outside_the_fields_says_nothing(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, log: io.StringIO, where: str
) -> None:
    """Before the first field and after the last."""

    def broken(*_: Any) -> None:
        raise Odd(CANARY)

    monkeypatch.setattr(*OUTSIDE_THE_FIELDS[where], broken)
    response = (await demo.query(PAGE, FLAGSHIP)).response

    assert response.status_code == 500
    assert codes(response) == ["INTERNAL"]
    assert set(response.json()) == {"errors"}
    assert CANARY not in response.text + log.getvalue()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("by_reference")
async def test_error_of_an_extension_says_nothing(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    """Between parsing and the first field: where no field could have caught it."""

    def broken(*_: Any) -> None:
        raise Odd(CANARY)

    monkeypatch.setattr("schema.engine.limits.extension.judge", broken)
    answer = await demo.query(PAGE, FLAGSHIP)

    assert answer.codes == ["INTERNAL"]
    assert CANARY not in answer.response.text + log.getvalue()
    assert "Odd" in log.getvalue()


@pytest.mark.usefixtures("by_reference")
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadUserInput("Wrong.", "Неверно."), "BAD_USER_INPUT"),
        (Forbidden("Not you.", "Не вам."), "FORBIDDEN"),
    ],
)
async def test_error_of_the_catalogue_is_said(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, log: io.StringIO, error: Exception, code: str
) -> None:
    """What is meant for the caller reaches them in their language, and is no news for the log."""

    async def refuses(*_: Any) -> None:
        raise error

    monkeypatch.setattr(Executor, "look_up", refuses)
    russian, english = await demo.query(PAGE, FLAGSHIP), await demo.query(PAGE, FLAGSHIP, language="en")

    assert russian.codes == english.codes == [code]
    assert [answer.errors[0]["message"] for answer in (russian, english)] == [error.russian, error.english]  # type: ignore[attr-defined]
    assert russian.errors[0]["path"] == ["journal"]
    assert "graphql:internal" not in log.getvalue()


async def test_log_holds_neither_document_nor_values(demo: Demo, log: io.StringIO) -> None:
    """A line a request: method, path, status, time. Not what was asked, nor what was answered."""
    await demo.query(f'query {{ me {{ standing }} node(id: "{CANARY}") {{ id }} }}', {"unused": CANARY})
    await demo.query(PAGE, FLAGSHIP)
    await demo.query(f"{{ {CANARY.replace('-', '_')} }}")

    assert CANARY not in log.getvalue()
    assert CANARY.replace("-", "_") not in log.getvalue()
    assert "Ученикова" not in log.getvalue()
    assert log.getvalue().count('"path":"/graphql"') == 3


# --- Rights that change, callers that go away


async def test_ended_role_opens_nothing_in_the_next_request(narrow_demo: Demo) -> None:
    """The viewer was kept in memory; the same token, the same document, another answer."""
    before = await narrow_demo.query(PAGE, FLAGSHIP, viewer="teacher")
    narrow_demo.ask(
        "update assignment set ended_at = vhod.now(), ended_by_id = granted_by_id, reason = 'test'"
        " where person_id = :person"
        " and subject_group_id = (select subject_group_id from journal where id = :journal)",
        person=id_of("", "person-teacher")[1:],
        journal=FLAGSHIP["id"].partition(":")[2],
    )
    after = await narrow_demo.query(PAGE, FLAGSHIP, viewer="teacher")
    other = {"id": id_of("Journal", "journal-8a-algebra")}

    assert len(before.data["journal"]["lines"]) == 8
    assert after.data == {"journal": None}
    assert (await narrow_demo.query(PAGE, other, viewer="teacher")).data["journal"]["className"] == "8А"


async def test_ban_hides_the_child_in_the_next_request(narrow_demo: Demo) -> None:
    """And lifting it shows the child again."""
    line = {"person": id_of("", "person-legal-representative")[1:], "child": id_of("", "person-student")[1:]}
    before = await narrow_demo.query(PAGE, FLAGSHIP, viewer="legal-representative")
    narrow_demo.ask(
        "insert into restriction (id, person_id, subject_person_id, kind, act, valid_from)"
        " values (gen_random_uuid(), :person, :child, 'COURT_BAN', 'test', date '2026-09-01')",
        **line,
    )
    banned = await narrow_demo.query(PAGE, FLAGSHIP, viewer="legal-representative")
    narrow_demo.ask("delete from restriction where person_id = :person and subject_person_id = :child", **line)
    lifted = await narrow_demo.query(PAGE, FLAGSHIP, viewer="legal-representative")

    assert len(before.data["journal"]["lines"]) == 1
    assert not (banned.data["journal"] or {}).get("lines")
    assert "Ученикова" not in banned.response.text
    assert lifted.data == before.data


def slowly_running(began: asyncio.Event) -> Callable[..., Awaitable[Any]]:
    """Statements that keep the database busy for a while before they run, and say when they begin."""
    run = Statements._run

    async def run_slowly(statements: Statements, statement: Any, parameters: dict[str, Any]) -> Any:
        began.set()
        async with statements._turn:
            await statements._connection.execute(text("select pg_sleep(0.3) as slow"))
        return await run(statements, statement, parameters)

    return run_slowly


async def running(demo: Demo) -> list[str]:
    """Statements of the application that the database works on, or that stand in an open transaction."""
    await asyncio.sleep(0)
    return [
        row.query
        for row in demo.ask(
            "select query from pg_stat_activity where datname = current_database() and application_name = 'vhod'"
            " and state <> 'idle'"
        )
    ]


@pytest.mark.usefixtures("by_reference")
async def test_caller_who_goes_away_leaves_the_connection_clean(
    narrow_demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One connection, one statement under way, and its caller is gone: the next one gets their own answer."""
    demo, began = narrow_demo, asyncio.Event()
    assert len((await demo.query(PAGE, FLAGSHIP, viewer="teacher")).data["journal"]["lines"]) == 8
    alone = (await demo.query(PAGE, FLAGSHIP, viewer="legal-representative")).data
    with monkeypatch.context() as slowly:
        slowly.setattr(Statements, "_run", slowly_running(began))
        gone = asyncio.create_task(demo.query(PAGE, FLAGSHIP, viewer="deputy-head"))
        await began.wait()
        await asyncio.sleep(0.05)
        gone.cancel()
    after = await demo.query(PAGE, FLAGSHIP, viewer="legal-representative")
    with pytest.raises(asyncio.CancelledError):
        await gone

    assert after.data == alone
    assert [line["studentName"] for line in alone["journal"]["lines"]] == ["Ученикова Мария"]
    assert demo.database.app.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert await running(demo) == []


@pytest.mark.usefixtures("by_reference")
async def test_many_who_go_away_leave_nothing_behind(narrow_demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten callers, each gone at another moment; nobody's statement or rights are met by the next."""
    demo = narrow_demo
    everything = {
        viewer: (await demo.query(PAGE, FLAGSHIP, viewer=viewer)).data
        for viewer in ("teacher", "legal-representative", "org-admin")
    }
    for moment in range(10):
        gone = asyncio.create_task(demo.query(PAGE, FLAGSHIP, viewer="deputy-head"))
        await asyncio.sleep(moment * 0.004)
        gone.cancel()
        viewer = list(everything)[moment % 3]
        assert (await demo.query(PAGE, FLAGSHIP, viewer=viewer)).data == everything[viewer]
        await asyncio.gather(gone, return_exceptions=True)

    assert demo.database.app.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert await running(demo) == []
    assert demo.ask("select current_setting('vhod.person', true) as person")[0].person in (None, "")


async def test_callers_at_the_same_time_get_their_own_answers(demo: Demo) -> None:
    """Thirty at once over four connections: no answer, denial or reading of one is another's."""
    viewers = ("teacher", "legal-representative", "deputy-head", "org-admin", "student", "homeroom-teacher")
    alone = {viewer: (await demo.query(PAGE, FLAGSHIP, viewer=viewer)).body for viewer in viewers}
    together = await asyncio.gather(
        *(demo.query(PAGE, FLAGSHIP, viewer=viewer) for _ in range(5) for viewer in viewers)
    )

    assert [answer.body for answer in together] == [alone[viewer] for _ in range(5) for viewer in viewers]


async def test_cross_origin_page_reads_a_refusal_too(demo: Demo) -> None:
    """A page must be able to tell an expired token from a dead network."""
    response = await demo.client.post(
        "/graphql", json=TYPENAME, headers={"Authorization": "Bearer x", "Origin": ORIGIN}
    )

    assert response.status_code == 401
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
