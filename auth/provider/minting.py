"""An access token without a browser: for commands and tests, by the same signature as at the token endpoint."""

from sqlalchemy.ext.asyncio import AsyncEngine

from auth.provider.config import ProviderConfig
from auth.provider.scopes import granted_scope
from auth.provider.store import ProviderStore
from auth.provider.tokens import SignIn
from domain import clock

DEFAULT_SCOPE = "openid education:read education:write education:special"


async def mint_access_token(
    engine: AsyncEngine,
    config: ProviderConfig,
    who: str,
    client_id: str = "vhod-spa",
    scope: str = DEFAULT_SCOPE,
) -> str:
    """An access token of a demo person, by key or oid, as if they had just signed in to this client; or of a service.

    Scopes that the client may not have are left out. Raises PermissionError outside development mode and
    LookupError for an unknown person, service or client.
    """
    if not config.development:
        raise PermissionError("Access tokens are minted in development mode only.")
    store = ProviderStore(config, engine)
    await store.prepare()
    service = await store.clients.find(who)
    if service is not None and service.kind == "service":
        return str((await store.issue_to_service(service, granted_scope(scope, service.scopes)))["access_token"])
    person, client = store.directory.demo_person(who), await store.clients.find(client_id)
    if person is None or client is None:
        raise LookupError(f"There is no demo person {who!r} or no client {client_id!r}.")
    sign_in = SignIn(person, clock.now(), ["pwd" if person.login else "esia"])
    return await store.access_token(sign_in, client_id, granted_scope(scope, client.scopes))
