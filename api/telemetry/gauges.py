"""Gauges that are looked at once a second: connections at work, queues, memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from api.telemetry.metrics import Metrics, resident_bytes

EVERY_SECONDS = 1.0


class Gauges:
    """Reads figures from whoever has them: `pools` by name, `queues` by name."""

    def __init__(
        self, metrics: Metrics, pools: Mapping[str, Callable[[], int]], queues: Mapping[str, Callable[[], int]]
    ) -> None:
        self._metrics = metrics
        self._pools = pools
        self._queues = queues

    def look(self) -> None:
        """Read all of them now."""
        for name, count in self._pools.items():
            self._metrics.connections.labels(name).set(count())
        for name, count in self._queues.items():
            self._metrics.waiting.labels(name).set(count())
        self._metrics.memory.set(resident_bytes())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look beside the requests."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(EVERY_SECONDS)
