"""What a supervisor learns: whether we live, whether we can serve, and nothing else."""

import httpx2
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from starlette.applications import Starlette

from api.database import DatabaseUrls, open_database
from api.health import health_routes

pytestmark = pytest.mark.anyio

NOWHERE = "postgresql+psycopg://nobody@/nothing?host=/nonexistent-canary"


async def ask(path: str, urls: DatabaseUrls) -> httpx2.Response:
    """Ask a server that has this database."""
    database = open_database(urls, pool_size=1)
    transport = httpx2.ASGITransport(app=Starlette(routes=list(health_routes(database))))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as caller:
        answer = await caller.get(path)
    await database.close()
    return answer


async def test_migrated_database_is_ready(database_url: str) -> None:
    """The API's own role reads the version: 200."""
    answer = await ask("/readyz", DatabaseUrls.of_owner(database_url))

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


async def test_database_of_another_version_is_not_ready(fresh_database: str) -> None:
    """A new release before its migration: the failed check is named."""
    with create_engine(fresh_database, poolclass=NullPool).begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'base_1'"))
    answer = await ask("/readyz", DatabaseUrls.of_owner(fresh_database))

    assert (answer.status_code, answer.json()) == (503, {"status": "failed", "failed": ["migrations"]})


async def test_database_of_a_later_release_is_ready(fresh_database: str) -> None:
    """The next release has expanded it: this one serves on until it is replaced."""
    with create_engine(fresh_database, poolclass=NullPool).begin() as connection:
        connection.execute(text("update alembic_version set version_num = '2031_01_01_01'"))
        connection.execute(text("alter table organisation add column motto text"))
    answer = await ask("/readyz", DatabaseUrls.of_owner(fresh_database))

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_missing_database_is_not_ready_but_the_process_lives() -> None:
    """Both checks fail by name; addresses and reasons stay inside."""
    urls = DatabaseUrls(*[make_url(NOWHERE)] * 3)
    ready, live = await ask("/readyz", urls), await ask("/livez", urls)

    assert (ready.status_code, ready.json()) == (503, {"status": "failed", "failed": ["database", "migrations"]})
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert "canary" not in ready.text
