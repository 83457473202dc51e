"""The account page: a person sees and ends their own sessions and consents."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.auth.provider.browser import WEB, Browser, answer

pytestmark = pytest.mark.anyio
Sql = Callable[..., Awaitable[list[Any]]]
Open = Callable[..., Browser]


async def opened(browser: Browser) -> Any:
    """The account page."""
    return await browser.http.get("/oidc/account")


def other_session(page: Any) -> str:
    """The number of the first session that is not of this browser."""
    found: list[str] = re.findall(r"Другой браузер.*?name=\"session\" value=\"([^\"]+)\"", page.text, re.DOTALL)
    return found[0]


async def test_nobody_signed_in_sees_no_account(browser: Browser) -> None:
    """There is nothing to show."""
    assert (await opened(browser)).status_code == 401


async def test_person_ends_a_session_elsewhere(browser: Browser, new_browser: Open) -> None:
    """The other browser is signed out with its tokens; this one stays."""
    lost = new_browser("198.51.100.7")
    token = (await lost.tokens("teacher"))["refresh_token"]
    await browser.sign_in("teacher")
    page = await opened(browser)
    await browser.submit(page, "/account", session=other_session(page))

    assert answer(await lost.authorize(prompt="none"))["error"] == "login_required"
    assert (await lost.refresh(token)).json()["error"] == "invalid_grant"
    assert "code" in answer(await browser.authorize(prompt="none"))


async def test_person_ends_nobody_elses_session(browser: Browser, new_browser: Open, sql: Sql) -> None:
    """A number of somebody else's session does nothing."""
    other = new_browser("198.51.100.7")
    await other.sign_in("student")
    await browser.sign_in("teacher")
    number = (await sql("select id from provider.sessions order by auth_time limit 1"))[0][0]
    await browser.submit(await opened(browser), "/account", session=str(number))

    assert "code" in answer(await other.authorize(prompt="none"))


async def test_person_takes_a_consent_back(browser: Browser) -> None:
    """The application has to ask again."""
    consent = await browser.follow(await browser.sign_in("teacher", **WEB))
    await browser.submit(consent, "/consent", answer="allow")
    page = await opened(browser)
    await browser.submit(page, "/account", client="vhod-web")

    assert "Вход: страницы этого сервера" in page.text
    assert answer(await browser.authorize(**WEB, prompt="none"))["error"] == "consent_required"


async def test_forged_form_ends_nothing(browser: Browser, sql: Sql) -> None:
    """Without its token the form does nothing."""
    await browser.sign_in("teacher")
    number = (await sql("select id from provider.sessions"))[0][0]
    await browser.http.post("/oidc/account", data={"session": str(number), "token": "0" * 64})

    assert "code" in answer(await browser.authorize(prompt="none"))
