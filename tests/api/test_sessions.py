"""Browser sessions: signed in by the stand-in, kept by a cookie, safe from other sites, over when they are over."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from sqlalchemy.exc import OperationalError
from starlette.requests import HTTPConnection

from api.callers import Callers
from api.sessions.cookies import SessionCookies
from api.sessions.next_page import local_page
from domain import clock
from tests.api.browser import OWN, Browser, path_of
from tests.schema.demo import Demo, open_demo

pytestmark = pytest.mark.anyio

ACTIVE, ANONYMOUS = {"me": {"standing": "ACTIVE"}}, {"me": {"standing": "ANONYMOUS"}}


@pytest.fixture(scope="module")
async def demo(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application; each test has browsers of its own."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture
async def browser(demo: Demo) -> AsyncIterator[Browser]:
    """A browser that nobody has signed in with."""
    opened = Browser.at(demo)
    async with opened.http:
        yield opened


@pytest.fixture
async def signed_in(browser: Browser) -> Browser:
    """A teacher's browser."""
    await browser.sign_in("teacher")
    return browser


def refused(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


def pass_time(demo: Demo, column: str, interval: str) -> None:
    """Let time pass for every session."""
    demo.ask(f"update session.browser_session set {column} = {column} - cast(:interval as interval)", interval=interval)


# --- In and out


async def test_person_signs_in_and_is_known(browser: Browser) -> None:
    """To the provider and back to the page that was asked for; the page learns a name, a token, an end."""
    answer = await browser.sign_in("teacher", "/graphiql?query=1")
    session = await browser.session()
    asked = await browser.ask()

    assert answer.headers["location"] == "/graphiql?query=1"
    assert (session["signedIn"], len(session["csrf"])) == (True, 64)
    assert len(session["name"].split()) == 3
    assert timedelta(minutes=29) < datetime.fromisoformat(session["until"]) - clock.now()
    assert asked.json()["data"] == ACTIVE


async def test_browser_without_cookie_is_not_signed_in(browser: Browser) -> None:
    """And that is all it is told; nothing of it is kept."""
    answer = await browser.http.get("/session")

    assert answer.json() == {"signedIn": False}
    assert answer.headers["cache-control"] == "no-store, no-transform"


async def test_cookie_is_out_of_reach_of_scripts_and_sites(browser: Browser) -> None:
    """HttpOnly, Lax, the whole host, gone with the browser; on https no other host can set it."""
    answer = await browser.sign_in()
    [cookie] = [line for line in answer.headers.get_list("set-cookie") if line.startswith("dev-vhod=")]
    on_https = SessionCookies("https://vhod.example")

    assert re.fullmatch(r"dev-vhod=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", cookie)
    assert (on_https.session_name, on_https.sign_in_name) == ("__Host-vhod", "__Host-vhod-sign-in")


async def test_database_holds_nothing_that_signs_in(demo: Demo, signed_in: Browser) -> None:
    """Hashes and sealed bytes: neither cookie nor token nor name can be read from the tables."""
    rows = demo.ask(
        "select s::text as row from session.browser_session s union all select p::text from session.sign_in p"
    )
    name = (await signed_in.session())["name"]
    stored = "".join(row.row for row in rows)

    assert signed_in.cookie is not None
    assert not [secret for secret in (signed_in.cookie, signed_in.csrf, name, "eyJ") if secret in stored]
    assert b"eyJ".hex() not in stored
    assert name.encode().hex() not in stored


async def test_signing_in_again_gives_a_new_cookie(signed_in: Browser, demo: Demo) -> None:
    """The old one is dead, also for whoever copied it; a cookie that came along is never taken over (fixation)."""
    old = signed_in.cookie or ""
    await signed_in.sign_in("teacher")
    async with Browser.at(demo).http as thief:
        thief.cookies.set("dev-vhod", old)
        stolen = (await thief.get("/session")).json()

    assert signed_in.cookie not in (None, old)
    assert stolen == {"signedIn": False}
    assert (await signed_in.ask()).json()["data"] == ACTIVE


async def test_cookie_from_outside_is_not_taken_over(browser: Browser) -> None:
    """Somebody planted a cookie before sign-in: the session gets another one."""
    browser.http.cookies.set("dev-vhod", "a" * 43, domain="127.0.0.1")
    answer = await browser.sign_in()

    assert "a" * 43 not in answer.headers["set-cookie"]


async def test_sign_out_ends_both_sessions(signed_in: Browser) -> None:
    """Ours at once; the provider's at the address of the answer, after which a password is asked for again."""
    answer = await signed_in.sign_out()
    address = answer.json()["providerSignOut"]
    cookie_lines = answer.headers.get_list("set-cookie")
    left = await signed_in.http.get(address)
    again = await signed_in.http.get((await signed_in.http.get("/session/sign-in")).headers["location"])

    assert answer.json()["signedOut"] is True
    assert 'dev-vhod=""; ' in cookie_lines[0]
    assert parse_qs(urlsplit(address).query)["post_logout_redirect_uri"] == [f"{OWN}/"]
    assert (left.status_code, left.headers["location"]) == (303, f"{OWN}/")
    assert await signed_in.session() == {"signedIn": False}
    assert path_of(again.headers["location"]) == "/oidc/login"


async def test_signed_out_cookie_is_refused_not_served_as_nobody(signed_in: Browser, demo: Demo) -> None:
    """Whoever kept the cookie and its token: 401, in the caller's language."""
    kept, csrf = signed_in.cookie or "", signed_in.csrf
    await signed_in.sign_out()
    signed_in.http.cookies.set("dev-vhod", kept, domain="127.0.0.1")
    answer = await signed_in.ask(Accept_Language="ru", X_CSRF_Token=csrf)

    assert refused(answer) == (401, "UNAUTHENTICATED")
    assert answer.json()["errors"][0]["message"] == "Ваш сеанс закончился. Войдите ещё раз."


async def test_person_sees_and_ends_their_other_sessions(signed_in: Browser, demo: Demo) -> None:
    """A forgotten computer is signed out from here; nobody else's session is listed or ended."""
    forgotten, stranger = Browser.at(demo), Browser.at(demo)
    async with forgotten.http, stranger.http:
        await forgotten.sign_in("teacher")
        await stranger.sign_in("deputy-head")
        listed = (await signed_in.http.get("/session/list")).json()["sessions"]
        [current] = [session["id"] for session in listed if session["current"]]
        [foreign] = [session["id"] for session in (await stranger.http.get("/session/list")).json()["sessions"]]
        # The list is in the order of last use: ours signed in before the forgotten one.
        other = listed[0]["id"]
        forged = await signed_in.http.delete(f"/session/list/{other}", headers=signed_in.headers(X_CSRF_Token=None))
        ended = await signed_in.http.delete(f"/session/list/{other}", headers=signed_in.headers())
        not_ours = await signed_in.http.delete(f"/session/list/{foreign}", headers=signed_in.headers())

        assert other != current
        assert refused(forged) == (403, "CSRF_REFUSED")
        assert (ended.json(), not_ours.status_code) == ({"ended": True}, 404)
        assert await forgotten.session() == {"signedIn": False}
        assert (await stranger.session())["signedIn"] is True
    assert refused(await Browser.at(demo).http.get("/session/list")) == (401, "UNAUTHENTICATED")


# --- Other sites


@pytest.mark.parametrize(
    "changes",
    [
        {"X_CSRF_Token": None},
        {"X_CSRF_Token": ""},
        {"X_CSRF_Token": "0" * 64},
        {"X_CSRF_Token": "ё"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": OWN + ".evil.example"},
        {"Origin": "http://localhost:9555"},
        {"Origin": OWN.replace("http:", "https:")},
        {"Origin": None, "Sec_Fetch_Site": "cross-site"},
        {"Origin": None, "Sec_Fetch_Site": "same-site"},
        {"Origin": None, "Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Origin": None, "Sec_Fetch_Site": None},
    ],
    ids=str,
)
async def test_request_that_may_be_another_sites_is_refused(signed_in: Browser, changes: dict[str, str | None]) -> None:
    """Without the session's token, or from a page that is not ours; the session goes on unharmed."""
    headers = [(name.encode(), value.encode()) for name, value in signed_in.headers(**changes).items()]
    paths = ("/graphql", "/imports/files", "/session/sign-out")
    answers = [await signed_in.http.post(path, json={"query": "{ __typename }"}, headers=headers) for path in paths]

    assert [refused(answer) for answer in answers] == [(403, "CSRF_REFUSED")] * 3
    assert (await signed_in.session())["signedIn"] is True


@pytest.mark.parametrize("changes", [{"Origin": None}, {"Sec_Fetch_Site": None}], ids=str)
async def test_one_sign_of_our_own_page_is_enough(signed_in: Browser, changes: dict[str, Any]) -> None:
    """Older browsers send no Sec-Fetch-Site, and a page of ours may be asked for without an Origin."""
    assert (await signed_in.ask(**changes)).json()["data"] == ACTIVE


async def test_token_of_another_session_is_refused(signed_in: Browser, demo: Demo) -> None:
    """A CSRF token belongs to one session."""
    other = Browser.at(demo)
    async with other.http:
        await other.sign_in("deputy-head")

        assert refused(await other.ask(X_CSRF_Token=signed_in.csrf)) == (403, "CSRF_REFUSED")


async def test_get_is_never_answered_for_a_cookie(signed_in: Browser) -> None:
    """A link, an image, a cache: whoever opens it is nobody, even with the right headers."""
    answer = await signed_in.http.get("/graphql", params={"query": "{ me { standing } }"}, headers=signed_in.headers())

    assert answer.json()["data"] == ANONYMOUS


async def test_bearer_token_wins_over_the_cookie(signed_in: Browser, demo: Demo) -> None:
    """With an Authorization header the cookie is not even looked at: no CSRF token is asked for, none helps."""
    parent = await demo.headers("legal-representative")
    document = "{ me { assignments { inWords } } }"
    mixed = await signed_in.http.post("/graphql", json={"query": document}, headers=parent)
    bad = await signed_in.ask(Authorization="Bearer nonsense")

    assert mixed.json()["data"] == (await demo.query(document, viewer="legal-representative")).data
    assert refused(bad) == (401, "UNAUTHENTICATED")


async def test_session_uploads_as_the_person(signed_in: Browser) -> None:
    """The file goes the same way as a question: judged by the person's rights, not refused as nobody's."""
    answer = await signed_in.http.post(
        "/imports/files", content=b"a;b", headers=signed_in.headers() | {"Content-Type": "text/csv"}
    )

    assert refused(answer) == (400, "BAD_USER_INPUT")


# --- The way through the provider


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "https://evil.example", "https:evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", "///evil.example", "/a//evil.example", "javascript:alert(1)",
        "evil.example", "", "/a\r\nSet-Cookie: x=y", "/ё", "/session/sign-in", "/session?x", "/" + "a" * 3000,
    ],
)  # fmt: skip
def test_next_page_is_never_another_host(wanted: str) -> None:
    """Whatever a browser might read as another address leads to the front page (O11)."""
    assert local_page(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/graphiql", "/graphiql?query=%7B%20me%20%7D&a=/b", "/a/b.c", "/sessions", "/"])
def test_next_page_may_be_any_page_of_ours(wanted: str) -> None:
    """Path and query as they are."""
    assert local_page(wanted) == wanted


async def test_callback_in_another_browser_is_refused(browser: Browser, demo: Demo) -> None:
    """A sign-in begun by an attacker cannot be finished in somebody else's browser (login CSRF), nor twice."""
    address = await browser.to_callback("teacher")
    async with Browser.at(demo).http as victim:
        elsewhere = await victim.get(address)
    first, second = await browser.http.get(address), await browser.http.get(address)

    assert (elsewhere.status_code, first.status_code, second.status_code) == (400, 303, 400)
    assert "set-cookie" not in elsewhere.headers
    assert "text/html" in elsewhere.headers["content-type"]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"code": "stolen"},
        {"code": None},
        {"state": "guessed"},
        {"state": None},
        {"error": "access_denied", "error_description": "<script>"},
        {"error": "server_error"},
    ],
    ids=str,
)
async def test_answer_of_the_provider_that_does_not_fit_signs_nobody_in(
    browser: Browser, changes: dict[str, str | None]
) -> None:
    """Mix-up, a foreign code, an error: a page in plain words, nothing of the foreign text, no cookie."""
    address = urlsplit(await browser.to_callback("teacher"))
    sent = {name: values[0] for name, values in parse_qs(address.query).items()} | changes
    answer = await browser.http.get(
        f"{address.path}?{urlencode({name: value for name, value in sent.items() if value is not None})}"
    )

    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert await browser.session() == {"signedIn": False}


async def test_sign_in_too_long_under_way_is_refused(browser: Browser, demo: Demo) -> None:
    """Ten minutes, then it begins again."""
    address = await browser.to_callback("teacher")
    demo.ask(
        "update session.sign_in set created_at = vhod.now() - interval '11 min',"
        " expires_at = vhod.now() - interval '1 min'"
    )

    assert (await browser.http.get(address)).status_code == 400


async def test_sign_in_asks_as_the_standard_wants(browser: Browser) -> None:
    """Code flow, PKCE by S256, state, nonce; all of them new each time."""
    asked = [
        parse_qs(urlsplit((await browser.http.get("/session/sign-in")).headers["location"]).query) for _ in range(2)
    ]

    assert asked[0]["response_type"] == ["code"]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == [f"{OWN}/session/callback"]
    assert not [name for name in ("state", "nonce", "code_challenge") if asked[0][name] == asked[1][name]]


# --- Time


@pytest.mark.parametrize(
    ("column", "interval"), [("last_seen_at", "31 min"), ("expires_at", "12 h 1 min")], ids=["idle", "absolute"]
)
async def test_session_ends_by_itself(signed_in: Browser, demo: Demo, column: str, interval: str) -> None:
    """After half an hour without use, and after twelve hours in any case."""
    pass_time(demo, "created_at", "13 h")
    pass_time(demo, column, interval)

    assert refused(await signed_in.ask()) == (401, "UNAUTHENTICATED")
    assert await signed_in.session() == {"signedIn": False}


async def test_use_keeps_a_session_alive_and_looking_does_not(signed_in: Browser, demo: Demo) -> None:
    """A page that only asks whether it is signed in would otherwise never be signed out."""
    pass_time(demo, "last_seen_at", "29 min")
    looked = (await signed_in.session())["until"]
    await signed_in.ask()
    used = (await signed_in.session())["until"]

    assert datetime.fromisoformat(used) - datetime.fromisoformat(looked) > timedelta(minutes=28)


def let_tokens_end(demo: Demo) -> None:
    """As if the access tokens of all sessions were over."""
    demo.ask("update session.browser_session set tokens_expire_at = vhod.now() - interval '1 min'")


async def test_tokens_are_renewed_while_the_session_lives(signed_in: Browser, demo: Demo) -> None:
    """The person notices nothing, and requests at the same time use the refresh token once."""
    let_tokens_end(demo)
    document = "{ me { standing } }"
    answers = await asyncio.gather(*(signed_in.ask(document) for _ in range(4)))
    [row] = demo.ask("select tokens_version, tokens_expire_at > vhod.now() as fresh from session.browser_session"
                     " where ended_at is null and tokens_version > 0")  # fmt: skip

    assert [answer.json()["data"] for answer in answers] == [ACTIVE] * 4
    assert (row.tokens_version, row.fresh) == (1, True)


async def test_session_ends_with_the_providers(signed_in: Browser, demo: Demo) -> None:
    """The provider gives no more tokens after a logout there: the next renewal ends the session."""
    demo.ask("update provider.refresh_families set revoked_at = vhod.now(), revoked_because = 'logout'"
             " where revoked_at is null")  # fmt: skip
    let_tokens_end(demo)

    assert refused(await signed_in.ask()) == (401, "UNAUTHENTICATED")
    assert await signed_in.session() == {"signedIn": False}


async def test_provider_that_is_away_ends_no_session(
    signed_in: Browser, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 and later; the session is still there when the provider is back."""
    party = demo.app.state.services.callers.sessions.party

    def broken(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("away")

    let_tokens_end(demo)
    with monkeypatch.context() as patch:
        patch.setitem(party.__dict__, "network", lambda: {"transport": httpx2.MockTransport(broken)})
        away = await signed_in.ask()
    demo.ask("update session.browser_session set renewing_until = null")
    back = await signed_in.ask()

    assert refused(away) == (503, "UNAVAILABLE")
    assert away.headers["retry-after"] == "5"
    assert back.json()["data"] == ACTIVE


async def test_database_that_is_away_signs_nobody_out(
    signed_in: Browser, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can say whose the cookie is: 503 everywhere, and afterwards all is as it was."""
    rows = demo.app.state.services.callers.sessions.rows

    def away() -> None:
        raise OperationalError("connect", None, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(rows, "_engine", SimpleNamespace(connect=away, begin=away))
        answers = [await signed_in.ask(), await signed_in.http.get("/session"), await signed_in.sign_out()]
    after = await signed_in.ask()

    assert [refused(answer) for answer in answers] == [(503, "UNAVAILABLE")] * 3
    assert not [answer for answer in answers if "set-cookie" in answer.headers]
    assert after.json()["data"] == ACTIVE


# --- Sockets


def socket(cookie: str, origin: str | None) -> HTTPConnection:
    """A handshake."""
    headers = [(b"cookie", f"dev-vhod={cookie}".encode())] + ([(b"origin", origin.encode())] if origin else [])
    return HTTPConnection({"type": "websocket", "headers": headers, "path": "/graphql", "query_string": b""})


async def test_socket_is_told_who_asks_by_its_first_message(signed_in: Browser, demo: Demo) -> None:
    """By cookie and CSRF token, or by a bearer token; the end of the session is seen."""
    callers: Callers = demo.app.state.services.callers
    by_cookie = await callers.identify(socket(signed_in.cookie or "", OWN), csrf=signed_in.csrf)
    token = await demo.token("legal-representative")
    by_token = await callers.identify(socket(signed_in.cookie or "", None), authorization=f"Bearer {token}")
    alive = await callers.lives(by_cookie)
    await signed_in.sign_out()

    assert by_cookie.caller is not None
    assert by_token.caller is not None
    assert by_cookie.caller.subject != by_token.caller.subject
    assert by_cookie.caller.client_id == "vhod-web"
    assert by_cookie.expires_at is not None
    assert (alive, await callers.lives(by_cookie), await callers.lives(by_token)) == (True, False, True)
