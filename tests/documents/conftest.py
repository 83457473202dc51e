"""The demo that `make run` loads, on the day of the tests: it answers what the pages ask."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.schema.demo import Demo, open_demo, seeded_template


@pytest.fixture
async def own_demo(database_server: Any, database_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a demo of this test's own."""
    with (
        seeded_template(database_server, database_template, size="demo") as seeded,
        database_server.clone(seeded) as url,
    ):
        async with open_demo(url) as opened:
            yield opened
