"""Admission: the door of /graphql. Lets in as many as can be served, sends the others away at once and cheaply."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.overload.bodies import Body, GoneError, SlowBodyError
from api.overload.refusing import Refusing
from api.overload.work import Work
from api.refusals import RefusedRequest, refuse
from domain.errors import Code

GUARDED = "/graphql"


class Admission:
    """A middleware: nothing is read or parsed of a request, nor is its token looked at, when there is no place.

    Other paths go by: health, sign-in and pages answer in an overload, sockets have limits of their own.
    """

    def __init__(self, app: ASGIApp, refusing: Refusing, max_body_size: int) -> None:
        self._app = app
        self._refusing = refusing
        self._places = refusing.places
        self._max_body_size = max_body_size

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
            await self._slow(scope)(scope, receive, send)
            return
        await self._worked(scope, body, receive, send)

    async def _worked(self, scope: Scope, body: Body, receive: Receive, send: Send) -> None:
        if not await self._places.take():
            await self._full(scope, receive, send)
            return
        scope.setdefault("state", {})
        if not await Work(self._app, scope, body, send, self._places.give_back).run():
            await self._refusing.answer(Headers(scope=scope), Code.TIMEOUT)(scope, receive, send)

    async def _full(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._refusing.note()
        await self._refusing.answer(Headers(scope=scope))(scope, receive, send)

    def _slow(self, scope: Scope) -> Response:
        told = "The request's body did not arrive in time.", "Тело запроса не пришло вовремя."
        error = RefusedRequest(HTTPStatus.REQUEST_TIMEOUT.value, *told, headers={"Connection": "close"})
        return refuse(error, Headers(scope=scope))
