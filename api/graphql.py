"""/graphql over HTTP: who asks, one transaction for the request, the answer; what was read is recorded."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypedDict

import orjson
import structlog
from cross_web import AsyncHTTPRequestAdapter, HTTPException, StarletteRequestAdapter
from graphql import GraphQLError
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
from api.budgets.budgets import Budgets
from api.callers import Callers
from api.client_versions import MinimumVersions
from api.documents.caching import kept
from api.documents.trusted import TrustedDocuments
from api.language import language_of
from api.media_types import JSON, chosen_type
from api.operations import is_mutation
from api.previews import is_preview, previewing
from api.questions import GraphQLRequest, read_question
from api.read_path import ReadPath
from api.refusals import RefusedRequest, answer, not_acceptable, refuse
from auth.entering import entered
from auth.snils_index import SnilsIndex
from auth.verified_tokens import VerifiedTokens
from auth.viewer import Viewer
from auth.viewers import Viewers
from domain.errors import ContractError, PreviewReadsOnly, Unavailable
from schema import Contract
from schema.engine.context import Context, Draw, Language, open_context
from schema.engine.errors import passing
from schema.engine.limits.purse import Purse


class Asked(TypedDict):
    """What is known of a request before its transaction."""

    viewer: Viewer
    request_id: str
    language: Language
    purse: Purse
    signed_in_at: datetime | None


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
    documents: TrustedDocuments
    minimum_versions: MinimumVersions
    budgets: Budgets
    fresh_for: timedelta
    snils: SnilsIndex


class ReadRequest(StarletteRequestAdapter):
    """A request that was read already, as Strawberry passes it on."""

    @property
    def asked(self) -> GraphQLRequest:
        """What it asks."""
        asked: GraphQLRequest = self._request.state.asked
        return asked


class GraphQLEndpoint(GraphQL[Any, None]):
    """Strawberry's view, with our sign-in before it and our transaction around each operation."""

    request_adapter_class = ReadRequest

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
        state = scope.setdefault("state", {})
        state["caller"], state["signed_in_at"] = identity.caller, identity.signed_in_at
        state["purse"] = self._services.budgets.purse(identity.caller, request.client.host if request.client else None)
        await super().__call__(scope, receive, send)

    async def run(self, request: Any, *args: Any, **given: Any) -> Any:
        """Answer by a compiled statement where there is one; and what is no request at all in the shape of GraphQL."""
        if not isinstance(request, Request):
            return await super().run(request, *args, **given)
        try:
            self._negotiate(request)
            request.state.caller = previewing(request.state.caller, request.headers)
            self._services.minimum_versions.check(request.headers)
            request.state.asked = await self._read(request)
            response = await self._services.read_path.respond(request) or await super().run(request, *args, **given)
        except RefusedRequest as error:
            return refuse(error, request.headers)
        except ContractError as error:
            return answer({"errors": [_told(error, request)]}, request.state.media_type)
        except (DBAPIError, PoolTimeoutError) as error:
            return _unavailable(error, request)
        if request.method == "GET" and request.state.asked.document_id is not None and not is_preview(request.headers):
            return kept(request, response, request.state.context)
        return response

    def _negotiate(self, request: Request) -> None:
        """Settle the form of the answer before any work is done for it."""
        chosen = chosen_type(request.headers.get("accept"))
        if chosen is None:
            raise not_acceptable()
        request.state.media_type = chosen

    async def _read(self, request: Request) -> GraphQLRequest:
        """What is asked, with the text of a trusted document in its place."""
        asked = await read_question(request)
        text = self._services.documents.text(request.state.caller, asked.query, asked.document_id)
        return replace(asked, query=text)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> Any:
        """The request as it was read before."""
        assert isinstance(request, ReadRequest)
        asked = request.asked
        return GraphQLRequestData(asked.query, asked.variables, asked.operation_name, asked.extensions)

    def should_render_graphql_ide(self, request: object) -> bool:
        """Never: the page for people is elsewhere, and a GET without `query` may name a trusted document."""
        return False

    async def get_sub_response(self, request: Any) -> Response:
        """What the answer is made from: it takes over the form that was settled."""
        response = await super().get_sub_response(request)
        response.media_type = request.state.media_type
        return response

    async def get_context(self, request: Any, response: Any) -> Any:
        """Who asks, in which language, under which request id."""
        viewer = await self._services.viewers.viewer(request.state.caller)
        state, language = request.state, language_of(request.headers)
        return Asked(
            viewer=viewer, request_id=state.request_id, language=language, purse=state.purse,
            signed_in_at=state.signed_in_at,
        )  # fmt: skip

    async def execute_single(self, *args: Any, **given: Any) -> ExecutionResult:
        """Run one operation in a transaction of its own, and record what it read before it is answered."""
        data: GraphQLRequestData = given["request_data"]
        writes = is_mutation(data.query or "", data.operation_name)
        if writes and given["request"].state.caller is not None and given["request"].state.caller.preview is not None:
            raise PreviewReadsOnly
        given["request"].state.changes = writes  # a change that was begun is not cancelled: api/overload/work.py
        async with self._transaction(given["context"], writes=writes) as context:
            context.operation = data.operation_name
            given["context"] = context
            given["request"].state.context = context
            result = await self._executed(*args, **given)
            if writes and context.statements.undone():
                _say_undone(result, context)
        await self._services.journal.record(context)
        return result

    async def _executed(self, *args: Any, **given: Any) -> ExecutionResult:
        """Strawberry's execution; what it finds to be no question, in our words."""
        try:
            return await super().execute_single(*args, **given)
        except HTTPException as error:
            raise _no_question(error, given["request"]) from error

    def encode_json(self, data: object) -> bytes:
        """Text as it is, in streams too: Cyrillic is not escaped."""
        return orjson.dumps(data, default=str)

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        """The answer in the form that was settled."""
        response = answer(response_data, sub_response.media_type or JSON)
        response.headers.raw.extend(sub_response.headers.raw)
        return response

    @asynccontextmanager
    async def _transaction(self, asked: Asked, *, writes: bool) -> AsyncIterator[Context]:
        services = self._services
        async with entered(services.engine, services.viewers, asked["viewer"], writes=writes) as begun:
            context = self._context(asked, begun.viewer, begun.connection)
            try:
                yield context
            finally:
                await context.statements.drain()
                if context.statements.undone():
                    await begun.transaction.rollback()

    def _context(self, asked: Asked, viewer: Viewer, connection: Any) -> Context:
        context = open_context(viewer, connection, self._services.contract.types, self._services.clock)
        context.request_id, context.language = asked["request_id"], asked["language"]
        context.purse = asked["purse"]
        context.draw = self._services.draw
        context.signed_in_at, context.fresh_for = asked["signed_in_at"], self._services.fresh_for
        context.hash_snils = self._services.snils.hash
        return context


def _told(error: ContractError, request: Request) -> dict[str, Any]:
    """An error before anything was run, as GraphQL tells its errors."""
    message = error.russian if language_of(request.headers) is Language.RUSSIAN else error.english
    return {"message": message, "extensions": {"code": error.code.value, **error.told()}}


def _unavailable(error: DBAPIError | PoolTimeoutError, request: Request) -> Response:
    """Answer that the database is away where that is all; whatever else it is goes on as an error of ours."""
    told = passing(error)
    if told is None:
        raise error
    reason = type(getattr(error, "orig", error)).__name__
    structlog.get_logger(__name__).warning("request:unavailable", reason=reason)
    retry = {"Retry-After": "1"}
    return refuse(RefusedRequest(503, told.english, told.russian, told.code, retry), request.headers)


def _no_question(error: HTTPException, request: Request) -> RefusedRequest:
    """Nothing of the document can be run as it was sent."""
    if not isinstance(error.__cause__, InvalidOperationTypeError):
        return RefusedRequest(400, error.reason, "В документе нет операции, которую можно выполнить.")
    if request.method == "GET":
        told = "Send this by POST: a link must not change anything.", "Отправьте методом POST: ссылка ничего не меняет."
        return RefusedRequest(405, *told, headers={"Allow": "POST"})
    return RefusedRequest(400, error.reason, "Операции такого вида здесь не выполняются.")


def _say_undone(result: ExecutionResult, context: Context) -> None:
    """No field may say that something was done when all of it is undone."""
    result.data = None
    if not result.errors:
        told = Unavailable()
        result.errors = [GraphQLError(context.say(told.english, told.russian), extensions={"code": told.code.value})]
