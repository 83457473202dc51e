"""The GraphiQL page: what it may load, that its assets are those of its sources, and that every example is of use."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import brotli
import httpx2
import pytest
from graphql import parse, validate

from api.graphiql.assets import ASSETS, SOURCE, hash_of, inputs_hash, manifest
from api.graphiql.examples import Example, load_examples
from api.graphiql.page import CONTRACT, GraphiQLPage, script_text
from api.settings import Mode, Settings
from auth.issuers import Issuer
from domain.roles import Role
from schema import build_schema
from tests.api.browser import Browser
from tests.api.finding import found_for, viewer_of
from tests.api.test_door import Elements
from tests.schema.demo import SETTINGS, Demo, open_demo, seeded_template
from tests.schema.events.followers import data, following, served

pytestmark = pytest.mark.anyio

EXAMPLES = load_examples()
FOLLOWED = [example for example in EXAMPLES if example.document.startswith("subscription ")]
WRITES = re.compile(r"^mutation ", re.MULTILINE)
PRODUCTION = Settings(
    mode=Mode.PRODUCTION,
    public_address="https://api.example.org",
    configured_issuers=(Issuer(issuer="https://login.example.org", audience="region"),),
)


@pytest.fixture(scope="module")
async def demo(database_server: Any, database_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The whole application over the tiny demo, on the day of the demo; the examples may change it."""
    with (
        seeded_template(database_server, database_template) as seeded,
        database_server.clone(seeded) as url,
    ):
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture
async def visitor(demo: Demo) -> AsyncIterator[Browser]:
    """A browser in which nobody has signed in."""
    opened = Browser.at(demo)
    async with opened.http:
        yield opened


@pytest.fixture
def browser(visitor: Browser) -> httpx2.AsyncClient:
    """What it sends requests with."""
    return visitor.http


def known(page: str) -> dict[str, Any]:
    """What the page tells its scripts."""
    found = re.search(r'<script type="application/json" id="known">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


async def test_policy_of_the_page_is_strict_and_its_nonce_new_each_time(browser: httpx2.AsyncClient) -> None:
    """No eval, no inline script, no foreign host; the nonce in the header is the one that the scripts are told."""
    answers = [await browser.get("/graphiql") for _ in range(2)]
    policies = [answer.headers["content-security-policy"] for answer in answers]
    nonces = [known(answer.text)["nonce"] for answer in answers]

    assert nonces[0] != nonces[1]
    for policy, nonce in zip(policies, nonces, strict=True):
        assert policy.startswith("default-src 'none'; script-src 'self'; ")
        assert f"style-src-elem 'self' 'nonce-{nonce}'" in policy
        assert not re.search(r"unsafe-eval|blob:|https?:|\*|script-src[^;]*(nonce|unsafe)", policy)
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


async def test_page_loads_only_its_own_assets(browser: httpx2.AsyncClient) -> None:
    """Nothing inline that runs, and every address in it is served."""
    page = (await browser.get("/graphiql")).text
    loaded = [address for address in Elements(page).loaded if address and address != "/favicon.ico"]

    assert len(loaded) >= 2
    assert [(await browser.get(address)).status_code for address in loaded] == [200] * len(loaded)
    assert set(re.findall(r"https?://[^/\"]+", page)) == {SETTINGS.public_url}


def test_page_of_production_says_nothing_of_demo_people() -> None:
    """The same page, without the stand-in's remarks; the address of the API is the public one."""
    told = known(GraphiQLPage(PRODUCTION).render("nonce"))

    assert told["standIn"] is False
    assert told["endpoint"] == "https://api.example.org/graphql"


async def test_contract_with_its_rules_is_for_the_signed_in(visitor: Browser) -> None:
    """As introspection, and with what introspection leaves out: the rule of every field."""
    refused = await visitor.http.get(CONTRACT)
    await visitor.sign_in("org-admin")
    answer = await visitor.http.get(CONTRACT)

    assert (refused.status_code, refused.content) == (401, b"")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "@access(rule: GUARDED" in answer.text
    assert 'permission: "documents:read"' in answer.text


@pytest.mark.parametrize("coding", ["br", "gzip", "identity", "gzip;q=0, br;q=0"])
async def test_asset_is_sent_packed_and_kept_for_ever(browser: httpx2.AsyncClient, coding: str) -> None:
    """Each browser gets the same script in a coding that it takes; whoever refuses all gets it as it is."""
    address = f"/graphiql/assets/{manifest().scripts[-1]}"
    async with browser.stream("GET", address, headers={"Accept-Encoding": coding}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding, bytes)

    assert answer.headers.get("content-encoding", "identity") == (coding if coding in {"br", "gzip"} else "identity")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert unpack(body) == brotli.decompress((ASSETS / f"{manifest().scripts[-1]}.br").read_bytes())


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fmanifest.json", "main.js.br"])
async def test_what_is_no_asset_is_not_found(browser: httpx2.AsyncClient, name: str) -> None:
    """Only names of the manifest: no way out of the folder."""
    assert (await browser.get(f"/graphiql/assets/{name}")).status_code == 404


def test_assets_are_those_of_the_manifest_and_of_these_sources() -> None:
    """Nobody edits the built files, and whoever changes a source builds again: `make graphiql`."""
    kept = {path.name: path.read_bytes() for path in ASSETS.iterdir()}

    assert {name: hash_of(body) for name, body in kept.items()} == manifest().assets
    assert inputs_hash() == manifest().inputs, "the sources have changed: make graphiql"
    for name in {name.removesuffix(".br") for name in kept if name.endswith(".br")}:
        assert brotli.decompress(kept[f"{name}.br"]) == gzip.decompress(kept[f"{name}.gz"])


def test_lock_of_the_sources_names_no_host_and_a_hash_for_each_package() -> None:
    """A closed network builds from its own mirror; nobody slips in other bytes."""
    packages = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    outside = {name: package for name, package in packages.items() if name}

    assert len(outside) > 50
    assert [name for name, package in outside.items() if "resolved" in package or "integrity" not in package] == []


def test_scripts_of_ours_keep_nothing_for_good_and_write_no_html() -> None:
    """GraphiQL's own storage is sessionStorage; texts of answers stay texts."""
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.js*") if "package" not in path.name)

    assert not re.findall(r"localStorage|indexedDB|document\.cookie|innerHTML|dangerouslySetInnerHTML|eval\(", scripts)
    assert "storage={drafts}" in scripts


def test_texts_cannot_end_the_script_that_carries_them() -> None:
    """A `</script>` within an example stays data."""
    told = script_text({"document": "</script><script>alert(1)</script><!--"})

    assert "<" not in told
    assert json.loads(told) == {"document": "</script><script>alert(1)</script><!--"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_example_is_a_document_of_the_contract_for_every_region(example: Example) -> None:
    """It validates, says in Russian what it is, names no row by id, and finds every variable that it has."""
    contract = build_schema().graphql
    declared = set(re.findall(r"\$(\w+):", example.document))

    assert validate(contract, parse(example.document)) == []
    assert not example.finding or validate(contract, parse(example.finding)) == []
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", example.document + example.finding)
    assert declared == set(example.variables)
    assert re.search("[а-я]", example.title)
    assert example.about.endswith(".")


def test_common_jobs_have_their_examples() -> None:
    """Whoever works with the page finds something of their own."""
    roles = {example.role for example in EXAMPLES}

    assert roles >= {
        Role.ORG_ADMIN, Role.DEPUTY_HEAD, Role.TEACHER, Role.HOMEROOM_TEACHER,
        Role.MUNICIPAL_COORDINATOR, Role.REGIONAL_COORDINATOR, Role.LEGAL_REPRESENTATIVE,
    }  # fmt: skip


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one not in FOLLOWED], ids=lambda example: example.title)
async def test_example_answers_whom_it_is_for(demo: Demo, example: Example) -> None:
    """Its variables are found in that person's name, and it answers without an error; a change is accepted."""
    viewer = viewer_of(example)
    variables = await found_for(demo, example, viewer)
    answer = await demo.query(example.document, variables, viewer=viewer)

    assert answer.errors == []
    assert all(answer.data.values())
    if WRITES.search(example.document):
        assert [payload["userErrors"] for payload in answer.data.values()] == [[]]


@pytest.mark.parametrize("example", FOLLOWED, ids=lambda example: example.title)
async def test_subscription_answers_at_once(demo: Demo, example: Example) -> None:
    """Over a real socket: whoever follows is told first where they stand."""
    viewer = viewer_of(example)
    variables = await found_for(demo, example, viewer)
    async with served(demo.app) as port, following(port, await demo.token(viewer)) as socket:
        first = data(await socket.subscribe(example.document, **variables))

    assert first["changes"] == []
    assert first["journal"]["className"]


async def test_administrator_is_refused_a_field_and_told_who_has_it(demo: Demo) -> None:
    """The example of the panel: no pupils for technical power, and the roles that see them."""
    example = next(one for one in EXAMPLES if one.title == "Что администратору не видно и почему")
    answer = await demo.query(example.document, await found_for(demo, example, "org-admin"), viewer="org-admin")

    assert {denied["field"] for denied in answer.denied} >= {"ClassGroup.enrolments"}
    assert all(denied["anyOf"] for denied in answer.denied)
