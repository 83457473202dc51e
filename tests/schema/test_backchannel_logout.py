"""Back-channel logout: what ends at the provider ends here, at once and once; nothing else is believed."""

from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest

from api.stand_in import provider_config
from auth.provider.store import ProviderStore
from domain import clock
from tests.api.browser import OWN, Browser
from tests.auth.provider.browser import hidden_fields
from tests.schema.demo import SETTINGS, Demo

pytestmark = pytest.mark.anyio

EVENTS: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}
TEACHER = "1000000101"


async def sign_out_at_the_provider(browser: Browser) -> None:
    """By its own page, which knows nothing of us; the person confirms."""
    page = await browser.http.get(f"{browser.issuer}/end_session")
    await browser.http.post(f"{browser.issuer}/end_session", data=hidden_fields(page))


async def signed(demo: Demo, typ: str = "logout+jwt", **changes: Any) -> str:
    """A logout token of the stand-in for our client; None takes a claim away."""
    now = clock.seconds()
    right = {
        "iss": f"{OWN}/oidc", "aud": "vhod-web", "sub": TEACHER, "iat": now, "exp": now + 120, "jti": str(uuid4()),
        "events": EVENTS,
    }  # fmt: skip
    claims = {name: value for name, value in (right | changes).items() if value is not None}
    store = ProviderStore(provider_config(SETTINGS), demo.database.provider)
    await store.prepare()
    return await store.keys.sign("RS256", typ, claims)


async def tell(demo: Demo, token: str) -> int:
    """What the provider does; the status of our answer."""
    return (await demo.client.post("/auth/backchannel-logout", data={"logout_token": token})).status_code


async def test_signing_out_at_the_provider_ends_our_session_and_its_sockets(own_demo: Demo) -> None:
    """The same person's other browser goes on; after a fresh sign-in the session is still known by its name."""
    here, there = Browser.at(own_demo), Browser.at(own_demo)
    async with here.http, there.http:
        await here.sign_in("teacher")
        await there.sign_in("teacher")
        [current] = [one for one in (await here.http.get("/session/list")).json()["sessions"] if one["current"]]
        heard = anyio.Event()
        sessions = own_demo.app.state.subscriptions.deliveries.sessions
        with sessions.watched(UUID(current["id"]), heard.set):
            await sign_out_at_the_provider(here)
            with anyio.fail_after(5):
                await heard.wait()
        events = own_demo.ask("select detail from provider.security_events where detail is not null")

        assert await here.session() == {"signedIn": False}
        assert (await there.session())["signedIn"] is True
        assert [row.detail for row in events] == ["back-channel: told"]


async def test_token_is_judged_before_anything_ends(own_demo: Demo) -> None:
    """Another audience, an id_token, no event, a nonce, too old, nobody named, a second time: 400, nobody is out."""
    browser, now = Browser.at(own_demo), clock.seconds()
    wrong = [
        await signed(own_demo, aud="vhod-spa"),
        await signed(own_demo, iss="https://other.example"),
        await signed(own_demo, "at+jwt"),
        await signed(own_demo, events=None),
        await signed(own_demo, events={"http://schemas.openid.net/event/other": {}}),
        await signed(own_demo, nonce="n"),
        await signed(own_demo, iat=now - 3600),
        await signed(own_demo, exp=now - 60),
        await signed(own_demo, iat=str(now)),
        await signed(own_demo, sub=None),
        await signed(own_demo, jti=None),
        (await signed(own_demo))[:-8] + "AAAAAAAA",
        "no token",
    ]
    once = await signed(own_demo)
    async with browser.http:
        await browser.sign_in("teacher")
        refused = [await tell(own_demo, token) for token in wrong]
        still = (await browser.session())["signedIn"]
        other = await tell(own_demo, await signed(own_demo, sid=str(uuid4())))
        untouched = (await browser.session())["signedIn"]
        first = await tell(own_demo, once)
        over = (await browser.session())["signedIn"]
        await browser.sign_in("teacher")
        again = await tell(own_demo, once)

        assert refused == [400] * len(wrong)
        assert (still, other, untouched) == (True, 200, True)
        assert (first, over) == (200, False)
        assert (again, (await browser.session())["signedIn"]) == (400, True)


async def test_session_renewed_at_the_provider_ends_under_its_old_name_too(own_demo: Demo) -> None:
    """A fresh sign-in in one browser replaces the provider's session; another client there knows the old one."""
    browser = Browser.at(own_demo)
    async with browser.http:
        await browser.sign_in("teacher")
        [[old]] = own_demo.ask("select provider_sid from session.browser_session where ended_at is null")
        answer = await browser.http.get("/session/sign-in?fresh=true")
        page = await browser.http.get((await browser.http.get(answer.headers["location"])).headers["location"])
        if "/login/gosuslugi" in page.text:
            form = {**hidden_fields(page), "person": "teacher"}
            await browser.http.post(f"{browser.issuer}/login/gosuslugi", data=form)
        known = own_demo.ask(
            "select count(distinct session_id) from provider.session_clients where sid::text = :s", s=old
        )
        await sign_out_at_the_provider(browser)

        assert known[0][0] == 2
        assert await browser.session() == {"signedIn": False}
