"""MeasuredRequests: counts and times each request from outside, whatever happens to it inside."""

import time
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.telemetry.metrics import Metrics
from api.telemetry.outcome import CURRENT, Outcome

GRAPHQL = "/graphql"
EVENTS = "text/event-stream"


class MeasuredRequests:
    """A middleware around the application. A stream of events has no duration: it is counted while it is open."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through; lifespan events go by unseen."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        seen, outcome, started = _Seen(send, self._metrics), Outcome(), time.perf_counter()
        token = CURRENT.set(outcome)
        try:
            await self._app(scope, receive, seen.send)
        finally:
            CURRENT.reset(token)
            seen.close()
            if scope["type"] == "http":
                self._count(scope, seen, outcome, time.perf_counter() - started)

    def _count(self, scope: Scope, seen: "_Seen", outcome: Outcome, seconds: float) -> None:
        self._metrics.responses.labels(route_of(scope), str(seen.status or 0)).inc()
        if scope["path"] != GRAPHQL or scope["method"] == "OPTIONS":
            return
        word = outcome.word(seen.status)
        self._metrics.requests.labels(outcome.operation, word, outcome.executor).inc()
        if not seen.streams:
            self._metrics.seconds.labels(outcome.operation, outcome.executor).observe(seconds)


class _Seen:
    """What went out: the status, and whether it is a stream."""

    def __init__(self, send: Send, metrics: Metrics) -> None:
        self._send = send
        self._metrics = metrics
        self.status: int | None = None
        self._transport: str | None = None

    @property
    def streams(self) -> bool:
        return self._transport is not None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if Headers(raw=list(message.get("headers", ()))).get("content-type", "").startswith(EVENTS):
                self._open("sse")
        elif message["type"] == "websocket.accept":
            self._open("websocket")
        await self._send(message)

    def close(self) -> None:
        if self._transport is not None:
            self._metrics.streams.labels(self._transport).dec()

    def _open(self, transport: str) -> None:
        self._transport = transport
        self._metrics.streams.labels(transport).inc()


def route_of(scope: Any) -> str:
    """Path as its route declares it, ids and all left out; what no route has is one word, however it was spelled."""
    declared = getattr(scope.get("route"), "path", None)
    return "unmatched" if declared is None else f"{scope.get('root_path', '')}{declared}"
