"""Measures subscriptions: thousands of open sockets on one serving process, and how soon a mark reaches its followers.

Run: .venv/bin/python -m bench.subscribers [--open 5000] [--marks 60] [--port 8160]

A real server, a real database with the invented school, real sockets. Some sockets follow the students of one page,
six each (a pupil, two parents, three teachers would); the others follow other students and hear nothing. The teacher
of the page corrects marks one after the other; each delivery is measured from the moment the change was sent off (so
the writing itself is in it) and from the moment it was answered. Memory is that of the server alone.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.commands.structure import seed_database
from api.database import database_urls
from api.migrations import migrate
from api.settings import Settings
from auth.provider.people import load_people
from bench.identity import SigningKey, served_keys
from bench.place import CHECKOUT, ISSUER, own_folder
from bench.proc import cpu_seconds, resident_bytes
from bench.telling import say

FOLLOWERS_OF_A_MARK = 6
AT_ONCE = 40
PATIENCE_SECONDS = 30
QUERY = """subscription D($id: ID!) {
  diaryChanged(studentId: $id) { cursor changes { kind gone object { id ... on Mark { value version } } } } }"""
PAGE = """{ journals(first: 50) { nodes { id
  lessons { id viewerCan { writeMarks { allowed } } }
  lines { id student { id } marks { id version value lesson { id } } } } } }"""
WRITE = """mutation W($i: WriteMarkInput!) { writeMark(input: $i) { mark { version } userErrors { code message } } }"""
KNOWN = "select person_id::text from external_identity where issuer = %s and subject = %s"


@dataclass
class Follower:
    """One open socket, and when it heard something."""

    subject: str
    student: str
    connection: ClientConnection | None = None
    heard: asyncio.Queue[float] = field(default_factory=asyncio.Queue)

    async def open(self, port: int, token: str) -> None:
        """Connect, say who it is, subscribe, take the first answer."""
        address = f"ws://127.0.0.1:{port}/graphql"
        protocols = [Subprotocol("graphql-transport-ws")]
        self.connection = await connect(
            address, subprotocols=protocols, compression=None, ping_interval=None, open_timeout=60
        )
        await self._say(type="connection_init", payload={"Authorization": f"Bearer {token}"})
        await self._hear("connection_ack")
        await self._say(id="1", type="subscribe", payload={"query": QUERY, "variables": {"id": self.student}})
        first = await self._hear("next")
        if not (first["payload"].get("data") or {}).get("diaryChanged"):
            raise SystemExit(f"a follower was refused: {first}")

    async def listen(self) -> None:
        """Note when each mark is told."""
        while True:
            await self._hear("next")
            self.heard.put_nowait(time.perf_counter())

    async def _say(self, **message: Any) -> None:
        if self.connection is not None:
            await self.connection.send(json.dumps(message))

    async def _hear(self, kind: str) -> dict[str, Any]:
        if self.connection is None:
            raise SystemExit("not connected")
        message = json.loads(await self.connection.recv())
        if message["type"] != kind:
            raise SystemExit(f"{kind} was expected, not {message}")
        return message  # type: ignore[no-any-return]


def prepare(settings: Settings, count: int) -> None:
    """The invented school with today's marks, and accounts for all who will follow."""
    if not (settings.state / "seeded").exists():
        seed_database(settings, "demo", {}, say)
        (settings.state / "seeded").touch()
    with database_urls(settings) as urls:
        migrate(urls.owner, say)  # a school of an earlier run may stand before the newest structure
        address = urls.owner.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as owner:
            for key, amount in (("teacher", 400), ("deputy-head", count)):
                [person] = owner.execute(KNOWN, [ISSUER, subject_of(key)]).fetchone() or [None]
                owner.execute(
                    "insert into external_identity (issuer, subject, person_id)"
                    " select %s, %s || '-' || n, %s from generate_series(1, %s) n on conflict do nothing",
                    [ISSUER, key, person, amount],
                )


def subject_of(key: str) -> str:
    """The account of a demo person."""
    return load_people()[key].oid


async def ask(client: httpx2.AsyncClient, token: str, query: str, **variables: Any) -> Any:
    """Data of an answer without errors."""
    asked = {"query": query, "variables": variables}
    answer = await client.post("/graphql", json=asked, headers={"Authorization": f"Bearer {token}"})
    body = answer.json()
    if "errors" in body:
        raise SystemExit(f"the server refused: {body['errors']}")
    return body["data"]


@dataclass
class Cell:
    """A mark that the teacher may correct."""

    line: str
    lesson: str
    student: str
    value: int
    version: int


def cells_of(data: Any) -> list[Cell]:
    """All marks of all pages that may be corrected now, one a student."""
    found: dict[str, Cell] = {}
    for page in data["journals"]["nodes"]:
        open_lessons = {one["id"] for one in page["lessons"] if one["viewerCan"]["writeMarks"]["allowed"]}
        for line in page["lines"] or ():
            for mark in line["marks"] or ():
                if mark["lesson"]["id"] in open_lessons:
                    student = line["student"]["id"]
                    found[student] = Cell(line["id"], mark["lesson"]["id"], student, mark["value"], mark["version"])
    return list(found.values())


async def write(client: httpx2.AsyncClient, token: str, cell: Cell) -> tuple[float, float]:
    """Correct a mark. Gives when it was sent off and when it was answered."""
    cell.value = cell.value % 4 + 2
    given = {"clientMutationId": str(uuid4()), "lineId": cell.line, "lessonId": cell.lesson, "value": cell.value}
    sent = time.perf_counter()
    done = await ask(client, token, WRITE, i=given | {"version": cell.version, "reason": "Замер"})
    if done["writeMark"]["userErrors"]:
        raise SystemExit(f"the mark was refused: {done['writeMark']['userErrors']}")
    cell.version = done["writeMark"]["mark"]["version"]
    return sent, time.perf_counter()


async def measure(port: int, key: SigningKey, server: int, count: int, marks: int) -> None:
    """Open, write, listen, report."""
    teacher = key.token(subject_of("teacher"))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
        cells = cells_of(await ask(client, teacher, PAGE))
        students = await ask(client, key.token(subject_of("deputy-head")), PAGE)
        others = {line["student"]["id"] for page in students["journals"]["nodes"] for line in page["lines"] or ()}
        silent = sorted(others - {cell.student for cell in cells}) or sys.exit("nobody else to follow")
        active = [
            Follower(f"teacher-{number + 1}", cells[number // FOLLOWERS_OF_A_MARK].student)
            for number in range(len(cells) * FOLLOWERS_OF_A_MARK)
        ]
        rest = [Follower(f"deputy-head-{n + 1}", silent[n % len(silent)]) for n in range(count - len(active))]
        idle, began, before = resident_bytes(server), time.perf_counter(), cpu_seconds(server)
        await open_all([*active, *rest], port, key)
        opened, full = time.perf_counter() - began, resident_bytes(server)
        say(f"{count} sockets in {opened:.0f} s, {1e3 * (cpu_seconds(server) - before) / count:.0f} ms of processor"
              f" time each; server {idle / 1e6:.0f} MB before, {full / 1e6:.0f} MB with them:"
              f" {(full - idle) / count / 1e3:.1f} KB a socket")  # fmt: skip
        listening = [asyncio.create_task(one.listen()) for one in active]
        spent, from_sending, from_answer = cpu_seconds(server), list[float](), list[float]()
        for number in range(marks):
            cell = cells[number % len(cells)]
            sent, answered = await write(client, teacher, cell)
            for follower in (one for one in active if one.student == cell.student):
                heard = await asyncio.wait_for(follower.heard.get(), PATIENCE_SECONDS)
                from_sending.append(heard - sent)
                from_answer.append(heard - answered)
        spent = cpu_seconds(server) - spent
        for task in listening:
            task.cancel()
    show(f"{marks} marks, {len(from_sending)} deliveries, none lost; from sending the change", from_sending)
    show("from its answer (before it: negative)", from_answer)
    say(f"server: {1e3 * spent / marks:.0f} ms of processor time a mark with {FOLLOWERS_OF_A_MARK} followers;"
          f" load of the machine {os.getloadavg()[0]:.1f}")  # fmt: skip


async def open_all(followers: list[Follower], port: int, key: SigningKey) -> None:
    """Open them, some at once."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(follower: Follower) -> None:
        async with places:
            await follower.open(port, key.token(follower.subject))

    await asyncio.gather(*(one(follower) for follower in followers))


def show(what: str, seconds: list[float]) -> None:
    """Median and the slowest hundredth."""
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    say(f"{what}: median {1e3 * statistics.median(ordered):.0f} ms, p99 {1e3 * p99:.0f} ms,"
          f" slowest {1e3 * ordered[-1]:.0f} ms")  # fmt: skip


def main() -> None:
    """Prepare, serve, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--open", type=int, default=5000, help="sockets (default 5000)")
    parser.add_argument("--marks", type=int, default=60, help="marks to write (default 60)")
    parser.add_argument("--port", type=int, default=8160, help="port of the server; the next one serves keys")
    given = parser.parse_args()
    state, key = own_folder("subscribers"), SigningKey.make()
    environment = {
        **os.environ,
        "VHOD_STATE": str(state),
        "PORT": str(given.port),
        "PUBLIC_URL": ISSUER[: -len("/oidc")],
    }
    environment |= {"VHOD_ISSUERS": key.issuers(given.port + 1), "VHOD_LOG_FORMAT": "json"}
    environment["VHOD_BUDGETS"] = json.dumps(dict.fromkeys(("PERSON", "CLIENT"), 100_000_000))
    os.environ.update(environment)
    prepare(Settings(), given.open)
    with Path(state, "server.log").open("wb") as log, served_keys(key, given.port + 1):
        server = subprocess.Popen(
            [sys.executable, "-m", "api", "serve"], cwd=CHECKOUT, env=environment, stdout=log, stderr=log
        )
        try:
            wait_until_ready(given.port)
            asyncio.run(measure(given.port, key, server.pid, given.open, given.marks))
        finally:
            began = time.perf_counter()
            server.send_signal(signal.SIGTERM)
            server.wait(60)  # the server has 15 s, its private database takes the rest
            say(f"stopped in {time.perf_counter() - began:.1f} s")


def wait_until_ready(port: int) -> None:
    """Ask until the server says yes."""
    for _ in range(600):
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not start; see server.log")


if __name__ == "__main__":
    main()
