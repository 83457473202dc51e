"""RP-initiated logout: what a client asks, judged by Authlib with our keys and clients."""

from typing import Any
from uuid import UUID

from authlib.oidc.rpinitiated import EndSessionEndpoint, EndSessionRequest

from auth.provider.protocol import run
from auth.provider.store import ProviderStore


class EndSession(EndSessionEndpoint):  # type: ignore[misc]  # Authlib ships no types
    """A hint that we did not sign counts as no hint: the person is asked, and sent nowhere afterwards."""

    def __init__(self, store: ProviderStore) -> None:
        super().__init__()
        self._store = store

    def _validate_id_token_hint(self, id_token_hint: str) -> dict[str, Any] | None:
        return run(id_token_hint_claims, self._store, id_token_hint)

    def end_session(self, end_session_request: EndSessionRequest) -> None:
        """Nothing: the endpoint ends sessions, since it knows the cookie as well."""


async def id_token_hint_claims(store: ProviderStore, hint: str) -> dict[str, Any] | None:
    """Claims of an id_token of ours, expired or not, as long as its key is published; None for anything else."""
    claims = await store.keys.verify(hint, "JWT")
    return claims if claims and claims.get("iss") == store.config.issuer else None


def session_of_hint(claims: dict[str, Any] | None) -> UUID | None:
    """The session that a hint names."""
    try:
        return UUID(claims["sid"]) if claims else None
    except (KeyError, ValueError, AttributeError, TypeError):
        return None
