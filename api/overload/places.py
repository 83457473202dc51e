"""Places: how many requests are in work at once, and a queue that is long for a burst and short in an overload."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

BURST = 256
"""Requests that may wait: a class that opens its diary at the same bell is no overload."""
BURST_SECONDS = 1.0
"""How long anybody waits at most."""
STANDING_SECONDS = 0.5
"""A queue that has stood for as long is no burst: it would only make everybody late."""
CALM_SECONDS = 1.0
"""An overload is over when nobody was sent away for as long; an empty queue alone says nothing in a flood."""


@dataclass
class Places:
    """So many at once. In an overload a quarter as many, and half of those may wait: whoever is let in is hardly late.

    A machine that is busy all the time answers hardly more questions for having more of them in hand.
    """

    most: int
    clock: Callable[[], float]
    busy: int = 0
    _waiting: deque["asyncio.Future[None]"] = field(default_factory=deque)
    _empty_at: float = 0.0
    _sent_away_at: float | None = None
    _coming: int = 0

    @property
    def full(self) -> bool:
        """Whether whoever comes now is sent away."""
        return self.busy + self._coming >= self._at_once and len(self._waiting) + self._coming >= self._queue

    def expect(self) -> None:
        """Somebody was let through to `take` within this turn of the loop: others of the turn must not all follow."""
        if self._coming == 0:
            asyncio.get_running_loop().call_soon(self._nobody_comes)
        self._coming += 1

    def send_away(self) -> None:
        """Somebody was told that there is no place."""
        self._sent_away_at = self.clock()

    async def take(self) -> bool:
        """Take a place, perhaps after a wait; False: there is none. Whoever has taken one gives it back."""
        if self.busy < self._at_once and not self._waiting:
            self.busy += 1
            return True
        if not self._waiting:
            self._empty_at = self.clock()
        elif self.full:
            return False
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        return await self._wait(turn)

    def give_back(self) -> None:
        """Hand the place to whoever has waited longest, after sending away those who are too many by now."""
        while len(self._waiting) > self._queue:
            self._waiting.popleft().cancel()
        self.busy -= 1
        while self._waiting and self.busy < self._at_once:
            self.busy += 1
            self._waiting.popleft().set_result(None)

    @property
    def _at_once(self) -> int:
        return max(1, self.most // 4) if self._floods else self.most

    @property
    def _queue(self) -> int:
        stands = bool(self._waiting) and self.clock() - self._empty_at > STANDING_SECONDS
        return max(1, self.most // 8) if stands or self._floods else BURST

    @property
    def _floods(self) -> bool:
        return self._sent_away_at is not None and self.clock() - self._sent_away_at < CALM_SECONDS

    def _nobody_comes(self) -> None:
        self._coming = 0

    async def _wait(self, turn: "asyncio.Future[None]") -> bool:
        try:
            await asyncio.wait([turn], timeout=BURST_SECONDS)
        except asyncio.CancelledError:
            if not self._leave(turn):
                self.give_back()
            raise
        return not self._leave(turn)

    def _leave(self, turn: "asyncio.Future[None]") -> bool:
        """Go without a place; False when there was one already."""
        if turn.done():
            return turn.cancelled()
        self._waiting.remove(turn)
        turn.cancel()
        return True
