"""Subscriptions of one process: the composition of events and sockets, with their routes and their running."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from api.events.deliveries import Deliveries
from api.graphql import Services
from api.sockets.credentials import Credentials
from api.sockets.endpoint import ByAccept, SubscriptionSockets, SubscriptionStreams
from api.sockets.places import Places
from api.stop_signals import on_stop_signal


class Subscriptions:
    """Made once by the composition root; `engine` is for answers of events only."""

    def __init__(self, services: Services, engine: AsyncEngine) -> None:
        self.deliveries = Deliveries(services, engine)
        self.places = Places()
        self._engine = engine
        self._credentials = Credentials(services.callers, services.minimum_versions)
        self._own = services.callers.origin

    def routes(self, ordinary: ASGIApp, origins: Sequence[str], middleware: Sequence[Middleware]) -> list[BaseRoute]:
        """/graphql for all transports: sockets, streams, and `ordinary` for the rest."""
        sockets = SubscriptionSockets(self.deliveries, self._credentials, self.places, {*origins, self._own})
        streams = SubscriptionStreams(self.deliveries, self._credentials, self.places)
        return [
            WebSocketRoute("/graphql", sockets),
            Route("/graphql", ByAccept(ordinary, streams), middleware=middleware),
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen, and let go of all streams when a signal ends the process.

        The server closes sockets by itself (1012), but would wait for the end of answers that have begun.
        """
        loop = asyncio.get_running_loop()
        with on_stop_signal(partial(loop.call_soon_threadsafe, self.deliveries.hub.stop)):
            async with self.deliveries.listener.running():
                yield
        await self._engine.dispose()
