"""The demo made on a day, as `make run` makes it, and beside it the usual day's."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from api.seed import broken_rules_of, seed
from domain import clock
from tests.clock import MOMENT, USUAL, VARIABLE, ZONE, standing_at
from tests.days.moments import FEW, Moment
from tests.days.questions import shapes_of
from tests.schema.demo import SETTINGS, Demo, open_demo

ALONE = VARIABLE in os.environ
"""`tests.days` looks at one day with the demo for people; `make test` at a few days with the tiny one."""
SIZE = "demo" if ALONE else "tiny"
DAYS = [Moment(MOMENT, "назван")] if ALONE else FEW


@dataclass
class Day:
    """The demo on its day."""

    demo: Demo
    said: list[str]
    broken: dict[str, int]

    @property
    def today(self) -> date:
        """The day it is at the school."""
        return clock.today(ZONE)


@pytest.fixture(scope="package", params=DAYS, ids=str)
def moment(request: pytest.FixtureRequest) -> Iterator[Moment]:
    """When the tests of this folder happen."""
    with standing_at(request.param.at):
        yield request.param


@pytest.fixture(scope="package")
async def day(moment: Moment, database_server: Any, database_template: str, anyio_backend: str) -> AsyncIterator[Day]:
    """The demo of this day; its tests read first, then write."""
    async with _made(database_server, database_template) as made:
        yield made


@pytest.fixture(scope="session")
async def usual(database_server: Any, database_template: str, anyio_backend: str) -> dict[str, set[str]]:
    """What the questions show on the usual day."""
    with standing_at(USUAL):
        async with _made(database_server, database_template) as made:
            return await shapes_of(made.demo)


@asynccontextmanager
async def _made(server: Any, template: str) -> AsyncIterator[Day]:
    said: list[str] = []
    with server.clone(template) as url:
        seed(url, size=SIZE, issuer=SETTINGS.stand_in_issuer, say=said.append)
        async with open_demo(url) as opened:
            yield Day(opened, said, broken_rules_of(url))
