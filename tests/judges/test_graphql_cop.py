"""The 13 probes of graphql-cop, asked of the whole application: each is refused, bounded, or harmless."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.schema.demo import Demo, open_demo, seeded_template

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
INTROSPECTION = "{ __schema { types { name fields { name type { name } } } } }"


@pytest.fixture(scope="module")
async def demo(database_server: Any, database_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over the demo."""
    with seeded_template(database_server, database_template) as name, database_server.clone(name) as url:
        async with open_demo(url) as opened:
            yield opened


def codes(response: httpx2.Response) -> set[str]:
    """Codes of the errors of an answer."""
    return {error["extensions"]["code"] for error in response.json().get("errors", [])}


async def probe(demo: Demo, document: str, **given: Any) -> httpx2.Response:
    """Ask as a stranger does."""
    return await demo.client.post("/graphql", json={"query": document}, **given)


async def test_alias_overloading(demo: Demo) -> None:
    """101 aliases: refused for their number."""
    document = "{" + " ".join(f"alias{number}:__typename" for number in range(101)) + "}"

    assert codes(await probe(demo, document)) == {"LIMIT_EXCEEDED"}


async def test_array_based_query_batching(demo: Demo) -> None:
    """Ten queries in a list: none is answered."""
    response = await demo.client.post("/graphql", json=[{"query": "{ __typename }"}] * 10)

    assert (response.status_code, codes(response)) == (400, {"BAD_REQUEST"})


async def test_directive_overloading(demo: Demo) -> None:
    """Directives in hundreds: refused for their number, unknown or not."""
    for directive in ("@aa", "@skip(if:false)"):
        assert codes(await probe(demo, "{ __typename " + directive * 300 + " }")) == {"LIMIT_EXCEEDED"}


async def test_circular_query_through_introspection(demo: Demo) -> None:
    """fields.type.fields.type: refused to strangers with the schema, to the signed-in for its depth."""
    document = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
    signed_in = await demo.query(document, viewer="teacher")

    assert codes(await probe(demo, document)) <= {"FORBIDDEN", "GRAPHQL_VALIDATION_FAILED"}
    assert signed_in.codes
    assert set(signed_in.codes) == {"GRAPHQL_VALIDATION_FAILED"}


async def test_field_duplication(demo: Demo) -> None:
    """The same field five hundred times: refused for their number."""
    assert codes(await probe(demo, "{" + "__typename " * 500 + "}")) == {"LIMIT_EXCEEDED"}


async def test_introspection(demo: Demo) -> None:
    """Strangers do not read the schema; whoever signs in does."""
    assert codes(await probe(demo, INTROSPECTION)) == {"FORBIDDEN"}
    assert (await demo.query(INTROSPECTION, viewer="teacher")).data["__schema"]["types"]


async def test_field_suggestions(demo: Demo) -> None:
    """A near miss gives no name away."""
    for document in ("{ organisation_ }", "{ organisations(firs: 1) { totalCount } }", "{ __typ }"):
        assert "Did you mean" not in (await probe(demo, document)).text


async def test_get_based_mutation(demo: Demo) -> None:
    """A link changes nothing."""
    response = await demo.client.get("/graphql", params={"query": "mutation { __typename }"})

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


async def test_get_method_query_support(demo: Demo) -> None:
    """Queries by GET are answered (GraphQL over HTTP asks for it), but never on a cookie, and nobody keeps them."""
    response = await demo.client.get(
        "/graphql", params={"query": "{ me { standing } }"}, headers={"Cookie": "session=x; __Host-session=x"}
    )

    assert response.json()["data"] == {"me": {"standing": "ANONYMOUS"}}
    assert response.headers["Cache-Control"] == "no-store"


async def test_post_of_a_form(demo: Demo) -> None:
    """A foreign page can send forms: they are no requests here."""
    response = await demo.client.post("/graphql", data={"query": "mutation { __typename }"})

    assert (response.status_code, codes(response)) == (415, {"BAD_REQUEST"})


async def test_graphiql_is_not_on_the_endpoint(demo: Demo) -> None:
    """A browser that opens the endpoint gets no page with foreign scripts."""
    response = await demo.client.get("/graphql", headers={"Accept": "text/html"})

    assert response.status_code in (400, 406)
    assert "<script" not in response.text.lower()


async def test_trace_mode(demo: Demo) -> None:
    """Nothing of the inside is in `extensions`: access and cost, no times, no resolvers."""
    response = await probe(demo, "{ __typename }", headers={"X-Apollo-Tracing": "1"})

    assert response.json()["extensions"].keys() <= {"access", "cost"}


async def test_unhandled_errors(demo: Demo) -> None:
    """Broken documents are told what is wrong with them, and nothing of what is behind."""
    for document in ("qwerty cop { abc }", "query { __typename @abc }", "{", "query ($a: Nope) { __typename }"):
        response = await probe(demo, document)
        assert codes(response) <= {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}
        assert codes(response)
        assert not any(word in response.text for word in ("Traceback", ".py", "exception", "stacktrace"))
