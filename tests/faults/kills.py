"""Kills: a server dies at a named step or at any moment, clients go on until they know, then all of it is judged."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2

from tests.api.imports.bringing import SCHOOL, lines
from tests.faults.clients import Client, cell, page_input
from tests.faults.ground import WRITERS, Site
from tests.faults.servers import Mortal
from tests.faults.soundness import Ledger, faults
from tests.faults.steps import holding

PAGE_STEPS = (
    "rights",
    "key",
    "column",
    "version",
    "mark",
    "sums",
    "attendance",
    "audit",
    "kept key",
    "answer",
    "commit",
)
IMPORT_STEPS = ("run", "person", "enrolment", "assignment", "row", "source row", "commit of rows", "audit")
MODES = ("ROW_BY_ROW", "ALL_OR_NOTHING")
HEADER = ("ФИО", "Дата рождения", "Класс", "Родитель 1", "Родитель 1 телефон")
STUDENTS = 6
IMPORT_SECONDS = 600.0
COLD, WARM_SECONDS = 0.3, 10.0
ENDED = ("DONE", "REFUSED", "FAILED", "CANCELLED")


@dataclass
class Loop:
    """One mortal server, its clients, and what they were told."""

    server: Mortal
    clients: list[Client]
    ledger: Ledger = field(default_factory=Ledger)
    imports: list[str] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """The site that is served."""
        return self.server.site

    async def kill_at_page_step(self, step: str) -> bool:
        """Kill while a page write stands at a step. Tells whether it stood there; afterwards the client knows."""
        lesson, others = self.site.lessons(2)
        cells = {line: [cell(lesson, 5)] for line in self.site.lines()}
        for given in cells.values():
            given.append({"lessonId": f"Lesson:{others}", "attendance": {"code": "LATE", "version": None}})
        return await self._killed(step, lambda: self._write(self.clients[0], cells, str(uuid4())))

    async def kill_at_import_step(self, step: str, mode: str) -> bool:
        """Kill while an import stands at a step. Afterwards the run has ended under another worker."""
        content, word = people()
        with holding(self.site, "run") as taken_up:
            run = await start_import(self.clients[1], content, mode)
            await asyncio.to_thread(taken_up, lambda: False)
            if step == "run":
                await self._kill_and_start()
                stood = True
        if step != "run":
            stood = await self._killed(
                step, lambda: wait_until_ended(self.site, run), before=lambda: end_leases(self.site)
            )
        end_leases(self.site)
        assert await wait_until_ended(self.site, run)
        self.imports.append(word)
        return stood

    async def kill_at_random(
        self, times: int, chance: random.Random, seconds: float = 0.4, meanwhile: Callable[[], None] | None = None
    ) -> None:
        """Kill again and again while clients write pages and imports run; `meanwhile` something else happens too."""
        goal = self.server.kills + times
        writers = [self._keep_writing(client, goal, chance) for client in self.clients]
        importer = self._keep_importing(goal, chance)
        other = asyncio.to_thread(meanwhile or (lambda: None))
        load = [asyncio.create_task(one) for one in (*writers, importer, other)]
        while self.server.kills < goal:
            await self._moment(chance, seconds)
            await self._kill_and_start()
            end_leases(self.site)
        await asyncio.gather(*load)

    def wrong(self) -> list[str]:
        """Everything that is not as it must be."""
        brought = self.site.ask(
            "select last_name, count(*) from person where last_name = any(%s) group by last_name", [self.imports]
        )
        missing = [f"import {word}: {dict(brought).get(word, 0)} of {STUDENTS}" for word in self.imports
                   if dict(brought).get(word, 0) != STUDENTS]  # fmt: skip
        return faults(self.site) + self.ledger.lies(self.site) + missing

    async def _killed(
        self, step: str, act: Callable[[], Awaitable[object]], before: Callable[[], None] = lambda: None
    ) -> bool:
        with holding(self.site, step) as reached:
            task = asyncio.ensure_future(act())
            stood = await asyncio.to_thread(reached, task.done)
            await asyncio.to_thread(self.server.kill)
        self.server.start()
        await asyncio.to_thread(self.server.ready)
        before()
        await task
        self.steps[step] = self.steps.get(step, 0) + stood
        return stood

    async def _moment(self, chance: random.Random, seconds: float) -> None:
        """Every other time at once or soon after the start, else when the server is warm and in the middle of work."""
        if chance.random() < COLD:
            await asyncio.sleep(chance.uniform(0, seconds))
            return
        known, last = self._answers(), time.monotonic() + WARM_SECONDS
        while self._answers() == known and time.monotonic() < last:  # noqa: ASYNC110 - of other tasks
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0, seconds / 2))

    def _answers(self) -> int:
        return sum(client.answers for client in self.clients)

    async def _kill_and_start(self) -> None:
        await asyncio.to_thread(self.server.kill)
        self.server.start()
        await asyncio.to_thread(self.server.ready)

    async def _write(self, client: Client, cells: dict[str, list[dict[str, Any]]], key: str) -> None:
        marks = [given["mark"] for line in cells.values() for given in line if "mark" in given]
        for mark in marks:
            mark["remark"] = key
        self.ledger.sent[key] = len(marks)
        answer = await client.insist("writeJournalPage", **page_input(cells, key))
        (self.ledger.refused if answer["userErrors"] else self.ledger.done).add(key)

    async def _keep_writing(self, client: Client, goal: int, chance: random.Random) -> None:
        lessons, everybody = self.site.lessons(3), self.site.lines()
        while self.server.kills < goal:
            chosen = chance.sample(everybody, chance.randint(1, len(everybody)))
            stands = self._versions(lessons)
            cells = {
                line: [
                    cell(lesson, chance.choice([None, 2, 3, 4, 5]) if (line, lesson) in stands else 4,
                         stands.get((line, lesson)))
                    for lesson in lessons
                ]
                for line in chosen
            }  # fmt: skip
            if any(given["mark"]["value"] is None for line in cells.values() for given in line):
                self._only_what_stands(cells, stands)
            await self._write(client, cells, str(uuid4()))

    def _only_what_stands(self, cells: dict[str, list[dict[str, Any]]], stands: dict[tuple[str, str], int]) -> None:
        """A withdrawal of what does not stand is no change, and would not be counted."""
        gone = {(str(line), str(lesson)) for line, lesson in self.site.ask(
            "select v.journal_line_id, v.lesson_id from mark_version v where v.value is null and not exists"
            " (select from mark_version w where w.mark_id = v.mark_id and w.version > v.version)"
        )}  # fmt: skip
        for line, row in cells.items():
            for given in row:
                if given["mark"]["value"] is None and (line, given["lessonId"][7:]) in gone:
                    given["mark"]["value"] = 3

    def _versions(self, lessons: list[str]) -> dict[tuple[str, str], int]:
        found = self.site.ask(
            "select journal_line_id, lesson_id, max(version) from mark_version where lesson_id = any(%s::uuid[])"
            " group by 1, 2", [lessons],
        )  # fmt: skip
        return {(str(line), str(lesson)): version for line, lesson, version in found}

    async def _keep_importing(self, goal: int, chance: random.Random) -> None:
        while self.server.kills < goal:
            content, word = people()
            mode = chance.choice(MODES)
            while not await wait_until_ended(self.site, await start_import(self.clients[1], content, mode)):
                pass  # it was told that the database was away too often: the same file again
            self.imports.append(word)


def end_leases(site: Site) -> None:
    """Let the time be over for which a run is left to the worker that has it, or rests."""
    site.ask("update import_run set lease_until = vhod.now() - interval '1 second' where status = 'RUNNING'")


def people() -> tuple[bytes, str]:
    """Students of one surname, every two with the same mother; and the surname."""
    word = "Убит" + "".join("абвгдежзик"[int(digit)] for digit in f"{time.monotonic_ns() % 10**9:09}") + "ов"
    names, mothers = ("Иван", "Пётр", "Олег", "Глеб", "Игорь", "Юрий"), ("Анна", "Вера", "Инна")
    rows = [
        [f"{word} {name}", "02.03.2013", "7А", f"{word}а {mothers[n // 2]}", f"+7000555{n // 2:04}"]
        for n, name in enumerate(names)
    ]
    return lines(HEADER, *rows), word


async def start_import(deputy: Client, content: bytes, mode: str) -> str:
    """Send the file until it is there, then ask for the run until it is known to wait."""
    answer = await deputy.insist("startImport", fileId=await _sent(deputy, content), kind="PEOPLE", mode=mode)
    assert answer["userErrors"] == []
    return str(answer["importRun"]["id"])


async def _sent(client: Client, content: bytes) -> str:
    headers = {"X-File-Name": quote("класс.csv"), "Content-Type": "text/csv"}
    until = time.monotonic() + IMPORT_SECONDS
    while time.monotonic() < until:
        headers["Authorization"] = f"Bearer {await client.token()}"
        try:
            sent = await client.http.post(f"/imports/files?organisation={SCHOOL}", content=content, headers=headers)
        except httpx2.TransportError:
            await asyncio.sleep(0.02)
            continue
        if sent.status_code == 201:
            return str(sent.json()["fileId"])
        await asyncio.sleep(0.02)
    raise AssertionError("the file could not be sent")


async def wait_until_ended(site: Site, run: str) -> bool:
    """Wait until a run has ended. True: it is done; False: it was given up because the database was away too often."""
    until, key = time.monotonic() + IMPORT_SECONDS, run.removeprefix("ImportRun:")
    while time.monotonic() < until:
        [[status, failure]] = site.ask("select status, failure_code from import_run where id = %s", [key])
        if status in ENDED:
            assert (status, failure) in {("DONE", None), ("FAILED", "INTERRUPTED")}
            return bool(status == "DONE")
        await asyncio.sleep(0.05)
    raise AssertionError("the import did not end")


@asynccontextmanager
async def looping(server: Mortal, clients: int = 3) -> AsyncIterator[Loop]:
    """The loop over a server, with clients of a teacher and a deputy head in turn."""
    address = f"http://127.0.0.1:{server.site.port}"
    https = [httpx2.AsyncClient(base_url=address, timeout=30) for _ in range(clients)]
    try:
        yield Loop(server, [Client(server.site, WRITERS[n % 2], http) for n, http in enumerate(https)])
    finally:
        for http in https:
            await http.aclose()
