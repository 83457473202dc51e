"""One seeded demo for all tests of the contract, which only read it; and copies for those that write."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from tests.schema.demo import Answer, Demo, open_demo, seeded_template
from tests.schema.writing import Pen, holding

Query = Callable[..., Awaitable[Answer]]


@pytest.fixture(scope="session")
def demo_template(database_server: Any, database_template: str) -> Iterator[str]:
    """Name of the seeded database; nobody is connected to it, so that it can be copied."""
    with seeded_template(database_server, database_template) as name:
        yield name


@pytest.fixture(scope="session")
async def demo(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a copy that is only read."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture
async def own_demo(database_server: Any, demo_template: str) -> AsyncIterator[Demo]:
    """The application over a copy of this test's own."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture(scope="module")
async def written_demo(database_server: Any, demo_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a copy that the tests of a module write to, each in cells that it empties first."""
    with database_server.clone(demo_template) as url:
        async with open_demo(url) as opened:
            yield opened


@pytest.fixture
def pen(written_demo: Demo) -> Iterator[Pen]:
    """Writing in the module's copy, by a clock that the test sets."""
    with holding(written_demo) as hand:
        yield hand


@pytest.fixture
def own_pen(own_demo: Demo) -> Iterator[Pen]:
    """Writing in a copy of this test's own: for tests that change people, periods or settings."""
    with holding(own_demo) as hand:
        yield hand


@pytest.fixture
def query(demo: Demo) -> Query:
    """`query(document, variables=None, viewer="teacher", language="ru")`; viewer None is the anonymous caller."""
    return demo.query
