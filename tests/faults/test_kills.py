"""The server is killed at every step of a page write and of an import, and at any moment; nightly a thousand times."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.ground import Ground
from tests.faults.kills import IMPORT_STEPS, MODES, PAGE_STEPS, looping
from tests.faults.servers import Mortal, launching, mortal

pytestmark = pytest.mark.anyio

SEED = 20261122
SOME_IMPORT_STEPS = ("run", "person", "commit of rows", "audit")


@pytest.fixture(scope="module")
def launcher() -> Iterator[Any]:
    """Starts servers within a moment."""
    with launching() as running:
        yield running


@pytest.fixture(scope="module")
def server(ground: Ground, launcher: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    """A server that is killed, over a database of its own."""
    log: Path = tmp_path_factory.mktemp("kills") / "log"
    with ground.site() as site, mortal(launcher, site, log) as running:
        yield running


async def test_server_killed_at_every_step_of_a_page_write(server: Mortal) -> None:
    """Each time the client sends again and learns what became of it: written whole, once."""
    async with looping(server, clients=2) as loop:
        stood = {step: await loop.kill_at_page_step(step) for step in PAGE_STEPS}

        assert stood == dict.fromkeys(PAGE_STEPS, True)
        assert len(loop.ledger.done) == len(PAGE_STEPS)
        assert loop.wrong() == []


async def test_server_killed_at_steps_of_an_import(server: Mortal) -> None:
    """The next worker ends the run; no row is doubled or lost. The nightly run takes every step in both modes."""
    assert set(SOME_IMPORT_STEPS) <= set(IMPORT_STEPS)
    async with looping(server, clients=2) as loop:
        stood = [await loop.kill_at_import_step(step, MODES[n % 2]) for n, step in enumerate(SOME_IMPORT_STEPS)]

        assert stood == [True] * len(SOME_IMPORT_STEPS)
        assert loop.wrong() == []


async def test_server_killed_at_any_moment_while_clients_write(server: Mortal) -> None:
    """What was told stands, what was not told is whole or not there."""
    async with looping(server) as loop:
        await loop.kill_at_random(3, random.Random(SEED))

        assert loop.ledger.done
        assert loop.wrong() == []
