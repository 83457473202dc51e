"""An access token without a browser: for commands and tests, by the same signature as at the token endpoint."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from auth.provider.config import ProviderConfig
from auth.provider.scopes import granted_scope
from auth.provider.store import ProviderStore
from auth.provider.tokens import SignIn

DEFAULT_SCOPE = "openid education:read education:write education:special"


async def mint_access_token(
    engine: AsyncEngine,
    config: ProviderConfig,
    person_key_or_oid: str,
    client_id: str = "vhod-spa",
    scope: str = DEFAULT_SCOPE,
) -> str:
    """An access token of a demo person, as if they had just signed in to this client.

    Scopes that the client may not have are left out. Raises PermissionError outside development mode and
    LookupError for an unknown person or client.
    """
    if not config.development:
        raise PermissionError("Access tokens are minted in development mode only.")
    store = ProviderStore(config, engine)
    await store.prepare()
    person, client = store.directory.demo_person(person_key_or_oid), await store.clients.find(client_id)
    if person is None or client is None:
        raise LookupError(f"There is no demo person {person_key_or_oid!r} or no client {client_id!r}.")
    sign_in = SignIn(person, datetime.now(UTC), ["pwd" if person.login else "esia"])
    return await store.access_token(sign_in, client_id, granted_scope(scope, client.scopes))
