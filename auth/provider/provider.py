"""The provider as its endpoints see it: store, protocol, pages and cookies, put together once."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from auth.provider.backchannel import BackchannelLogout, Post
from auth.provider.config import ProviderConfig
from auth.provider.cookies import Cookies
from auth.provider.grants import S256, CodeGrant, Prompts, RefreshGrantType, ServiceGrant, with_store
from auth.provider.logout import EndSession
from auth.provider.protocol import ProtocolServer
from auth.provider.rendering import Pages
from auth.provider.revocation import Revocation
from auth.provider.store import ProviderStore


@dataclass(frozen=True)
class Provider:
    """Everything an endpoint needs."""

    config: ProviderConfig
    store: ProviderStore
    server: ProtocolServer
    pages: Pages
    cookies: Cookies
    backchannel: BackchannelLogout


def build_provider(store: ProviderStore, post: Post) -> Provider:
    """Register the grants and endpoints with Authlib and put the parts together."""
    config = store.config
    server = ProtocolServer(store.clients.find)
    server.register_grant(with_store(CodeGrant, store), [S256(required=True), Prompts()])
    server.register_grant(with_store(RefreshGrantType, store))
    server.register_grant(with_store(ServiceGrant, store))
    server.register_endpoint(EndSession(store))
    server.register_endpoint(Revocation(store))
    return Provider(config, store, server, Pages(config), Cookies(config), BackchannelLogout(store, post))


def provider_of(request: Request) -> Provider:
    """The provider that serves this request."""
    provider: Provider = request.app.state.provider
    return provider


def see_other(location: str) -> Response:
    """Go on with GET at another address; used after forms."""
    return RedirectResponse(location, 303)
