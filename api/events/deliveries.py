"""Deliveries: everything that subscriptions of one process need, and the context of each."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from api.events.ended_sessions import EndedSessions
from api.events.hub import Hub
from api.events.listener import Listener
from api.events.live_feed import LiveFeed
from api.events.reading import Readings
from api.events.terms import Terms
from api.graphql import Services
from schema.engine.context import Context, open_context

OPENED_AT_ONCE = 2
"""Subscriptions that are begun at the same time; the others wait, however many there are."""
READ_AT_ONCE = 2
"""Answers of events that are read at the same time; requests have connections of their own."""
CONNECTIONS = OPENED_AT_ONCE + READ_AT_ONCE
"""Each place needs one connection at a time, so that nobody who has a place waits for one."""


class Deliveries:
    """Made once by the composition root; `engine` is for answers of events only and has CONNECTIONS."""

    def __init__(self, services: Services, engine: AsyncEngine) -> None:
        self.contract, self.clock = services.contract, services.clock
        self.documents, self._budgets = services.documents, services.budgets
        self.hub = Hub()
        self.sessions = EndedSessions()
        self.listener = Listener(engine.url, self.hub, self.sessions)
        openings, places = asyncio.Semaphore(OPENED_AT_ONCE), asyncio.Semaphore(READ_AT_ONCE)
        viewers = services.viewers.over(engine)
        self._readings = Readings(self.contract, engine, viewers, services.journal, services.budgets, openings, places)

    async def context(self, terms: Terms) -> Context:
        """The context of one subscription; it has a transaction only while an answer is made."""
        viewer = await self._readings.viewer(terms.caller)
        context = open_context(viewer, None, self.contract.types, self.clock)
        context.language, context.request_id = terms.language, terms.request_id
        context.purse = self._budgets.purse(terms.caller, None)  # of the first answer: the gauge takes from it
        context.open_feed = lambda: LiveFeed(self.hub, self.sessions, self._readings, context, terms)
        return context
