"""create_app(settings, database): the composition root. Read it aloud: keys, viewers, schema, routes, layers."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount

from api.access_journal import AccessJournal
from api.authentication import document_fetcher, issuer_client
from api.budgets.budgets import Budgets
from api.budgets.ledger import DatabaseLedger
from api.callers import Callers
from api.client_versions import MinimumVersions
from api.compression import Compression
from api.database import Database, make_engine
from api.documents.library import load_library
from api.documents.trusted import TrustedDocuments
from api.door import door_routes
from api.draws import DrawProcess
from api.errors_page import errors_routes
from api.events.deliveries import CONNECTIONS as EVENT_CONNECTIONS
from api.graphiql import graphiql_routes
from api.graphql import GraphQLEndpoint, Services
from api.health import health_routes
from api.imports.upload import upload_route
from api.imports.worker import ImportWorker
from api.matrix import matrix_routes
from api.overload.admission import Admission
from api.overload.places import Places
from api.overload.refusing import STATE, Refusing
from api.read_connections import ReadConnections
from api.read_path import ReadPath
from api.request_log import RequestLog
from api.security_headers import SecurityHeaders
from api.sessions.cookies import SessionCookies
from api.sessions.opening import ProviderAccess, backchannel_logouts, first_sign_ins, logout_post, open_sessions
from api.sessions.routes import SessionRoutes
from api.settings import Settings
from api.snils_indexing import indexing
from api.spoken_refusals import SpokenRefusals
from api.stand_in import provider_config
from api.subscriptions import Subscriptions
from auth.keys import Fetch, KeySource
from auth.snils_index import SnilsIndex
from auth.tokens import Verifier
from auth.verified_tokens import VerifiedTokens
from auth.viewers import Viewers
from domain.clock import now
from schema import build_schema
from schema.engine.compiled.execute import CompiledReads

if TYPE_CHECKING:
    from api.telemetry.telemetry import Telemetry
    from auth.provider.backchannel import Post

MAX_BODY_BYTES = 256 * 1024
PREFLIGHT_SECONDS = 600
IMPORT_CONNECTIONS = 2


def create_app(
    settings: Settings,
    database: Database,
    fetch: Fetch | None = None,
    telemetry: "Telemetry | None" = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Starlette:
    """Build the application. `telemetry` watches, if given.

    `fetch` gets the issuers' documents, `transport` leads to their endpoints; default: over HTTP.
    """
    client = issuer_client()
    keys = {issuer.issuer: KeySource(issuer, fetch or document_fetcher(client)) for issuer in settings.issuers}
    journal, draws = AccessJournal(database.app), DrawProcess()
    contract, viewers = build_schema(), Viewers(database.app, now)
    read_connections = ReadConnections(database.app.url, size=settings.pool_size)
    verifier = VerifiedTokens(Verifier(settings.issuers, keys, now), now)
    access = ProviderAccess(verifier, keys, fetch or document_fetcher(client), transport)
    sessions = open_sessions(settings, database.app, access, now)
    callers = Callers(verifier, SessionCookies(settings.public_url), sessions, settings.public_url)
    https = settings.public_url.startswith("https://")
    refusing = Refusing(Places(settings.places, time.monotonic), frozenset(settings.origins), https)
    # Of their own: a request that pays while it holds a connection must not wait for another of the same pool.
    engine_of_budgets = make_engine(database.urls.app, pool_size=1)
    services = Services(
        contract=contract,
        engine=database.app,
        verifier=verifier,
        callers=callers,
        viewers=viewers,
        journal=journal,
        read_path=ReadPath(CompiledReads(contract), read_connections, viewers, journal, now),
        clock=now,
        draw=draws,
        budgets=Budgets(DatabaseLedger(engine_of_budgets), settings.budgets),
        documents=TrustedDocuments(load_library(settings.documents), frozenset(settings.bound_clients)),
        minimum_versions=MinimumVersions(settings.minimum_versions),
        fresh_for=timedelta(seconds=settings.fresh_sign_in_seconds),
        snils=SnilsIndex(settings.secret_key),
    )
    if telemetry is not None:
        services = telemetry.observe(services)
    endpoint = GraphQLEndpoint(services) if telemetry is None else telemetry.endpoint(services)
    # Imports hold connections for long: they have their own, and leave those of the requests alone.
    engine_of_imports = make_engine(database.urls.app, pool_size=IMPORT_CONNECTIONS)
    imports = ImportWorker(engine_of_imports, services.viewers, now, services.snils)
    engine_of_events = make_engine(database.urls.app, pool_size=EVENT_CONNECTIONS)
    subscriptions = Subscriptions(services, engine_of_events)
    provider = _stand_in(settings, database, logout_post(transport)) if settings.stand_in else None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        async with AsyncExitStack() as open_things:
            if telemetry is not None:
                await open_things.enter_async_context(telemetry.running(services, database))
            open_things.push_async_callback(client.aclose)
            for source in keys.values():
                open_things.push_async_callback(source.aclose)
            open_things.push_async_callback(read_connections.aclose)
            await open_things.enter_async_context(journal.running())
            await open_things.enter_async_context(draws.running())
            open_things.push_async_callback(engine_of_imports.dispose)
            open_things.push_async_callback(engine_of_budgets.dispose)
            await open_things.enter_async_context(imports.running())
            await open_things.enter_async_context(indexing(engine_of_imports, services.snils))
            await open_things.enter_async_context(subscriptions.running())
            if provider is not None:
                await open_things.enter_async_context(provider.router.lifespan_context(provider))
            yield {STATE: refusing}

    app = Starlette(
        routes=[
            *subscriptions.routes(endpoint, settings.origins, [_cors(settings)]),
            upload_route(database.app, services.callers, services.viewers),
            *SessionRoutes(callers).routes(),
            first_sign_ins(settings, database.app, access, services.budgets).route([_cors(settings)]),
            *backchannel_logouts(sessions, access, now),
            *door_routes(settings),
            *graphiql_routes(settings, callers),
            *matrix_routes(contract, callers),
            *errors_routes(),
            *health_routes(database),
            *([Mount("/oidc", provider)] if provider is not None else []),
        ],
        middleware=[
            *(telemetry.middleware if telemetry is not None else []),
            Middleware(SecurityHeaders, https=https),
            Middleware(Admission, refusing=refusing, max_body_size=MAX_BODY_BYTES),
            Middleware(RequestLog),
            Middleware(SpokenRefusals),
            Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES),
            Middleware(Compression),
        ],
        lifespan=lifespan,
    )
    app.state.services = services
    app.state.imports = imports
    app.state.subscriptions = subscriptions
    return app


def _cors(settings: Settings) -> Middleware:
    """Pages of these exact origins may call the API with a bearer token; no cookie is ever meant."""
    return Middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Accept-Language",
            "X-Request-ID",
            "X-Client-Name",
            "X-Client-Version",
            "Vhod-Preview-Role",
            "Vhod-Preview-Assignment",
        ],
        expose_headers=["X-Request-ID", "Retry-After"],
        max_age=PREFLIGHT_SECONDS,
    )


def _stand_in(settings: Settings, database: Database, post: "Post") -> Starlette:
    """The provider under our own address; where an external one signs people in, nothing of it is imported."""
    from auth.provider.app import create_provider

    return create_provider(provider_config(settings), database.provider, post)
