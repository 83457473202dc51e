"""Telemetry: figures and traces of one application, put around its parts by the composition root."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware import Middleware

from api.database import Database
from api.graphql import GraphQLEndpoint, Services
from api.telemetry.gauges import Gauges
from api.telemetry.measured import MeasuredRequests
from api.telemetry.metrics import Metrics, make_metrics
from api.telemetry.observed import ObservedConnections, ObservedEndpoint, ObservedReads, ObservedTokens
from api.telemetry.traces import TracedRequests, Traces, sent_by_otlp, trace_statements


@dataclass(frozen=True)
class Telemetry:
    """What watches: metrics or None, and traces, which may be off."""

    metrics: Metrics | None
    traces: Traces

    def observe(self, services: Services) -> Services:
        """The same services, watched."""
        reads = ObservedReads(services.contract, self.metrics, self.traces)
        path = services.read_path
        watched = replace(path, reads=reads, connections=ObservedConnections(path.connections, self.traces))
        verifier = ObservedTokens(services.verifier, self.traces)
        callers = replace(services.callers, verifier=verifier)
        return replace(services, verifier=verifier, callers=callers, read_path=watched)

    def endpoint(self, services: Services) -> GraphQLEndpoint:
        """The endpoint of watched services."""
        return ObservedEndpoint(services, self.traces)

    @property
    def middleware(self) -> list[Middleware]:
        """The outermost layers of the application."""
        measuring = [] if self.metrics is None else [Middleware(MeasuredRequests, self.metrics)]
        return [*([Middleware(TracedRequests, self.traces)] if self.traces.on else []), *measuring]

    @asynccontextmanager
    async def running(self, services: Services, database: Database) -> AsyncIterator[None]:
        """Watch while the application runs; what waits to be sent is sent in the end."""
        async with AsyncExitStack() as open_things:
            open_things.callback(self.traces.close)
            if self.traces.on:
                trace_statements(database.app, self.traces)
            if self.metrics is not None:
                await open_things.enter_async_context(_gauges(self.metrics, services, database).running())
            yield


def make_telemetry(*, metrics: bool, traces: bool) -> Telemetry:
    """Make what watches a process of a server: figures for its supervisor's page, spans for the collector."""
    return Telemetry(make_metrics(None) if metrics else None, Traces(sent_by_otlp() if traces else None))


def _gauges(metrics: Metrics, services: Services, database: Database) -> Gauges:
    pools: dict[str, Callable[[], int]] = {
        "app": partial(_checked_out, database.app),
        "provider": partial(_checked_out, database.provider),
    }
    connections = services.read_path.connections
    if isinstance(connections, ObservedConnections):
        pools["reads"] = lambda: connections.at_work
    return Gauges(metrics, pools, {"access_journal": lambda: services.journal.waiting})


def _checked_out(engine: AsyncEngine) -> int:
    return engine.pool.checkedout() if isinstance(engine.pool, QueuePool) else 0
