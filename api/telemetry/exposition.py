"""The page of figures: /metrics at an address of its own, for all processes of the server together."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from api.commands import CommandError

Page = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client keeps the figures of each process; it looks for it once, when it is imported."""


@contextmanager
def metrics_served(host: str, port: int | None) -> Iterator[None]:
    """Serve the page while the server runs; without a port there is none. Raises CommandError for a busy port.

    The folder is named in the environment before prometheus_client is imported, here and in every worker.
    """
    if port is None:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="vhod-metrics-"))
    os.environ[FOLDER] = str(folder)
    try:
        with _page(host, port, folder):
            yield
    finally:
        del os.environ[FOLDER]
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _page(host: str, port: int, folder: Path) -> Iterator[None]:
    from prometheus_client import CollectorRegistry, make_wsgi_app, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise CommandError(f"metrics at {host}:{port}: {error.strerror}; VHOD_METRICS_PORT=... takes another") from None
    server.set_app(_only_metrics(make_wsgi_app(registry), folder))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _only_metrics(inner: Page, folder: Path) -> Page:
    """Answer one path, and forget the gauges of processes that are gone: a killed worker could not do so itself."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/metrics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/metrics\n"]
        forget_the_dead(folder)
        return inner(environ, start_response)

    return application


def forget_the_dead(folder: Path) -> None:
    """Remove the gauges of processes that do not live any more; their counters stay."""
    from prometheus_client.multiprocess import mark_process_dead

    for pid in {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*.db")}:
        if not Path("/proc", pid).exists():
            mark_process_dead(int(pid), str(folder))  # type: ignore[no-untyped-call]
