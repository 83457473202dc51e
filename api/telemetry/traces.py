"""Spans of a request: authenticate, plan, execute, statement. No text of a document, no value, no person in them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry.context import Context
from opentelemetry.trace import NoOpTracer, Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.telemetry.measured import route_of
from api.telemetry.tracing import SERVICE

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

UNSEEN = ("/livez", "/readyz")
"""Supervisors ask every few seconds: traces of that are only noise."""
DATABASE = {"db.system.name": "postgresql"}


class Traces:
    """Makes spans and hands them to a processor; without one nothing is made."""

    def __init__(self, processor: "SpanProcessor | None") -> None:
        self._provider: TracerProvider | None = None if processor is None else _provider(processor)
        self.tracer: Tracer = NoOpTracer() if self._provider is None else self._provider.get_tracer(SERVICE)

    @property
    def on(self) -> bool:
        """Whether spans are made."""
        return self._provider is not None

    @contextmanager
    def span(self, name: str, kind: SpanKind = SpanKind.INTERNAL, **told: Any) -> Iterator[Span]:
        """Make a span of what is done meanwhile; of an error it keeps the type, never the text, which may hold data."""
        attributes = {key.replace("__", "."): value for key, value in told.items()}
        with self.tracer.start_as_current_span(
            name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except BaseException as error:
                _mark(span, type(error).__name__)
                raise

    def close(self) -> None:
        """Send what waits."""
        if self._provider is not None:
            self._provider.shutdown()


def _provider(processor: "SpanProcessor") -> "TracerProvider":
    """A provider of our own, not the process's: nothing is made global. The environment may name the service."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider

    named = os.environ.get("OTEL_SERVICE_NAME") or SERVICE
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: named}), shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return provider


def sent_by_otlp() -> "SpanProcessor":
    """Send spans in batches to the collector that the environment names."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(OTLPSpanExporter())


class TracedRequests:
    """A middleware around the application: one span for each request, part of the caller's trace (W3C traceparent)."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self._app = app
        self._tracer = traces.tracer
        self._propagator = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through; its log lines name the trace."""
        if scope["type"] != "http" or scope["path"] in UNSEEN:
            await self._app(scope, receive, send)
            return
        with (
            self._tracer.start_as_current_span(
                scope["method"],
                context=self._callers(scope),
                kind=SpanKind.SERVER,
                attributes={"http.request.method": scope["method"], "url.scheme": scope.get("scheme", "http")},
                record_exception=False,
                set_status_on_exception=False,
            ) as span,
            bound_contextvars(trace_id=f"{span.get_span_context().trace_id:032x}"),
        ):
            try:
                await self._app(scope, receive, _watching(send, span))
            finally:
                span.update_name(f"{scope['method']} {route_of(scope)}")
                span.set_attribute("http.route", route_of(scope))

    def _callers(self, scope: Scope) -> Context:
        headers = Headers(scope=scope)
        carrier = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
        return self._propagator.extract(carrier)


def _watching(send: Send, span: Span) -> Send:
    async def watched(message: Message) -> None:
        if message["type"] == "http.response.start":
            span.set_attribute("http.response.status_code", message["status"])
            if message["status"] >= 500:
                _mark(span, str(message["status"]))
        await send(message)

    return watched


def trace_statements(engine: AsyncEngine, traces: Traces) -> None:
    """Make a span of every statement of an engine: which verb, not which text."""

    def before(connection: Any, _: Any, statement: str, *__: Any) -> None:
        verb = statement.lstrip(" \n(").partition(" ")[0].strip().upper()[:12]
        told = DATABASE | {"db.operation.name": verb}
        connection.info["span"] = traces.tracer.start_span(f"{verb} postgresql", kind=SpanKind.CLIENT, attributes=told)

    def after(connection: Any, *_: Any) -> None:
        _end(connection.info)

    def failed(caught: Any) -> None:
        if caught.connection is not None:
            _end(caught.connection.info, type(caught.original_exception).__name__)

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
    event.listen(engine.sync_engine, "handle_error", failed)


def _end(info: dict[Any, Any], error: str | None = None) -> None:
    span: Span | None = info.pop("span", None)
    if span is not None:
        if error is not None:
            _mark(span, error)
        span.end()


def _mark(span: Span, error: str) -> None:
    span.set_attribute("error.type", error)
    span.set_status(Status(StatusCode.ERROR))
