"""Arrivals: waits until bytes have come on a socket, registered with the loop once and not for each wait."""

import asyncio


class Arrivals:
    """The news of one socket, for one who waits at a time. Close it before the socket."""

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Future[None] | None = None

    async def wait(self) -> None:
        """Return when there is something to read, or the other side has closed. It may be a false alarm."""
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        if self._loop is None:
            loop.add_reader(self._fileno, self._come)
            self._loop = loop
        try:
            await self._waiting
        finally:
            self._waiting = None

    def close(self) -> None:
        """Listen no longer."""
        if self._loop is not None:
            self._loop.remove_reader(self._fileno)
            self._loop = None

    def _come(self) -> None:
        if self._waiting is None:
            self.close()  # nobody waits: the loop would say it again and again
        elif not self._waiting.done():
            self._waiting.set_result(None)
