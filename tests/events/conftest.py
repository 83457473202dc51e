"""The seeded demo over real sockets; each test has a copy of its own, since all of them write."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.events.followers import served
from tests.schema.conftest import demo_template, own_demo, own_pen
from tests.schema.demo import Demo
from tests.schema.writing import FLAGSHIP

__all__ = ["demo_template", "own_demo", "own_pen"]


@pytest.fixture
async def port(own_demo: Demo) -> AsyncIterator[int]:
    """Where the demo is served."""
    async with served(own_demo.app) as found:
        yield found


@dataclass(frozen=True)
class Child:
    """The child of legal-representative: student, and line on the flagship page."""

    student: str
    line: str

    @property
    def person(self) -> str:
        return self.student.partition(":")[2]


@pytest.fixture
async def child(own_demo: Demo) -> Child:
    """Whose diary is followed."""
    query = "query Lines($id: ID!) { journal(id: $id) { lines { id student { id } } } }"
    answer = await own_demo.query(query, {"id": FLAGSHIP}, viewer="legal-representative")
    [line] = answer.data["journal"]["lines"]
    return Child(line["student"]["id"], line["id"])
