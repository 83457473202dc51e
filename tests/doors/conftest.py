"""Two equal copies of a varied school, for the tests of a module."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.clock import USUAL, standing_at
from tests.doors.ground import Sides, two_sides
from tests.schema.demo import seeded_template


@pytest.fixture(scope="session")
def doors_template(database_server: Any, database_template: str) -> Iterator[str]:
    """Name of the seeded database that is varied and copied."""
    with standing_at(USUAL), seeded_template(database_server, database_template) as name:
        yield name


@pytest.fixture(scope="module")
async def sides(database_server: Any, doors_template: str, anyio_backend: str) -> AsyncIterator[Sides]:
    """The school behind the pen, and the school behind the file."""
    with standing_at(USUAL):
        async with two_sides(database_server, doors_template) as opened:
            yield opened
