"""Token revocation (RFC 7009) for refresh tokens; access tokens end by themselves within minutes."""

from authlib.oauth2.rfc6749 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc7009 import RevocationEndpoint

from auth.provider.grants import AUTH_METHODS
from auth.provider.protocol import run
from auth.provider.storage.events import names_of
from auth.provider.storage.refresh_tokens import RefreshGrant
from auth.provider.store import ProviderStore


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # Authlib ships no types
    """Revoking one refresh token ends its family. An unknown token is answered like a revoked one."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def __init__(self, store: ProviderStore) -> None:
        super().__init__()
        self._store = store

    def query_token(self, token_string: str, token_type_hint: str | None) -> RefreshGrant | None:
        """The family of a token, whatever the hint says. An access token cannot be revoked, and we say so."""
        found = run(self._store.refresh_tokens.find, token_string)
        if found is None and token_string.count(".") == 2:
            raise OAuth2Error("Access tokens are not revoked, they expire.", error="unsupported_token_type")
        return found

    def revoke_token(self, token: RefreshGrant, request: OAuth2Request) -> None:
        """End the family."""
        run(self._revoke, token)

    async def _revoke(self, token: RefreshGrant) -> None:
        await self._store.refresh_tokens.revoke(token.family_id, "client")
        await self._store.events.record("token_revoked", **names_of(token))
