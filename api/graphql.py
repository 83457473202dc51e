"""/graphql over HTTP: who asks, one transaction for the request, the answer; what was read is recorded."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict

import orjson
import structlog
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult

from api.access_journal import AccessJournal
from api.authentication import REFUSED, refusal
from api.callers import Callers
from api.language import language_of
from api.read_path import ReadPath
from auth.row_context import enter
from auth.verified_tokens import VerifiedTokens
from auth.viewer import Viewer
from auth.viewers import Viewers
from domain.errors import Code, Unavailable
from schema import Contract
from schema.context import Context, Draw, Language, open_context
from schema.errors import passing
from schema.limits import TOKENS

RELOADS = 5
KEPT_CHARACTERS = 20_000
"""Longer documents are not remembered: they would be somebody's way to fill our memory."""


class Asked(TypedDict):
    """What is known of a request before its transaction."""

    viewer: Viewer
    request_id: str
    language: Language


class StaleViewerError(RuntimeError):
    """A viewer's rights changed again and again while the request began."""


@dataclass(frozen=True)
class Services:
    """What the endpoint needs; made once by the composition root."""

    contract: Contract
    engine: AsyncEngine
    verifier: VerifiedTokens
    callers: Callers
    viewers: Viewers
    journal: AccessJournal
    read_path: ReadPath
    clock: Callable[[], datetime]
    draw: Draw


class GraphQLEndpoint(GraphQL[Any, None]):
    """Strawberry's view, with our sign-in before it and our transaction around each operation."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.contract.schema, graphql_ide=None)
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse bad credentials before anything is read of the request; none at all is the anonymous caller."""
        request = Request(scope, receive)
        try:
            identity = await self._services.callers.identify(request)
        except REFUSED as error:
            await refusal(error, request.headers)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = identity.caller
        await super().__call__(scope, receive, send)

    async def run(self, request: Any, *args: Any, **given: Any) -> Any:
        """Answer by a compiled statement where there is one; and what is no request at all in the shape of GraphQL."""
        try:
            if isinstance(request, Request) and (answer := await self._services.read_path.respond(request)) is not None:
                return answer
            return await super().run(request, *args, **given)
        except HTTPException as error:
            return _bad_request(error)
        except (DBAPIError, PoolTimeoutError) as error:
            return _unavailable(error, language_of(request.headers))

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> Any:
        """Read a request; raises HTTPException for what is none."""
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        if request.method == "POST" and content_type != "application/json":
            raise HTTPException(415, "Send application/json.")
        asked = await super().parse_http_body(request)
        if isinstance(asked, GraphQLRequestData) and not isinstance(asked.operation_name, str | None):
            raise HTTPException(400, "The operation's name must be a string.")
        return asked

    def parse_json(self, data: str | bytes) -> Any:
        """Read JSON that is an object, or a list for Strawberry to refuse; null is as good as nothing."""
        found = super().parse_json(data)
        if not isinstance(found, dict | list | None):
            raise HTTPException(400, "A JSON object is needed.")
        return {} if found is None else found

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON by a parser that refuses, with the error that callers expect, what is nested too deeply."""
        return orjson.loads(data)

    async def get_context(self, request: Any, response: Any) -> Any:
        """Who asks, in which language, under which request id."""
        viewer = await self._services.viewers.viewer(request.state.caller)
        return Asked(viewer=viewer, request_id=request.state.request_id, language=language_of(request.headers))

    async def execute_single(self, *args: Any, **given: Any) -> ExecutionResult:
        """Run one operation in a transaction of its own, and record what it read before it is answered."""
        data: GraphQLRequestData = given["request_data"]
        writes = is_mutation(data.query or "", data.operation_name)
        async with self._transaction(given["context"], writes=writes) as context:
            context.operation = data.operation_name
            given["context"] = context
            result = await super().execute_single(*args, **given)
            if writes and context.statements.undone():
                _say_undone(result, context)
        await self._services.journal.record(context)
        return result

    def encode_json(self, data: object) -> bytes:
        """Text as it is: Cyrillic is not escaped."""
        return orjson.dumps(data, default=str)

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        """Answers depend on who asks: nobody keeps them."""
        response = super().create_response(response_data, sub_response)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Authorization, Accept-Language"
        return response

    @asynccontextmanager
    async def _transaction(self, asked: Asked, *, writes: bool) -> AsyncIterator[Context]:
        """A read sees one snapshot, in which the viewer's version was compared: nothing out of date is answered."""
        level = "READ COMMITTED" if writes else "REPEATABLE READ"
        viewer = asked["viewer"]
        for _ in range(RELOADS):
            async with self._services.engine.connect() as connection:
                await connection.execution_options(isolation_level=level, postgresql_readonly=not writes)
                async with connection.begin() as transaction:
                    if await enter(connection, viewer, writes=writes):
                        context = self._context(asked, viewer, connection)
                        try:
                            yield context
                        finally:
                            await context.statements.drain()
                            if context.statements.undone():
                                await transaction.rollback()
                        return
            # Only now that the connection is given back: whoever kept it while waiting for another would stop the pool.
            viewer = await self._reloaded(viewer)
        raise StaleViewerError

    async def _reloaded(self, viewer: Viewer) -> Viewer:
        return viewer if viewer.caller is None else await self._services.viewers.reload(viewer.caller)

    def _context(self, asked: Asked, viewer: Viewer, connection: Any) -> Context:
        context = open_context(viewer, connection, self._services.contract.types, self._services.clock)
        context.request_id, context.language = asked["request_id"], asked["language"]
        context.draw = self._services.draw
        return context


def _bad_request(error: HTTPException) -> Response:
    reading_only = isinstance(error.__cause__, InvalidOperationTypeError)
    status = 405 if reading_only else error.status_code
    allow = {"Allow": "POST" if reading_only else "GET, POST"} if status == 405 else {}
    body = {"errors": [{"message": error.reason, "extensions": {"code": Code.BAD_REQUEST.value}}]}
    return Response(orjson.dumps(body), status, {**allow, "Cache-Control": "no-store"}, "application/json")


def _unavailable(error: DBAPIError | PoolTimeoutError, language: Language) -> Response:
    """Answer that the database is away where that is all; whatever else it is goes on as an error of ours."""
    told = passing(error)
    if told is None:
        raise error
    reason = type(getattr(error, "orig", error)).__name__
    structlog.get_logger(__name__).warning("request:unavailable", reason=reason)
    message = told.russian if language is Language.RUSSIAN else told.english
    body = {"errors": [{"message": message, "extensions": {"code": told.code.value}}]}
    return Response(orjson.dumps(body), 503, {"Retry-After": "1", "Cache-Control": "no-store"}, "application/json")


def _say_undone(result: ExecutionResult, context: Context) -> None:
    """No field may say that something was done when all of it is undone."""
    result.data = None
    if not result.errors:
        told = Unavailable()
        result.errors = [GraphQLError(context.say(told.english, told.russian), extensions={"code": told.code.value})]


def is_mutation(query: str, operation_name: str | None) -> bool:
    """Whether the operation that will run writes. A document that is no document writes nothing.

    Raises HTTPException for a document with several operations of which none is named: it does not say what to do.
    """
    operations = _operations(query) if len(query) <= KEPT_CHARACTERS else _operations.__wrapped__(query)
    if operation_name is None and len(operations) > 1:
        raise HTTPException(400, "The document has several operations: say which by operationName.")
    return any(kind is OperationType.MUTATION for name, kind in operations if operation_name in (None, name))


@lru_cache(maxsize=256)
def _operations(query: str) -> tuple[tuple[str | None, OperationType], ...]:
    """Name and kind of each operation of a document."""
    try:
        document = parse(query, max_tokens=TOKENS)
    except (GraphQLError, RecursionError):
        return ()
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return tuple((node.name.value if node.name else None, node.operation) for node in operations)
