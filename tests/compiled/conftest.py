"""The world of the access tests once more, asked by both executors; and past the wall."""

from collections.abc import AsyncIterator

import pytest

from tests.access.cases import Cases
from tests.access.conftest import cases, door, world, world_database
from tests.access.door import Door, open_door
from tests.access.world import World
from tests.compiled.rounds import Rounds, open_rounds

__all__ = ["cases", "door", "world", "world_database"]


@pytest.fixture(scope="session")
async def rounds(door: Door, world: World, cases: Cases) -> AsyncIterator[Rounds]:
    """Generated documents, asked through the wall."""
    async with open_rounds(door, world, cases) as opened:
        yield opened


@pytest.fixture(scope="session")
async def unwalled(world_database: str, world: World, cases: Cases) -> AsyncIterator[Rounds]:
    """The same as a role that the wall does not bind: what it would take from both executors alike shows here."""
    async with open_door(world_database, role="vhod_keeper") as opened, open_rounds(opened, world, cases) as past:
        yield past
