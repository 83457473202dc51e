"""What is answered instead of data: a request that is none, and errors before anything was run."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response

from api.language import language_of
from api.media_types import GRAPHQL_RESPONSE, JSON, chosen_type
from domain.errors import Code
from schema.context import Language

HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Authorization"}
"""Of every answer of /graphql: it depends on who asks and how, and nobody keeps it."""

STATUS: Mapping[Code, int] = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.CSRF_REFUSED: 403,
    Code.INTERNAL: 500,
    Code.BUSY: 503,
    Code.UNAVAILABLE: 503,
}
"""Status of a request error in the form application/graphql-response+json; of all other codes 400."""


class RefusedRequest(Exception):
    """A request that is no question at all, with what to say of it in both languages."""

    def __init__(
        self,
        status: int,
        english: str,
        russian: str,
        code: Code = Code.BAD_REQUEST,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(english)
        self.status, self.english, self.russian, self.code = status, english, russian, code
        self.headers = headers or {}


def refuse(error: RefusedRequest, headers: Headers) -> Response:
    """The answer to it: the same status in every form."""
    message = error.russian if language_of(headers) is Language.RUSSIAN else error.english
    body = {"errors": [{"message": message, "extensions": {"code": error.code.value}}]}
    media_type = chosen_type(headers.get("accept")) or JSON
    return Response(orjson.dumps(body), error.status, {**HEADERS, **error.headers}, media_type)


def is_request_error(answer: Mapping[str, Any]) -> bool:
    """Whether nothing was run: no data, and no error that stands at a field."""
    errors = answer.get("errors") or []
    return bool(errors) and answer.get("data") is None and not any(error.get("path") for error in errors)


def status_of(answer: Mapping[str, Any], media_type: str) -> int:
    """Status of an answer of GraphQL: in the older form always 200; in the newer one by the first request error."""
    if media_type != GRAPHQL_RESPONSE or not is_request_error(answer):
        return 200
    code = (answer["errors"][0].get("extensions") or {}).get("code", Code.BAD_REQUEST)
    return STATUS.get(Code(code), 400)


def not_acceptable(streams: bool) -> RefusedRequest:
    """The caller takes nothing that we have."""
    have = ", ".join([JSON, GRAPHQL_RESPONSE, *(["text/event-stream"] if streams else [])])
    return RefusedRequest(406, f"We answer as: {have}.", f"Мы отвечаем в виде: {have}.")
