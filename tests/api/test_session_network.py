"""Sign-in over real connections: browser to server, and server to its provider."""

import socket

import httpx2
import pytest

from api.app import create_app
from api.database import DatabaseUrls, open_database
from api.settings import Settings
from tests.api.browser import Browser
from tests.node import served

pytestmark = pytest.mark.anyio


async def test_person_signs_in_and_out_over_the_network(fresh_database: str) -> None:
    """With the library's own connections, past a proxy of the environment, to the cookie and back to nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.MonkeyPatch.context() as environment:
        environment.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        database = open_database(DatabaseUrls.of_owner(fresh_database), pool_size=2)
        with served(create_app(Settings(public_address=origin), database), listener):
            async with httpx2.AsyncClient(base_url=origin, trust_env=False) as client:
                browser = Browser(client, origin=origin)
                arrived = await browser.sign_in("teacher", "/graphiql")
                session, answer = await browser.session(), await browser.ask()
                left = (await browser.sign_out()).json()
                ended = await client.get(left["providerSignOut"])

    assert arrived.headers["location"] == "/graphiql"
    assert session["signedIn"] is True
    assert answer.json()["data"] == {"me": {"standing": "UNKNOWN"}}
    assert (ended.status_code, ended.headers["location"]) == (303, f"{origin}/")
