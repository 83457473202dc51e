"""Work: one request in work. It ends with its client or its time; a change that was begun is brought to its end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Scope, Send

from api.overload.bodies import Body

READ_SECONDS = 5.0
WRITE_SECONDS = 30.0
QUICK_SECONDS = 0.05
"""Most answers are out by then: until then nobody watches whether the client has gone."""
EVENTS = b"text/event-stream"


@dataclass
class Work:
    """`release` is called once: when the work is really over, or when it has become a stream of events."""

    app: ASGIApp
    scope: Scope
    body: Body
    send: Send
    release: Callable[[], None]
    started: bool = False
    streams: bool = False
    over: bool = False
    """All of the answer is out, or it was given up and somebody else answers."""

    async def run(self) -> bool:
        """Do it. False when there was no answer in time: then nobody has answered anything yet."""
        began = asyncio.get_running_loop().time()
        task = asyncio.create_task(self._answered())
        task.add_done_callback(lambda _: self._release())
        try:
            await asyncio.wait({task}, timeout=QUICK_SECONDS)
            if task.done():
                return self._ended(task)
            return await self._watched(task, began)
        finally:
            if not task.done() and not self._changes:
                task.cancel()

    async def _watched(self, task: "asyncio.Task[None]", began: float) -> bool:
        gone = asyncio.create_task(self.body.gone())
        try:
            return await self._awaited(task, gone, began)
        finally:
            gone.cancel()

    async def _awaited(self, task: "asyncio.Task[None]", gone: "asyncio.Task[None]", began: float) -> bool:
        clock = asyncio.get_running_loop().time
        while not task.done():
            most = None if self.streams else (WRITE_SECONDS if self._changes else READ_SECONDS) - (clock() - began)
            if most is not None and most <= 0:
                return self._given_up(task)
            await asyncio.wait({task, gone}, timeout=most, return_when=asyncio.FIRST_COMPLETED)
            if gone.done() and not task.done():
                await self._left_alone(task)
        return self._ended(task)

    def _ended(self, task: "asyncio.Task[None]") -> bool:
        if not task.cancelled():
            task.result()
        return True

    def _given_up(self, task: "asyncio.Task[None]") -> bool:
        """Too late. A change goes on: whether it is done the next request with the same key tells."""
        if not self._changes:
            task.cancel()
        self.over = True
        return self.started

    async def _left_alone(self, task: "asyncio.Task[None]") -> None:
        """Nobody waits for the answer any more: a stream ends by itself, a change is done, a read is stopped."""
        if not (self._changes or self.streams or self.over):
            task.cancel()
        await asyncio.wait({task})

    @property
    def _changes(self) -> bool:
        return bool(self.scope.get("state", {}).get("changes"))

    async def _answered(self) -> None:
        await self.app(self.scope, self.body.receive, self._send)

    async def _send(self, message: Message) -> None:
        if self.over:
            return
        if message["type"] == "http.response.start":
            self.started = True
            if any(name == b"content-type" and value.startswith(EVENTS) for name, value in message.get("headers", ())):
                self.streams = True
                self._release()
        self.over = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self.send(message)

    def _release(self) -> None:
        release, self.release = self.release, lambda: None
        release()
