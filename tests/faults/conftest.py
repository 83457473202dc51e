"""One ground for all faults, one site with a real server of two workers for those that do not kill it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import httpx2
import pytest

from tests.faults.clients import Client
from tests.faults.ground import Ground, Site, open_ground
from tests.faults.servers import served

Open = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """A durable PostgreSQL with the demo."""
    with open_ground() as opened:
        yield opened


@pytest.fixture(scope="session")
def site(ground: Ground) -> Iterator[Site]:
    """A database with a server that runs all the time."""
    with ground.site() as prepared, served(prepared, "--workers", "2"):
        yield prepared


@pytest.fixture
async def client(site: Site) -> AsyncIterator[Open]:
    """`await client("teacher")`: somebody's client of the running server; each has connections of its own."""
    opened: list[httpx2.AsyncClient] = []

    async def open_client(viewer: str = "teacher") -> Client:
        http = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{site.port}", timeout=30)
        opened.append(http)
        return await Client(site, viewer, http).ready()

    yield open_client
    for http in opened:
        await http.aclose()
