"""The demo that `make run` loads, at the usual moment of the tests whatever the others are at: it answers the pages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from api.seed import seed
from tests.clock import USUAL, in_database, standing_at
from tests.schema.demo import SETTINGS, Demo, open_demo


@pytest.fixture
async def own_demo(database_server: Any, database_template: str, anyio_backend: str) -> AsyncIterator[Demo]:
    """The application over a demo of this test's own."""
    with standing_at(USUAL), database_server.clone(database_template) as url:
        with create_engine(url, poolclass=NullPool).begin() as connection:
            for statement in in_database():
                connection.execute(text(statement))
        seed(url, size="demo", issuer=SETTINGS.stand_in_issuer, today=USUAL.date(), say=lambda line: None)
        async with open_demo(url) as opened:
            yield opened
