"""The floor: Starlette and psycopg with one fixed statement a question. No GraphQL, the same token and row context."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from joserfc import jwt
from joserfc.jwk import RSAKey
from psycopg import AsyncConnection, AsyncRawCursor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.questions import ASKED, document
from domain import clock

ENTER = (
    "select set_config('vhod.person', $1, true), set_config('vhod.reach', $2, true),"
    " set_config('vhod.restricted', $3, true)"
)
KEPT = 10_000
KEPT_SECONDS = 60


class Identity:
    """Believes a verified token for a minute, as Vhod does; knows each person's row-level settings."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._key = RSAKey.import_key(settings["publicKey"])
        self._claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": settings["issuer"]}, aud={"essential": True, "value": settings["audience"]}
        )
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def row_context(self, authorization: str) -> tuple[str, str, str]:
        """Settings of the transaction for whoever sent this header; raises for a bad token."""
        token = authorization.removeprefix("Bearer ")
        until, claims = self._kept.get(token, (0.0, {}))
        if until <= clock.seconds():
            claims = self._verified(token)
        found = self._settings["viewers"][claims["sub"]]
        return found["person"], found["reach"], found["restricted"]

    def _verified(self, token: str) -> dict[str, Any]:
        claims = jwt.decode(token, self._key, algorithms=["RS256"]).claims
        self._claims.validate(claims)
        if len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[token] = min(claims["exp"], clock.seconds() + KEPT_SECONDS), claims
        return claims


class Connections:
    """A pool that does nothing but lend."""

    def __init__(self) -> None:
        self._free: asyncio.LifoQueue[AsyncConnection[Any]] = asyncio.LifoQueue()

    async def open(self, address: str, size: int) -> None:
        """Connect; every statement is prepared at once."""
        for _ in range(size):
            connection = await AsyncConnection.connect(
                address, autocommit=True, cursor_factory=AsyncRawCursor, prepare_threshold=0
            )
            self._free.put_nowait(connection)

    async def close(self) -> None:
        """Close those that are not lent."""
        while not self._free.empty():
            await self._free.get_nowait().close()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[AsyncConnection[Any]]:
        """One connection; one that failed is not lent again."""
        connection = await self._free.get()
        try:
            yield connection
        except BaseException:
            await connection.close()
            raise
        self._free.put_nowait(connection)


def create_app() -> Starlette:
    """Build the application of one process from its environment."""
    identity = Identity(json.loads(Path(os.environ["BENCH_SETTINGS"]).read_text()))
    statements = {name: document("fixed", name) for name in ASKED}
    connections = Connections()

    async def answer(request: Request) -> Response:
        context = identity.row_context(request.headers["authorization"])
        asked = orjson.loads(await request.body())
        async with connections.lent() as connection, connection.pipeline(), connection.transaction():
            await connection.execute(ENTER, context)
            cursor = await connection.execute(statements[asked["question"]], asked["parameters"])
        [text] = await cursor.fetchone() or [None]
        return Response(text, media_type="application/json")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await connections.open(os.environ["BENCH_DATABASE"], int(os.environ["BENCH_POOL"]))
        try:
            yield
        finally:
            await connections.close()

    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])], lifespan=lifespan)
