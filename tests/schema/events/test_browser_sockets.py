"""Sockets of a browser's session: opened by cookie, origin and CSRF token, closed with the session."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.browser import OWN, Browser
from tests.schema.events.conftest import Live
from tests.schema.events.followers import RIGHTS, data, opened

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(live: Live) -> AsyncIterator[Browser]:
    """A teacher's browser."""
    signed_in = Browser.at(live.demo)
    async with signed_in.http:
        await signed_in.sign_in("teacher")
        yield signed_in


def page_of(browser: Browser, origin: str | None = OWN) -> dict[str, Any]:
    """What a browser sends at the handshake for a page of ours."""
    return {"additional_headers": {"Cookie": f"dev-vhod={browser.cookie}"}, "origin": origin}


async def test_sign_out_closes_the_sockets_of_that_session_at_once(live: Live, browser: Browser) -> None:
    """Not those of another session of the same person; and before anything could look for itself."""
    other = Browser.at(live.demo)
    async with opened(live.port, **page_of(browser)) as socket, opened(live.port, **page_of(other)) as kept, other.http:
        acknowledged = await socket.init(csrf=browser.csrf)
        first = data(await socket.subscribe(RIGHTS))
        await kept.init(Authorization=f"Bearer {await live.demo.token('teacher')}")
        await browser.sign_out()
        ended, still = await socket.closed(), data(await kept.subscribe(RIGHTS))
    watching = live.subscriptions.deliveries.sessions._watching

    assert acknowledged == {"type": "connection_ack"}
    assert first["me"]["standing"] == still["me"]["standing"] == "ACTIVE"
    assert ended == (4401, "SESSION_ENDED")
    assert not watching


@pytest.mark.parametrize(("origin", "csrf"), [(OWN, "x"), (OWN, None), (None, "right")])
async def test_cookie_alone_opens_no_socket(live: Live, browser: Browser, origin: str | None, csrf: str | None) -> None:
    """Another site could send it too: a page of ours names its origin and its token."""
    payload = {} if csrf is None else {"csrf": browser.csrf if csrf == "right" else csrf}
    async with opened(live.port, **page_of(browser, origin)) as socket:
        await socket.say(type="connection_init", payload=payload)
        ended = await socket.closed()

    assert ended == (4401, "UNAUTHENTICATED")
