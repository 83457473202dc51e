"""Everything that one provider keeps and signs with, put together once."""

from typing import Any, Protocol
from uuid import UUID

from anyio import Lock
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.provider.clients import Client, development_clients
from auth.provider.config import ProviderConfig
from auth.provider.directory import Directory
from auth.provider.key_ring import KeyRing
from auth.provider.storage.children import ChildAccounts
from auth.provider.storage.clients import Clients
from auth.provider.storage.codes import AuthorizationCodes
from auth.provider.storage.consents import Consents
from auth.provider.storage.events import SecurityEvents
from auth.provider.storage.expired import Expired
from auth.provider.storage.interactions import Interactions
from auth.provider.storage.refresh_tokens import RefreshTokens
from auth.provider.storage.session_clients import SessionClients
from auth.provider.storage.sessions import Sessions
from auth.provider.storage.signing_keys import SigningKeys
from auth.provider.storage.throttles import LoginThrottles
from auth.provider.tokens import ACCESS_TOKEN_ALG, SignIn, access_token_claims, id_token_claims, service_token_claims


class Grant(Protocol):
    """What a code and a refresh token have in common: who signed in, when and how."""

    subject: str
    amr: Any
    auth_time: Any
    session_id: UUID | None


class ProviderStore:
    """The nouns of the provider over one engine, and the signing of tokens."""

    def __init__(self, config: ProviderConfig, engine: AsyncEngine) -> None:
        lifetimes = config.lifetimes
        self.config = config
        self.engine = engine
        self.events = SecurityEvents(engine)
        self.keys = KeyRing(SigningKeys(engine, config.secret_key), self.events, lifetimes)
        self.clients = Clients(engine)
        self.sessions = Sessions(engine, lifetimes)
        self.session_clients = SessionClients(engine)
        self.interactions = Interactions(engine, lifetimes.interaction)
        self.codes = AuthorizationCodes(engine, lifetimes.code, lifetimes.refresh_absolute)
        self.refresh_tokens = RefreshTokens(engine, lifetimes, config.secret_key)
        self.consents = Consents(engine)
        self.children = ChildAccounts(engine)
        self.throttles = LoginThrottles(engine)
        self.expired = Expired(engine)
        self.directory = Directory(config, self.children)
        self._preparing = Lock()
        self._prepared = False

    async def prepare(self) -> None:
        """First keys; in development also the demo clients and the demo children. Done once, however often asked."""
        if self._prepared:
            return
        async with self._preparing:
            if not self._prepared:
                await self.keys.prepare()
                if self.config.development:
                    await self._register_demo()
                self._prepared = True

    async def _register_demo(self) -> None:
        for client in development_clients(self.config):
            await self.clients.register(client)
        for child in self.directory.demo_children():
            await self.children.create(child, child.login or "", child.passphrase or "")

    async def sign_in(self, grant: Grant) -> SignIn | None:
        """The person behind a code or refresh token, as they are now; None when the account has ended."""
        person = await self.directory.find(grant.subject)
        return SignIn(person, grant.auth_time, grant.amr, grant.session_id) if person else None

    async def issue(self, sign_in: SignIn, client: Client, scope: str, nonce: str | None) -> dict[str, Any]:
        """The token endpoint's answer without a refresh token."""
        access_token = await self.access_token(sign_in, client.client_id, scope)
        answer = {
            "token_type": "Bearer",
            "access_token": access_token,
            "expires_in": int(self.config.lifetimes.access_token.total_seconds()),
            "scope": scope,
        }
        if "openid" in scope.split():
            claims = id_token_claims(self.config, sign_in, client.client_id, access_token, nonce)
            if sign_in.session_id is not None and client.backchannel_logout_uri:
                await self.session_clients.add(sign_in.session_id, client.client_id)
            answer["id_token"] = await self.keys.sign(client.id_token_alg, "JWT", claims)
        return answer

    async def issue_to_service(self, client: Client, scope: str) -> dict[str, Any]:
        """The token endpoint's answer to another system that signed in as itself."""
        claims = service_token_claims(self.config, client.client_id, scope)
        return {
            "token_type": "Bearer",
            "access_token": await self.keys.sign(ACCESS_TOKEN_ALG, "at+jwt", claims),
            "expires_in": int(self.config.lifetimes.access_token.total_seconds()),
            "scope": scope,
        }

    async def access_token(self, sign_in: SignIn, client_id: str, scope: str) -> str:
        """The one place where access tokens are signed."""
        claims = access_token_claims(self.config, sign_in, client_id, scope)
        return await self.keys.sign(ACCESS_TOKEN_ALG, "at+jwt", claims)
