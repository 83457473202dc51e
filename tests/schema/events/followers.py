"""Followers of a demo over real sockets: the application behind uvicorn, in the loop of the test."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PATIENCE_SECONDS = 10
CHANGES = """cursor resyncRequired
  changes { kind objectId gone object { id ... on Mark { value } ... on Lesson { homework } } }"""
DIARY = f"""subscription Diary($id: ID!, $since: String) {{
  diaryChanged(studentId: $id, since: $since) {{ student {{ id }} {CHANGES} }} }}"""
PAGE = f"""subscription Page($id: ID!, $since: String) {{
  journalChanged(journalId: $id, since: $since) {{ journal {{ id }} {CHANGES} }} }}"""
RIGHTS = "subscription { rightsChanged { cursor resyncRequired me { standing assignments { role } children { id } } } }"


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[int]:
    """The application on a free port of loopback; its lifespan is somebody else's. Gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=5))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task


@dataclass
class Socket:
    """One socket that speaks graphql-transport-ws, message by message."""

    connection: ClientConnection
    received: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    async def say(self, **message: Any) -> None:
        """Send a message."""
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            message = await self.connection.recv()
        assert isinstance(message, str)  # the protocol is text
        return json.loads(message)  # type: ignore[no-any-return]

    async def init(self, **payload: Any) -> dict[str, Any]:
        """Say who connects."""
        await self.say(type="connection_init", payload=payload)
        return await self.hear()

    async def subscribe(self, query: str, /, key: str = "1", **variables: Any) -> dict[str, Any]:
        """Subscribe, and give the first answer."""
        await self.say(id=key, type="subscribe", payload={"query": query, "variables": variables})
        return await self.hear()

    async def closed(self) -> tuple[int, str]:
        """Code and reason with which the server closes; nothing else may come before."""
        with pytest.raises(ConnectionClosed) as caught:
            await self.hear()
        assert caught.value.rcvd is not None
        return caught.value.rcvd.code, caught.value.rcvd.reason


def data(message: dict[str, Any]) -> Any:
    """The one field of an answer without errors."""
    assert message["type"] == "next", message
    assert "errors" not in message["payload"], message
    [answer] = message["payload"]["data"].values()
    return answer


@asynccontextmanager
async def opened(port: int, **given: Any) -> AsyncIterator[Socket]:
    """A socket that has not said who it is."""
    protocols = [Subprotocol(given.pop("protocol", "graphql-transport-ws"))]
    async with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=protocols, **given) as connection:
        yield Socket(connection)


@asynccontextmanager
async def following(port: int, token: str) -> AsyncIterator[Socket]:
    """A socket of somebody who is signed in."""
    async with opened(port) as socket_:
        acknowledged = await socket_.init(Authorization=f"Bearer {token}")
        assert acknowledged["type"] == "connection_ack"
        yield socket_


@asynccontextmanager
async def streaming(
    port: int, token: str, query: str, headers: dict[str, str] | None = None, **variables: Any
) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """Server-sent events of one subscription: `event`, `data` and `id` of each."""
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {token}", **(headers or {})}
    asked = {"query": query, "variables": variables}
    async with (
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS, trust_env=False) as client,
        client.stream("POST", "/graphql", json=asked, headers=headers) as response,
    ):
        assert response.status_code == 200, await response.aread()
        yield _events(response)


async def _events(response: httpx2.Response) -> AsyncIterator[dict[str, str]]:
    event: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, colon, text = line.partition(":")
        if colon and name:
            event[name] = text.strip()
        elif not line and event:
            yield event
            event = {}
