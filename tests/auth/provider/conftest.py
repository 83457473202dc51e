"""A provider in this process over a database of its own, and a browser that speaks to it without a socket."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.applications import Starlette
from starlette.routing import Mount

from auth.provider.app import serve_store
from auth.provider.config import ProviderConfig
from auth.provider.store import ProviderStore
from tests.auth.provider.browser import ISSUER, SPA_ORIGIN, Browser

# Keys, clients and children are made once: an RSA key takes longer than most tests.
PER_TEST = (
    *("interactions", "authorization_codes", "refresh_families", "sessions"),
    *("consents", "login_throttles", "security_events"),
)


@pytest.fixture(scope="session")
def config() -> ProviderConfig:
    """A development provider on loopback."""
    return ProviderConfig(ISSUER, "vhod-api", "a key for tests, not for life", True, (SPA_ORIGIN,))


@pytest.fixture(scope="session")
def provider_database(database_server: Any, database_template: str) -> Iterator[str]:
    """Address of a database with the provider's tables."""
    with database_server.clone(database_template) as url:
        yield url


@pytest.fixture(scope="session")
async def prepared_store(provider_database: str, config: ProviderConfig) -> AsyncIterator[ProviderStore]:
    """The store of the session, with keys, demo clients and demo children in its database."""
    engine = create_async_engine(provider_database, pool_size=10, max_overflow=10)
    store = ProviderStore(config, engine)
    await store.prepare()
    yield store
    await engine.dispose()


@pytest.fixture
async def store(prepared_store: ProviderStore) -> AsyncIterator[ProviderStore]:
    """The store of one test, in which nobody is signed in."""
    yield prepared_store
    async with prepared_store.engine.begin() as connection:
        await connection.exec_driver_sql("; ".join(f"delete from provider.{table}" for table in PER_TEST))


@pytest.fixture
def provider_engine(store: ProviderStore) -> AsyncEngine:
    """The engine of one test."""
    return store.engine


@pytest.fixture
def application(store: ProviderStore) -> Starlette:
    """The provider mounted as in the product."""
    return Starlette(routes=[Mount("/oidc", serve_store(store))])


@pytest.fixture
async def new_browser(application: Starlette) -> AsyncIterator[Callable[..., Browser]]:
    """Opens browsers, each with its own cookies and network address."""
    opened: list[Browser] = []

    def open_browser(address: str = "192.0.2.10") -> Browser:
        opened.append(Browser(application, address))
        return opened[-1]

    yield open_browser
    for browser in opened:
        await browser.http.aclose()


@pytest.fixture
def browser(new_browser: Callable[..., Browser]) -> Browser:
    """One browser."""
    return new_browser()


@pytest.fixture
def sql(provider_engine: AsyncEngine) -> Callable[..., Awaitable[list[Any]]]:
    """Runs a statement as the owner; returns its rows, if it has any."""

    async def run(statement: str, **values: object) -> list[Any]:
        async with provider_engine.begin() as connection:
            result = await connection.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []

    return run
