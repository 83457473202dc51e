"""Socket: one WebSocket by Strawberry's handler, with who it speaks for, and an end of its own making."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, cast

import structlog
from graphql import GraphQLError
from starlette.websockets import WebSocket
from strawberry.subscriptions.protocols.graphql_transport_ws import types as protocol
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler

from api.authentication import REFUSED
from api.events.deliveries import Deliveries
from api.events.terms import Terms
from api.questions import persisted_id
from api.refusals import RefusedRequest
from api.sessions.errors import ProviderAway, SessionsAway
from api.sockets.credentials import Credentials, Follower
from api.sockets.places import Places
from api.sockets.queues import Queues
from auth.errors import KeysUnavailable
from domain.errors import Code, ContractError
from schema.engine.context import Context, Language

UNAUTHORIZED, FORBIDDEN, TOO_MANY, TRY_AGAIN_LATER = 4401, 4403, 4429, 1013
MOST_SUBSCRIPTIONS = 50
MOST_ID_CHARACTERS = 200
MOST_REASON_CHARACTERS = 123
"""A close frame holds 125 bytes, two of them the code; what stands in it is English."""
CLOSING_SECONDS = 2.0
SESSION_LOOK_SECONDS = 60.0
"""A session that ends by itself closes its sockets within this time, one that is ended, and a token, at once."""


class SocketConnection:
    """What Strawberry calls the context of a socket."""

    def __init__(
        self, deliveries: Deliveries, credentials: Credentials, places: Places, queues: Queues, websocket: WebSocket
    ) -> None:
        self.deliveries, self.credentials, self.places = deliveries, credentials, places
        self.queues, self.websocket = queues, websocket
        self.follower: Follower | None = None
        self.end: Callable[[int, str], None] = lambda _code, _reason: None

    async def context(self) -> Context:
        """The context of one subscription."""
        if self.follower is None:
            raise RuntimeError("nobody subscribes before saying who it is")
        terms = Terms(
            self.follower.caller,
            self.follower.language,
            self.websocket.state.request_id,
            is_socket=True,
            revoked=lambda: self.end(FORBIDDEN, "RIGHTS_REVOKED"),
            slow=lambda: self.end(TRY_AGAIN_LATER, "SLOW_CONSUMER: read faster, or resume with `since`"),
        )
        return await self.deliveries.context(terms)


class SocketHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """Strawberry's handler, which admits only whom we know and for as long as we know them."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._connection = cast("SocketConnection", self.context)
        self._connection.end = self._end_soon
        self._ending: asyncio.Task[None] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._serving: asyncio.Task[Any] | None = None
        self._leave_session: Callable[[], None] | None = None
        self._beginning: dict[str, Callable[[], None]] = {}

    async def handle(self) -> None:
        """Serve until either side closes."""
        self._serving = asyncio.current_task()
        await super().handle()

    async def shutdown(self) -> None:
        """Give everything back."""
        if self._expiry is not None:
            self._expiry.cancel()
        if self._looking is not None:
            self._looking.cancel()
        if self._leave_session is not None:
            self._leave_session()
        if self._connection.follower is not None:
            self._connection.places.unname(self._connection.follower.who)
        await super().shutdown()

    async def handle_message(self, message: Any) -> None:
        """Take a message of the protocol; whatever has another shape ends the socket with 4400."""
        if self._ending is not None:
            return
        if _well_formed(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("Failed to parse message")

    async def handle_connection_init(self, message: protocol.ConnectionInitMessage) -> None:
        """Find out who connects, before anything is acknowledged."""
        payload: Any = message.get("payload") or {}
        if self.connection_init_timeout_task is not None:
            self.connection_init_timeout_task.cancel()  # whoever has said it may wait for its turn
        if isinstance(payload, dict) and not self.connection_init_received and not await self._admit(payload):
            self.connection_init_received = True
            return
        await super().handle_connection_init({"type": "connection_init", "payload": payload})
        if self.connection_acknowledged:
            self.connection_init_timeout_task = None  # cancelled, it would hold its traceback for as long as we do

    async def _admit(self, payload: Mapping[str, object]) -> bool:
        connection = self._connection
        try:
            client = connection.credentials.check_client(connection.websocket, payload)
            async with connection.queues.admission():
                follower = await connection.credentials.of_socket(connection.websocket, payload)
        except (KeysUnavailable, ProviderAway, SessionsAway, TimeoutError):
            await self._close(TRY_AGAIN_LATER, "UNAVAILABLE")
            return False
        except REFUSED as error:
            structlog.get_logger(__name__).info("socket:refused", reason=type(error).__name__)
            await self._close(UNAUTHORIZED, "UNAUTHENTICATED")
            return False
        except RefusedRequest as error:
            await self._close(FORBIDDEN, f"{error.code.value}: {error.english}"[:MOST_REASON_CHARACTERS])
            return False
        if client is not None:
            structlog.get_logger(__name__).info("socket:client", client=client)
        if not connection.places.name(follower.who):
            await self._close(TOO_MANY, "LIMIT_EXCEEDED: too many connections of one person")
            return False
        self._keep(follower)
        if follower.identity.session_id is not None:
            hear = partial(self._end_soon, UNAUTHORIZED, "SESSION_ENDED")
            self._leave_session = connection.deliveries.sessions.watch(follower.identity.session_id, hear)
        return True

    def _keep(self, follower: Follower) -> None:
        """Serve this follower until its credentials have to be looked at again."""
        self._connection.follower = follower
        remaining = (follower.expires_at - self._connection.deliveries.clock()).total_seconds()
        seconds = min(remaining, SESSION_LOOK_SECONDS) if follower.by_session else remaining
        self._expiry = asyncio.get_running_loop().call_later(max(seconds, 0.0), self._expire)

    def _expire(self) -> None:
        follower = self._connection.follower
        if follower is not None and follower.by_session:
            self._looking = asyncio.get_running_loop().create_task(self._look_again(follower))
        else:
            self._end_soon(UNAUTHORIZED, "TOKEN_EXPIRED")

    async def _look_again(self, follower: Follower) -> None:
        try:
            renewed = await self._connection.credentials.again(self._connection.websocket, follower)
        except REFUSED:
            renewed = None
        if renewed is None:
            self._end_soon(UNAUTHORIZED, "SESSION_ENDED")
        else:
            self._keep(renewed)

    async def handle_subscribe(self, message: protocol.SubscribeMessage) -> None:
        """Start a subscription, of so many that one socket may have."""
        if self.connection_acknowledged and len(self.operations) >= MOST_SUBSCRIPTIONS:
            told = (
                f"A socket has at most {MOST_SUBSCRIPTIONS} subscriptions.",
                f"Не больше {MOST_SUBSCRIPTIONS} подписок.",
            )
            follower = self._connection.follower
            text = told[follower is not None and follower.language is Language.RUSSIAN]
            error = GraphQLError(text, extensions={"code": Code.LIMIT_EXCEEDED.value})
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
            return
        if not self.connection_acknowledged or await self._find_document(message):
            await super().handle_subscribe(message)

    async def run_operation(self, operation: Any) -> None:
        """Begin when it is one's turn; then go on for as long as it lasts."""
        async with self._connection.queues.beginning() as begun:
            self._beginning[operation.id] = begun
            try:
                await super().run_operation(operation)
            finally:
                if self._beginning.get(operation.id) is begun:  # the name may be another's by now
                    del self._beginning[operation.id]

    async def send_message(self, message: Any) -> None:
        """Send; whoever is answered has begun, and whoever does not read keeps nobody waiting."""
        begun = self._beginning.pop(message.get("id", ""), None)
        if begun is not None:
            begun()
        await super().send_message(message)

    async def _find_document(self, message: protocol.SubscribeMessage) -> bool:
        """Put the text of a trusted document in its place; whoever is bound to them may send no other."""
        payload: dict[str, Any] = cast("dict[str, Any]", message["payload"])
        follower = self._connection.follower
        try:
            payload["query"] = self._connection.deliveries.documents.text(
                follower.caller if follower else None, payload.get("query"), _document_id(payload)
            )
        except ContractError as error:
            russian = follower is not None and follower.language is Language.RUSSIAN
            told = GraphQLError(error.russian if russian else error.english, extensions={"code": error.code.value})
            await self.send_message({"id": message["id"], "type": "error", "payload": [told.formatted]})
            return False
        return True

    def _end_soon(self, code: int, reason: str) -> None:
        if self._ending is None:
            self._ending = asyncio.get_running_loop().create_task(self._end(code, reason))

    async def _end(self, code: int, reason: str) -> None:
        """End all subscriptions, then the socket. Whoever does not read is not waited for."""
        for operation in list(self.operations):
            await self.cleanup_operation(operation)
        structlog.get_logger(__name__).info("socket:ended", code=code, reason=reason.partition(":")[0])
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._close(code, reason)
        except TimeoutError:
            if self._serving is not None:
                self._serving.cancel()

    async def _close(self, code: int, reason: str) -> None:
        with suppress(RuntimeError):  # the other side was quicker
            await self.websocket.close(code=code, reason=reason)


def _well_formed(message: Any) -> bool:
    """Whether a message has the types that the protocol names."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in ("subscribe", "complete"):
        return True
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= MOST_ID_CHARACTERS:
        return False
    return message["type"] == "complete" or _asks(message.get("payload"))


def _document_id(payload: Mapping[str, Any]) -> Any:
    """The id of a trusted document, as the specification or as Apollo's clients write it."""
    if payload.get("documentId") is not None or payload.get("query") is not None:
        return payload.get("documentId")
    return persisted_id(payload.get("extensions"))


def _asks(payload: Any) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str | None)
        and isinstance(payload.get("extensions"), dict | None)
        and (isinstance(payload.get("query"), str) is not isinstance(_document_id(payload), str))
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
