"""POST /imports/files: a file comes in, its id goes out. The body raw, or as multipart/form-data.

The caller comes with a bearer token, or with a session and its CSRF token.
Raw: the name stands in the header `X-File-Name`, percent-encoded. Multipart: the field `file`. The organisation that
the file is for is named by the query parameter `organisation`.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import unquote
from uuid import UUID

import orjson
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from api.authentication import REFUSED, refusal
from api.callers import Callers
from api.previews import is_preview
from api.refusals import RefusedRequest, refuse
from api.transactions import writing_as
from auth.places import covering
from auth.viewer import Caller
from auth.viewers import Viewers
from domain.errors import NotKnownHere, PreviewReadsOnly
from domain.imports.tables import MOST_BYTES
from domain.records import ImportFile
from schema.imports.starting import NEEDED

MULTIPART = "multipart/form-data"
MOST_ON_THE_WIRE = MOST_BYTES + 64 * 1024
"""The file, and what multipart may put around it."""

UNCOUNTED = 2**62

RAW_TYPES = frozenset([
    "text/csv", "text/plain", "text/tab-separated-values", "application/octet-stream", "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
])  # fmt: skip
LONGEST_NAME = 255
ANCESTORS = text("select ancestor_ids from organisation where id = :place")


@dataclass(frozen=True)
class Sent:
    """A file as it came over the wire."""

    name: str
    media_type: str
    content: bytes


class RefusedUpload(Exception):
    """Why nothing was taken: status, code, and the message in both languages."""

    def __init__(self, status: int, code: str, english: str, russian: str) -> None:
        super().__init__(code)
        self.status, self.code, self.english, self.russian = status, code, english, russian


def _too_large() -> RefusedUpload:
    return RefusedUpload(413, "FILE_TOO_LARGE", "At most 10 MiB.", "Не больше 10 МиБ.")


def _wrong(english: str, russian: str) -> RefusedUpload:
    return RefusedUpload(400, "BAD_USER_INPUT", english, russian)


def upload_route(engine: AsyncEngine, callers: Callers, viewers: Viewers) -> Route:
    """The route. It counts what comes in itself, so that too much is told in JSON as well."""
    endpoint = _endpoint(engine, callers, viewers)
    limit = Middleware(RequestBodyLimitMiddleware, max_body_size=UNCOUNTED)
    return Route("/imports/files", endpoint, methods=["POST"], middleware=[limit])


def _endpoint(engine: AsyncEngine, callers: Callers, viewers: Viewers) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        try:
            caller = (await callers.identify(request)).caller
        except REFUSED as error:
            return refusal(error, request.headers)
        if is_preview(request.headers):
            told = PreviewReadsOnly()
            return refuse(RefusedRequest(403, told.english, told.russian, told.code), request.headers)
        try:
            place = _place(request)
            identifier = await keep_file(engine, viewers, _signed_in(caller), place, await _sent(_counted(request)))
        except RefusedUpload as error:
            return _refused(request, error)
        return _answer(201, {"fileId": f"ImportFile:{identifier}"})

    return receive


def _signed_in(caller: Caller | None) -> Caller:
    if caller is None:
        raise RefusedUpload(401, "UNAUTHENTICATED", "Sign in to do this.", "Войдите, чтобы сделать это.")
    return caller


def _place(request: Request) -> UUID:
    kind, _, key = request.query_params.get("organisation", "").partition(":")
    try:
        if kind == "Organisation":
            return UUID(key)
    except ValueError:
        pass
    raise _wrong("Name the organisation: ?organisation=Organisation:...", "Укажите организацию: ?organisation=...")


def _counted(request: Request) -> Request:
    """The request, refused as soon as it is known to be too large: by what it announces, or by what has come."""
    announced = request.headers.get("content-length", "0")
    if not announced.isascii() or not announced.isdigit() or int(announced) > MOST_ON_THE_WIRE:
        raise _too_large()
    come = 0

    async def receive() -> Message:
        nonlocal come
        message = await request.receive()
        come += len(message.get("body", b""))
        if come > MOST_ON_THE_WIRE:
            raise _too_large()
        return message

    return Request(request.scope, receive)


async def _sent(request: Request) -> Sent:
    """Read the body, and no more of it than is taken."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        sent = await _from_form(request)
    elif media_type in RAW_TYPES:
        sent = Sent(unquote(request.headers.get("x-file-name", "")), media_type, await _body(request))
    else:
        told = "Send CSV or XLSX, raw or as multipart.", "Пришлите CSV или XLSX, телом запроса или multipart."
        raise RefusedUpload(415, "UNSUPPORTED_MEDIA_TYPE", *told)
    name = sent.name.replace("\\", "/").rpartition("/")[2].replace("\0", "").strip()
    if not name or len(name) > LONGEST_NAME or not sent.content:
        raise _wrong("A name and a content are needed.", "Нужны имя файла и содержимое.")
    return Sent(name, sent.media_type, sent.content)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_large()
    return bytes(body)


async def _from_form(request: Request) -> Sent:
    try:
        async with request.form(max_files=1, max_fields=4) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise _wrong("The field `file` is needed.", "Нужно поле `file`.")
            content = await file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise _too_large()
            return Sent(file.filename or "", file.content_type or "application/octet-stream", content)
    except (MultiPartException, HTTPException):
        raise _wrong("This is no form.", "Это не форма.") from None


async def keep_file(engine: AsyncEngine, viewers: Viewers, caller: Caller, place: UUID, sent: Sent) -> UUID:
    """Keep the file, if the caller may import anything there. Raises RefusedUpload."""
    async with writing_as(caller, engine, viewers) as (connection, viewer):
        if viewer.person_id is None:
            unknown = NotKnownHere()
            raise RefusedUpload(403, unknown.code, unknown.english, unknown.russian)
        ancestors = await connection.scalar(ANCESTORS, {"place": place})
        if ancestors is None or not any(covering(viewer, needed, [(place, ancestors)]) for needed in NEEDED.values()):
            told = "None of your roles allows imports here.", "Ни одна ваша роль не даёт здесь права на загрузку."
            raise RefusedUpload(403, "FORBIDDEN", *told)
        values = {
            "organisation_id": place,
            "name": sent.name,
            "media_type": sent.media_type,
            "size": len(sent.content),
            "sha256": hashlib.sha256(sent.content).hexdigest(),
            "content": sent.content,
            "uploaded_by_id": viewer.person_id,
        }
        kept = await connection.execute(insert(ImportFile).values(**values).returning(col(ImportFile.id)))
        return kept.scalar_one()


def _refused(request: Request, error: RefusedUpload) -> Response:
    russian = request.headers.get("accept-language", "").lower().startswith("ru")
    message = error.russian if russian else error.english
    return _answer(error.status, {"errors": [{"message": message, "extensions": {"code": error.code}}]})


def _answer(status: int, body: object) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, "application/json")
