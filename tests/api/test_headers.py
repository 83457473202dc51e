"""Every answer of every route carries the headers that protect whoever reads it, errors too."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from api.app import create_app
from api.database import DatabaseUrls, open_database
from api.settings import Settings

pytestmark = pytest.mark.anyio

OWN = "https://vhod.example"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}
BESIDE = ["/nowhere", "/graphql?query={", "/graphql?query={__typename}", "/session/callback?code=x&state=y",
          "/oidc/nowhere", "/graphql?documentId=sha256:0"]  # fmt: skip


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[Starlette]:
    """The application as clients reach it by https."""
    database = open_database(DatabaseUrls.of_owner(database_url), pool_size=2)
    yield create_app(Settings(public_address=OWN, secret_key="k" * 40), database)
    await database.close()


def addresses(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[str]:
    """A path for every route, whatever stands in its place holders."""
    for route in routes:
        if isinstance(route, Mount):
            yield from addresses(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            yield prefix + re.sub(r"\{[^}]*\}", "x", route.path)


async def test_every_route_has_the_protecting_headers(app: Starlette, subtests: pytest.Subtests) -> None:
    """By any method, found or not, allowed or not; each policy names what may frame and what may load."""
    paths = [*addresses(app.routes), *BESIDE]
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=OWN) as client:
        for path in paths:
            for method in ("GET", "POST", "DELETE", "OPTIONS"):
                answer = await client.request(method, path)
                policy = answer.headers.get("content-security-policy", "")
                with subtests.test(path, method=method):
                    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
                    assert "frame-ancestors 'none'" in policy
                    assert policy.startswith("default-src 'none'")
                    assert "unsafe-eval" not in policy
                    assert "*" not in policy
                    assert not {"server", "x-powered-by"} & set(answer.headers)
                    assert "*" not in answer.headers.get("access-control-allow-origin", "")
                    assert all(
                        "__Host-" in line and "; Secure" in line for line in answer.headers.get_list("set-cookie")
                    )

    assert {"/graphql", "/session", "/session/sign-out", "/oidc/token", "/imports/files", "/"} <= set(paths)
