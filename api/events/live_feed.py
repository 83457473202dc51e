"""LiveFeed: what waits for one subscription, and the short transactions in which it is answered."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence

from api.events.ended_sessions import EndedSessions
from api.events.hub import Hub
from api.events.reading import Readings
from api.events.terms import Terms
from domain.errors import Unauthenticated, Unavailable
from domain.events import Event
from domain.horizon import Horizon
from domain.topics import Topic, TopicKind
from schema.engine.context import Context
from schema.engine.stream.feed import Batch

MOST_WAITING = 1_000
NOBODY = frozenset[Topic]()


class LiveFeed:
    """The feed of one subscription."""

    def __init__(self, hub: Hub, sessions: EndedSessions, readings: Readings, context: Context, terms: Terms) -> None:
        self._hub, self._sessions, self._readings = hub, sessions, readings
        self._context, self._terms = context, terms
        self._waiting: list[Event] = []
        self._lost = self._stopped = self._signed_out = False
        self._told: Horizon | None = None
        self._newest: Horizon | None = None
        self._wake = asyncio.Event()

    def listen(self, topics: Iterable[Topic]) -> None:
        """Take these topics; one's own rights are always among them."""
        own = self._context.viewer.person_id
        self._hub.listen(self, frozenset(topics) | ({Topic(TopicKind.RIGHTS, own)} if own else NOBODY))

    def caught_up(self, horizon: Horizon) -> None:
        """Leave out what was committed by then."""
        self._told = self._newest = horizon
        self._waiting = [event for event in self._waiting if not horizon.holds(event.transaction)]

    def revoked(self) -> None:
        """End the connection where it has to end with the rights."""
        if self._terms.revoked is not None:
            self._terms.revoked()

    def push(self, events: Sequence[Event], horizon: Horizon) -> None:
        """Take events of the hub."""
        fresh = [event for event in events if self._told is None or not self._told.holds(event.transaction)]
        if not fresh:
            return
        if len(self._waiting) + len(fresh) > MOST_WAITING:
            self._overflow(already=bool(self._waiting))
        else:
            self._waiting += fresh
        self._newest = horizon
        self._wake.set()

    def overflow(self, horizon: Horizon) -> None:
        """Hear that more happened than is told."""
        self._newest = horizon
        self._overflow(already=False)

    def stop(self) -> None:
        """Hear that the process ends. Sockets are closed anyway: to tell thousands of them first takes too long."""
        if not self._terms.is_socket:
            self._stopped = True
            self._wake.set()

    def _sign_out(self) -> None:
        self._signed_out = True
        self._wake.set()

    def _overflow(self, *, already: bool) -> None:
        self._waiting.clear()
        self._lost = True
        self._wake.set()
        if already and self._terms.slow is not None:
            self._terms.slow()

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Each batch within a transaction of its own. Raises Unauthenticated, Unavailable, RateLimited."""
        try:
            with self._sessions.watched(self._terms.session_id, self._sign_out):
                async with self._readings.reading(self._context, self._terms.caller, first=True):
                    yield Batch()
                while True:
                    batch = await self._next()
                    await self._readings.pay(self._context, self._terms.caller)
                    async with self._readings.reading(self._context, self._terms.caller):
                        yield batch
        finally:
            self._hub.drop(self)

    async def _next(self) -> Batch:
        """What waits; without events when a day has come on which rights may end."""
        try:
            async with asyncio.timeout(self._patience()):
                await self._wake.wait()
        except TimeoutError:
            if self._terms.expires_at is not None and self._context.clock() >= self._terms.expires_at:
                raise Unauthenticated from None
        if self._signed_out:
            raise Unauthenticated
        if self._stopped:
            raise Unavailable
        batch = Batch(tuple(self._waiting), self._newest, self._lost)
        self._waiting, self._lost = [], False
        self._wake.clear()
        return batch

    def _patience(self) -> float | None:
        """Seconds until a date of the viewer comes, or the credentials end."""
        moments = [one for one in (self._context.viewer.changes_at, self._terms.expires_at) if one is not None]
        return max((min(moments) - self._context.clock()).total_seconds(), 0.0) if moments else None
