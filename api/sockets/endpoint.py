"""The two endpoints of subscriptions: WebSockets, and server-sent events where a request accepts nothing but them."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.http.streaming import SSETransport
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.authentication import REFUSED, refusal
from api.events.deliveries import Deliveries
from api.events.terms import Terms
from api.graphql import ReadRequest
from api.media_types import wants_events
from api.questions import GraphQLRequest, read_question
from api.refusals import RefusedRequest, refuse
from api.sockets.credentials import Credentials, Follower
from api.sockets.places import Places
from api.sockets.queues import Queues
from api.sockets.socket import SocketConnection, SocketHandler
from api.sockets.streams import streaming
from domain.errors import Code, ContractError
from schema.engine.context import Context

INIT_SECONDS = 10


class SubscriptionSockets(GraphQL[Any, None]):
    """`graphql-transport-ws`; the older protocol `graphql-ws` is not spoken."""

    graphql_transport_ws_handler_class = SocketHandler

    def __init__(
        self, deliveries: Deliveries, credentials: Credentials, places: Places, origins: Iterable[str]
    ) -> None:
        super().__init__(
            streaming(deliveries.contract.schema),
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=None,  # ours has a code
            allowed_origins=list(origins),
        )
        self._made_of = deliveries, credentials, places, Queues()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket, if it speaks our protocol and there is a place for it."""
        websocket = WebSocket(scope, receive, send)
        places = self._made_of[2]
        if GRAPHQL_TRANSPORT_WS_PROTOCOL not in scope["subprotocols"]:
            await websocket.send_denial_response(_refused(400, f"Speak {GRAPHQL_TRANSPORT_WS_PROTOCOL}."))
            return
        if self._made_of[0].hub.stopping or not places.take():
            await websocket.send_denial_response(_full())
            return
        try:
            await self.run(websocket)
        finally:
            places.give_back()

    async def get_context(self, request: Any, response: Any) -> Any:
        """What is known of the socket before it says who it is."""
        return SocketConnection(*self._made_of, request)

    def encode_json(self, data: object) -> str:
        """Text, since the protocol has no binary messages."""
        return orjson.dumps(data, default=str).decode()

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON by a parser that refuses what is nested too deeply."""
        return orjson.loads(data)


class ServerSentEvents(SSETransport):
    """Strawberry's transport; each event has the cursor as its id, which browsers send back by themselves."""

    def encode_next(self, response: Any, encode_json: Callable[[object], str]) -> str:
        """One event."""
        cursor = (response.get("extensions") or {}).get("cursor")
        sent: str = super().encode_next(response, encode_json)
        return sent if cursor is None else f"id: {cursor}\r\n{sent}"


class StreamConnection:
    """Who follows something by a request."""

    def __init__(self, deliveries: Deliveries, follower: Follower, request_id: str) -> None:
        self._deliveries, self._follower, self._request_id = deliveries, follower, request_id

    async def context(self) -> Context:
        """The context of the request's subscription."""
        follower = self._follower
        return await self._deliveries.context(
            Terms(
                follower.caller,
                follower.language,
                self._request_id,
                expires_at=follower.expires_at,
                session_id=follower.identity.session_id,
            )
        )


class SubscriptionStreams(GraphQL[Any, None]):
    """Server-sent events: one request, one subscription ("distinct connections")."""

    request_adapter_class = ReadRequest

    def __init__(self, deliveries: Deliveries, credentials: Credentials, places: Places) -> None:
        super().__init__(
            streaming(deliveries.contract.schema), graphql_ide=None, subscription_protocols=(GRAPHQL_SSE_PROTOCOL,)
        )
        self.stream_transport_classes_by_protocol = {GRAPHQL_SSE_PROTOCOL: ServerSentEvents}
        self._deliveries, self._credentials, self._places = deliveries, credentials, places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse bad credentials and whoever follows enough already, before anything is read of the request."""
        request = Request(scope, receive)
        try:
            follower = await self._credentials.of_request(request)
        except REFUSED as error:
            await refusal(error, request.headers)(scope, receive, send)
            return
        async with self._place(follower) as admitted:
            if not admitted:
                await _full()(scope, receive, send)
                return
            scope["state"]["follower"] = follower
            await super().__call__(scope, receive, send)

    @asynccontextmanager
    async def _place(self, follower: Follower) -> AsyncIterator[bool]:
        if self._deliveries.hub.stopping or not self._places.take():
            yield False
            return
        named = self._places.name(follower.who)
        try:
            yield named
        finally:
            self._places.give_back()
            if named:
                self._places.unname(follower.who)

    async def run(self, request: Any, *args: Any, **given: Any) -> Any:
        """Answer with a stream; what is no request at all in the shape of GraphQL."""
        try:
            self._credentials.check_client(request)
            request.state.asked = await self._read(request)
            return await super().run(request, *args, **given)
        except RefusedRequest as error:
            return refuse(error, request.headers)
        except ContractError as error:
            return refuse(RefusedRequest(403, error.english, error.russian, error.code), request.headers)
        except HTTPException as error:
            return _refused(error.status_code, error.reason)

    async def _read(self, request: Request) -> GraphQLRequest:
        """What is asked, with the text of a trusted document; where it resumes by itself, from where it says."""
        asked, caller = await read_question(request), request.state.follower.caller
        text = self._deliveries.documents.text(caller, asked.query, asked.document_id)
        last = request.headers.get("last-event-id")
        resumed = {"since": last} if last and "since" in text else {}
        return replace(asked, query=text, variables={**(asked.variables or {}), **resumed})

    def should_render_graphql_ide(self, request: object) -> bool:
        """Never: a GET without `query` may name a trusted document."""
        return False

    async def parse_http_body(self, request: Any) -> GraphQLRequestData:
        """The request as it was read before."""
        asked: GraphQLRequest = request.asked
        return GraphQLRequestData(asked.query, asked.variables, asked.operation_name, asked.extensions, "sse")

    async def get_context(self, request: Any, response: Any) -> Any:
        """Who asks."""
        return StreamConnection(self._deliveries, request.state.follower, request.state.request_id)

    def encode_json(self, data: object) -> bytes:
        """Text as it is: Cyrillic is not escaped, and lines have no ends within."""
        return orjson.dumps(data, default=str)


class ByAccept:
    """Sends whoever asks for server-sent events to the streams, everybody else to the ordinary endpoint."""

    def __init__(self, ordinary: ASGIApp, streams: ASGIApp) -> None:
        self._ordinary, self._streams = ordinary, streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        endpoint = self._streams if wants_events(_accept(scope)) else self._ordinary
        await endpoint(scope, receive, send)


def _accept(scope: Scope) -> str:
    return Request(scope).headers.get("accept", "")


def _refused(status: int, message: str) -> Response:
    error = GraphQLError(message, extensions={"code": Code.BAD_REQUEST.value})
    headers = {"Cache-Control": "no-store"} | ({"Allow": "GET, POST"} if status == 405 else {})
    return JSONResponse({"errors": [error.formatted]}, status, headers)


def _full() -> Response:
    error = GraphQLError("Too many connections. Try again later.", extensions={"code": Code.UNAVAILABLE.value})
    return JSONResponse({"errors": [error.formatted]}, 503, {"Retry-After": "10", "Cache-Control": "no-store"})
