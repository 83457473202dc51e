"""Back-channel logout: clients are told, server to server, that a session has ended (Back-Channel Logout 1.0)."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from auth.provider.store import ProviderStore
from domain import clock

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_SECONDS = 120
TIMEOUT_SECONDS = 5.0
Post = Callable[[str, str], Awaitable[int]]
"""Sends a logout token to an address; gives the HTTP status of the answer."""


async def post_logout(address: str, logout_token: str) -> int:
    """Over the network, without redirects."""
    async with httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
        return (await client.post(address, data={"logout_token": logout_token})).status_code


@dataclass(frozen=True)
class BackchannelLogout:
    """Tells each client once; who is away is not waited for: its tokens end by themselves."""

    store: ProviderStore
    post: Post

    async def tell(self, session_id: UUID, subject: str) -> None:
        """Tell all clients that this session reached. Never raises: the person is signed out, whoever hears of it."""
        told = await self.store.session_clients.told(session_id)
        await asyncio.gather(*(self._tell(row, subject) for row in told))

    async def _tell(self, row: Any, subject: str) -> None:
        client = await self.store.clients.find(row.client_id)
        if client is None:
            return
        claims = self._claims(client.client_id, subject, row.sid)
        token = await self.store.keys.sign(client.id_token_alg, "logout+jwt", claims)
        try:
            status = await self.post(row.address, token)
            answer = "told" if status in (200, 204) else f"status {status}"
        except Exception as error:  # a foreign system can fail in any way
            answer = type(error).__name__[:100]
        names = {"subject": subject, "client_id": client.client_id, "session_id": row.sid}
        await self.store.events.record("logout", **names, detail=f"back-channel: {answer}")

    def _claims(self, client_id: str, subject: str, sid: UUID) -> dict[str, Any]:
        now = clock.seconds()
        return {
            "iss": self.store.config.issuer,
            "aud": client_id,
            "sub": subject,
            "sid": str(sid),
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(16),
            "events": {EVENT: {}},
        }
