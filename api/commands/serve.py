"""The server: sockets, workers, an orderly start and end."""

import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from api.collector import Collector
from api.commands import CommandError, Say
from api.commands.deadline import lift_deadline, set_deadline
from api.commands.environment import load_settings
from api.database import Database, DatabaseUrls, database_urls, open_database, verify_role
from api.logs import configure_logs
from api.overload.protocol import GuardedProtocol
from api.settings import Settings
from api.stop_signals import on_stop_signal
from api.telemetry.exposition import metrics_served
from api.telemetry.tracing import traces_wanted

if TYPE_CHECKING:
    from api.telemetry.telemetry import Telemetry

FINISH_SECONDS = 10
SILENT_SECONDS = 60
"""A worker that does not answer its supervisor for so long hangs. Starting on a busy machine takes many seconds."""
END_SECONDS = 15
"""When whatever has not ended is broken off: requests have FINISH_SECONDS, what closes after them the rest."""
MOST_MESSAGE_BYTES = 256 * 1024


def serve(settings: Settings, *, demo: bool, workers: int, say: Say) -> None:
    """Serve until a signal; with `demo` migrate first and fill an empty database.

    On SIGTERM and Ctrl-C: accepts nothing new, closes sockets (1012), finishes what runs (10 s), closes the pools,
    releases the database. Within 15 s the server has ended, whatever hangs.
    """
    settings.refuse_unsafe()
    listener = _listen(settings)
    with listener, database_urls(settings) as urls:
        if demo:
            _prepare(settings, urls, say)
        configure_logs(settings.log_format)
        with metrics_served(settings.metrics_host, settings.metrics_port):
            _serve(settings, urls, listener, workers, say)
    say("stopped")


def _serve(settings: Settings, urls: DatabaseUrls, listener: socket.socket, workers: int, say: Say) -> None:
    if workers == 1:
        _serve_here(settings, urls, listener, lambda: _announce(settings, say))
    else:
        _announce(settings, say)
        _serve_by_workers(settings, urls, listener, workers)


def make_worker() -> Starlette:
    """Make the application of one worker process, which has its settings from the environment."""
    settings = load_settings()
    settings.refuse_unsafe()
    configure_logs(settings.log_format)
    with database_urls(settings) as urls:  # given by the parent: nothing is held here
        return _application(settings, urls, lambda: None)


def _prepare(settings: Settings, urls: DatabaseUrls, say: Say) -> None:
    # What migrates and fills would stay in the memory of every server that only serves.
    from api.commands.structure import fill, is_demo
    from api.migrations import migrate

    say("database: looking at its structure")
    migrate(urls.owner, say)
    if settings.development and is_demo(urls):
        say("database: the demo region")
        fill(settings, urls, "demo", say)


def _announce(settings: Settings, say: Say) -> None:
    """Tell where everything is and, with the stand-in, who can sign in."""
    say(f"\nVhod serves at {settings.public_url}\n  API       {settings.public_url}/graphql")
    if settings.stand_in and settings.development:
        from api.stand_in import people_table

        say(f"  sign-in   {settings.stand_in_issuer}\n\nWho can sign in (development only):")
        for line in people_table():
            say(line)
    say("\nCtrl-C stops.")


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything slow, so that a busy one is told at once."""
    try:
        listener = socket.create_server((settings.host, settings.port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise CommandError(f"{settings.host}:{settings.port}: {reason}; PORT=... takes another port") from None
    # Small answers must not wait for the acknowledgement of the ones before them.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.set_inheritable(True)
    return listener


def _serve_here(settings: Settings, urls: DatabaseUrls, listener: socket.socket, ready: Callable[[], None]) -> None:
    server = uvicorn.Server(_config(settings, lambda: _application(settings, urls, ready)))
    try:
        server.run(sockets=[listener])
    except (KeyboardInterrupt, SystemExit):
        if not server.started:
            raise
    finally:
        lift_deadline()
    if not server.started:
        raise CommandError("the server did not start; the log above says why")


def _serve_by_workers(settings: Settings, urls: DatabaseUrls, listener: socket.socket, workers: int) -> None:
    """Workers are new processes: they get the addresses, and the parent holds the private server for all."""
    os.environ.update({"HOST": settings.host, "PORT": str(settings.port)})
    names = {"DATABASE_URL": urls.owner, "APP_DATABASE_URL": urls.app, "PROVIDER_DATABASE_URL": urls.provider}
    os.environ.update({name: url.render_as_string(hide_password=False) for name, url in names.items()})
    Multiprocess(_config(settings, "api.commands.serve:make_worker", workers), sockets=[listener]).run()


def _config(settings: Settings, application: Callable[[], Starlette] | str, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        factory=True,
        workers=workers,
        lifespan="on",
        loop="uvloop",
        http=GuardedProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=FINISH_SECONDS,
        timeout_worker_healthcheck=SILENT_SECONDS,
        ws="websockets-sansio",
        ws_max_size=MOST_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # 64 KB of memory a socket, and small messages gain nothing
    )


def _application(settings: Settings, urls: DatabaseUrls, ready: Callable[[], None]) -> Starlette:
    from api.app import create_app

    database = open_database(urls, pool_size=settings.pool_size)
    application = create_app(settings, database, telemetry=_telemetry(settings))
    _wrap_lifespan(application, settings, database, ready)
    Collector().settle()
    return application


def _telemetry(settings: Settings) -> "Telemetry | None":
    """What watches; where nothing is to be watched, not even the libraries for it are imported."""
    if settings.metrics_port is None and not traces_wanted():
        return None
    from api.telemetry.telemetry import make_telemetry

    return make_telemetry(metrics=settings.metrics_port is not None, traces=traces_wanted())


def _wrap_lifespan(application: Starlette, settings: Settings, database: Database, ready: Callable[[], None]) -> None:
    """Around the application's own start and end: judge the role, tell when ready, close the pools."""
    inner = application.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Mapping[str, Any] | None]:
        try:
            await _judge_role(settings, database)
            with on_stop_signal(partial(set_deadline, END_SECONDS)):
                async with inner(app) as state:
                    ready()
                    yield state
        finally:
            await database.close()

    application.router.lifespan_context = lifespan  # type: ignore[assignment]  # Starlette: either all or nothing


async def _judge_role(settings: Settings, database: Database) -> None:
    try:
        await verify_role(database.app, production=not settings.development)
    except Exception as error:
        # The text is ours or the driver's about a login: it names a role, never data.
        structlog.get_logger(__name__).error("start refused", reason=str(error).split("\n")[0])
        raise
