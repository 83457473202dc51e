"""What a request asks: read once, strictly, for both executors. Raises RefusedRequest for whatever is no question."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from api.media_types import is_json_in_utf8
from api.refusals import RefusedRequest

KNOWN = ("query", "documentId", "operationName", "variables", "extensions")
DOCUMENT_ID = "sha256:"


@dataclass(frozen=True)
class GraphQLRequest:
    """A well-formed request: a document or the id of a trusted one, and what goes with it."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


async def read_question(request: Request) -> GraphQLRequest:
    """Read a GET or a POST."""
    if request.method == "GET":
        return _asked(_of_address(request.query_params.multi_items()))
    if request.method != "POST":
        raise RefusedRequest(405, "Send GET or POST.", "Отправьте GET или POST.", headers={"Allow": "GET, POST"})
    types = request.headers.getlist("content-type")
    if len(types) != 1 or not is_json_in_utf8(types[0]):
        raise RefusedRequest(
            415,
            "Send application/json in UTF-8.",
            "Отправьте application/json в UTF-8.",
            headers={"Accept-Post": "application/json"},
        )
    return _asked(parse_object(await request.body()))


def parse_object(text: bytes | str) -> dict[str, Any]:
    """A JSON object in which no name stands twice: two readers may believe two different values."""
    try:
        found = orjson.loads(text)
        # What our own spelling of it equals cannot have a name twice; any other spelling is read again, strictly.
        if orjson.dumps(found) != (text if isinstance(text, bytes) else text.encode()):
            json.loads(text, object_pairs_hook=_no_duplicates)
    except (ValueError, TypeError, RecursionError):
        raise RefusedRequest(400, "This is no JSON that we can read.", "Это не JSON, который можно прочесть.") from None
    if isinstance(found, list):
        raise RefusedRequest(400, "One operation a request: no batches.", "Одна операция в запросе: без пакетов.")
    if not isinstance(found, dict):
        raise RefusedRequest(400, "A JSON object is needed.", "Нужен объект JSON.")
    return found


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _of_address(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The same members from an address, where values of two of them are JSON again; an empty one is left out."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise RefusedRequest(400, f"{name} stands twice.", f"{name} указано дважды.")
        if value:
            found[name] = parse_object(value) if name in ("variables", "extensions") and value != "null" else value
    return {name: value for name, value in found.items() if value != "null"}


def _asked(found: dict[str, Any]) -> GraphQLRequest:
    query, document_id, name, variables, extensions = (found.get(member) for member in KNOWN)
    if not isinstance(query, str | None):
        raise _wrong("query", "a string", "строкой")
    if not isinstance(document_id, str | None):
        raise _wrong("documentId", "a string", "строкой")
    if not isinstance(name, str | None):
        raise _wrong("operationName", "a string", "строкой")
    if not isinstance(variables, dict | None):
        raise _wrong("variables", "an object", "объектом")
    if not isinstance(extensions, dict | None):
        raise _wrong("extensions", "an object", "объектом")
    document_id = document_id or (None if query else persisted_id(extensions))
    if bool(query) == (document_id is not None):
        raise RefusedRequest(400, "Send either query or documentId.", "Нужно одно из двух: query или documentId.")
    return GraphQLRequest(query, document_id, name, variables, extensions)


def persisted_id(extensions: Mapping[str, Any] | None) -> str | None:
    """The id as Apollo's clients write it."""
    told = (extensions or {}).get("persistedQuery")
    digest = told.get("sha256Hash") if isinstance(told, dict) else None
    return f"{DOCUMENT_ID}{digest}" if isinstance(digest, str) else None


def _wrong(name: str, english: str, russian: str) -> RefusedRequest:
    return RefusedRequest(400, f"{name} must be {english} or null.", f"{name} должно быть {russian} или null.")
