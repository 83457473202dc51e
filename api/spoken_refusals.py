"""What the framework refuses in two plain words is said as everywhere else: JSON, a code, the caller's language."""

from collections.abc import Mapping

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import language_of
from domain.errors import Code
from schema.engine.context import Language

WORDS: Mapping[int, tuple[Code, str, str]] = {
    404: (Code.BAD_REQUEST, "There is nothing at this address.", "По этому адресу ничего нет."),
    405: (Code.BAD_REQUEST, "This method is not for this address.", "Этот метод к этому адресу не подходит."),
    413: (Code.BAD_REQUEST, "The request is too large.", "Запрос слишком велик."),
}


class SpokenRefusals:
    """Puts words in place of `text/plain` with one of these statuses; every other answer passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through."""
        body: bytes | None = None

        async def spoken(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start" and _is_plain(message):
                body = _body(message["status"], Headers(scope=scope))
                headers = MutableHeaders(scope=message)
                headers.update({"Content-Type": "application/json", "Content-Length": str(len(body))})
                headers["Cache-Control"] = "no-store"
            elif body is not None and message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
            await send(message)

        await self._app(scope, receive, spoken if scope["type"] == "http" else send)


def _is_plain(message: Message) -> bool:
    return message["status"] in WORDS and Headers(raw=message["headers"]).get("content-type", "").startswith(
        "text/plain"
    )


def _body(status: int, headers: Headers) -> bytes:
    code, english, russian = WORDS[status]
    message = russian if language_of(headers) is Language.RUSSIAN else english
    return orjson.dumps({"errors": [{"message": message, "extensions": {"code": code.value}}]})
