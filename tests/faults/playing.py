"""Plays a sequence of requests against a server and the model at once."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2

from tests.faults.clients import Client, page_input
from tests.faults.ground import WRITERS, Site
from tests.faults.sequences import NEVER, Change, Model, Place, Request

LINES, LESSONS = 3, 2
SEEN = ("newest", "stale", "nothing")

Asked = tuple[Place, str, Any, str]
"""Place, what is changed (mark, attendance, or both), the value, and which version was seen."""


@dataclass
class Play:
    """A fresh part of the page, the model of it, and everything that was sent."""

    site: Site
    clients: dict[str, Client]
    lines: list[str]
    lessons: list[str]
    model: Model = field(default_factory=Model)
    sent: list[Request] = field(default_factory=list)

    def request(self, number: int, asked: list[Asked]) -> Request:
        """A request as somebody would send it who has seen what the model has."""
        changes = {place: self._change(place, kind, value, seen) for place, kind, value, seen in asked}
        return Request(str(uuid4()), WRITERS[number % 2], list(changes.values()))

    async def send(self, *requests: Request) -> None:
        """Send at the same moment what is given together; some order of it must explain the answers."""
        answers = await asyncio.gather(*map(self._answer, requests))
        self.sent += requests
        for order in ([0, 1], [1, 0]) if len(requests) > 1 else ([0],):
            model, told = self.model, {}
            for index in order:
                model, told[index] = model.after(requests[index])
            if [told[index] for index in range(len(requests))] == answers:
                self.model = model
                return
        raise AssertionError(f"no order explains {answers} for {requests}, before: {self.model}")

    def compare(self) -> None:
        """What is in the database must be what the model has: versions, what stands, history."""
        places = {(line, lesson): (n, m) for n, line in enumerate(self.lines) for m, lesson in enumerate(self.lessons)}
        marks: dict[Place, list[Any]] = {}
        records: dict[Place, list[Any]] = {}
        for cells, table, value in ((marks, "mark_version", "value"), (records, "attendance_version", "code")):
            found = self.site.ask(
                f"select journal_line_id::text, lesson_id::text, {value} from {table}"
                " where lesson_id = any(%s::uuid[]) order by version",
                [self.lessons],
            )
            for line, lesson, what in found:
                cells.setdefault(places[line, lesson], []).append(what)
        stands = self.site.ask("select journal_line_id::text, lesson_id::text, value, version from mark"
                               " where lesson_id = any(%s::uuid[])", [self.lessons])  # fmt: skip

        assert marks == self.model.marks
        assert records == self.model.attendance
        assert {places[line, lesson]: (value, version) for line, lesson, value, version in stands} == {
            place: (versions[-1], len(versions))
            for place, versions in self.model.marks.items()
            if versions[-1] is not None
        }

    def _change(self, place: Place, kind: str, value: Any, seen: str) -> Change:
        mark, code = value
        marks, records = self.model.marks.get(place), self.model.attendance.get(place)
        return Change(
            place,
            mark=(mark, _version(marks, seen)) if kind != "attendance" else None,
            attendance=(code, _version(records, seen)) if kind != "mark" else None,
        )

    async def _answer(self, request: Request) -> set[str]:
        cells: dict[str, list[dict[str, Any]]] = {}
        for change in request.changes:
            line, lesson = self.lines[change.place[0]], self.lessons[change.place[1]]
            given: dict[str, Any] = {"lessonId": f"Lesson:{lesson}"}
            if change.mark is not None:
                given["mark"] = dict(zip(("value", "version"), change.mark, strict=True))
            if change.attendance is not None:
                given["attendance"] = dict(zip(("code", "version"), change.attendance, strict=True))
            cells.setdefault(line, []).append(given)
        answer = await self.clients[request.viewer].insist("writeJournalPage", **page_input(cells, request.key))
        return {error["code"] for error in answer["userErrors"]}


def _version(versions: list[Any] | None, seen: str) -> int | None:
    if seen == "nothing":
        return None
    newest = len(versions or ())
    return (newest or None) if seen == "newest" else (newest - 1 or NEVER)


async def play(site: Site, tokens: dict[str, Client], asked: list[Any]) -> Play:
    """Play a sequence: requests, pairs at the same moment, and retries of earlier ones; then every one again."""
    address = f"http://127.0.0.1:{site.port}"
    async with httpx2.AsyncClient(base_url=address, timeout=30) as http:
        for client in tokens.values():
            client.http = http
        game = Play(site, tokens, site.lines()[:LINES], site.lessons(LESSONS))
        for number, (kind, *parts) in enumerate(asked):
            if kind == "again" and game.sent:
                await game.send(game.sent[parts[0] % len(game.sent)])
            elif kind == "together":
                await game.send(game.request(0, parts[0]), game.request(1, parts[1]))
            elif kind == "one":
                await game.send(game.request(number, parts[0]))
        game.compare()
        done = [request for request in game.sent if request.key in game.model.done]
        for request in done:
            await game.send(request)
        game.compare()
        return game
