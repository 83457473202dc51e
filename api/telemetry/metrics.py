"""Metrics: every figure that the server gives away, with its labels; none names a person, a client or a text."""

import os
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Edges of the classes of duration: a compiled answer takes milliseconds, a long write seconds."""


@dataclass(frozen=True)
class Metrics:
    """The figures of one process. Gauges are summed over the processes that live, counters over all there were."""

    requests: Counter
    seconds: Histogram
    responses: Counter
    compiled: Counter
    fallbacks: Counter
    streams: Gauge
    connections: Gauge
    waiting: Gauge
    memory: Gauge


def make_metrics(registry: CollectorRegistry | None) -> Metrics:
    """Make the figures. None: they are only written to the files that the supervisor reads (exposition.py)."""
    counter = partial(Counter, registry=registry)
    gauge = partial(Gauge, registry=registry, multiprocess_mode="livesum")
    return Metrics(
        requests=counter(
            "vhod_graphql_requests",
            "Requests by what they were and what came of them",
            ["operation", "outcome", "executor"],
        ),
        seconds=Histogram(
            "vhod_graphql_request_seconds",
            "Seconds from the request to the end of its answer, without streams of events",
            ["operation", "executor"],
            buckets=SECONDS,
            registry=registry,
        ),
        responses=counter("vhod_http_responses", "Answers by declared route and status", ["route", "status"]),
        compiled=counter("vhod_compiled_answers", "Answers built by one compiled statement"),
        fallbacks=counter("vhod_compiled_fallbacks", "Requests left to the reference executor, and why", ["reason"]),
        streams=gauge("vhod_streams_open", "Sockets and streams of events that are open", ["transport"]),
        connections=gauge("vhod_connections_in_use", "Connections to the database that are at work", ["pool"]),
        waiting=gauge("vhod_waiting", "What waits in a queue of the process", ["queue"]),
        memory=gauge("vhod_resident_memory_bytes", "Memory of the serving processes"),
    )


def resident_bytes() -> int:
    """Memory of this process that is in RAM; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - no Path for a file read each second
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
