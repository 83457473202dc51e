"""Overload: who is let in, who waits, who is sent away at once; what ends with its client and what does not."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import orjson
import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send
from uvicorn.server import ServerState

from api.overload import bodies, places, work
from api.overload.admission import Admission
from api.overload.places import Places
from api.overload.protocol import GuardedProtocol, is_whole_question
from api.overload.refusing import STATE, Refusing
from tests.schema.demo import ORIGIN

pytestmark = pytest.mark.anyio

MOST_BYTES = 1_000


class Kitchen:
    """An application whose requests end when the test says so."""

    def __init__(self) -> None:
        self.started = 0
        self.finished = 0
        self.cancelled = 0
        self.go = asyncio.Event()
        self.changes = False
        self.stream = False
        self.places = Places(2, lambda: self.now)
        self.now = 0.0
        self.app = Admission(self.serve, Refusing(self.places, frozenset({ORIGIN}), https=False), MOST_BYTES)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started += 1
        scope.setdefault("state", {})["changes"] = self.changes
        while (await receive()).get("more_body"):
            pass
        if self.stream:
            headers = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.finished += 1
        if not self.stream:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def ask(self, path: str = "/graphql", **headers: str) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.post(path, json={"query": "{ me { standing } }"}, headers=headers)

    @asynccontextmanager
    async def asking(self, count: int) -> AsyncIterator[list["asyncio.Task[httpx2.Response]"]]:
        tasks = [asyncio.create_task(self.ask()) for _ in range(count)]
        await settled(lambda: self.started + len(self.places._waiting) >= min(count, 2))
        yield tasks
        self.go.set()
        await asyncio.gather(*tasks, return_exceptions=True)


async def settled(what: Callable[[], Any], turns: int = 1_000) -> None:
    """Give the loop its turns until something is so."""
    for _ in range(turns):
        if what():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


async def raw(app: Any, messages: list[Message | None], gone: asyncio.Event | None = None) -> list[Message]:
    """What the application sends to a client that sends these messages; None: nothing comes any more."""
    sent: list[Message] = []
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": []}

    async def receive() -> Message:
        message = messages.pop(0) if messages else None
        if message is not None:
            return message
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


async def test_request_without_a_place_waits_its_turn() -> None:
    """Two in work, the third begins when one of them is done; nobody is lost."""
    kitchen = Kitchen()
    async with kitchen.asking(5) as tasks:
        await settled(lambda: len(kitchen.places._waiting) == 3 and kitchen.started == 2)
        in_work = kitchen.started
    answers = await asyncio.gather(*tasks)

    assert in_work == 2
    assert [answer.status_code for answer in answers] == [200] * 5
    assert (kitchen.places.busy, len(kitchen.places._waiting)) == (0, 0)


async def test_full_server_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After before anything is read; pages of other origins may read it; other paths go by."""
    monkeypatch.setattr(places, "BURST", 1)
    kitchen = Kitchen()
    async with kitchen.asking(3):
        await settled(lambda: kitchen.places.full and kitchen.started == 2)
        refused = await kitchen.ask(**{"Accept-Language": "ru", "Origin": ORIGIN})
        health = asyncio.create_task(kitchen.ask("/readyz"))
        await settled(lambda: kitchen.started == 3)
    assert (await health).status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert refused.json()["errors"] == [
        {"message": "Сервер сейчас не может ответить.", "extensions": {"code": "UNAVAILABLE"}}
    ]


async def test_burst_may_wait_and_an_overload_may_not() -> None:
    """A queue that stands for half a second is cut to a fraction of a round of work; the newest keep their turn."""
    kitchen = Kitchen()
    async with kitchen.asking(40) as tasks:
        await settled(lambda: len(kitchen.places._waiting) == 38 and kitchen.started == 2)
        assert not kitchen.places.full
        kitchen.now = 0.6
        assert kitchen.places.full
    answers = [answer.status_code for answer in await asyncio.gather(*tasks)]

    assert (answers.count(200), answers.count(503)) == (3, 37)
    assert kitchen.places.busy == 0


async def test_overload_lasts_until_nobody_was_sent_away_for_a_while() -> None:
    """An empty queue is no sign of calm while others are being refused; a second of calm is."""
    kitchen = Kitchen()
    kitchen.places.send_away()
    async with kitchen.asking(3):
        await settled(lambda: len(kitchen.places._waiting) == 1 and kitchen.started == 1)
        in_flood = kitchen.places.full
        kitchen.places._empty_at = kitchen.now = 1.1
        in_calm = kitchen.places.full

    assert (in_flood, in_calm) == (True, False)


async def test_fewer_are_in_work_in_an_overload() -> None:
    """Whoever waited through it begins when calm has come back, and nobody overtakes them."""
    kitchen = Kitchen()
    kitchen.places.send_away()
    async with kitchen.asking(2) as tasks:
        await settled(lambda: len(kitchen.places._waiting) == 1)
        in_flood = kitchen.places.busy
        kitchen.places._empty_at = kitchen.now = 1.1
        late = asyncio.create_task(kitchen.ask())
        await settled(lambda: len(kitchen.places._waiting) == 2)
    answers = await asyncio.gather(*tasks, late)

    assert in_flood == 1
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert kitchen.places.busy == 0


async def test_nobody_waits_for_longer_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever had no turn until then is sent away, and leaves the queue."""
    monkeypatch.setattr(places, "BURST_SECONDS", 0.01)
    kitchen = Kitchen()
    async with kitchen.asking(3) as tasks:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    assert [task.result().status_code for task in done] == [503]
    assert kitchen.finished == 2


async def test_work_for_a_client_that_is_gone_is_stopped() -> None:
    """And its place is free; one that still waits never begins."""
    kitchen, gone = Kitchen(), asyncio.Event()
    asked = asyncio.create_task(raw(kitchen.app, [{"type": "http.request", "body": b"{}"}], gone))
    await settled(lambda: kitchen.started == 1)
    gone.set()
    sent = await asked

    assert (sent, kitchen.cancelled, kitchen.places.busy) == ([], 1, 0)


async def test_change_that_was_begun_is_done_though_nobody_waits() -> None:
    """A commit is not cut in two; the place is held until it is over."""
    kitchen, gone = Kitchen(), asyncio.Event()
    kitchen.changes = True
    asked = asyncio.create_task(raw(kitchen.app, [{"type": "http.request", "body": b"{}"}], gone))
    await settled(lambda: kitchen.started == 1)
    gone.set()
    for _ in range(20):
        await asyncio.sleep(0)
    held = kitchen.places.busy
    kitchen.go.set()
    await asked

    assert (held, kitchen.finished, kitchen.cancelled, kitchen.places.busy) == (1, 1, 0, 0)


@pytest.mark.parametrize("changes", [False, True])
async def test_what_lasts_too_long_is_answered(monkeypatch: pytest.MonkeyPatch, changes: bool) -> None:
    """A read is stopped, a change goes on and says nothing more; the client is told in both cases."""
    monkeypatch.setattr(work, "READ_SECONDS", 0.01)
    monkeypatch.setattr(work, "WRITE_SECONDS", 0.02)
    kitchen = Kitchen()
    kitchen.changes = changes
    answer = await kitchen.ask()
    held = kitchen.places.busy
    kitchen.go.set()
    await settled(lambda: kitchen.places.busy == 0)

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "TIMEOUT")
    assert (kitchen.finished, kitchen.cancelled) == ((1, 0) if changes else (0, 1))
    assert held == 1 or not changes


async def test_stream_of_events_holds_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lasts as long as it likes."""
    monkeypatch.setattr(work, "READ_SECONDS", 0.01)
    kitchen = Kitchen()
    kitchen.stream = True
    asked = asyncio.create_task(raw(kitchen.app, [{"type": "http.request", "body": b"{}"}]))
    await settled(lambda: kitchen.started == 1)
    await asyncio.wait([asked], timeout=0.05)
    running, busy = not asked.done(), kitchen.places.busy
    kitchen.go.set()
    sent = await asked

    assert (running, busy) == (True, 0)
    assert sent[-1]["body"] == b"{}"


async def test_slow_body_holds_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """408, and the connection is over."""
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)
    kitchen = Kitchen()
    sent = await raw(kitchen.app, [{"type": "http.request", "body": b"{", "more_body": True}, None])

    assert (sent[0]["status"], kitchen.started) == (408, 0)
    assert (b"connection", b"close") in sent[0]["headers"]
    assert orjson.loads(sent[1]["body"])["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_long_body_is_left_to_whoever_counts() -> None:
    """No more is read ahead than anybody may send; what follows is there for the layer that refuses."""
    kitchen = Kitchen()
    kitchen.go.set()
    pieces: list[Message | None] = [{"type": "http.request", "body": b"x" * 600, "more_body": True} for _ in range(5)]
    sent = await raw(kitchen.app, [*pieces, {"type": "http.request", "body": b""}])

    assert (sent[0]["status"], kitchen.finished) == (200, 1)


ONE = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nAccept-Language: ru\r\n\r\n{}"
NOT_WHOLE = {
    "a part": ONE[:-1], "more than one": ONE + b"G", "nothing": b"", "no head's end": ONE.replace(b"\r\n\r\n", b"\r\n"),
    "another path": ONE.replace(b"/graphql", b"/graphqlx"), "another method": ONE.replace(b"POST", b"OPTIONS"),
    "an older protocol": ONE.replace(b"1.1", b"1.0"), "an upgrade": ONE.replace(b"Host", b"Upgrade"),
    "the last": ONE.replace(b"Host: a", b"Connection: close"),
    "two lengths": ONE.replace(b"Host: a", b"Content-Length: 2"),
    "pieces": ONE.replace(b"Host: a", b"Transfer-Encoding: chunked"), "an odd length": ONE.replace(b": 2", b": +2"),
    "a folded length": ONE.replace(b": 2", b":\r\n 2"),
}  # fmt: skip


def test_only_a_whole_request_is_refused_unread() -> None:
    """In doubt it goes the long way round: two readers never disagree on where a request ends."""
    assert is_whole_question(ONE)
    assert is_whole_question(ONE.replace(b"Host: a", b"connection: Keep-Alive"))
    assert is_whole_question(b"GET /graphql?query=%7Bme%7D HTTP/1.1\r\nHost: a\r\n\r\n")
    assert {what for what, data in NOT_WHOLE.items() if is_whole_question(data)} == set()


async def test_flood_is_refused_by_the_protocol_itself() -> None:
    """The same answer as by the application, on the same connection again and again, without a task."""
    kitchen = Kitchen()
    refusing = Refusing(kitchen.places, frozenset({ORIGIN}), https=True)
    config = uvicorn.Config(kitchen.app, http=GuardedProtocol, log_config=None)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: GuardedProtocol(config, state, {STATE: refusing}), "127.0.0.1", 0)
    kitchen.places.busy, kitchen.places._waiting = 2, deque([loop.create_future()] * places.BURST)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    answers = []
    for _ in range(3):
        writer.write(ONE)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answers.append((head, orjson.loads(await reader.readexactly(length))))
    writer.close()
    server.close()

    assert answers[0][0].startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1\r\n" in answers[0][0].lower()
    assert b"x-content-type-options: nosniff\r\n" in answers[0][0].lower()
    assert answers[0][1]["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert (kitchen.started, len(state.tasks)) == (0, 0)
    assert refusing.refused == 3
