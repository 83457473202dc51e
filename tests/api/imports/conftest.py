"""A seeded demo of each module's own, since imports write."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.schema.demo import Demo, open_demo, seeded_template


@pytest.fixture(scope="session")
def import_template(database_server: Any, database_template: str) -> Iterator[str]:
    """Name of the seeded database that is copied."""
    with seeded_template(database_server, database_template) as name:
        yield name


@pytest.fixture(scope="module")
async def demo(database_server: Any, import_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a copy of this module's own: its tests look for cells and people that are still free."""
    with database_server.clone(import_template) as url:
        async with open_demo(url) as opened:
            yield opened
