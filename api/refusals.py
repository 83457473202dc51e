"""What is answered instead of data: a request that is none, and errors before anything was run."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response

from api.language import language_of
from api.media_types import EVENT_STREAM, GRAPHQL_RESPONSE, JSON, chosen_type
from domain.error_catalogue import CATALOGUE
from domain.errors import Code
from schema.engine.context import Language

HEADERS = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Authorization"}
"""Of every answer of /graphql: it depends on who asks and how, and nobody keeps it."""

IN_BOTH_FORMS = frozenset({401, 429, 500, 503})
"""Whatever stands between client and server acts on these, so they are told in the older form too."""

RETRY_SECONDS = 1


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


def answer(body: dict[str, Any], media_type: str) -> Response:
    """An answer of GraphQL in this form; where nothing was run there is no `data` (GraphQL, section 7.1)."""
    status = 200
    if is_request_error(body):
        body.pop("data", None)
        status = status_of(body["errors"][0].get("extensions") or {}, media_type)
    headers = HEADERS | _when_to_retry(status, body)
    return Response(orjson.dumps(body, default=str), status, headers, media_type)


def status_of(extensions: Mapping[str, Any], media_type: str) -> int:
    """Status where this error is all of the answer (domain/error_catalogue.py)."""
    told = CATALOGUE[Code(extensions.get("code", Code.INTERNAL))].status
    status = 400 if told == HTTPStatus.OK else told.value
    return status if media_type == GRAPHQL_RESPONSE or status in IN_BOTH_FORMS else 200


def _when_to_retry(status: int, body: Mapping[str, Any]) -> dict[str, str]:
    if status not in (429, 503):
        return {}
    return {"Retry-After": str(body["errors"][0]["extensions"].get("retryAfter", RETRY_SECONDS))}


def not_acceptable() -> RefusedRequest:
    """The caller takes nothing that we have."""
    have = f"{JSON}, {GRAPHQL_RESPONSE}, {EVENT_STREAM}"
    return RefusedRequest(406, f"We answer as: {have}.", f"Мы отвечаем в виде: {have}.")
