"""The front page: what it may load, what it keeps, and that every example is a right question for everybody."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
from graphql import parse, validate
from starlette.applications import Starlette

from api.door import door_routes
from api.door.examples import Example, load_examples
from api.door.page import CLIENT_ID, SCOPE, door_page
from api.kept_files import PAGE_POLICY
from api.seed import demo_ids
from api.settings import Mode, Settings
from api.stand_in import provider_config
from auth.issuers import Issuer
from auth.provider.clients import development_clients
from auth.provider.people import load_people
from schema import build_schema
from tests.schema.demo import SETTINGS, Demo, open_demo, seeded_template

pytestmark = pytest.mark.anyio

PAGES = ["/", "/callback"]
FILES = {
    "/door/door.js": "text/javascript",
    "/door/session.js": "text/javascript",
    "/door/answer.js": "text/javascript",
    "/door/door.css": "text/css",
    "/favicon.ico": "image/svg+xml",
}
PRODUCTION = Settings(
    mode=Mode.PRODUCTION,
    public_address="https://api.example.org",
    configured_issuers=(Issuer(issuer="https://login.example.org", audience="region"),),
)
EXAMPLES = load_examples(demo=True)
VIEWERS = [None, *load_people()]
LOADING = {"script", "link", "img", "iframe", "object", "embed", "video", "audio", "source"}


@pytest.fixture
async def caller() -> AsyncIterator[httpx2.AsyncClient]:
    """A browser of the front page alone, without a database."""
    transport = httpx2.ASGITransport(app=Starlette(routes=list(door_routes(SETTINGS))))
    async with httpx2.AsyncClient(transport=transport, base_url=SETTINGS.public_url) as opened:
        yield opened


@pytest.fixture(scope="module")
async def demo(database_server: Any, database_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The whole application over the tiny demo; tests only read it."""
    with (
        seeded_template(database_server, database_template) as seeded,
        database_server.clone(seeded) as url,
    ):
        async with open_demo(url) as opened:
            yield opened


class Elements(HTMLParser):
    """Collects the elements of a page, and what stands inside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem and data.strip():
            self.inline.append(data)

    @property
    def loaded(self) -> list[str | None]:
        """Addresses that the browser gets without being asked."""
        return [attributes.get("src", attributes.get("href")) for tag, attributes in self.found if tag in LOADING]


@pytest.mark.parametrize("path", PAGES)
async def test_page_of_the_application_loads_from_itself_only(demo: Demo, path: str) -> None:
    """The policy of the page, not the stricter one of the API, and all the other headers."""
    answer = await demo.client.get(path, params={"code": "x", "state": "y"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers.get_list("content-security-policy") == [PAGE_POLICY]
    assert "unsafe" not in PAGE_POLICY
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("path", "media_type"), FILES.items())
async def test_file_of_the_page_has_its_type(caller: httpx2.AsyncClient, path: str, media_type: str) -> None:
    """Browsers refuse modules and style sheets of another type."""
    answer = await caller.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", [*PAGES, *FILES])
async def test_unchanged_file_is_not_sent_again(caller: httpx2.AsyncClient, path: str) -> None:
    """If-None-Match with the ETag, also weak or among others, is 304 without a body; another one is 200."""
    tag = (await caller.get(path)).headers["etag"]
    same = [await caller.get(path, headers={"If-None-Match": held}) for held in (tag, f"W/{tag}", f'"other", {tag}')]
    other = await caller.get(path, headers={"If-None-Match": '"other"'})

    assert [(answer.status_code, answer.content, answer.headers["etag"]) for answer in same] == [(304, b"", tag)] * 3
    assert other.status_code == 200


def test_page_has_nothing_inline() -> None:
    """No script, style or handler in the HTML: the policy would stop it silently."""
    elements = Elements(door_page(SETTINGS))
    attributes = {name for _, given in elements.found for name in given}

    assert elements.inline == []
    assert not {name for name in attributes if name.startswith("on") or name == "style"}
    assert elements.loaded == ["/favicon.ico", "/door/door.css", "/door/door.js"]


async def test_page_and_its_files_name_no_foreign_host(caller: httpx2.AsyncClient) -> None:
    """Addresses are our own; a closed network shows the page as it is."""
    texts = [(await caller.get(path)).text for path in ("/", *FILES) if path != "/favicon.ico"]
    addresses = set(re.findall(r"(?:https?:)?//[\w.:-]+\.[\w.:-]+", "\n".join(texts)))

    assert addresses == {SETTINGS.public_url}


async def test_scripts_store_no_token_and_write_no_html(caller: httpx2.AsyncClient) -> None:
    """Nothing for good in the browser, and text from answers only as text."""
    script = "\n".join([(await caller.get(path)).text for path in FILES if path.endswith(".js")])

    assert not re.findall(r"localStorage|indexedDB|document\.cookie|innerHTML|outerHTML|insertAdjacent|eval\(", script)
    assert set(re.findall(r"sessionStorage\.setItem\((\w+)", script)) == {"PENDING", "DRAFT"}


def test_page_asks_for_what_its_client_is_registered_for() -> None:
    """Client, addresses and scopes are those of clients.toml."""
    clients = {client.client_id: client for client in development_clients(provider_config(SETTINGS))}
    client = clients[CLIENT_ID]

    assert client.kind == "public"
    assert client.check_redirect_uri(f"{SETTINGS.public_url}/callback")
    assert f"{SETTINGS.public_url}/" in client.post_logout_redirect_uris
    assert client.get_allowed_scope(SCOPE) == SCOPE


def test_page_without_the_stand_in_names_the_issuer_and_offers_no_sign_in() -> None:
    """Production: whose tokens are accepted, nothing of demo people or rows."""
    page = door_page(PRODUCTION)

    assert "https://login.example.org" in page
    assert 'id="sign-in"' not in page
    assert "Учебный стенд" not in page
    assert "Journal:" not in page
    assert "Реестр: замечания к организациям" in page


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_example_is_a_document_of_the_contract(example: Example) -> None:
    """It validates, and rows that it names are rows of the demo."""
    known = {str(identifier) for identifier in demo_ids().values()}
    named = set(re.findall(r'"\w+:([0-9a-f-]{36})"', example.document))

    assert validate(build_schema().graphql, parse(example.document)) == []
    assert named <= known
    assert example.demo or not named
    assert example.about.endswith(".")


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_every_example_is_answered(demo: Demo, viewer: str | None) -> None:
    """Whoever asks gets data, perhaps with refusals; nobody gets an error."""
    answers = {example.title: await demo.query(example.document, viewer=viewer) for example in EXAMPLES}

    assert {title: answer.errors for title, answer in answers.items() if answer.errors} == {}
    assert all(answer.data for answer in answers.values())


async def test_the_same_page_of_the_journal_is_another_for_teacher_and_parent(demo: Demo) -> None:
    """What the front page promises: the class without notes for the one, the own child with all for the other."""
    document = next(example.document for example in EXAMPLES if example.title == "Страница журнала")
    teacher = await demo.query(document, viewer="teacher")
    parent = await demo.query(document, viewer="legal-representative")
    whole, own = teacher.data["journal"], parent.data["journal"]

    assert (whole["className"], whole["lessons"]) == (own["className"], own["lessons"])
    assert [line["studentName"] for line in own["lines"]] == ["Ученикова Мария"]
    assert len(whole["lines"]) > len(own["lines"])
    assert [denied["field"] for denied in teacher.denied] == ["AttendanceRecord.note"]
    assert parent.denied == []
