"""Loop: one request again and again over kept connections, each after an answer (closed) or at a given rate (open)."""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

TICK_SECONDS = 0.001


@dataclass
class Answers:
    """What came back. Milliseconds; `others`: neither data nor an orderly refusal; `unsent`: no connection was free."""

    seconds: float = 0.0
    accepted: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    others: int = 0
    unsent: int = 0
    stalled: float = 0.0
    """The longest that we ourselves did not run: the machine's other work, which spoils the figures."""

    @property
    def rate(self) -> float:
        """Accepted a second."""
        return len(self.accepted) / self.seconds if self.seconds else 0.0

    @property
    def refused(self) -> int:
        """How many were sent away."""
        return len(self.refusals)

    def percentile(self, part: float) -> float:
        """Of the accepted."""
        return _percentile(self.accepted, part)

    def refusal_percentile(self, part: float) -> float:
        """Of those sent away."""
        return _percentile(self.refusals, part)


class Loop:
    """`connections` at most; all to one port of this machine."""

    def __init__(self, port: int, asked: bytes, connections: int) -> None:
        self._port, self._asked, self._most = port, asked, connections
        self._idle: deque[_Line] = deque()
        self.found = Answers()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for _ in range(self._most):
            _, line = await loop.create_connection(lambda: _Line(self), "127.0.0.1", self._port)
            self._idle.append(line)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in self._idle:
            line.close()

    async def closed(self, connections: int, seconds: float) -> Answers:
        """So many clients, each asking again when it is answered."""
        self.found, began = Answers(), time.perf_counter()
        lines = [await self._line() for _ in range(connections)]
        await asyncio.gather(*(self._again(line, began + seconds) for line in lines))
        self.found.seconds = time.perf_counter() - began
        return self.found

    async def open(self, rate: float, seconds: float) -> Answers:
        """So many a second, whatever becomes of those before."""
        self.found, began, sent, before = Answers(), time.perf_counter(), 0, 0.0
        while (now := time.perf_counter() - began) < seconds:
            self.found.stalled, before = max(self.found.stalled, 1000 * (now - before)), now
            due = int(now * rate) - sent
            sent += due
            for _ in range(due):
                if self._idle:
                    self._idle.popleft().ask(self._asked)
                else:
                    self.found.unsent += 1
            await asyncio.sleep(TICK_SECONDS)
        self.found.seconds = time.perf_counter() - began
        found = self.found
        await asyncio.sleep(2)
        return found

    async def _line(self) -> "_Line":
        """A connection that is open: the server closes those that were unused for long."""
        while self._idle:
            line = self._idle.popleft()
            if line.is_open:
                return line
        _, line = await asyncio.get_running_loop().create_connection(lambda: _Line(self), "127.0.0.1", self._port)
        return line

    async def _again(self, line: "_Line", until: float) -> None:
        while time.perf_counter() < until and line.is_open:
            line.answered = asyncio.get_running_loop().create_future()
            line.ask(self._asked)
            await line.answered
            self._idle.remove(line)
        line.answered = None
        self._idle.append(line)

    def note(self, line: "_Line", status: bytes, milliseconds: float) -> None:
        """An answer has come."""
        if status == b"200":
            self.found.accepted.append(milliseconds)
        elif status == b"503":
            self.found.refusals.append(milliseconds)
        else:
            self.found.others += 1
        self._idle.append(line)

    def lost(self) -> None:
        """A connection has ended in the middle of an answer."""
        self.found.others += 1


class _Line(asyncio.Protocol):
    """One connection: one request at a time."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._transport: Any = None
        self._buffer = bytearray()
        self._began = 0.0
        self._asked = b""
        self.answered: asyncio.Future[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can be asked."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, asked: bytes) -> None:
        """Send; an idle connection that the server has closed meanwhile is made anew."""
        self._began, self._asked = time.perf_counter(), asked
        if self.is_open:
            self._transport.write(asked)
        else:
            task = asyncio.ensure_future(
                asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._loop._port)
            )
            task.add_done_callback(lambda _: self._transport.write(asked))

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """It is not."""
        if self._asked:
            self._asked = b""
            self._loop.lost()
            if self.answered is not None:
                self.answered.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.lower().find(b"content-length:", 0, head)
        size = int(self._buffer[at + 15 : self._buffer.find(b"\r", at)])
        if len(self._buffer) < head + 4 + size:
            return
        status = bytes(self._buffer[9:12])
        self._buffer.clear()
        self._asked = b""
        self._loop.note(self, status, 1000 * (time.perf_counter() - self._began))
        if self.answered is not None:
            self.answered.set_result(None)


def request_bytes(port: int, token: str, body: dict[str, Any]) -> bytes:
    """A POST as it goes over the wire."""
    text = json.dumps(body).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


def _percentile(found: list[float], part: float) -> float:
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part / 100))] if ordered else float("nan")
