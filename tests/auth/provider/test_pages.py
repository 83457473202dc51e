"""The pages: headers, forms that cannot be forged, cookies, no script, Russian (O9, 4.2)."""

import re
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.routing import Mount

from auth.provider.app import create_provider
from auth.provider.config import ProviderConfig
from tests.auth.provider.browser import (
    ISSUER,
    MOBILE,
    SPA_ORIGIN,
    WEB,
    Browser,
    answer,
    hidden_fields,
    request_parameters,
)

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]
Open = Callable[..., Browser]


async def all_pages(browser: Browser) -> dict[str, httpx2.Response]:
    """Every page there is."""
    login = await browser.follow(await browser.authorize())
    number = hidden_fields(login)["interaction"]

    async def page(path: str) -> httpx2.Response:
        return await browser.http.get(f"/oidc{path}?interaction={number}")

    pages = {"login": login, "people": await page("/login/gosuslugi"), "child": await page("/login/child")}
    pages["wrong password"] = await browser.submit(login, "/login/child", login="nobody-1", password="x")
    pages["nobody chosen"] = await browser.submit(login, "/login/gosuslugi")
    pages["consent"] = await browser.follow(await browser.sign_in("teacher", **WEB))
    pages["account"] = await browser.http.get("/oidc/account")
    pages["sign out"] = await browser.http.get("/oidc/end_session")
    pages["signed out"] = await browser.submit(pages["sign out"], "/end_session")
    pages["gone"] = await page("/login/nothing")
    pages["finished"] = await browser.http.get("/oidc/login?interaction=x")
    pages["untrusted"] = await browser.authorize(client_id="nobody")
    pages["unreadable"] = await browser.http.get("/oidc/authorize?state=%00")
    pages["wrong method"] = await browser.http.post("/oidc/login")
    return pages


async def test_every_page_has_the_headers(browser: Browser) -> None:
    """No frames, no scripts, nothing foreign, no referrer, no cache."""
    for name, page in (await all_pages(browser)).items():
        policy = page.headers["content-security-policy"]

        assert page.headers["content-type"] == "text/html; charset=utf-8", name
        assert policy.startswith("default-src 'none'; style-src 'self';"), name
        assert "frame-ancestors 'none'" in policy, name
        assert "base-uri 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert page.headers["referrer-policy"] == "no-referrer", name
        assert page.headers["x-content-type-options"] == "nosniff", name
        assert page.headers["cache-control"] == "no-store", name


class Reader(HTMLParser):
    """Collects what the tests ask about a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        """Attributes of all tags of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]


async def test_every_page_is_accessible_in_structure(browser: Browser) -> None:
    """Language, title, one heading, a main part with a skip link to it, a label for every field, no script or style."""
    for name, page in (await all_pages(browser)).items():
        reader = Reader(page.text)
        fields = [tag["id"] for tag in reader.of("input") if tag.get("type") != "hidden"]

        assert reader.of("html")[0]["lang"] == "ru", name
        assert len(reader.of("title")) == len(reader.of("h1")) == len(reader.of("main")) == 1, name
        assert reader.of("a")[0]["href"] == "#main", name
        assert fields == [tag["for"] for tag in reader.of("label")], name
        assert not reader.of("script", "style", "iframe", "object"), name
        assert not [attributes for _, attributes in reader.tags if any(key.startswith("on") for key in attributes)], (
            name
        )
        assert not [attributes for _, attributes in reader.tags if "style" in attributes], name
        tabbed = [attributes["tabindex"] for _, attributes in reader.tags if "tabindex" in attributes]
        assert set(tabbed) == {"-1"}, name


async def test_pages_load_nothing_foreign(browser: Browser) -> None:
    """Every address on every page is ours."""
    for name, page in (await all_pages(browser)).items():
        addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page.text)

        assert [one for one in addresses if not one.startswith((ISSUER, "#"))] == [], name


async def test_errors_are_announced(browser: Browser) -> None:
    """Title, alert and the field say what is wrong; the name is kept, the password is not."""
    page = (await all_pages(browser))["wrong password"]
    reader = Reader(page.text)
    login, password = [tag for tag in reader.of("input") if tag.get("type") != "hidden"]

    assert "<title>Ошибка: " in page.text
    assert 'role="alert"' in page.text
    assert login["aria-describedby"] == password["aria-describedby"] == "error"
    assert login["value"] == "nobody-1"
    assert "value" not in password


@pytest.mark.parametrize(
    ("client", "target"),
    [
        ({}, SPA_ORIGIN),
        (MOBILE, "http://127.0.0.1:49152"),
        ({**MOBILE, "redirect_uri": "http://[::1]:49152/callback"}, "http:"),
        ({**MOBILE, "redirect_uri": "org.example.vhod:/callback"}, "org.example.vhod:"),
    ],
    ids=["spa", "loopback", "IPv6 loopback", "private-use scheme"],
)
async def test_forms_may_end_at_the_client_alone(browser: Browser, client: dict[str, str], target: str) -> None:
    """Browsers apply form-action to the redirect after the form, so the client must stand there, and nobody else."""
    page = await browser.follow(await browser.authorize(**client))

    assert f"form-action 'self' {target};" in page.headers["content-security-policy"]


async def test_what_a_person_types_is_escaped(browser: Browser) -> None:
    """A login name comes back as text."""
    page = await browser.child_form('"><script>alert(1)</script>', "x")

    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("token", [None, "", "0" * 64, "я"])
async def test_form_without_its_token_signs_nobody_in(browser: Browser, sql: Sql, token: str | None) -> None:
    """Sign-in is protected against forgery like everything else."""
    fields = hidden_fields(await browser.follow(await browser.authorize()))
    data = {"interaction": fields["interaction"], "person": "teacher"} | ({"token": token} if token else {})
    response = await browser.http.post("/oidc/login/gosuslugi", data=data)

    assert response.status_code == 400
    assert await sql("select 1 from provider.sessions") == []


async def test_request_of_one_browser_is_not_finished_in_another(browser: Browser, new_browser: Open) -> None:
    """An attacker's link with a number of theirs does not sign the victim in as the attacker, nor the other way."""
    page = await browser.follow(await browser.authorize())
    victim = new_browser()
    await victim.follow(await victim.authorize())
    opened = await victim.http.get(str(page.url))
    submitted = await victim.submit(page, "/login/gosuslugi", person="teacher")

    assert opened.status_code == submitted.status_code == 400
    assert "set-cookie" not in submitted.headers


async def test_back_button_after_the_sign_in_finds_a_clear_page(browser: Browser) -> None:
    """A request ends once; the second time the page says what to do."""
    page = await browser.follow(await browser.authorize())
    await browser.submit(page, "/login/gosuslugi", person="teacher")
    again = await browser.submit(page, "/login/gosuslugi", person="teacher")

    assert again.status_code == 400
    assert "нажмите «Войти» ещё раз" in again.text


async def test_two_tabs_end_independently(browser: Browser) -> None:
    """Signing in in one tab does not break the page that is open in the other."""
    first = await browser.follow(await browser.authorize(state="1"))
    second = await browser.follow(await browser.authorize(state="2"))
    one = answer(await browser.submit(first, "/login/gosuslugi", person="teacher"))
    two = answer(await browser.submit(second, "/login/gosuslugi", person="teacher"))

    assert (one["state"], two["state"]) == ("1", "2")
    assert "code" in two


async def test_request_waits_half_an_hour(browser: Browser, sql: Sql) -> None:
    """Then the page says so."""
    page = await browser.follow(await browser.authorize())
    await sql("update provider.interactions set created_at = vhod.now() - interval '31 min', expires_at = vhod.now()")
    response = await browser.submit(page, "/login/gosuslugi", person="teacher")

    assert response.status_code == 400


async def test_cancel_goes_back_with_access_denied(browser: Browser) -> None:
    """A way out that is not the Back button."""
    page = await browser.follow(await browser.authorize())
    cancelled = answer(await browser.submit(page, "/login/cancel"))

    assert (cancelled["error"], cancelled["iss"]) == ("access_denied", ISSUER)


@pytest.mark.parametrize("person", ["child", "nobody", "1000000101"])
async def test_only_people_of_the_list_can_be_chosen(browser: Browser, person: str) -> None:
    """A child has a form of their own; numbers are no keys here."""
    response = await browser.sign_in(person)

    assert response.status_code == 422


async def test_session_cookie_is_new_at_every_sign_in(browser: Browser) -> None:
    """Nobody can have known it before (fixation), and the old one is over."""
    name = "dev-vhod-session"
    browser.http.cookies.set(name, "a" * 43, domain="127.0.0.1")
    await browser.sign_in("teacher")
    first = browser.http.cookies[name]
    await browser.sign_in("teacher", prompt="login")
    second = browser.http.cookies[name]
    browser.http.cookies.set(name, first, domain="127.0.0.1")
    old = answer(await browser.authorize(prompt="none"))

    assert len({"a" * 43, first, second}) == 3
    assert old["error"] == "login_required"


@pytest.mark.parametrize(
    "statement",
    [
        "update provider.sessions set last_seen_at = vhod.now() - interval '31 minutes'",
        "update provider.sessions set auth_time = vhod.now() - interval '12 hours', expires_at = vhod.now()",
    ],
    ids=["idle for half an hour", "twelve hours old"],
)
async def test_session_ends_by_itself(browser: Browser, sql: Sql, statement: str) -> None:
    """By disuse or by age, whatever the cookie says."""
    await browser.sign_in("teacher")
    await sql(statement)

    assert answer(await browser.authorize(prompt="none"))["error"] == "login_required"


def served(config: ProviderConfig, engine: AsyncEngine) -> Browser:
    """A browser at another provider over the same database."""
    return Browser(Starlette(routes=[Mount("/oidc", create_provider(config, engine))]))


async def test_cookies_on_https_carry_the_host_prefix(provider_engine: AsyncEngine) -> None:
    """Secure, HttpOnly, SameSite=Lax, Path=/, no Domain: no other host can set or read them."""
    config = ProviderConfig("https://id.example/oidc", "vhod-api", "a key for tests, not for life", False)
    browser = served(config, provider_engine)
    response = await browser.authorize()
    cookie = response.headers["set-cookie"]

    assert cookie.startswith("__Host-vhod-browser=")
    assert "Domain" not in cookie
    for attribute in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert attribute in cookie


async def test_outside_development_nobody_can_be_chosen(provider_engine: AsyncEngine) -> None:
    """No demo people, no stand-in notice, no passphrases; the form for children stays."""
    config = ProviderConfig("https://id.example/oidc", "vhod-api", "a key for tests, not for life", False)
    browser = served(config, provider_engine)
    response = await browser.authorize()
    browser.http.cookies.set("__Host-vhod-browser", response.cookies["__Host-vhod-browser"])
    cookie = {"Cookie": f"__Host-vhod-browser={response.cookies['__Host-vhod-browser']}"}
    path = response.headers["location"].removeprefix("https://id.example").replace("/login?", "/login/{}?")
    pages = {way: await browser.http.get(path.format(way), headers=cookie) for way in ("gosuslugi", "child")}
    chosen = await browser.http.post(
        "/oidc/login/gosuslugi", data={**hidden_fields(pages["gosuslugi"]), "person": "teacher"}, headers=cookie
    )

    assert "не подключён" in pages["gosuslugi"].text
    assert "Примерова" not in pages["gosuslugi"].text
    assert "Учебный стенд" not in pages["child"].text
    assert "рисует" not in pages["child"].text
    assert chosen.status_code == 422


CORS_PATHS = ["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo", "/revoke"]


@pytest.mark.parametrize("path", CORS_PATHS)
async def test_preflight_of_the_registered_origin_passes(browser: Browser, path: str) -> None:
    """The SPA may call these, without cookies."""
    headers = {
        "Origin": SPA_ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    response = await browser.http.options(f"/oidc{path}", headers=headers)

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == SPA_ORIGIN
    assert "access-control-allow-credentials" not in response.headers


EVIL = [
    "https://evil.example",
    "null",
    f"{SPA_ORIGIN}.evil.example",
    "http://127.0.0.1:51730",
    "https://127.0.0.1:5173",
]


@pytest.mark.parametrize("path", CORS_PATHS)
async def test_other_origins_read_nothing(browser: Browser, path: str) -> None:
    """Exact origins: no suffix, no other port, no null, no reflection."""
    answers = [
        await browser.http.request(
            method, f"/oidc{path}", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        )
        for method in ("OPTIONS", "POST", "GET")
        for origin in EVIL
    ]

    assert len(answers) == 15
    assert not [one for one in answers if "access-control-allow-origin" in one.headers]


@pytest.mark.parametrize("path", ["/authorize", "/login", "/login/child", "/consent", "/end_session", "/provider.css"])
async def test_pages_are_not_open_to_any_origin(browser: Browser, path: str) -> None:
    """Scripts have no business there, not even those of the SPA."""
    response = await browser.http.get(f"/oidc{path}", headers={"Origin": SPA_ORIGIN})

    assert "access-control-allow-origin" not in response.headers


async def test_answers_to_the_client_are_not_cached(browser: Browser) -> None:
    """Tokens and claims are no-store; metadata and keys may be kept for minutes."""
    tokens = await browser.redeem(await browser.code())
    headers = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
    claims = await browser.http.get("/oidc/userinfo", headers=headers)
    keys = await browser.http.get("/oidc/jwks")
    redirect = await browser.http.get("/oidc/authorize", params=request_parameters())

    assert [one.headers["cache-control"] for one in (tokens, claims, redirect)] == ["no-store"] * 3
    assert keys.headers["cache-control"] == "public, max-age=300"
    assert tokens.headers["x-content-type-options"] == "nosniff"


async def test_only_post_changes_something(browser: Browser, sql: Sql) -> None:
    """A HEAD comes without a form and its token: it answers neither for the sign-in nor for the consent."""
    page = await browser.follow(await browser.authorize())
    number = hidden_fields(page)["interaction"]
    signing_in = await browser.http.head(f"/oidc/login/gosuslugi?interaction={number}&person=teacher")
    consent = await browser.sign_in("teacher", **WEB)
    asking = await browser.http.head(consent.headers["location"])
    allowed = await browser.submit(await browser.follow(consent), "/consent", answer="allow")

    assert signing_in.status_code == asking.status_code == 200
    assert "code" in answer(allowed)
