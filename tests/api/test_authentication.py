"""The HTTP edge of authentication: which headers are read, how a refusal looks, how documents are fetched."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api.authentication import authenticate, document_fetcher, issuer_client, refusal
from auth.errors import InvalidToken, KeysUnavailable, Reason
from auth.keys import MAX_DOCUMENT_BYTES, KeySource
from auth.tokens import Verifier
from auth.verified_tokens import VerifiedTokens
from tests.auth.hostile.layouts import NOW, key_set, make_verifier, stand_in

pytestmark = pytest.mark.anyio

NEUTRAL = {
    "errors": [{"message": "The access token is not valid.", "extensions": {"code": "UNAUTHENTICATED"}}],
}


def client_of(verifier: Verifier) -> TestClient:
    """A server with one page that says who calls."""

    async def whoami(request: Request) -> Response:
        try:
            claims = await authenticate(request.headers, VerifiedTokens(verifier, lambda: NOW))
        except (InvalidToken, KeysUnavailable) as error:
            return refusal(error, request.headers)
        return JSONResponse({"subject": claims.subject if claims else None})

    return TestClient(Starlette(routes=[Route("/whoami", whoami, methods=["GET", "POST"])]))


@pytest.fixture
def client() -> TestClient:
    return client_of(make_verifier(stand_in())[0])


def test_call_without_header_is_anonymous(client: TestClient) -> None:
    """No Authorization header: nobody, and no error."""
    assert client.get("/whoami").json() == {"subject": None}


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
def test_call_with_a_good_token_has_a_subject(client: TestClient, scheme: str) -> None:
    """The scheme knows no case and any number of spaces."""
    answer = client.get("/whoami", headers={"Authorization": scheme + stand_in().token()})

    assert answer.json() == {"subject": "1000299353"}


BAD_HEADERS = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer not.a.token",
    "Basic dXNlcjpwYXNzd29yZA==",
    "DPoP {token}",
    "{token}",
    "Bearer{token}",
    "Bearer\t{token}",
    "Bearer {token} {token}",
    "Bearer {token}, Bearer {token}",
    "Bearer {token},",
    'Bearer token="{token}"',
    "Bearer {token};realm=vhod",
    "Bearer \xff{token}",
    "Bearer: {token}",
    "Token {token}",
    "Bearer Bearer {token}",
    "Bearer ={token}",
]


@pytest.mark.parametrize("header", BAD_HEADERS)
def test_bad_credentials_are_never_anonymous(client: TestClient, header: str) -> None:
    """Whatever stands in the header and is no good token is refused, always with the same words."""
    value = header.format(token=stand_in().token()).encode("latin-1")

    answer = client.get("/whoami", headers=[(b"Authorization", value)])

    assert answer.status_code == 401
    assert answer.json() == NEUTRAL
    assert answer.headers["www-authenticate"] == 'Bearer realm="vhod", error="invalid_token"'
    assert answer.headers["cache-control"] == "no-store"


def test_two_headers_are_refused(client: TestClient) -> None:
    """Two tokens, even equal and good ones, leave open which was meant."""
    header = ("Authorization", f"Bearer {stand_in().token()}")

    answer = client.get("/whoami", headers=[header, header])

    assert answer.status_code == 401


def test_token_elsewhere_is_not_read(client: TestClient) -> None:
    """Neither query nor form nor cookie carries a token: they end in logs and histories."""
    token = stand_in().token()

    assert client.get("/whoami", params={"access_token": token}).json() == {"subject": None}
    assert client.post("/whoami", data={"access_token": token}).json() == {"subject": None}
    assert client.get("/whoami", headers={"Cookie": f"access_token={token}"}).json() == {"subject": None}


GRAPHQL = "application/graphql-response+json"
ACCEPTS = [
    ("", "application/json"),
    ("*/*", "application/json"),
    ("application/json", "application/json"),
    (GRAPHQL, GRAPHQL),
    (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
    (f"application/json, {GRAPHQL}", GRAPHQL),
    (f"application/json, {GRAPHQL};q=0.5", "application/json"),
    (f"{GRAPHQL};q=0, */*", "application/json"),
    (f"{GRAPHQL};q=nonsense", "application/json"),
    ("APPLICATION/GRAPHQL-RESPONSE+JSON; charset=utf-8", GRAPHQL),
    (";;,,;q=,", "application/json"),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPTS)
def test_refusal_comes_in_the_form_asked_for(client: TestClient, accept: str, expected: str) -> None:
    """The status is 401 in both forms, the words are the same."""
    answer = client.get("/whoami", headers={"Authorization": "Bearer x", "Accept": accept})

    assert answer.headers["content-type"] == expected
    assert (answer.status_code, answer.json()) == (401, NEUTRAL)


@pytest.mark.parametrize("reason", Reason)
def test_refusal_tells_no_reason(reason: Reason) -> None:
    """All refusals are equal to the client, byte by byte."""
    told = refusal(InvalidToken(reason), Headers())

    assert told.body == refusal(InvalidToken(Reason.SIGNATURE), Headers()).body
    assert told.headers == refusal(InvalidToken(Reason.SIGNATURE), Headers()).headers


def test_outage_of_the_issuer_is_503() -> None:
    """Nothing is wrong with the call: the client is told to come again, not to sign in again."""
    layout = stand_in()

    async def unreachable(_: str) -> bytes:
        raise ConnectionError

    verifier = Verifier([layout.issuer], {layout.issuer.issuer: KeySource(layout.issuer, unreachable)}, lambda: NOW)
    answer = client_of(verifier).get("/whoami", headers={"Authorization": f"Bearer {layout.token()}"})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["cache-control"] == "no-store"
    assert "www-authenticate" not in answer.headers
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


class IssuersPages(BaseHTTPRequestHandler):
    """An issuer on loopback: good keys, a redirect to them, an error, and an endless document."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        answers = {
            "/keys": (200, key_set(stand_in().key)),
            "/moved": (302, b""),
            "/moved-for-good": (308, b""),
            "/failed": (500, key_set(stand_in().key)),
            "/created": (201, key_set(stand_in().key)),
            "/long": (200, b" " * (MAX_DOCUMENT_BYTES + 1)),
            "/packed": (200, gzip.compress(key_set(stand_in().key))),
        }
        status, body = answers[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status in (302, 308):
            self.send_header("Location", "/keys")
        if self.path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives
        """Keep the test's output clean."""


@pytest.fixture
def pages() -> Iterator[tuple[str, list[str]]]:
    """Address of the issuer's server, and the paths asked for."""
    asked: list[str] = []
    handler = type("Pages", (IssuersPages,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


async def test_document_is_fetched(pages: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a real connection, and past the environment's proxy when the issuer is our own machine."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with issuer_client() as client:
        document = await document_fetcher(client)(pages[0] + "/keys")

    assert document == key_set(stand_in().key)


@pytest.mark.parametrize("page", ["/moved", "/moved-for-good", "/failed", "/created", "/long", "/packed"])
async def test_document_that_is_not_simply_there_is_refused(pages: tuple[str, list[str]], page: str) -> None:
    """Redirects are not followed, answers but 200 not believed, long documents not read, packed ones not unpacked."""
    issuer = stand_in().issuer.model_copy(update={"jwks_uri": pages[0] + page})

    async with issuer_client() as client:
        with pytest.raises(KeysUnavailable):
            await KeySource(issuer, document_fetcher(client)).find("stand-in-1")

    assert pages[1] == [page]
