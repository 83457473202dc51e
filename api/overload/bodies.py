"""Body: a request's body, read before the request takes a place; and the news that its client has gone."""

import asyncio

from starlette.types import Message, Receive

BODY_SECONDS = 10.0
"""For all of a body, which has 256 KiB at most: whoever sends by the drop holds nothing but a socket."""


class SlowBodyError(Exception):
    """The body did not arrive in time."""


class GoneError(Exception):
    """The client went before it had asked anything."""


class Body:
    """Reads ahead up to `most` bytes; whoever counts them sees the same messages as without us."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._messages: list[Message] = []
        self._whole = False
        self._gone = asyncio.Event()

    async def read(self) -> None:
        """Read it. Raises SlowBodyError, GoneError."""
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while not self._whole and size <= self._most:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise GoneError
                    self._messages.append(message)
                    size += len(message.get("body", b""))
                    self._whole = not message.get("more_body", False)
        except TimeoutError:
            raise SlowBodyError from None
        self._messages.reverse()

    async def receive(self) -> Message:
        """What was read; after that that the client has gone, once it has."""
        if self._messages:
            return self._messages.pop()
        if not self._whole:  # more than anybody may send: to be refused by whoever counts
            return await self._receive()
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def gone(self) -> None:
        """Wait until the client has gone. Of a body that was not read whole nobody else listens to the end."""
        if not self._whole:
            await asyncio.Event().wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.set()
