"""The demo over real sockets: one copy for the tests of a module, who write in cells of their own."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from api.subscriptions import Subscriptions
from tests.schema.demo import Demo
from tests.schema.events.followers import Socket, following, served, streaming
from tests.schema.writing import FLAGSHIP

LINES = "query Lines($id: ID!) { journal(id: $id) { lines { id number student { id } } } }"


@dataclass(frozen=True)
class Child:
    """A student with the line on the flagship page."""

    student: str
    line: str


@dataclass(frozen=True)
class Live:
    """A demo that is served."""

    demo: Demo
    port: int

    @property
    def subscriptions(self) -> Subscriptions:
        found: Subscriptions = self.demo.app.state.subscriptions
        return found

    @asynccontextmanager
    async def socket(self, viewer: str) -> AsyncIterator[Socket]:
        """A socket of a demo person."""
        async with following(self.port, await self.demo.token(viewer)) as opened:
            yield opened

    async def stream(self, viewer: str, query: str, **given: Any) -> AbstractAsyncContextManager[Any]:
        """Server-sent events for a demo person."""
        return streaming(self.port, await self.demo.token(viewer), query, **given)

    async def child(self, viewer: str, number: int | None = None) -> Child:
        """The student on this line of the flagship page; without a number the only one that the viewer sees."""
        answer = await self.demo.query(LINES, {"id": FLAGSHIP}, viewer=viewer)
        [line] = [one for one in answer.data["journal"]["lines"] if number in (None, one["number"])]
        return Child(line["student"]["id"], line["id"])


@pytest.fixture(scope="module")
async def live(written_demo: Demo) -> AsyncIterator[Live]:
    """The module's demo, and where it is served."""
    async with served(written_demo.app) as port:
        yield Live(written_demo, port)


@pytest.fixture
async def child(live: Live) -> Child:
    """The child of legal-representative."""
    return await live.child("legal-representative")
