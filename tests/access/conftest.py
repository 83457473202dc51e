"""The world, built once a session; the application before it; somebody for every role, pair of roles, and trap."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from schema import build_schema
from tests.access.cases import Cases
from tests.access.contract import places
from tests.access.door import Door, open_door, patience
from tests.access.newcomers import Newcomers
from tests.access.world import World, build_world


@pytest.fixture(autouse=True)
def unhurried() -> Iterator[None]:
    """A machine that is busy with other tests proves no less."""
    with patience():
        yield


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


@pytest.fixture(scope="module")
def changing_database(database_server: Any, database_template: str) -> Iterator[str]:
    """Owner's address of a database whose world these tests change."""
    with database_server.clone(database_template) as url:
        yield url


@pytest.fixture(scope="module")
def changing(changing_database: str) -> World:
    """The world before the changes. Each test changes people of its own."""
    return build_world(changing_database)


@pytest.fixture(scope="module")
async def open_world(changing_database: str, changing: World) -> AsyncIterator[Door]:
    """The application before it."""
    async with open_door(changing_database) as opened:
        yield opened


@pytest.fixture(scope="module")
def owner(changing_database: str) -> Iterator[Engine]:
    """Changes as those who keep the register make them."""
    engine = create_engine(changing_database, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def change(owner: Engine) -> Callable[..., None]:
    """Run a statement as the owner."""

    def run(statement: str, **values: Any) -> None:
        with owner.begin() as connection:
            connection.execute(text(statement), values)

    return run


@pytest.fixture
def newcomers(changing: World, change: Callable[..., None]) -> Newcomers:
    """Makes people."""
    return Newcomers(changing, change)
