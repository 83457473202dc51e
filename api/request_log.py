"""The outermost layer of every request: its id, its line in the log, an answer even when everything failed."""

import re
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import orjson
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.client_versions import client_words
from domain.error_catalogue import CATALOGUE
from domain.errors import Code

HEADER = "X-Request-ID"
ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
PATH_CHARACTERS = 200
HEAD_MESSAGES = {"http.response.start", "websocket.accept", "websocket.http.response.start"}


class RequestLog:
    """The first middleware of the application: `Starlette(middleware=[Middleware(RequestLog), ...])`.

    Not around Starlette itself, whose own outermost layer would answer an error before us.
    Each request has its id in `scope["state"]["request_id"]` (Starlette: `request.state.request_id`), in every log
    line written meanwhile, and in the answer's header. An error that nobody handled becomes a neutral 500.
    """

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.perf_counter) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through; lifespan events go by unseen."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        with bound_contextvars(request_id=request_id):
            await self._logged(scope, receive, _Answer(send, request_id))

    async def _logged(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        started = self._clock()
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            structlog.get_logger(__name__).exception("request failed")
            if answer.status is not None or scope["type"] != "http":
                raise  # part of an answer is out: only a broken connection still tells the client
            await _neutral_500(answer.request_id)(scope, receive, answer.send)
        finally:
            structlog.get_logger(__name__).info(
                "request",
                method=scope.get("method", "WEBSOCKET"),
                path=_path(scope),
                status=answer.status,
                ms=round((self._clock() - started) * 1000, 1),
                **_client(scope),
            )


class _Answer:
    """What the application answers: remembers the status, adds the header. No status: nothing was answered."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] in HEAD_MESSAGES:
            self.status = message.get("status", 101)
            message = _with_header(message, self.request_id)
        await self._send(message)


def _with_header(message: Message, request_id: str) -> MutableMapping[str, Any]:
    answer = {"headers": [], **message}
    answer["headers"] = list(answer["headers"])
    MutableHeaders(scope=answer)[HEADER] = request_id
    return answer


def _request_id(headers: Headers) -> str:
    """Take the caller's id if it can do no harm in a log; else make one."""
    given = headers.get(HEADER, "")
    return given if ACCEPTED_ID.fullmatch(given) else uuid4().hex


def _client(scope: Scope) -> dict[str, str]:
    """The program that asks, where it says so."""
    words = client_words(Headers(scope=scope))
    return {} if words is None else {"client": words}


def _path(scope: Mapping[str, Any]) -> str:
    """Path as the route declares it; where no route matched, as it was sent, escaped and without the query."""
    declared = getattr(scope.get("route"), "path", None)
    if declared is not None:
        return str(scope.get("root_path", "")) + str(declared)
    return quote(scope["path"][:PATH_CHARACTERS])


def _neutral_500(request_id: str) -> Response:
    entry = CATALOGUE[Code.INTERNAL]
    error = {"message": entry.english, "extensions": {"code": Code.INTERNAL.value, "requestId": request_id}}
    return Response(orjson.dumps({"errors": [error]}), 500, {"Cache-Control": "no-store"}, "application/json")
