"""Writer: a teacher who corrects a mark again and again while the server is flooded, and remembers every "done"."""

import asyncio
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

CELLS = """query ($id: ID!) { journal(id: $id) { lines { id }
  lessons { id viewerCan { writeMarks { allowed } } } } }"""
WRITE = """mutation ($i: WriteMarkInput!) { writeMark(input: $i) { mark { value version } userErrors { code } } }"""
HISTORY = """query ($id: ID!) { node(id: $id) { ... on JournalLine { history { value version lesson { id } } } } }"""
PAUSE_SECONDS = 0.05


@dataclass
class Writer:
    """One cell of a page."""

    url: str
    token: str
    journal: str
    done: dict[int, int] = field(default_factory=dict)
    _line: str = ""
    _lesson: str = ""
    _version: int | None = None
    _stopped: bool = False

    async def begin(self) -> None:
        """Find a cell that may be written today."""
        page = (await self._asked(CELLS, {"id": self.journal}))["journal"]
        self._lesson = next(one["id"] for one in page["lessons"] if one["viewerCan"]["writeMarks"]["allowed"])
        self._line = page["lines"][0]["id"]
        history = await self._history()
        self._version = max(history, default=None)

    async def run(self) -> int:
        """Write until stopped, each change until it is acknowledged. Gives how many were."""
        while not self._stopped:
            await self._write(2 + (self._version or 0) % 4)
            await asyncio.sleep(PAUSE_SECONDS)
        return len(self.done)

    def stop(self) -> None:
        """End after the change at hand."""
        self._stopped = True

    async def lost(self) -> int:
        """Changes that were acknowledged and do not stand in the history as they were."""
        history = await self._history()
        return sum(history.get(version) != value for version, value in self.done.items())

    async def _write(self, value: int) -> None:
        given = {
            "clientMutationId": str(uuid4()), "lineId": self._line, "lessonId": self._lesson, "value": value,
            "version": self._version, "reason": "Overload",
        }  # fmt: skip
        told = (await self._asked(WRITE, {"i": given}))["writeMark"]
        assert told["userErrors"] == [], told["userErrors"]
        self._version = told["mark"]["version"]
        self.done[told["mark"]["version"]] = told["mark"]["value"]

    async def _history(self) -> dict[int, int]:
        found = (await self._asked(HISTORY, {"id": self._line}))["node"]["history"]
        return {one["version"]: one["value"] for one in found if one["lesson"]["id"] == self._lesson}

    async def _asked(self, query: str, variables: dict[str, Any]) -> Any:
        """Ask until there is an answer: the same request, hence the same key."""
        while True:
            answer = await asyncio.to_thread(self._once, {"query": query, "variables": variables})
            if answer is not None:
                return answer
            await asyncio.sleep(PAUSE_SECONDS)

    def _once(self, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/graphql", json.dumps(body).encode(), headers)  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:  # noqa: S310 - our own address
                told = json.load(answer)
        except (urllib.error.URLError, OSError):
            return None
        assert "errors" not in told, told["errors"]
        return told["data"]
