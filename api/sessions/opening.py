"""Puts the sessions of one server together."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from api.budgets.budgets import Budgets
from api.identities.matching import Matching
from api.identities.routes import FirstSignIns
from api.identities.userinfo import OpenHttp, Userinfo
from api.sessions.backchannel import BackchannelLogouts
from api.sessions.client import session_client
from api.sessions.discovery import Discovery
from api.sessions.id_tokens import IdTokens
from api.sessions.logout_tokens import LogoutTokens
from api.sessions.pending import PendingSignIns
from api.sessions.relying_party import RelyingParty
from api.sessions.sessions import Sessions
from api.sessions.storage import SessionRows
from api.settings import Settings
from auth.keys import Fetch, KeySource
from auth.verified_tokens import VerifiedTokens

if TYPE_CHECKING:
    from auth.provider.backchannel import Post

PROVIDER_SECONDS = 5.0
LOCAL = ("all://127.0.0.1", "all://localhost", "all://[::1]")


@dataclass(frozen=True)
class ProviderAccess:
    """How the server reaches its issuers and judges their tokens. `transport` None: over the network."""

    verifier: VerifiedTokens
    keys: Mapping[str, KeySource]
    fetch: Fetch
    transport: httpx2.AsyncBaseTransport | None = None


def open_sessions(
    settings: Settings, engine: AsyncEngine, access: ProviderAccess, clock: Callable[[], datetime]
) -> Sessions | None:
    """The sessions of these settings; None when no client is configured."""
    client = session_client(settings)
    if client is None:
        return None
    identities = IdTokens(client, access.keys[client.issuer.issuer])
    discovery, network = Discovery(client.issuer, access.fetch), provider_network(access.transport)
    return Sessions(
        SessionRows(engine),
        PendingSignIns(engine, settings.secret_key),
        RelyingParty(client, discovery, identities, access.verifier, clock, network),
        open_matching(settings, engine),
        settings.secret_key,
        clock,
    )


def backchannel_logouts(
    sessions: Sessions | None, access: ProviderAccess, clock: Callable[[], datetime]
) -> list[BaseRoute]:
    """Where the provider of browser sessions says that one is over; nowhere without sessions."""
    if sessions is None:
        return []
    client = sessions.party.client
    tokens = LogoutTokens(client, access.keys[client.issuer.issuer], clock)
    return [BackchannelLogouts(tokens, sessions.rows).route()]


def logout_post(transport: httpx2.AsyncBaseTransport | None) -> "Post":
    """How the stand-in reaches its clients: as everything here reaches the network."""
    network = provider_network(transport)

    async def post(address: str, logout_token: str) -> int:
        async with httpx2.AsyncClient(**network()) as client:
            return (await client.post(address, data={"logout_token": logout_token})).status_code

    return post


def first_sign_ins(settings: Settings, engine: AsyncEngine, access: ProviderAccess, budgets: Budgets) -> FirstSignIns:
    """Those of applications that keep their own tokens."""
    network = provider_network(access.transport)
    providers = {one.issuer: (one, Userinfo(Discovery(one, access.fetch), network)) for one in settings.issuers}
    return FirstSignIns(access.verifier, open_matching(settings, engine), budgets, providers)


def open_matching(settings: Settings, engine: AsyncEngine) -> Matching:
    """First sign-ins at the issuers whose facts of people are believed."""
    return Matching(engine, frozenset(issuer.issuer for issuer in settings.issuers if issuer.matches_people))


def provider_network(transport: httpx2.AsyncBaseTransport | None) -> OpenHttp:
    """How to reach the provider: no redirects; our own machine never through a proxy of the environment."""
    # Made once: reading the certificates of the system takes longer than all the rest of a call.
    trusted = ssl.create_default_context() if transport is None else None

    def network() -> dict[str, Any]:
        common: dict[str, Any] = {"timeout": PROVIDER_SECONDS, "follow_redirects": False}
        if transport is not None:
            return common | {"transport": transport}
        return common | {"verify": trusted, "mounts": dict.fromkeys(LOCAL)}

    return network
