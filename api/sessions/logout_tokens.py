"""A logout token is checked: who says that whose session is over (OpenID Connect Back-Channel Logout 1.0, 2.6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError

from api.sessions.client import SessionClient
from api.sessions.errors import SignInFailed
from api.sessions.id_tokens import LEEWAY_SECONDS, signed
from auth.issuers import media_type
from auth.keys import KeySource

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = ("logout+jwt", "jwt")
OLDEST_SECONDS = 300
LONGEST = 255


class NoLogoutToken(Exception):
    """It is none, of another provider, for another client, too old, or an id_token."""


@dataclass(frozen=True)
class Logout:
    """What has ended: one session at the provider, or all of a subject. `token_id` is its own, once."""

    issuer: str
    sid: str | None
    subject: str | None
    token_id: str


@dataclass(frozen=True)
class LogoutTokens:
    """Those of one provider for one client."""

    client: SessionClient
    keys: KeySource
    clock: Callable[[], datetime]

    async def verify(self, token: str) -> Logout:
        """What the token says. Raises NoLogoutToken, and KeysUnavailable when nobody can say."""
        try:
            header, claims = await signed(token, self.client.issuer, self.keys)
        except (SignInFailed, JoseError, ValueError, TypeError, KeyError) as error:
            raise NoLogoutToken from error
        if media_type(str(header.get("typ", "jwt"))) not in TYPES or not self._is_for_us(claims):
            raise NoLogoutToken
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict) or "nonce" in claims:
            raise NoLogoutToken
        return self._read(claims)

    def _is_for_us(self, claims: dict[str, Any]) -> bool:
        audience, issued, now = claims.get("aud"), claims.get("iat"), self.clock().timestamp()
        members = audience if isinstance(audience, list) else [audience]
        times = [issued, claims.get("exp", now + 1)]
        if claims.get("iss") != self.client.issuer.issuer or self.client.client_id not in members:
            return False
        if any(type(moment) not in (int, float) for moment in times):
            return False
        return bool(-LEEWAY_SECONDS <= now - times[0] <= OLDEST_SECONDS and now < times[1] + LEEWAY_SECONDS)

    def _read(self, claims: dict[str, Any]) -> Logout:
        sid, subject, token_id = (_text(claims.get(name)) for name in ("sid", "sub", "jti"))
        if self.client.issuer.subject_claim != ("sub",):
            subject = None  # it names people otherwise than its access tokens do
        if token_id is None or (sid is None and subject is None):
            raise NoLogoutToken
        return Logout(self.client.issuer.issuer, sid, subject, token_id)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
        raise NoLogoutToken
    return value
