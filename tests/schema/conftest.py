"""One seeded demo for all tests of the contract: they only read it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from tests.schema.demo import Answer, Demo, open_demo, seeded_database

Query = Callable[..., Awaitable[Answer]]


@pytest.fixture(scope="session")
def seeded_url(database_server: Any, database_template: str) -> Iterator[str]:
    """Owner's address of the seeded database."""
    with seeded_database(database_server, database_template) as url:
        yield url


@pytest.fixture(scope="session")
async def demo(seeded_url: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over it."""
    async with open_demo(seeded_url) as opened:
        yield opened


@pytest.fixture
def query(demo: Demo) -> Query:
    """`query(document, variables=None, viewer="teacher", language="ru")`; viewer None is the anonymous caller."""
    return demo.query
