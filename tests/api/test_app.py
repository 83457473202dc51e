"""The composed application: which routes there are, what every answer carries, which pages may call, how it ends."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketDenialResponse

from api.app import create_app
from api.database import DatabaseUrls, open_database
from api.settings import Settings
from auth.issuers import Issuer
from tests.schema.demo import ORIGIN, Demo, id_of, open_demo, seeded_template

pytestmark = pytest.mark.anyio

TYPENAME = {"query": "{ __typename }"}
PAGE = "query Page($id: ID!) { journal(id: $id) { lines { studentName } } }"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-site",
}
ISSUERS = (Issuer(issuer="https://id.example.org", audience="vhod-api"),)


@pytest.fixture(scope="module")
def app_url(database_server: Any, database_template: str) -> Iterator[str]:
    """A database with the tiny demo."""
    with (
        seeded_template(database_server, database_template) as name,
        database_server.clone(name) as url,
    ):
        yield url


@pytest.fixture(scope="module")
async def demo(app_url: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application as in development."""
    async with open_demo(app_url) as opened:
        yield opened


def composed(**settings: Any) -> Starlette:
    """An application that reaches no database: enough for everything that comes before one."""
    urls = DatabaseUrls.of_owner("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    return create_app(Settings(**settings), open_database(urls, pool_size=1))


async def asked(app: Starlette, method: str, path: str, **given: Any) -> httpx2.Response:
    """One answer of an application that is not running."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:9555") as client:
        return await client.request(method, path, **given)


ANSWERS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "an answer": ("POST", "/graphql", {"json": TYPENAME}, 200),
    "a refused token": ("POST", "/graphql", {"json": TYPENAME, "headers": {"Authorization": "Bearer x"}}, 401),
    "no request": ("POST", "/graphql", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
    "other content": ("POST", "/graphql", {"content": b"x"}, 415),
    "another method": ("DELETE", "/graphql", {}, 405),
    "too long a body": ("POST", "/graphql", {"content": b"x" * 300_000}, 413),
    "no such page": ("GET", "/nowhere", {}, 404),
    "the process lives": ("GET", "/livez", {}, 200),
    "the process is ready": ("GET", "/readyz", {}, 200),
    "the provider": ("GET", "/oidc/.well-known/openid-configuration", {}, 200),
    "the provider's keys": ("GET", "/oidc/jwks", {}, 200),
    "a page of the provider": ("GET", "/oidc/authorize", {}, 400),
    "no page of the provider": ("GET", "/oidc/nowhere", {}, 404),
    "a preflight": (
        "OPTIONS", "/graphql", {"headers": {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}}, 200,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ANSWERS)
async def test_every_answer_has_its_headers_and_its_id(demo: Demo, what: str) -> None:
    """Whatever route made it, also one that failed: nothing is guessed, framed or referred to, and it can be traced."""
    method, path, given, status = ANSWERS[what]
    response = await demo.client.request(method, path, **given)

    assert response.status_code == status
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert len(response.headers["X-Request-ID"]) == 32
    assert "Server" not in response.headers


async def test_failed_request_has_them_too(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody handled is a neutral 500 with the same headers."""

    async def broken(*_: Any) -> None:
        raise RuntimeError("canary-0815")

    monkeypatch.setattr(demo.app.state.services.viewers, "viewer", broken)
    response = await demo.client.post("/graphql", json=TYPENAME)

    assert response.status_code == 500
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.json()["errors"][0]["extensions"]["requestId"] == response.headers["X-Request-ID"]
    assert "canary" not in response.text


@pytest.mark.parametrize(
    ("address", "promised"), [("https://vhod.example.org", True), ("http://127.0.0.1:9555", False)]
)
async def test_https_is_promised_only_where_it_is_spoken(address: str, promised: bool) -> None:
    """Over plain http the promise would lock developers out."""
    app = composed(public_address=address, configured_stand_in=False, configured_issuers=ISSUERS)
    response = await asked(app, "GET", "/livez")

    assert ("Strict-Transport-Security" in response.headers) is promised


async def test_provider_is_there_only_where_it_is_wanted() -> None:
    """Its demo people do not exist in an application that was not told to serve them."""
    without = composed(public_address="https://vhod.example.org", configured_stand_in=False, configured_issuers=ISSUERS)
    response = await asked(without, "GET", "/oidc/.well-known/openid-configuration")

    assert response.status_code == 404


async def test_two_applications_share_nothing() -> None:
    """Nothing is made at import: each has its own services and its own schema."""
    first, second = (composed(public_address="http://127.0.0.1:9555") for _ in range(2))

    for name in ("contract", "engine", "verifier", "viewers", "journal"):
        assert getattr(first.state.services, name) is not getattr(second.state.services, name)


# --- Which pages may call

EVIL = [
    "https://evil.example.org",
    "null",
    f"{ORIGIN}.evil.example.org",
    f"{ORIGIN}:8443",
    ORIGIN.replace("https", "http"),
    f"https://evil.{ORIGIN.removeprefix('https://')}",
    ORIGIN.upper(),
    f"{ORIGIN}/",
    "",
    "*",
]


async def test_page_of_an_allowed_origin_may_call(demo: Demo) -> None:
    """It may send its token, and read the id of the request; cookies are never meant."""
    asks = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = await demo.client.options("/graphql", headers=asks)
    answer = await demo.client.post("/graphql", json=TYPENAME, headers={"Origin": ORIGIN})

    for response in (preflight, answer):
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "Origin" in response.headers["Vary"]
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, POST"
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("origin", EVIL)
async def test_page_of_another_origin_may_not(demo: Demo, origin: str) -> None:
    """Neither after asking first, nor with a request that needs no asking."""
    asks = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    preflight = await demo.client.options("/graphql", headers=asks)
    answer = await demo.client.get("/graphql", params=TYPENAME, headers={"Origin": origin})

    assert preflight.status_code == 400 or not origin
    for response in (preflight, answer):
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "asks",
    [{"Access-Control-Request-Method": "DELETE"}, {"Access-Control-Request-Headers": "x-vhod-secret"}],
    ids=["a method", "a header"],
)
async def test_allowed_origin_may_not_do_everything(demo: Demo, asks: dict[str, str]) -> None:
    """Only what the API needs."""
    preflight = await demo.client.options(
        "/graphql", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"} | asks
    )

    assert preflight.status_code == 400


async def test_without_settings_no_page_may_call() -> None:
    """Allowed origins are named, never assumed."""
    app = composed(public_address="http://127.0.0.1:9555")
    response = await asked(
        app, "OPTIONS", "/graphql", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    )

    assert response.status_code == 400
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("protocols", [["graphql-ws"], [], ["graphql-sse"]])
def test_socket_of_another_protocol_is_refused(protocols: list[str]) -> None:
    """The handshake ends: above all the old protocol's, which could be got past without credentials."""
    client = TestClient(composed(public_address="http://127.0.0.1:9555"))

    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/graphql", protocols):
        pass
    assert refused.value.status_code == 400


# --- How it ends


async def test_what_waits_in_the_journal_is_written_at_the_end(app_url: str) -> None:
    """Stopping the server costs no entry."""
    request = uuid4().hex
    async with open_demo(app_url) as leaving:
        told = await leaving.headers("deputy-head") | {"X-Request-ID": request}
        asks = {"query": PAGE, "variables": {"id": id_of("Journal", "journal-7a-algebra")}}
        answer = await leaving.client.post("/graphql", json=asks, headers=told)
        count = "select count(*) as entries from access_entry where request_id = :request"
        assert len(answer.json()["data"]["journal"]["lines"]) == 8
    (found,) = leaving.ask(count, request=request)

    assert found.entries == 1


async def test_database_that_is_away_is_said_to_be_away() -> None:
    """The process lives and is not ready; a request is told to come again, with no trace of the address."""
    app = composed(public_address="http://127.0.0.1:9555")
    alive, ready = await asked(app, "GET", "/livez"), await asked(app, "GET", "/readyz")
    answer = await asked(app, "POST", "/graphql", json=TYPENAME)

    assert (alive.status_code, ready.status_code, answer.status_code) == (200, 503, 503)
    assert "nobody" not in answer.text + ready.text
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
