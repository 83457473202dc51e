"""An id_token is checked: whose it is, for whom, for which sign-in, and by whom it was signed."""

from typing import Any

import orjson
from authlib.oidc.core import CodeIDToken
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from api.sessions.client import SessionClient
from api.sessions.errors import SignInFailed
from auth.issuers import Issuer
from auth.keys import KeySource
from domain import clock

LEEWAY_SECONDS = 30


class IdTokens:
    """Verifies id_tokens of one provider for one client. The keys are those that access tokens are checked with."""

    def __init__(self, client: SessionClient, keys: KeySource) -> None:
        self._client = client
        self._keys = keys

    async def verify(self, id_token: str, access_token: str, nonce: str | None) -> dict[str, Any]:
        """The claims. `nonce` None: of a refresh, where there is none. Raises SignInFailed and KeysUnavailable."""
        try:
            header, payload = await signed(id_token, self._client.issuer, self._keys)
            options = {
                "iss": {"essential": True, "value": self._client.issuer.issuer},
                "aud": {"essential": True, "value": self._client.client_id},
            }
            given = {"nonce": nonce, "client_id": self._client.client_id, "access_token": access_token}
            claims = CodeIDToken(payload, header, options, given)
            claims.validate(now=clock.seconds(), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInFailed("id_token") from error
        return payload


async def signed(token: str, issuer: Issuer, keys: KeySource) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload of a token that this issuer signed. Raises SignInFailed, JoseError, KeysUnavailable."""
    registry = JWSRegistry(algorithms=list(issuer.algorithms), strict_check_header=False)
    header = jws.extract_compact(token.encode()).headers()
    kid = header.get("kid")
    for key in await keys.find(kid if isinstance(kid, str) else None):
        try:
            return header, orjson.loads(jws.deserialize_compact(token, key, registry=registry).payload)
        except JoseError:
            continue
    raise SignInFailed("id_token")
