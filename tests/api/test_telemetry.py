"""What a watched server tells its administrators: figures and spans, of fixed words only."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry

from api.app import create_app
from api.database import DatabaseUrls, open_database
from api.stand_in import provider_config
from api.telemetry.metrics import make_metrics
from api.telemetry.telemetry import Telemetry, make_telemetry
from api.telemetry.traces import Traces
from api.telemetry.tracing import traces_wanted
from auth.provider.minting import mint_access_token
from tests.schema.demo import SETTINGS, id_of, seeded_template

pytestmark = pytest.mark.anyio

CALLERS_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLERS_SPAN = "00f067aa0ba902b7"
PAGE = "query Canary0815($id: ID!) { journal(id: $id) { lines { studentName } } }"
ME = "{ me { advice } }"
WRITE = "mutation ($i: EndAssignmentInput!) { endAssignment(input: $i) { userErrors { code } } }"


@dataclass(frozen=True)
class Watched:
    """A running application with everything that watches it."""

    client: httpx2.AsyncClient
    registry: CollectorRegistry
    exporter: InMemorySpanExporter
    token: str

    def figure(self, name: str, **labels: str) -> float:
        """One figure; 0 for what was never counted."""
        return self.registry.get_sample_value(name, labels) or 0.0

    async def ask(self, document: str, variables: Any = None, **headers: str) -> httpx2.Response:
        """Ask as the teacher."""
        told = {"Authorization": f"Bearer {self.token}"} | headers
        return await self.client.post("/graphql", json={"query": document, "variables": variables}, headers=told)

    def spans(self) -> dict[str, ReadableSpan]:
        """The spans made since the last look, by name."""
        made = {span.name: span for span in self.exporter.get_finished_spans()}
        self.exporter.clear()
        return made


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Watched]:
    """The application over this database, watched by exporters that keep everything in memory."""
    registry, exporter = CollectorRegistry(), InMemorySpanExporter()
    telemetry = Telemetry(make_metrics(registry), Traces(SimpleSpanProcessor(exporter)))
    database = open_database(DatabaseUrls.of_owner(url), pool_size=2)
    clients: list[httpx2.AsyncClient] = []

    async def fetch(address: str) -> bytes:
        return (await clients[0].get(address)).content

    app = create_app(SETTINGS, database, fetch, telemetry)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=SETTINGS.public_url) as client,
    ):
        clients.append(client)
        token = await mint_access_token(database.provider, provider_config(SETTINGS), "teacher", "vhod-spa")
        yield Watched(client, registry, exporter, token)
    await database.close()


@pytest.fixture(scope="module")
def url(database_server: Any, database_template: str) -> Iterator[str]:
    """A database with the tiny demo."""
    with seeded_template(database_server, database_template) as name, database_server.clone(name) as copied:
        yield copied


@pytest.fixture(scope="module")
async def watched(url: str, anyio_backend: str) -> AsyncIterator[Watched]:
    """One application for all tests of this file; each looks at what it adds."""
    async with opened(url) as running:
        await running.ask(ME)  # the keys are fetched, plans are made
        running.exporter.clear()
        yield running


ENDINGS: dict[str, tuple[str, Any, dict[str, str], tuple[str, str, str]]] = {
    "compiled": (PAGE, {"id": id_of("Journal", "journal-7a-algebra")}, {}, ("query", "OK", "compiled")),
    "by reference": ("{ __schema { queryType { name } } }", None, {}, ("query", "OK", "reference")),
    "invalid": ("{ canary0815 }", None, {}, ("query", "GRAPHQL_VALIDATION_FAILED", "reference")),
    "writing": (WRITE, {"i": {}}, {}, ("mutation", "GRAPHQL_VALIDATION_FAILED", "reference")),
    "refused": (ME, None, {"Authorization": "Bearer x"}, ("none", "UNAUTHENTICATED", "none")),
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_request_is_counted_by_its_kind_and_its_outcome(watched: Watched, ending: str) -> None:
    """One request is one count, under words of a small fixed set."""
    document, variables, headers, words = ENDINGS[ending]
    labels = dict(zip(("operation", "outcome", "executor"), words, strict=True))
    before = watched.figure("vhod_graphql_requests_total", **labels)
    answer = await watched.ask(document, variables, **headers)

    assert watched.figure("vhod_graphql_requests_total", **labels) == before + 1, answer.text
    timed = watched.figure("vhod_graphql_request_seconds_count", operation=words[0], executor=words[2])
    assert timed >= 1


async def test_figures_hold_nothing_that_a_caller_wrote(watched: Watched) -> None:
    """Whatever is asked, under whatever path: labels do not grow with the callers."""
    before = {sample.name + str(sample.labels) for metric in watched.registry.collect() for sample in metric.samples}
    for number in range(5):
        await watched.ask(f"query Canary{number} {{ me {{ advice }} }}")
        await watched.client.get(f"/canary-{number}")
    after = {sample.name + str(sample.labels) for metric in watched.registry.collect() for sample in metric.samples}

    assert "canary" not in str(after).lower()
    assert all("unmatched" in name for name in after - before)
    assert watched.figure("vhod_http_responses_total", route="unmatched", status="404") >= 5


async def test_fallbacks_and_gauges_are_told(watched: Watched) -> None:
    """Why the reference had to answer; queues, pools and memory are looked at each second."""
    before = watched.figure("vhod_compiled_fallbacks_total", reason="introspection")
    await watched.ask("{ __schema { queryType { name } } }")

    assert watched.figure("vhod_compiled_fallbacks_total", reason="introspection") == before + 1
    assert watched.figure("vhod_resident_memory_bytes") > 10_000_000
    assert watched.registry.get_sample_value("vhod_connections_in_use", {"pool": "app"}) is not None
    assert watched.registry.get_sample_value("vhod_waiting", {"queue": "access_journal"}) is not None


async def test_compiled_request_has_its_spans_in_the_callers_trace(watched: Watched) -> None:
    """Request, authenticate, plan, statement: one tree under the span that the caller named."""
    watched.spans()
    variables = {"id": id_of("Journal", "journal-7a-algebra")}
    await watched.ask(PAGE, variables, traceparent=f"00-{CALLERS_TRACE}-{CALLERS_SPAN}-01")
    spans = watched.spans()
    root = spans["POST /graphql"]

    assert set(spans) == {"POST /graphql", "authenticate", "plan", "SELECT postgresql"}
    assert {f"{span.context.trace_id:032x}" for span in spans.values()} == {CALLERS_TRACE}
    assert root.parent is not None
    assert f"{root.parent.span_id:016x}" == CALLERS_SPAN
    assert root.attributes == {
        "http.request.method": "POST", "url.scheme": "http", "http.route": "/graphql", "http.response.status_code": 200,
    }  # fmt: skip
    children = [span for name, span in spans.items() if name != "POST /graphql"]
    assert all(span.parent is not None and span.parent.span_id == root.context.span_id for span in children)


async def test_mutation_has_spans_of_its_statements(watched: Watched) -> None:
    """The reference executor's statements are children of its span; a write has none that is left open."""
    watched.spans()
    key = {"clientMutationId": "44cd2e23-ad5e-551e-b4bf-3ab08877b814", "assignmentId": "Assignment:x"}
    await watched.ask(WRITE, {"i": key | {"reason": "canary-0815"}})
    spans = watched.spans()

    assert {"POST /graphql", "authenticate", "execute"} <= set(spans)
    assert spans["SELECT postgresql"].parent is not None
    assert spans["SELECT postgresql"].parent.span_id == spans["execute"].context.span_id
    assert spans["execute"].attributes == {"graphql.operation.type": "mutation"}


async def test_spans_hold_no_data(watched: Watched) -> None:
    """Neither a token, a value, a name, a document nor the text of an error."""
    watched.spans()
    await watched.ask("query Canary0815 { me { canary0815 } }")
    await watched.ask(PAGE, {"id": "Journal:canary0815"})
    await watched.ask(ME, Authorization="Bearer canary0815")
    await watched.client.get("/canary0815?canary0815=canary0815")
    told = json.dumps([json.loads(span.to_json()) for span in watched.exporter.get_finished_spans()])

    assert "canary0815" not in told.lower()
    assert watched.token not in told
    assert '"error.type": "InvalidToken"' in told


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_traces_are_off_until_the_standard_variables_ask(environment: dict[str, str], wanted: bool) -> None:
    """The variables of OpenTelemetry's specification, and no others."""
    assert traces_wanted(environment) is wanted


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A collector of OTLP over HTTP on loopback: its address, and what it was sent."""
    received: list[ExportTraceServiceRequest] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", received
        server.shutdown()
        thread.join()


def test_spans_reach_a_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard variables name it; what waits when the server stops is sent."""
    with collector() as (address, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        telemetry = make_telemetry(metrics=False, traces=True)
        with telemetry.traces.span("authenticate"):
            pass
        telemetry.traces.close()

    [resource] = [found for request in received for found in request.resource_spans]
    told = {item.key: item.value.string_value for item in resource.resource.attributes}
    assert told["service.name"] == "vhod"
    assert [span.name for scope in resource.scope_spans for span in scope.spans] == ["authenticate"]
