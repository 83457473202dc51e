"""RP-initiated logout: what ends, who is asked, where it may lead (O10, O11)."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.auth.provider.browser import MOBILE, SPA_ORIGIN, Browser, answer

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]
HOME = f"{SPA_ORIGIN}/"


async def leave(browser: Browser, **parameters: str) -> httpx2.Response:
    """Open the logout endpoint."""
    return await browser.http.get("/oidc/end_session", params=parameters)


async def signed_in(browser: Browser) -> bool:
    """Whether a silent request succeeds."""
    return "code" in answer(await browser.authorize(prompt="none"))


async def test_logout_ends_session_tokens_and_unused_codes(browser: Browser, sql: Sql) -> None:
    """Of every client that came from this session."""
    tokens = await browser.tokens()
    mobile_code = answer(await browser.authorize(**MOBILE))["code"]
    response = await leave(browser, id_token_hint=tokens["id_token"], post_logout_redirect_uri=HOME, state="the state")
    silent = answer(await browser.authorize(prompt="none"))

    assert response.headers["location"] == f"{HOME}?state=the+state"
    assert silent["error"] == "login_required"
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await browser.redeem(mobile_code, **MOBILE)).json()["error"] == "invalid_grant"
    assert await sql("select 1 from provider.security_events where kind = 'logout'")


async def test_logout_clears_the_cookie(browser: Browser) -> None:
    """And the old value would be worth nothing."""
    tokens = await browser.tokens()
    kept = {name: value for name, value in browser.http.cookies.items() if name.endswith("session")}
    await leave(browser, id_token_hint=tokens["id_token"])
    browser.http.cookies.update(kept)

    assert len(kept) == 1
    assert not await signed_in(browser)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"state": "only a state"},
        {"client_id": "vhod-spa", "post_logout_redirect_uri": HOME},
        {"id_token_hint": "x", "post_logout_redirect_uri": HOME},
        {"id_token_hint": "a.b.c", "client_id": "vhod-spa", "post_logout_redirect_uri": HOME, "state": "s"},
    ],
    ids=["nothing", "only a state", "no hint", "bad hint", "bad hint with client"],
)
async def test_without_a_valid_hint_the_person_is_asked_and_stays_here(
    browser: Browser, parameters: dict[str, str]
) -> None:
    """A link on somebody's page signs nobody out; after the yes nobody is sent anywhere."""
    await browser.tokens()
    question = await leave(browser, **parameters)
    asked = await signed_in(browser)
    done = await browser.submit(question, "/end_session")

    assert question.status_code == 200
    assert "Выйти?" in question.text
    assert asked
    assert done.status_code == 200
    assert "Вы вышли" in done.text
    assert not await signed_in(browser)


async def test_changed_hint_is_no_hint(browser: Browser) -> None:
    """Neither a changed payload nor an access token nor a token of another key."""
    tokens = await browser.tokens()
    header, payload, signature = tokens["id_token"].split(".")
    for hint in (f"{header}.{payload[:-4]}AAAA.{signature}", tokens["access_token"]):
        assert "Выйти?" in (await leave(browser, id_token_hint=hint)).text

    assert await signed_in(browser)


WRONG = {
    "another host": "http://evil.example/",
    "added query": f"{HOME}?next=1",
    "longer path": f"{HOME}more",
    "no scheme": "//evil.example",
    "backslashes": "\\\\evil.example",
    "half a scheme": "https:evil.example",
    "encoded": "%2F%2Fevil.example",
    "a redirect URI, which is another list": f"{SPA_ORIGIN}/callback",
    "address of another client": "org.example.vhod:/signed-out",
}


@pytest.mark.parametrize("address", WRONG.values(), ids=WRONG)
async def test_unregistered_address_is_not_followed(browser: Browser, address: str) -> None:
    """The person is signed out and stays on our page."""
    tokens = await browser.tokens()
    response = await leave(browser, id_token_hint=tokens["id_token"], post_logout_redirect_uri=address)

    assert response.status_code == 200
    assert "location" not in response.headers
    assert not await signed_in(browser)


async def test_hint_of_another_client_is_a_contradiction(browser: Browser) -> None:
    """client_id and the audience of the hint must agree."""
    tokens = await browser.tokens()
    response = await leave(browser, id_token_hint=tokens["id_token"], client_id="vhod-mobile")

    assert response.status_code == 400
    assert await signed_in(browser)


async def test_hint_of_an_older_session_needs_a_yes(browser: Browser) -> None:
    """Somebody else's old token does not sign out who is here now."""
    old = (await browser.tokens("student"))["id_token"]
    await browser.sign_in("teacher", prompt="login")
    question = await leave(browser, id_token_hint=old, post_logout_redirect_uri=HOME)
    done = await browser.submit(question, "/end_session")

    assert "Выйти?" in question.text
    assert done.headers["location"] == HOME


async def test_logout_by_post_from_another_site_works_by_its_hint(browser: Browser, new_browser: Any) -> None:
    """Such a request has no cookie of ours; the hint names the session."""
    tokens = await browser.tokens()
    elsewhere = new_browser()
    fields = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": HOME}
    response = await elsewhere.http.post("/oidc/end_session", data=fields)

    assert response.headers["location"] == HOME
    assert not await signed_in(browser)


@pytest.mark.parametrize("token", ["", "0" * 64, "я"])
async def test_forged_yes_does_not_count(browser: Browser, token: str) -> None:
    """The form must carry its token."""
    await browser.tokens()
    response = await browser.http.post("/oidc/end_session", data={"token": token})

    assert "Выйти?" in response.text
    assert await signed_in(browser)


async def test_nobody_signed_in_is_not_asked(browser: Browser) -> None:
    """There is nothing to ask about."""
    assert "Вы вышли" in (await leave(browser)).text
