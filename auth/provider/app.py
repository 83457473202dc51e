"""The provider as a Starlette application: routes, and what stands around them."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from auth.provider.backchannel import Post, post_logout
from auth.provider.config import ProviderConfig
from auth.provider.endpoints import tokens
from auth.provider.endpoints.account import account
from auth.provider.endpoints.authorize import authorize
from auth.provider.endpoints.consent import consent
from auth.provider.endpoints.discovery import discovery, jwks
from auth.provider.endpoints.end_session import end_session
from auth.provider.endpoints.interaction import NoInteractionError, gone_page
from auth.provider.endpoints.login import cancel, child, choose_way, gosuslugi
from auth.provider.endpoints.userinfo import userinfo
from auth.provider.headers import SecurityHeaders
from auth.provider.protocol import MalformedRequestError
from auth.provider.provider import build_provider, provider_of
from auth.provider.store import ProviderStore

LONGEST_BODY = 64 * 1024
MACHINE_PATHS = ("/token", "/revoke", "/userinfo")
STYLE = Path(__file__).parent / "pages" / "provider.css"


def create_provider(config: ProviderConfig, engine: AsyncEngine, post: Post = post_logout) -> Starlette:
    """The application, to be mounted where `config.issuer` points. It starts no task and needs no lifespan.

    `post` sends logout tokens to clients; default: over the network.
    """
    return serve_store(ProviderStore(config, engine), post)


def serve_store(store: ProviderStore, post: Post = post_logout) -> Starlette:
    """The application over a store that exists already."""
    application = Starlette(
        routes=_open_routes(store.config) + _page_routes(),
        middleware=[Middleware(SecurityHeaders), Middleware(Upkeep, store=store)],
        exception_handlers={MalformedRequestError: _malformed, NoInteractionError: _gone, HTTPException: _http_error},
        max_body_size=LONGEST_BODY,
    )
    application.state.provider = build_provider(store, post)
    return application


def _open_routes(config: ProviderConfig) -> list[Route]:
    """What single-page applications call from their own origin: those origins exactly, and never with cookies."""
    cors = [
        Middleware(
            CORSMiddleware,
            allow_origins=config.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["WWW-Authenticate"],
        )
    ]
    get, post = ["GET", "OPTIONS"], ["POST", "OPTIONS"]
    return [
        Route("/.well-known/openid-configuration", discovery, methods=get, middleware=cors),
        Route("/jwks", jwks, methods=get, middleware=cors),
        Route("/token", tokens.token, methods=post, middleware=cors),
        Route("/userinfo", userinfo, methods=["GET", "POST", "OPTIONS"], middleware=cors),
        Route("/revoke", tokens.revoke, methods=post, middleware=cors),
    ]


def _page_routes() -> list[Route]:
    both = ["GET", "POST"]
    return [
        Route("/authorize", authorize, methods=both),
        Route("/login", choose_way, methods=["GET"]),
        Route("/login/gosuslugi", gosuslugi, methods=both),
        Route("/login/child", child, methods=both),
        Route("/login/cancel", cancel, methods=["POST"]),
        Route("/consent", consent, methods=both),
        Route("/end_session", end_session, methods=both),
        Route("/account", account, methods=both),
        Route("/provider.css", _style, methods=["GET"]),
    ]


class Upkeep:
    """Prepares the store before the first request of a process, and removes expired rows now and then."""

    def __init__(self, app: ASGIApp, store: ProviderStore) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when everything it needs is there."""
        await self._store.prepare()
        await self._store.expired.remove_when_due()
        await self._app(scope, receive, send)


async def _style(request: Request) -> Response:
    return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, MalformedRequestError)
    if request.url.path.endswith(MACHINE_PATHS):
        return tokens.malformed(error)
    text = "Адрес страницы повреждён. Вернитесь в приложение и попробуйте ещё раз."
    return provider_of(request).pages.error(400, "Запрос не читается", text, "invalid_request")


async def _gone(request: Request, error: Exception) -> Response:
    return gone_page(provider_of(request))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = "Такой страницы нет" if error.status_code == 404 else "Так сделать нельзя"
    page = provider_of(request).pages.error(error.status_code, title, "Вернитесь в приложение и попробуйте ещё раз.")
    page.headers.update(error.headers or {})
    return page
