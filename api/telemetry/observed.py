"""The parts of a request as they are when somebody watches: each does what it did, and tells of it."""

from typing import Any

from opentelemetry.trace import SpanKind
from strawberry.types import ExecutionResult

from api.graphql import GraphQLEndpoint, Services
from api.operations import is_mutation
from api.read_connections import ReadConnections
from api.telemetry.metrics import Metrics
from api.telemetry.outcome import outcome
from api.telemetry.traces import DATABASE, Traces
from auth.claims import VerifiedClaims
from auth.verified_tokens import VerifiedTokens
from schema import Contract
from schema.engine.compiled.execute import CompiledReads
from schema.engine.compiled.reasons import NotCompiled, Reason


class ObservedTokens(VerifiedTokens):
    """Verified tokens, with a span of the checking."""

    def __init__(self, inner: VerifiedTokens, traces: Traces) -> None:
        self._inner = inner
        self._traces = traces

    async def verify(self, token: str) -> VerifiedClaims:
        """Return what the token says, or raise as the inner one does."""
        with self._traces.span("authenticate"):
            return await self._inner.verify(token)


class ObservedReads(CompiledReads):
    """The compiled read path, with a span of the planning, and counts of what it answered and what it passed on."""

    def __init__(self, contract: Contract, metrics: Metrics | None, traces: Traces) -> None:
        super().__init__(contract)
        self._metrics = metrics
        self._traces = traces

    async def prepare(self, *given: Any, **named: Any) -> Any:
        """Plan a question."""
        with self._traces.span("plan"):
            return await super().prepare(*given, **named)

    def answer(self, *given: Any, **named: Any) -> bytes | None:
        """The answer's data as JSON."""
        data = super().answer(*given, **named)
        if data is not None:
            outcome().operation, outcome().executor = "query", "compiled"
            if self._metrics is not None:
                self._metrics.compiled.inc()
        return data

    def passes(self, refused: NotCompiled) -> None:
        """Count why the reference has to answer."""
        super().passes(refused)
        if self._metrics is not None and refused.reason is not Reason.NOT_A_QUERY:
            self._metrics.fallbacks.labels(refused.reason.value).inc()


class ObservedConnections(ReadConnections):
    """Connections of the compiled read path, with a span of each statement; how many are at work or waited for."""

    def __init__(self, inner: ReadConnections, traces: Traces) -> None:
        self._inner = inner
        self._traces = traces
        self.at_work = 0

    async def read(self, *given: Any, **named: Any) -> Any:
        """The one row of a statement."""
        self.at_work += 1
        try:
            with self._traces.span("SELECT postgresql", SpanKind.CLIENT, **DATABASE):
                return await self._inner.read(*given, **named)
        finally:
            self.at_work -= 1

    async def aclose(self) -> None:
        """Close those that nobody uses."""
        await self._inner.aclose()


class ObservedEndpoint(GraphQLEndpoint):
    """The endpoint, telling which kind of operation ran and how it ended."""

    def __init__(self, services: Services, traces: Traces) -> None:
        super().__init__(services)
        self._traces = traces

    async def execute_single(self, *args: Any, **given: Any) -> ExecutionResult:
        """Run one operation by the reference executor."""
        data, found = given["request_data"], outcome()
        found.executor = "reference"
        found.operation = "mutation" if is_mutation(data.query or "", data.operation_name) else "query"
        with self._traces.span("execute", graphql__operation__type=found.operation):
            result = await super().execute_single(*args, **given)
        found.note_errors(result.errors)
        return result
