"""Queues: how many sockets are admitted, and how many subscriptions begun, at once; the others wait for their turn."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

ADMITTED_AT_ONCE = 2
"""Half of the requests' connections: who stands behind a session is looked up by them."""
BEGUN_AT_ONCE = 4
ADMISSION_SECONDS = 60.0
"""A provider that is away must not keep thousands waiting without a word."""


@dataclass(frozen=True)
class Queues:
    """Of one process. After a restart thousands come back within a second: requests and news go on beside them."""

    admissions: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ADMITTED_AT_ONCE))
    beginnings: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BEGUN_AT_ONCE))

    @asynccontextmanager
    async def admission(self) -> AsyncIterator[None]:
        """One's turn to say who one is. Raises TimeoutError after a minute of waiting."""
        async with asyncio.timeout(ADMISSION_SECONDS):
            await self.admissions.acquire()
        try:
            yield
        finally:
            self.admissions.release()

    @asynccontextmanager
    async def beginning(self) -> AsyncIterator[Callable[[], None]]:
        """One's turn to begin, until the end or until what is given is called: with the first answer's going out."""
        await self.beginnings.acquire()
        held = True

        def begun() -> None:
            nonlocal held
            if held:
                held = False
                self.beginnings.release()

        try:
            yield begun
        finally:
            begun()
