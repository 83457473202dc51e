"""Admission: the door of /graphql. Lets in as many as can be served, sends the others away at once and cheaply."""

import time
from collections.abc import Sequence
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.overload.bodies import Body, GoneError, SlowBodyError
from api.overload.places import Places
from api.overload.work import Work
from api.refusals import RefusedRequest, refuse
from domain.error_catalogue import CATALOGUE
from domain.errors import Code

GUARDED = "/graphql"
RETRY_SECONDS = 1
LOG_SECONDS = 1.0


class Admission:
    """A middleware: nothing is read or parsed of a request, nor is its token looked at, when there is no place.

    Other paths go by: health, sign-in and pages answer in an overload, sockets have limits of their own.
    """

    def __init__(self, app: ASGIApp, places: Places, max_body_size: int, origins: Sequence[str]) -> None:
        self._app = app
        self._places = places
        self._max_body_size = max_body_size
        self._origins = frozenset(origins)
        self._refused = 0
        self._told_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through when its turn comes."""
        if scope["type"] != "http" or scope["path"] != GUARDED or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        if self._places.full:
            await self._full(scope, receive, send)
            return
        body = Body(receive, self._max_body_size)
        try:
            await body.read()
        except GoneError:
            return
        except SlowBodyError:
            await self._answer(self._slow(scope), scope, receive, send)
            return
        await self._worked(scope, body, receive, send)

    async def _worked(self, scope: Scope, body: Body, receive: Receive, send: Send) -> None:
        if not await self._places.take():
            await self._full(scope, receive, send)
            return
        scope.setdefault("state", {})
        if not await Work(self._app, scope, body, send, self._places.give_back).run():
            await self._answer(_told(Code.TIMEOUT, scope), scope, receive, send)

    async def _full(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._refused += 1
        if time.monotonic() - self._told_at > LOG_SECONDS:  # a line for each would be work of its own
            structlog.get_logger(__name__).warning("overload", refused=self._refused, places=self._places.most)
            self._refused, self._told_at = 0, time.monotonic()
        await self._answer(_told(Code.UNAVAILABLE, scope), scope, receive, send)

    async def _answer(self, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        """Pages of other origins may read it too: this stands before the layer that tells them so."""
        origin = Headers(scope=scope).get("origin")
        if origin in self._origins:
            headers = MutableHeaders(raw=response.raw_headers)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "Retry-After"
            headers.add_vary_header("Origin")
        await response(scope, receive, send)

    def _slow(self, scope: Scope) -> Response:
        told = "The request's body did not arrive in time.", "Тело запроса не пришло вовремя."
        error = RefusedRequest(HTTPStatus.REQUEST_TIMEOUT.value, *told, headers={"Connection": "close"})
        return refuse(error, Headers(scope=scope))


def _told(code: Code, scope: Scope) -> Response:
    entry = CATALOGUE[code]
    retry = {"Retry-After": str(RETRY_SECONDS)}
    refused = RefusedRequest(entry.status.value, entry.english, entry.russian, code, retry)
    return refuse(refused, Headers(scope=scope))
