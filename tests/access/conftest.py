"""The world, built once a session; the application before it; somebody for every role, pair of roles, and trap."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from schema import build_schema
from tests.access.cases import Cases
from tests.access.contract import places
from tests.access.door import Door, open_door
from tests.access.world import World, build_world


@pytest.fixture(scope="session")
def world_database(database_server: Any, database_template: str) -> Iterator[str]:
    """Owner's address of the database that the world is in; tests leave it as it was."""
    with database_server.clone(database_template) as url:
        yield url


@pytest.fixture(scope="session")
def world(world_database: str) -> World:
    """Everything that stands in the database."""
    return build_world(world_database)


@pytest.fixture(scope="session")
async def door(world_database: str, world: World) -> AsyncIterator[Door]:
    """The application as it is served."""
    async with open_door(world_database) as opened:
        yield opened


@pytest.fixture(scope="session")
def cases(world: World) -> Cases:
    """Who asks."""
    return Cases(world, places(build_schema().graphql))
